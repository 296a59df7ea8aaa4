"""How transactions begin: SQLite takes its one write lock at the start of a transaction that may write."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from flask import Flask, g, has_request_context, request
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.orm import Session, scoped_session

from app.models.away import UNAVAILABLE

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
OWN_INTENT = "fund_writes"
_writing: ContextVar[bool] = ContextVar("writing", default=False)


@contextmanager
def writing() -> Iterator[None]:
    """Begin transactions inside this block with the write lock; for commands and jobs."""
    token = _writing.set(True)
    try:
        yield
    finally:
        _writing.reset(token)


@contextmanager
def own_transaction(engine: Engine, *, writes: bool) -> Iterator[Connection]:
    """A transaction beside that of the ORM session, which says itself whether it writes, whatever the request does."""
    options: dict[str, Any] = {OWN_INTENT: writes}
    if not writes and engine.dialect.name == "postgresql":
        options["isolation_level"] = "AUTOCOMMIT"  # a look-up of one statement is spared two turns to the server
    with engine.connect().execution_options(**options) as connection, connection.begin():
        yield connection


def begin_writing(session: scoped_session[Any]) -> None:
    """Turn a reading request into one that writes, before it has changed anything: opening a document is an event."""
    session.rollback()
    g.writing = True


def give_up_writing(session: scoped_session[Any]) -> None:
    """Undo what is not committed; the page that says why only reads, and waits for nobody who writes."""
    g.writing = False
    undo(session)


def undo(session: scoped_session[Any]) -> None:
    """Undo what is not committed, also when the database has gone away meanwhile."""
    try:
        session.rollback()
    except UNAVAILABLE:
        session().invalidate()  # the connection is gone, and with it what was not committed


def committed() -> bool:
    """Whether something of this request is stored for good."""
    return bool(g.get("committed"))


@event.listens_for(Session, "after_commit")
def _note_commit(_session: Session) -> None:
    if has_request_context():
        g.committed = True


def _intends_to_write(connection: Connection) -> bool:
    own = connection.get_execution_options().get(OWN_INTENT)
    if own is not None:
        return bool(own)
    if _writing.get():
        return True
    if has_request_context():
        return bool(g.get("writing", request.method not in SAFE_METHODS))
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
        connection.exec_driver_sql("BEGIN IMMEDIATE" if _intends_to_write(connection) else "BEGIN")


def only_read_sqlite(engine: Engine) -> None:
    """Let nothing be written through the connections of this engine; PostgreSQL is told so in config.py."""

    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: object) -> None:
        connection.execute("PRAGMA query_only=ON")


def bind_transactions(app: Flask, session: scoped_session[Any]) -> None:
    """Drop at the end of each request whatever its view did not commit; an answer that is made is not lost by it."""

    @app.after_request
    def drop_uncommitted(response: Any) -> Any:
        undo(session)
        return response

    @app.teardown_appcontext
    def drop_the_rest(_error: BaseException | None) -> None:
        # Before the extension closes the session: an answer that is on its way must not be lost by a failure there.
        undo(session)
