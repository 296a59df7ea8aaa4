"""How transactions begin: SQLite takes its one write lock at the start of a request that may write."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from flask import Flask, g, has_request_context, request
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.orm import scoped_session

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_writing: ContextVar[bool] = ContextVar("writing", default=False)


@contextmanager
def writing() -> Iterator[None]:
    """Begin transactions inside this block with the write lock; for commands and jobs."""
    token = _writing.set(True)
    try:
        yield
    finally:
        _writing.reset(token)


def begin_writing(session: scoped_session[Any]) -> None:
    """Turn a reading request into one that writes, before it has changed anything: opening a document is an event."""
    session.rollback()
    g.writing = True


def _intends_to_write() -> bool:
    if _writing.get():
        return True
    if has_request_context():
        return request.method not in SAFE_METHODS or bool(g.get("writing"))
    return False


def prepare_sqlite(engine: Engine, *, durable: bool = True) -> None:
    """Set durability, foreign keys and the kind of BEGIN; a read turned write halfway would fail at once as busy.

    Args:
        durable: what is committed survives a power cut; off for tests alone.
    """

    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL" if durable else "synchronous=OFF",
            "foreign_keys=ON",
            "busy_timeout=30000",
            "recursive_triggers=ON",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if _intends_to_write() else "BEGIN")


def bind_transactions(app: Flask, session: scoped_session[Any]) -> None:
    """Drop at the end of each request whatever its view did not commit."""

    @app.after_request
    def drop_uncommitted(response: Any) -> Any:
        session.rollback()
        return response
