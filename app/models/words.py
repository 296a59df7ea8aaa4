"""Words that columns may hold, from the lists that the code reads, and how a migration lets a database hold no other.

PostgreSQL has a check constraint for each column. SQLite, which cannot add one to a table that is there, has two
triggers for each table that refuse the same.
"""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

Words = Mapping[str, Sequence[str]]


def words_of(metadata: sa.MetaData) -> Mapping[str, Words]:
    """The words of every column that names its choices, in order, by table and column."""
    found: dict[str, dict[str, Sequence[str]]] = {}
    for table in metadata.sorted_tables:
        for column in table.columns:
            if column.info.get("choices") is not None:
                found.setdefault(table.name, {})[column.name] = tuple(word.value for word in column.info["choices"])
    return found


def keep_words(connection: sa.Connection, table: str, words: Words) -> None:
    """Let columns of a table hold these words and no others, whatever they were let hold before.

    Args:
        words: of every column of the table that names its choices.

    Raises:
        ValueError: SQLite's table holds another word; PostgreSQL raises an error of its own.
    """
    free_words(connection, table, words)
    if connection.dialect.name == "postgresql":
        checks = (f"ADD CONSTRAINT {_name(table, column)} CHECK ({_known(column, words)})" for column in words)
        connection.exec_driver_sql(f"ALTER TABLE {table} {', '.join(checks)}")
        return
    for name, known in words.items():
        held: sa.ColumnClause[str] = sa.column(name)
        strange = connection.scalar(sa.select(held).select_from(sa.table(table)).where(held.not_in(known)).limit(1))
        if strange is not None:
            raise ValueError(f"{table}.{name} holds {strange!r}, which is none of {', '.join(known)}")
    refusals = (
        f"SELECT RAISE(ABORT, 'CHECK constraint failed: {_name(table, column)}') WHERE NOT NEW.{_known(column, words)};"
        for column in words
    )
    body = " ".join(refusals)
    for name, act in _acts(table, words).items():
        connection.exec_driver_sql(f"CREATE TRIGGER {name} BEFORE {act} ON {table} BEGIN {body} END")


def free_words(connection: sa.Connection, table: str, words: Words) -> None:
    """Let columns of a table hold any word."""
    if connection.dialect.name == "postgresql":
        drops = (f"DROP CONSTRAINT IF EXISTS {_name(table, column)}" for column in words)
        connection.exec_driver_sql(f"ALTER TABLE {table} {', '.join(drops)}")
        return
    for name in _acts(table, words):
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}")


def _name(table: str, column: str) -> str:
    return f"ck_{table}_{column}_word"


def _acts(table: str, words: Words) -> dict[str, str]:
    return {f"{table}_words_added": "INSERT", f"{table}_words_changed": f"UPDATE OF {', '.join(words)}"}


def _known(column: str, words: Words) -> str:
    """The condition, which holds for no word at all, too."""
    listed = ", ".join(f"'{word}'" for word in words[column])
    return f"{column} IN ({listed})"
