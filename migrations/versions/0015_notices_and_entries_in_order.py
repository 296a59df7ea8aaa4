"""Indexes by which a person's notices, and the entries of one kind in the ledger, are read in order.

Revision ID: 0015
Revises: 0014
"""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_notice_of", "notice", ["user_id", "id"])
    op.create_index("ix_envelope_entry_kind", "envelope_entry", ["kind", "id"])


def downgrade() -> None:
    op.drop_index("ix_envelope_entry_kind", "envelope_entry")
    op.drop_index("ix_notice_of", "notice")
