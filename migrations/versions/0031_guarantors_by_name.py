"""An office is told which guarantors guarantee something else as well, found by their names.

Revision ID: 0031
Revises: 0030
"""

from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_board_member_called", "board_member", ["full_name"])


def downgrade() -> None:
    op.drop_index("ix_board_member_called", "board_member")
