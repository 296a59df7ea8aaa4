"""That somebody read a version of the privacy notice is an event of the audit trail.

Revision ID: 0033
Revises: 0032
"""

from alembic import op
from sqlalchemy import text

from app.models.words import keep_words

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

CONFIRMED = "confirmed"
NOW = (
    "created", "changed", "deleted", "moved", "attached", "removed", "opened", "downloaded", "judged", "scanned",
    "erased", "signed_in", "sign_in_failed", "signed_out", "password_changed", "imported", CONFIRMED,
)  # fmt: skip
BEFORE = tuple(word for word in NOW if word != CONFIRMED)


def upgrade() -> None:
    keep_words(op.get_bind(), "audit_event", {"kind": NOW})


def downgrade() -> None:
    """History is not rewritten, so that an older program keeps what it cannot name."""
    connection = op.get_bind()
    there = connection.scalar(text("SELECT count(*) FROM audit_event WHERE kind = :kind"), {"kind": CONFIRMED})
    keep_words(connection, "audit_event", {"kind": NOW if there else BEFORE})
