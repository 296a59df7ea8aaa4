"""Failed sign-ins are events of the audit trail.

Revision ID: 0022
Revises: 0021
"""

from alembic import op
from sqlalchemy import text

from app.models.words import keep_words

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

FAILED = "sign_in_failed"
NOW = (
    "created", "changed", "deleted", "moved", "attached", "removed", "opened", "downloaded", "judged", "scanned",
    "erased", "signed_in", FAILED, "signed_out", "password_changed", "imported",
)  # fmt: skip
BEFORE = tuple(word for word in NOW if word != FAILED)


def upgrade() -> None:
    keep_words(op.get_bind(), "audit_event", {"kind": NOW})


def downgrade() -> None:
    """History is not rewritten, so that an older program keeps what it cannot name."""
    connection = op.get_bind()
    there = connection.scalar(text("SELECT count(*) FROM audit_event WHERE kind = :kind"), {"kind": FAILED})
    keep_words(connection, "audit_event", {"kind": NOW if there else BEFORE})
