"""Searches in SQLite find what holds a text by an index of letters, where SQLite was built with FTS5.

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

# (table, columns)
LETTERS = (
    ("loan_application", ("search_text",)),
    ("document", ("file_name",)),
    ("audit_event", ("summary",)),
    ("outbox_mail", ("subject", "recipient")),
)
# What is found is looked at once more, so that neither places in a text nor its length need be kept.
KEPT = "tokenize = 'trigram', detail = 'none', columnsize = 0"


def _offered() -> bool:
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        return False
    try:
        connection.exec_driver_sql("CREATE VIRTUAL TABLE temp.letters_tried USING fts5(x, tokenize = 'trigram')")
    except sa.exc.OperationalError:  # built without it, or older than its letters; a search is only slower
        return False
    connection.exec_driver_sql("DROP TABLE temp.letters_tried")
    return True


def upgrade() -> None:
    if not _offered():
        return
    for table, columns in LETTERS:
        name, listed = f"{table}_letters", ", ".join(columns)
        new, old = (", ".join(f"{row}.{column}" for column in columns) for row in ("new", "old"))
        put = f"INSERT INTO {name} (rowid, {listed}) VALUES (new.id, {new});"
        take = f"INSERT INTO {name} ({name}, rowid, {listed}) VALUES ('delete', old.id, {old});"
        op.execute(
            f"CREATE VIRTUAL TABLE {name} USING fts5({listed}, content = '{table}', content_rowid = 'id', {KEPT})"
        )
        op.execute(f"INSERT INTO {name} ({name}) VALUES ('rebuild')")
        op.execute(f"CREATE TRIGGER {name}_added AFTER INSERT ON {table} BEGIN {put} END")
        op.execute(f"CREATE TRIGGER {name}_gone AFTER DELETE ON {table} BEGIN {take} END")
        op.execute(f"CREATE TRIGGER {name}_changed AFTER UPDATE OF {listed} ON {table} BEGIN {take} {put} END")


def downgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        return
    for table, _columns in LETTERS:
        for end in ("added", "gone", "changed"):
            op.execute(f"DROP TRIGGER IF EXISTS {table}_letters_{end}")
        op.execute(f"DROP TABLE IF EXISTS {table}_letters")
