"""Each part goes away under traffic and comes back: nobody sees a fault, nothing is lost or doubled."""

import io
import shutil
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import event, func, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError

from app.domain.roles import Role
from app.extensions import db
from app.factory import create_app
from app.models.documents import Document
from app.views.shell import errors
from tests import make
from tests.client import FundClient
from tests.databases import Databases
from tests.make_files import pdf_bytes
from tests.place import signed_in
from tests.relay import Relay, server_of

BUSY, PATIENT_SECONDS = 503, 60
READER, SENDER, VISITOR, PROGRAM = "reader", "sender", "visitor", "program"


class Traffic:
    """Four who go on asking, and what each was answered in each phase; the sender sends until it is taken."""

    def __init__(self, app: Flask, draft: int, paper: int) -> None:
        self.app, self.draft, self.paper = app, draft, paper
        self.phase, self.on = "before", True
        self.seen: dict[tuple[str, str], Counter[int]] = {}
        self.taken = 0
        self.odd: list[str] = []
        reader, program = signed_in(app, "preparer"), signed_in(app, "auditor")
        for client in (reader, program):
            client.any_token()
        asks: dict[str, Callable[[], Any]] = {
            READER: lambda: reader.get(f"/apply/{draft}/documents"),
            PROGRAM: lambda: program.get("/api/v1/application/"),
            VISITOR: lambda: FundClient(app).get("/"),
            SENDER: self._sender(),
        }
        self._threads = [threading.Thread(target=self._go_on, args=each) for each in asks.items()]

    def _sender(self) -> Callable[[], Any]:
        client = signed_in(self.app, "preparer")
        token = client.any_token()
        pending: list[tuple[str, bytes]] = []

        def send() -> Any:
            if not pending:
                pending.append((str(uuid4()), pdf_bytes(str(uuid4()))))
            key, content = pending[0]
            form = {"csrf_token": token, "key": key, "files": [(io.BytesIO(content), "ก.pdf")]}
            answer = client.post(
                f"/apply/{self.draft}/attach/{self.paper}", data=form, headers={"Accept": "application/json"}
            )
            if not answer.is_json:
                self.odd.append(f"{answer.status_code} is no JSON")
            if answer.status_code == 200:
                self.taken += 1
                pending.clear()
            return answer

        return send

    def _go_on(self, who: str, ask: Callable[[], Any]) -> None:
        while self.on:
            began = self.phase
            status = ask().status_code
            phase = began if began == self.phase else "between"
            self.seen.setdefault((phase, who), Counter())[status] += 1

    def watch(self, phase: str, answers: int = 3, *, refused: bool = False) -> dict[str, set[int]]:
        """Let a phase go on until everybody had some answers in it, the sender a refusal; which ones, by who asked."""
        self.phase = phase
        until = time.monotonic() + PATIENT_SECONDS
        people = (READER, SENDER, VISITOR, PROGRAM)
        while any(self.seen.get((phase, who), Counter()).total() < answers for who in people) or (
            refused and not self.seen[phase, SENDER][BUSY]
        ):
            assert time.monotonic() < until, self.seen
            time.sleep(0.01)
        return {who: set(self.seen[phase, who]) for who in people}

    def run(self, part: Any) -> tuple[dict[str, set[int]], dict[str, set[int]]]:
        """What was answered while the part was away, and afterwards."""
        for thread in self._threads:
            thread.start()
        try:
            assert self.watch("before") == {who: {200} for who in (READER, SENDER, VISITOR, PROGRAM)}
            self.phase = "stopping"
            part.stop()
            away = self.watch("away", refused=True)
            self.phase = "starting"
            part.start()
            return away, self.watch("after")
        finally:
            self.on = False
            for thread in self._threads:
                thread.join(PATIENT_SECONDS)

    def statuses(self) -> set[int]:
        return set().union(*self.seen.values())


class Away:
    """The database does not answer: on PostgreSQL connections break; on SQLite the file cannot be opened."""

    def __init__(self, app: Flask, relay: Relay | None) -> None:
        self._relay = relay
        with app.app_context():
            self._engine = db.engine

    def _refuse(self, dialect: Any, *_how: object) -> None:
        raise dialect.loaded_dbapi.OperationalError("unable to open database file")

    def stop(self) -> None:
        if self._relay is not None:
            self._relay.stop()
            return
        event.listen(self._engine, "do_connect", self._refuse)
        self._engine.dispose()

    def start(self) -> None:
        if self._relay is not None:
            self._relay.start()
            return
        event.remove(self._engine, "do_connect", self._refuse)


class OnlyReads:
    """The database takes no writes: on PostgreSQL by its own setting, on SQLite by a file that may only be read."""

    def __init__(self, app: Flask, administer: Callable[[str], None]) -> None:
        self._administer = administer
        with app.app_context():
            self._engine = db.engine
        self._name = make_url(app.config["DATABASE_URL"]).database

    def _open_to_read(self, _dialect: Any, _record: Any, _given: Any, more: dict[str, Any]) -> Any:
        return sqlite3.connect(f"file:{self._name}?mode=ro", uri=True, check_same_thread=False, timeout=30)

    def stop(self) -> None:
        if self._engine.dialect.name == "sqlite":
            event.listen(self._engine, "do_connect", self._open_to_read)
        else:
            self._administer(f'ALTER DATABASE "{self._name}" SET default_transaction_read_only = on')
        self._engine.dispose()

    def start(self) -> None:
        if self._engine.dialect.name == "sqlite":
            event.remove(self._engine, "do_connect", self._open_to_read)
        else:
            self._administer(f'ALTER DATABASE "{self._name}" RESET default_transaction_read_only')
        self._engine.dispose()


class Full:
    """The disk of the database is full; SQLite says so of a file that may not grow, once its pages are written full."""

    def __init__(self, app: Flask) -> None:
        with app.app_context():
            self._engine = db.engine

    def _cap(self, connection: Any, _record: Any) -> None:
        with closing(connection.cursor()) as cursor:
            pages = cursor.execute("PRAGMA page_count").fetchone()[0]
            cursor.execute(f"PRAGMA max_page_count={pages}")

    def stop(self) -> None:
        event.listen(self._engine, "connect", self._cap)
        self._engine.dispose()

    def start(self) -> None:
        event.remove(self._engine, "connect", self._cap)
        self._engine.dispose()


class WithoutSessions:
    """The table of sessions is away, as while it is put back from a copy."""

    def __init__(self, app: Flask) -> None:
        self._app = app

    def _rename(self, one: str, other: str) -> None:
        with self._app.app_context(), db.engine.begin() as connection:
            connection.execute(text(f"ALTER TABLE {one} RENAME TO {other}"))

    def stop(self) -> None:
        self._rename("server_session", "sessions_away")

    def start(self) -> None:
        self._rename("sessions_away", "server_session")


class WithoutStore:
    """The folder of the documents is away."""

    def __init__(self, app: Flask) -> None:
        self._folder = Path(app.config["DOCUMENT_STORE"].removeprefix("file:"))
        self._elsewhere = self._folder.with_name("elsewhere")

    def stop(self) -> None:
        shutil.move(self._folder, self._elsewhere)

    def start(self) -> None:
        shutil.move(self._elsewhere, self._folder)


class WithoutRoom:
    """The folder of what this machine writes is away, with the files that stand for turns."""

    def __init__(self, app: Flask) -> None:
        self._folder = Path(app.config["INSTANCE_DIR"]) / "turns"

    def stop(self) -> None:
        loop = self._folder.with_name("loop")
        loop.symlink_to(self._folder)  # a loop once it stands there: nothing can be opened in it
        while not self._folder.is_symlink():
            # Who writes meanwhile makes the folder anew.
            shutil.rmtree(self._folder, ignore_errors=True)
            with suppress(FileExistsError, IsADirectoryError):
                loop.rename(self._folder)

    def start(self) -> None:
        self._folder.unlink()


@pytest.fixture
def relay(databases: Databases) -> Iterator[Relay | None]:
    """A door before the database server that can be closed."""
    if databases.server is None:
        yield None
        return
    made = Relay(server_of(databases.server))
    yield made
    made.stop()


@pytest.fixture
def served(app: Flask, databases: Databases, relay: Relay | None) -> Iterator[Flask]:
    """The application as in service, its database behind the door."""
    chosen = {**databases.settings("bare", demo=False), "PROPAGATE_EXCEPTIONS": False}
    if relay is not None:
        address = make_url(chosen["DATABASE_URL"]).set(host="127.0.0.1", port=relay.port, query={})
        chosen["DATABASE_URL"] = address.render_as_string(hide_password=False)
    made = create_app(chosen)
    yield made
    with made.app_context():
        db.engine.dispose()


@pytest.fixture
def traffic(app: Flask, served: Flask) -> Traffic:
    with make.rows(app):
        cooperative = make.cooperative()
        make.person(Role.PREPARER, of=cooperative, username="preparer")
        make.person(Role.AUDITOR, username="auditor")
        row = make.application(of=cooperative, under=make.programme(required=1), complete=False)
        draft, paper = row.id, row.programme.documents[0].document_type_id
    return Traffic(served, draft, paper)


def sound(traffic: Traffic, app: Flask, after: dict[str, set[int]]) -> None:
    """No fault was seen, all goes on by itself, and every file that was taken is there once."""
    assert traffic.odd == []
    assert traffic.statuses() <= {200, BUSY}
    assert after == {who: {200} for who in (READER, SENDER, VISITOR, PROGRAM)}
    with make.rows(app):
        kept = db.session.scalar(select(func.count()).select_from(Document))
        assert db.session.scalar(select(func.count(Document.sha256.distinct()))) == kept
    assert kept == traffic.taken


def test_a_database_that_goes_away(traffic: Traffic, served: Flask, app: Flask, relay: Relay | None) -> None:
    away, after = traffic.run(Away(served, relay))

    assert away == {who: {BUSY} for who in (READER, SENDER, VISITOR, PROGRAM)}
    sound(traffic, app, after)


def test_a_database_that_only_reads(traffic: Traffic, served: Flask, app: Flask, databases: Databases) -> None:
    away, after = traffic.run(OnlyReads(served, databases._server))

    assert away == {READER: {200}, PROGRAM: {200}, VISITOR: {200}, SENDER: {BUSY}}
    sound(traffic, app, after)


@pytest.mark.parametrize("backend", ["sqlite"], scope="session")
def test_a_disk_that_is_full(traffic: Traffic, served: Flask, app: Flask) -> None:
    away, after = traffic.run(Full(served))

    assert away[READER] == away[PROGRAM] == away[VISITOR] == {200}
    assert BUSY in away[SENDER]
    sound(traffic, app, after)


def test_a_table_of_sessions_that_is_away(traffic: Traffic, served: Flask, app: Flask) -> None:
    away, after = traffic.run(WithoutSessions(app))

    assert away[READER] == away[PROGRAM] == away[SENDER] == {BUSY}
    sound(traffic, app, after)


def test_a_store_that_is_away(traffic: Traffic, served: Flask, app: Flask) -> None:
    away, after = traffic.run(WithoutStore(served))

    assert away == {READER: {200}, PROGRAM: {200}, VISITOR: {200}, SENDER: {BUSY}}
    sound(traffic, app, after)


def test_a_folder_of_this_machine_that_is_away(traffic: Traffic, served: Flask, app: Flask) -> None:
    away, after = traffic.run(WithoutRoom(served))

    assert away == {READER: {200}, PROGRAM: {200}, VISITOR: {200}, SENDER: {BUSY}}
    sound(traffic, app, after)


def test_a_program_that_asks_is_answered_in_json_with_the_number_of_its_request(
    traffic: Traffic, served: Flask, relay: Relay | None
) -> None:
    client = signed_in(served, "auditor")
    Away(served, relay).stop()

    answer = client.get("/api/v1/application/", headers={"Accept": "*/*"})

    assert answer.status_code == BUSY
    assert answer.json is not None
    assert answer.json["reference"] == answer.headers["X-Request-Id"]
    assert make.in_thai(served, errors.PAGES[503][1]) in answer.json["message"]


def test_the_page_of_an_outage_asks_nothing_of_what_is_away(
    traffic: Traffic, served: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database goes away in the middle of a page: the page that says so is whole, with its style."""
    client = signed_in(served, "preparer")

    def fail(*_given: object, **_named: object) -> Any:
        raise OperationalError("SELECT 1", {}, sqlite3.OperationalError("disk I/O error"))

    monkeypatch.setattr("app.views.home.unread_count", fail)
    answer = client.get("/")

    assert answer.status_code == BUSY
    assert "<main" in answer.get_data(as_text=True)
    assert answer.headers["X-Request-Id"] in answer.get_data(as_text=True)
