"""Mails say since when they wait and in which request they were written, and may be held back; jobs say when they ran.

A mail is given up by how long it has waited, not by how often it was tried: a mail server that is away for a night
loses none. Whoever looks after the system sees which job of the worker stands still.

Revision ID: 0018
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op

from app.models.words import keep_words

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
BEFORE = ("waiting", "sent", "failed")


def upgrade() -> None:
    op.create_table(
        "job_round",
        sa.Column("job", sa.String(32), nullable=False),
        sa.Column("began_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("failing_since", MOMENT),
        sa.Column("cause", sa.String(300)),
        sa.PrimaryKeyConstraint("job"),
    )
    op.add_column("outbox_mail", sa.Column("waiting_since", MOMENT))
    op.add_column("outbox_mail", sa.Column("request_id", sa.String(64)))
    op.execute("UPDATE outbox_mail SET waiting_since = created_at")
    with op.batch_alter_table("outbox_mail") as table:
        table.alter_column("waiting_since", existing_type=MOMENT, nullable=False)
    keep_words(op.get_bind(), "outbox_mail", {"status": (*BEFORE, "held")})


def downgrade() -> None:
    op.execute("UPDATE outbox_mail SET status = 'failed' WHERE status = 'held'")
    with op.batch_alter_table("outbox_mail") as table:
        table.drop_column("request_id")
        table.drop_column("waiting_since")
    keep_words(op.get_bind(), "outbox_mail", {"status": BEFORE})
    op.drop_table("job_round")
