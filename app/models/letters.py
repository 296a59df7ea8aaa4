"""An index of letters in SQLite, like PostgreSQL's of trigrams: by it a search finds the few rows that may hold a text.

Each is a table beside the one it tells of, kept true by triggers; SQLite has them where it was built with FTS5.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, column, inspect, select, table
from sqlalchemy.engine import Engine
from sqlalchemy.orm import InstrumentedAttribute

from app.models.transaction import own_transaction

# What is indexed, as the migrations say; a test compares.
LETTERS: Mapping[str, tuple[str, ...]] = {
    "loan_application": ("search_text",),
    "document": ("file_name",),
    "audit_event": ("summary",),
    "outbox_mail": ("subject", "recipient"),
}
IN_A_ROW = 3  # letters that are indexed together, in PostgreSQL, too; a text of fewer is in no index


def knows_beginnings_only(columns: Sequence[Any], wanted: str) -> bool:
    """Whether the text is too short for the columns' index, which then finds it only where a word begins.

    What stands before a word counts as a letter: with it one or two letters make what PostgreSQL has in its index.
    """
    return 0 < len(wanted) < IN_A_ROW and _all_indexed(columns)


def may_hold(engine: Engine, columns: Sequence[Any], words: Sequence[Sequence[str]]) -> ColumnElement[bool] | None:
    """A condition met by each row that holds all words in the columns, and by few others; None without index.

    Each word is its spellings, of which a row has one; what is too short for the index is not asked of it.
    """
    asked = [word for word in words if min(map(len, word)) >= IN_A_ROW]
    if not asked or not _all_indexed(columns):
        return None
    model = columns[0].class_
    name = f"{model.__tablename__}_letters"
    if name not in _indexes_of(engine):
        return None
    letters = table(name, column("rowid"), column(name))
    found: ColumnElement[bool] = model.id.in_(select(letters.c.rowid).where(letters.c[name].match(_asked(asked))))
    return found


def _all_indexed(columns: Sequence[Any]) -> bool:
    """Whether all are columns, as they stand, of a table that has an index of letters."""
    return all(
        isinstance(each, InstrumentedAttribute) and each.key in LETTERS.get(each.class_.__tablename__, ())
        for each in columns
    )


def _asked(words: Sequence[Sequence[str]]) -> str:
    """All letters of the words, three by three, in the index's own language."""
    return " AND ".join(f"({' OR '.join(f'({_in_threes(each)})' for each in word)})" for word in words)


def _in_threes(wanted: str) -> str:
    last = len(wanted) - IN_A_ROW
    starts = dict.fromkeys([*range(0, last, IN_A_ROW), last])
    parts = (wanted[start : start + IN_A_ROW].replace('"', '""') for start in starts)
    return " AND ".join(f'"{part}"' for part in parts)


@lru_cache(maxsize=32)
def _indexes_of(engine: Engine) -> frozenset[str]:
    """The indexes of letters that a database has; none is made or taken away while the program runs."""
    if engine.dialect.name != "sqlite":
        return frozenset()
    with own_transaction(engine, writes=False) as connection:
        return frozenset(name for name in inspect(connection).get_table_names() if name.endswith("_letters"))
