"""Takes the secondary indexes of tables away before they are filled, and makes the same again afterwards.

They are read from the database, so that an index of a later migration needs nothing here.
"""

from dataclasses import dataclass

import psycopg

UNIQUE = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint c
WHERE contype IN ('u', 'x') AND conrelid = ANY(%s::regclass[])
  AND NOT EXISTS (SELECT FROM pg_constraint f WHERE f.contype = 'f' AND f.conindid = c.conindid)
"""
SECONDARY = """
SELECT i.indrelid::regclass::text, pg_get_indexdef(i.indexrelid), i.indexrelid::regclass::text FROM pg_index i
WHERE i.indrelid = ANY(%s::regclass[]) AND NOT i.indisprimary
  AND NOT EXISTS (SELECT FROM pg_constraint f WHERE f.conindid = i.indexrelid)
"""
CHECKED = "SELECT setval(s, greatest((SELECT max(id) FROM {table}), 1)) FROM pg_get_serial_sequence('{table}', 'id') s"


@dataclass(frozen=True, slots=True)
class Taken:
    """Statements that make again, by table, what was taken away."""

    statements: dict[str, tuple[str, ...]]

    def make_again(self, connection: psycopg.Connection, table: str) -> None:
        """Make the table's indexes, let its sequence go on after its rows, and count what it holds."""
        for statement in self.statements.get(table, ()):
            connection.execute(statement)
        has_sequence = connection.execute(
            "SELECT FROM information_schema.columns WHERE table_schema = 'public' AND table_name = %s"
            " AND column_name = 'id'",
            (table,),
        ).fetchone()
        if has_sequence is not None:
            connection.execute(CHECKED.format(table=table))
        connection.execute(f"ANALYZE {table}")


def take_away(connection: psycopg.Connection, tables: tuple[str, ...]) -> Taken:
    """Drop the unique constraints and secondary indexes of ``tables``."""
    found: dict[str, list[str]] = {table: [] for table in tables}
    for table, name, definition in connection.execute(UNIQUE, (list(tables),)).fetchall():
        connection.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        found[table].append(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
    for table, definition, name in connection.execute(SECONDARY, (list(tables),)).fetchall():
        connection.execute(f"DROP INDEX {name}")
        found[table].append(definition)
    return Taken({table: tuple(statements) for table, statements in found.items()})
