"""Folds changes into the kept sums, and sums everything up anew: one transaction of its own, of one moment."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from sqlalchemy import Executable, Select, delete, literal, select, text, true
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import OperationalError

from app.extensions import db
from app.figures.declared import FIGURES, KeptFigure
from app.figures.sums import COUNTED, DIMENSIONS, from_rows, pending
from app.models.figures import figure_change, figure_sum
from app.models.transaction import OWN_INTENT, own_transaction

_LOCKED = "55P03"  # PostgreSQL's word for a lock that would have to be waited for
_COLUMNS = ["figure", *DIMENSIONS, *COUNTED]


@contextmanager
def turn(engine: Engine, *, waits: bool) -> Iterator[Connection]:
    """The only transaction meanwhile that writes kept sums; all its statements see the moment after it got its turn.

    On PostgreSQL the lock is of the table and comes before the moment is taken, which no other lock does. Who moves
    applications and who reads figures wait for nobody here.

    Raises:
        OperationalError: another has the turn, and ``waits`` is false.
    """
    options: dict[str, Any] = {OWN_INTENT: True}
    if engine.dialect.name == "postgresql":
        options["isolation_level"] = "REPEATABLE READ"
    with engine.connect().execution_options(**options) as connection, connection.begin():
        if engine.dialect.name == "postgresql":
            connection.execute(text(f"LOCK TABLE figure_sum IN SHARE ROW EXCLUSIVE MODE{'' if waits else ' NOWAIT'}"))
        yield connection


def fold() -> int:
    """Add what changed to the kept sums; returns how many changes, none when another folds just now."""
    with own_transaction(db.engine, writes=False) as connection:  # SQLite's writers wait for no look
        if connection.scalar(select(figure_change.c.id).limit(1)) is None:
            return 0
    try:
        with turn(db.engine, waits=False) as connection:
            return add_changes(connection)
    except OperationalError as error:
        if getattr(error.orig, "sqlstate", "") == _LOCKED:
            return 0
        raise


def add_changes(connection: Connection) -> int:
    """Add what changed to the kept sums; ``connection`` has the turn."""
    for figure in FIGURES:
        connection.execute(_adding(figure, pending, connection.dialect.name))
    connection.execute(delete(figure_sum).where(*(figure_sum.c[name] == 0 for name in COUNTED)))
    return connection.execute(delete(figure_change)).rowcount


def sum_up(connection: Connection) -> None:
    """Put what the rows come to in the place of all that is kept; ``connection`` has the turn."""
    connection.execute(delete(figure_change))
    connection.execute(delete(figure_sum))
    for figure in FIGURES:
        connection.execute(_adding(figure, from_rows, connection.dialect.name))


@cache
def _adding(figure: KeptFigure, sums: Callable[[KeptFigure], Select[Any]], database: str) -> Executable:
    """Adds sums to those that are kept."""
    rows = sums(figure).subquery("sums")
    named = select(literal(figure.name), *(rows.c[name] for name in _COLUMNS[1:])).where(true())
    insert = postgresql.insert if database == "postgresql" else sqlite.insert
    adding = insert(figure_sum).from_select(_COLUMNS, named)
    more = {name: figure_sum.c[name] + adding.excluded[name] for name in COUNTED}
    return adding.on_conflict_do_update(index_elements=["figure", *DIMENSIONS], set_=more)
