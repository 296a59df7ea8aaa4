"""Who changes the tables does it alone; who works on the rows waits for that, and lets nobody change them meanwhile."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import structlog
from sqlalchemy import func, select

from app.extensions import db
from app.files.turns import alone, turns_folder

log = structlog.get_logger()

LOCK = 0x46554E44  # any number that only this product locks
_has_turn: ContextVar[bool] = ContextVar("has_turn", default=False)


@contextmanager
def preparing() -> Iterator[None]:
    """Nobody else prepares or works on the same database inside the block: on PostgreSQL nobody on any machine."""
    with _turn(shared=False):
        yield


@contextmanager
def working() -> Iterator[None]:
    """Nobody prepares the database inside the block; others may work on it, too."""
    with _turn(shared=True):
        yield


@contextmanager
def _turn(*, shared: bool) -> Iterator[None]:
    if _has_turn.get():
        yield
        return
    token = _has_turn.set(True)
    try:
        if db.engine.dialect.name == "postgresql":
            with _on_postgresql(shared):
                yield
        else:
            with alone(turns_folder() / "preparing.lock", shared=shared):
                yield
    finally:
        _has_turn.reset(token)


@contextmanager
def _on_postgresql(shared: bool) -> Iterator[None]:
    ending = "_shared" if shared else ""
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if not connection.scalar(select(getattr(func, f"pg_try_advisory_lock{ending}")(LOCK))):
            log.info("waiting_for_whoever_prepares_or_works")
            connection.execute(select(getattr(func, f"pg_advisory_lock{ending}")(LOCK)))
        try:
            yield
        finally:
            connection.execute(select(getattr(func, f"pg_advisory_unlock{ending}")(LOCK)))
