"""Subjects of mails say that there is news of an application and no longer which, as the outbox is looked after.

What was written before is put the same way; how it was worded before is kept in no other place, so that going back
leaves it.

Revision ID: 0019
Revises: 0018
"""

from alembic import op
from sqlalchemy import text

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

TOLD = ": มีเรื่องแจ้งให้ทราบ"
WITHOUT_NEWS = {
    "sqlite": "substr(subject, 1, instr(subject, ': ') - 1)",
    "postgresql": "split_part(subject, ': ', 1)",
}


def upgrade() -> None:
    about = WITHOUT_NEWS[op.get_bind().dialect.name]
    # The names are of this file alone.
    op.execute(
        text(f"UPDATE outbox_mail SET subject = {about} || :told WHERE subject LIKE '%: %'").bindparams(told=TOLD)
    )


def downgrade() -> None:
    """Nothing to take back."""
