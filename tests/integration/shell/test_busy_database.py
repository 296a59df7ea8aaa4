"""A database that is locked or away: who only reads goes on, and everybody else is told that nothing was stored."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from typing import Any
from unittest.mock import Mock

import pytest
import time_machine
from flask import Flask
from sqlalchemy import create_engine, event
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from app.commands import worker
from app.domain.roles import Role
from app.domain.workflow import State
from app.extensions import db
from app.models.applications import LoanApplication
from app.models.people import ServerSession
from app.security import sessions
from app.views.shell import errors
from tests import make
from tests.client import FundClient
from tests.place import signed_in

TITLE, STORED_NOTHING, _WAIT = errors.PAGES[503]
Locked = Callable[[], AbstractContextManager[None]]
# How long a statement waits for a lock; in service it is half a minute.
IMPATIENT = {"sqlite": "PRAGMA busy_timeout=50", "postgresql": "SET lock_timeout=50"}
LOCK = {
    "sqlite": "BEGIN IMMEDIATE",
    "postgresql": "LOCK TABLE server_session, loan_application, ab_user IN EXCLUSIVE MODE",
}


@pytest.fixture
def app(app: Flask, backend: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """Answers as in service, and waits for no lock."""
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)

    def hurry(connection: Any, _record: object) -> None:
        with closing(connection.cursor()) as cursor:
            cursor.execute(IMPATIENT[backend])
        if backend == "postgresql":
            connection.commit()

    with app.app_context():
        engine = db.engine
    event.listen(engine, "connect", hurry)
    engine.dispose()
    yield app
    event.remove(engine, "connect", hurry)
    engine.dispose()


@pytest.fixture
def locked(app: Flask, backend: str) -> Locked:
    """Somebody else writes: everything can be read, nothing written."""

    @contextmanager
    def lock() -> Iterator[None]:
        engine = create_engine(app.config["DATABASE_URL"], poolclass=NullPool)
        with engine.connect() as connection:
            if backend == "sqlite":
                connection.connection.driver_connection.isolation_level = None  # type: ignore[union-attr]
            connection.exec_driver_sql(LOCK[backend])
            yield
            connection.rollback()

    return lock


@pytest.fixture
def away(app: Flask) -> Iterator[None]:
    """No connection can be made any more."""
    with app.app_context():
        engine = db.engine

    def refuse(dialect: Any, *_how: object) -> None:
        raise dialect.loaded_dbapi.OperationalError("nobody there")

    event.listen(engine, "do_connect", refuse)
    engine.dispose()
    yield
    event.remove(engine, "do_connect", refuse)


@pytest.fixture
def signatory(app: Flask) -> FundClient:
    with make.rows(app):
        make.person(Role.SIGNATORY, of=make.cooperative(), username="signatory")
    client = signed_in(app, "signatory")
    client.text("/")  # the session gets its form token
    return client


def draft(app: Flask, state: State = State.DRAFT) -> tuple[int, str]:
    """An application of the signatory's cooperative, and its version."""
    with make.rows(app):
        row = make.application(state, of=db.session.scalars(db.select(make.Cooperative)).first())
        return row.id, str(row.version)


def discard(client: FundClient, token: str, key: int, version: str) -> tuple[int, str]:
    form = {"csrf_token": token, "discard-version": version}
    answer = client.post(f"/track/{key}/move/discard", data=form)
    return answer.status_code, answer.get_data(as_text=True)


def state(app: Flask, key: int) -> State:
    with make.rows(app):
        return db.session.get_one(LoanApplication, key).status


def test_a_form_that_writes_nothing_is_answered_while_somebody_writes(
    app: Flask, signatory: FundClient, locked: Locked
) -> None:
    key, version = draft(app)

    with locked():
        code, text = discard(signatory, "a token of another session", key, version)

    assert code == 400
    assert 'class="who"' in text  # who is signed in was looked up, and their menu drawn


def test_a_form_that_writes_is_told_in_thai_that_nothing_was_stored(
    app: Flask, signatory: FundClient, locked: Locked
) -> None:
    key, version = draft(app)
    token = signatory.any_token()

    with locked():
        code, text = discard(signatory, token, key, version)

    assert code == 503
    assert make.in_thai(app, TITLE) in text
    assert make.in_thai(app, STORED_NOTHING) in text
    assert state(app, key) == State.DRAFT
    assert signatory.get("/").status_code == 200


def test_pages_are_read_while_somebody_writes_though_the_visit_cannot_be_noted(
    signatory: FundClient, locked: Locked, app: Flask
) -> None:
    with make.rows(app):
        seen = db.session.scalars(db.select(ServerSession.seen_at)).one()

    with locked(), time_machine.travel(seen + 2 * sessions.SEEN_EVERY):
        answer = signatory.get("/")

    assert answer.status_code == 200
    assert 'class="who"' in answer.get_data(as_text=True)


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("path", ["/", "/no-such-page", "/login/"])
def test_a_database_that_is_away_when_the_session_is_looked_up_gives_the_page(
    app: Flask, signatory: FundClient, away: None, method: str, path: str
) -> None:
    answer = signatory.open(path, method=method)

    assert answer.status_code == 503
    assert make.in_thai(app, STORED_NOTHING) in answer.get_data(as_text=True)
    assert "Content-Security-Policy" in answer.headers
    assert "Set-Cookie" not in answer.headers


def test_whoever_signs_in_while_somebody_writes_gets_the_page(app: Flask, locked: Locked) -> None:
    with make.rows(app):
        make.person(Role.SIGNATORY, of=make.cooperative(), username="signatory")
    client = FundClient(app)
    token = client.token("/login/")

    with locked():
        form = {"csrf_token": token, "username": "signatory", "password": make.PASSWORD}
        answer = client.post("/login/", data=form)

    assert answer.status_code == 503
    assert make.in_thai(app, TITLE) in answer.get_data(as_text=True)


def failing(*_given: object, **_named: object) -> Any:
    raise OperationalError("UPDATE", {}, Exception("database is locked"))


def test_what_is_stored_is_never_denied_when_the_session_cannot_be_kept(
    app: Flask, signatory: FundClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, version = draft(app)
    token = signatory.any_token()
    tries: list[int] = []

    def refuse(*_given: object) -> None:
        tries.append(1)
        failing()

    monkeypatch.setattr(sessions, "_save", refuse)
    code, text = discard(signatory, token, key, version)

    assert code == 503
    assert make.in_thai(app, errors.STORED_MEANWHILE[0]) in text
    assert make.in_thai(app, STORED_NOTHING) not in text
    assert state(app, key) == State.WITHDRAWN
    assert tries == [1]


def test_a_database_that_is_away_before_the_view_gives_the_page(
    app: Flask, signatory: FundClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.before_request_funcs, None, [*app.before_request_funcs[None], failing])

    assert signatory.get("/").status_code == 503


def test_an_answer_that_is_made_is_not_lost_to_a_connection_that_breaks(
    app: Flask, signatory: FundClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        monkeypatch.setattr(db.engine.dialect, "do_rollback", failing)

    assert signatory.get("/").status_code == 200
    assert signatory.get("/no-such-page").status_code == 404


def test_the_worker_goes_on_after_a_round_without_a_database(
    app: Flask, away: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    rounds: list[float] = []

    def enough(seconds: float) -> None:
        rounds.append(seconds)
        if len(rounds) == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr("app.commands.worker.time.sleep", enough)
    monkeypatch.setattr(worker, "log", Mock())  # a trace in colours takes seconds to draw
    with app.app_context():
        monkeypatch.setattr(db.engine.dialect, "do_rollback", failing)

    with pytest.raises(KeyboardInterrupt):
        worker.work_forever(app, 1)

    assert rounds == [1, 1, 1]
