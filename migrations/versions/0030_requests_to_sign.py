"""An application is handed to the cooperative's signatory, who is asked to check, sign and send it.

Revision ID: 0030
Revises: 0029
"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

TABLE = "signing_request"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", sa.Integer()),
        sa.Column("note", sa.Text()),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("ended_by_id", sa.Integer()),
        sa.Column("reply", sa.Text()),
        sa.Column("cooperative_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["application_id"], ["loan_application.id"]),
        sa.ForeignKeyConstraint(["asked_by_id"], ["ab_user.id"]),
        sa.ForeignKeyConstraint(["ended_by_id"], ["ab_user.id"]),
        sa.ForeignKeyConstraint(["cooperative_id"], ["cooperative.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_signing_request_cooperative_id", TABLE, ["cooperative_id"])
    op.create_index("ix_signing_request_of", TABLE, ["application_id", "id"])
    open_ones = sa.text("ended_at IS NULL")
    op.create_index(
        "uq_signing_request_open", TABLE, ["application_id"], unique=True,
        sqlite_where=open_ones, postgresql_where=open_ones,
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table(TABLE)
