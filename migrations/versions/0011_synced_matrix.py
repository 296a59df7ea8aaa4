"""Which state of the roles' permissions is stored, so that every process notices another one at once.

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; the next sync of the roles fills it."""
    op.create_table(
        "synced_matrix",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("version", sa.String(32), nullable=False),
    )


def downgrade() -> None:
    """Drop it: processes of the version before keep permissions for a minute."""
    op.drop_table("synced_matrix")
