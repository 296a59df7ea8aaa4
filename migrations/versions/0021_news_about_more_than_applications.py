"""Notices and mails tell of more than applications: of cooperatives that move to another office, and of accounts.

SQLite makes a table anew to let a column be empty, and the triggers of the old one go with it; they are put back here,
also those of the outbox's index of letters, which were lost when the outbox last changed.

Revision ID: 0021
Revises: 0020
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


@contextmanager
def _altered(table: str) -> Iterator[Any]:
    """The table; SQLite makes it anew, and its triggers, which go with the old one, are put back."""
    connection = op.get_bind()
    triggers = []
    if connection.dialect.name == "sqlite":
        named = sa.text("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table")
        triggers = list(connection.scalars(named, {"table": table}))
    with op.batch_alter_table(table) as altered:
        yield altered
    for trigger in triggers:
        connection.exec_driver_sql(trigger)


def _index_letters() -> None:
    """Keep the outbox's index of letters true, where there is one."""
    connection = op.get_bind()
    if connection.dialect.name != "sqlite" or not sa.inspect(connection).has_table("outbox_mail_letters"):
        return
    name, columns = "outbox_mail_letters", ("subject", "recipient")
    listed = ", ".join(columns)
    new, old = (", ".join(f"{row}.{column}" for column in columns) for row in ("new", "old"))
    put = f"INSERT INTO {name} (rowid, {listed}) VALUES (new.id, {new});"
    take = f"INSERT INTO {name} ({name}, rowid, {listed}) VALUES ('delete', old.id, {old});"
    acts = {"added": ("INSERT", put), "gone": ("DELETE", take), "changed": (f"UPDATE OF {listed}", f"{take} {put}")}
    op.execute(f"INSERT INTO {name} ({name}) VALUES ('rebuild')")
    for end, (act, body) in acts.items():
        op.execute(f"DROP TRIGGER IF EXISTS {name}_{end}")
        op.execute(f"CREATE TRIGGER {name}_{end} AFTER {act} ON outbox_mail BEGIN {body} END")


def upgrade() -> None:
    op.add_column("notice", sa.Column("about", sa.String(600)))
    with _altered("notice") as notice:
        notice.alter_column("application_id", existing_type=sa.Integer(), nullable=True)
    with _altered("outbox_mail") as mail:
        mail.alter_column("application_id", existing_type=sa.Integer(), nullable=True)
        mail.alter_column("cooperative_id", existing_type=sa.Integer(), nullable=True)
    _index_letters()


def downgrade() -> None:
    """Notices and mails that an older program could not show are left out."""
    op.execute("DELETE FROM notice WHERE application_id IS NULL")
    op.execute("DELETE FROM outbox_mail WHERE application_id IS NULL OR cooperative_id IS NULL")
    with _altered("outbox_mail") as mail:
        mail.alter_column("cooperative_id", existing_type=sa.Integer(), nullable=False)
        mail.alter_column("application_id", existing_type=sa.Integer(), nullable=False)
    with _altered("notice") as notice:
        notice.alter_column("application_id", existing_type=sa.Integer(), nullable=False)
    op.drop_column("notice", "about")
