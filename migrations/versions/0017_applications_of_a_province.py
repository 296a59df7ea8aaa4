"""The index by which those who see drafts, too, read the applications of a province in order.

Revision ID: 0017
Revises: 0016
"""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_loan_application_there", "loan_application", ["province_id", "id"])


def downgrade() -> None:
    op.drop_index("ix_loan_application_there", "loan_application")
