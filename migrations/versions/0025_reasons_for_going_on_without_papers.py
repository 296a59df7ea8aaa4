"""A recommendation keeps which required documents nobody had accepted, and why it was given without them.

Revision ID: 0025
Revises: 0024
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

COLUMNS = ("unaccepted", "papers_reason")


def upgrade() -> None:
    for name in COLUMNS:
        op.add_column("status_change", sa.Column(name, sa.Text()))


def downgrade() -> None:
    for name in reversed(COLUMNS):
        op.drop_column("status_change", name)
