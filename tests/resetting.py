"""A PostgreSQL database put back to what it was when it was copied; another copy would take ten times as long.

Its rows are kept once more in a schema of their own. What was written since the copy is known by the number of the
transaction that wrote it, and taken out; what is gone is put in again; counters go back. A changed table cannot be
put back, so whoever changes one gets a new copy.
"""

from typing import Any

import psycopg
from psycopg.sql import SQL, Composable, Composed, Identifier, Literal

Connection = psycopg.Connection[tuple[Any, ...]]
TABLES = """
SELECT t.relname,
       array_agg(a.attname::text ORDER BY a.attnum) FILTER (WHERE a.attgenerated = ''),
       array_agg(a.attname::text ORDER BY a.attnum) FILTER (WHERE a.attnum = ANY (i.indkey))
FROM pg_class t
JOIN pg_index i ON i.indrelid = t.oid AND i.indisprimary
JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE t.relkind = 'r' AND t.relnamespace = 'public'::regnamespace
GROUP BY t.relname ORDER BY t.relname
"""
COUNTERS = "SELECT sequencename, coalesce(last_value, start_value), last_value IS NOT NULL FROM pg_sequences"
# What describes the tables: rows of these that are new or gone mean that one was changed.
CATALOGUES = ("pg_class", "pg_attribute", "pg_attrdef", "pg_constraint", "pg_trigger", "pg_proc")
PUT_BACK = SQL("""
CREATE FUNCTION kept.put_back(since bigint) RETURNS boolean LANGUAGE plpgsql
SET session_replication_role = replica AS $$
DECLARE
  new_rows bigint;
  all_rows bigint;
BEGIN
  {catalogues}
  {tables}
  {counters}
  RETURN true;
END $$
""")
SAME_CATALOGUE = SQL("""
  SELECT count(*) FILTER (WHERE xmin::text::bigint >= since), count(*) INTO new_rows, all_rows FROM {table};
  IF new_rows > 0 OR all_rows <> (SELECT rows FROM kept.catalogue WHERE name = {name}) THEN RETURN false; END IF;
""")
SAME_ROWS = SQL("""
  SELECT count(*) FILTER (WHERE xmin::text::bigint >= since), count(*) INTO new_rows, all_rows FROM public.{table};
  IF new_rows > 0 THEN DELETE FROM public.{table} WHERE xmin::text::bigint >= since; END IF;
  IF all_rows - new_rows <> {rows} THEN
    INSERT INTO public.{table} ({columns}) OVERRIDING SYSTEM VALUE
    SELECT {columns} FROM kept.{table} AS k
    WHERE NOT EXISTS (SELECT FROM public.{table} AS t WHERE ({t_key}) = ({k_key}));
  END IF;
""")
STOP_OTHERS = """
SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity
WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid() AND state <> 'idle'
"""
NEXT_TRANSACTION = "SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint"


def keep_rows(address: str) -> None:
    """Keep the rows of a finished template beside its tables; every copy of it can then be put back."""
    with psycopg.connect(address) as connection:
        tables = connection.execute(TABLES).fetchall()
        connection.execute("CREATE SCHEMA kept")
        for name, columns, _key in tables:
            connection.execute(
                SQL("CREATE TABLE kept.{table} AS SELECT {columns} FROM public.{table}").format(
                    table=Identifier(name), columns=_listed(columns)
                )
            )
        connection.execute("CREATE TABLE kept.catalogue (name text, rows bigint)")
        restored = [_same_rows(connection, *table) for table in tables]
        counters = [
            SQL("PERFORM setval({}, {}, {});").format(Literal(f"public.{name}"), Literal(value), Literal(used))
            for name, value, used in connection.execute(COUNTERS)
        ]
        looked_at = [SAME_CATALOGUE.format(table=Identifier(name), name=Literal(name)) for name in CATALOGUES]
        connection.execute(
            PUT_BACK.format(
                catalogues=SQL("").join(looked_at), tables=SQL("").join(restored), counters=SQL("\n  ").join(counters)
            )
        )
        for name in CATALOGUES:
            connection.execute(
                SQL("INSERT INTO kept.catalogue SELECT {}, count(*) FROM {}").format(Literal(name), Identifier(name))
            )


def _same_rows(connection: Connection, name: str, columns: list[str], key: list[str]) -> Composed:
    found = connection.execute(SQL("SELECT count(*) FROM public.{}").format(Identifier(name))).fetchone()
    assert found is not None
    return SAME_ROWS.format(
        table=Identifier(name),
        rows=Literal(found[0]),
        columns=_listed(columns),
        t_key=SQL(", ").join(Identifier("t", column) for column in key),
        k_key=SQL(", ").join(Identifier("k", column) for column in key),
    )


def _listed(columns: list[str]) -> Composable:
    return SQL(", ").join(map(Identifier, columns))


class Resetting:
    """One copy, and since which transaction it has been in use."""

    def __init__(self, address: str) -> None:
        self.connection = psycopg.connect(address, autocommit=True)
        self.since = self._number(NEXT_TRANSACTION)
        self.stopped = False

    def put_back(self) -> bool:
        """Make all rows and counters what they were; False when only a new copy can. Whoever is busy is stopped."""
        self.stopped = self._number(STOP_OTHERS) > 0
        done = self.connection.execute("SELECT kept.put_back(%s)", (self.since,)).fetchone()
        self.since = self._number(NEXT_TRANSACTION)
        return done == (True,)

    def _number(self, statement: str) -> int:
        found = self.connection.execute(statement).fetchone()
        assert found is not None
        return int(found[0])
