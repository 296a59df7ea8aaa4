"""A document type says in English, too, what to attach and what it is for; where it does not, the Thai text stands.

Revision ID: 0028
Revises: 0027
"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

TABLE, COLUMNS = "document_type", ("help_text_en", "purpose_en")


def upgrade() -> None:
    for column in COLUMNS:
        op.add_column(TABLE, sa.Column(column, sa.Text()))


def downgrade() -> None:
    for column in COLUMNS:
        op.execute(f"ALTER TABLE {TABLE} DROP COLUMN {column}")
