"""Files wait for a real malware scanner, open when they are clean, and are kept apart and told of when they are not."""

import io
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from structlog.testing import capture_logs
from werkzeug.test import TestResponse

from app.domain.papers import ScanState
from app.domain.roles import Role
from app.domain.states import State
from app.extensions import db
from app.files.clamd import NotScanned, ScannerAway, scan
from app.files.store import DocumentStore, StoreUnavailable, document_store
from app.models.applications import LoanApplication
from app.models.audit import AuditEvent, AuditKind
from app.models.documents import Document
from app.models.notices import Notice, OutboxMail
from app.models.people import User
from app.services.documents.checklist import checklist
from app.services.jobs import scan as scan_job
from app.services.jobs.due_work import run_due_work
from app.services.jobs.retention import erase
from app.services.jobs.scan import MOST_A_ROUND
from app.services.jobs.store_check import Wrong, check_documents
from app.ui.clock import today
from tests import make
from tests.clamd import EICAR, FOUND, LARGEST_STREAM, Clamd, running_clamd
from tests.client import FundClient
from tests.make_files import docx_bytes, pdf_bytes
from tests.place import Place, signed_in

AT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
NOWHERE = "/no/such/socket"
Scanner = Callable[[str], None]


@pytest.fixture(scope="module")
def clamd() -> Iterator[Clamd]:
    with running_clamd() as found:
        yield found


@pytest.fixture
def scanner(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Scanner:
    """Sets where the scanner is, for one test."""
    app.extensions.pop("malware_scanner_away", None)
    return lambda address: monkeypatch.setitem(app.config, "CLAMD_SOCKET", address)


@dataclass
class ScanPlace(Place):
    """A draft of one cooperative, and its preparer's browser."""

    draft: int
    paper: int
    browser: FundClient

    def attach(self, content: bytes, name: str) -> int:
        sent: dict[str, Any] = {"files": [(io.BytesIO(content), name)]}
        answer = self.browser.send(f"/apply/{self.draft}/attach/{self.paper}", sent, content_type="multipart/form-data")
        assert answer.status_code == 302
        with make.rows(self.app):
            return int(db.session.scalars(select(Document.id).order_by(Document.id.desc())).first() or 0)

    def document(self, key: int) -> Document:
        with make.rows(self.app):
            found = db.session.get_one(Document, key)
            db.session.expunge_all()
            return found

    def opened(self, key: int) -> int:
        return self.browser.get(f"/files/{self.document(key).public_id}").status_code


@pytest.fixture
def place(app: Flask) -> ScanPlace:
    with make.rows(app):
        cooperative = make.cooperative(email="office@example.or.th")
        make.person(Role.PREPARER, of=cooperative, username="preparer")
        make.person(Role.PROVINCIAL_OFFICER, username="officer")
        row = make.application(of=cooperative, complete=False)
        key, paper = row.id, row.programme.documents[0].document_type_id
    browser = signed_in(app, "preparer")
    return ScanPlace(app, key, paper, browser)


def work(app: Flask, at: datetime = AT) -> int:
    with app.app_context():
        return run_due_work(at)["scanned"]


def stored(app: Flask, key: str) -> bool:
    with app.app_context():
        return document_store().exists(key)


def infected(app: Flask, state: State = State.SUBMITTED, **values: Any) -> int:
    """A file with the test text in it, waiting, on an application in ``state``."""
    with make.rows(app):
        office = make.cooperative(email="office@example.or.th")
        make.person(Role.SIGNATORY, of=office, username="signatory")
        make.person(Role.PROVINCIAL_OFFICER, username="officer")
        make.person(Role.FUND_OFFICER, username="fund")
        row = make.application(state, of=office, complete=False)
        file = make.document(row, name="งบ.pdf", content=EICAR.encode(), scan_state=ScanState.WAITING, **values)
        return file.id


def waiting(app: Flask, number: int, content: bytes = b"harmless") -> list[int]:
    with make.rows(app):
        row = make.application(complete=False)
        return [make.document(row, content=content, scan_state=ScanState.WAITING).id for _place in range(number)]


# The daemon itself


def test_scanner_finds_the_test_text_over_both_kinds_of_socket(clamd: Clamd) -> None:
    for address in (clamd.path, clamd.host_and_port):
        assert scan(address, [EICAR.encode()]) == FOUND
        assert scan(address, [docx_bytes(EICAR)]) == FOUND
        assert scan(address, [b"harm", b"", b"less"]) is None
        assert scan(address, []) is None


def test_a_file_larger_than_the_scanner_takes_is_said_to_be(clamd: Clamd) -> None:
    pieces = (os.urandom(2**18) for _piece in range(2 * LARGEST_STREAM // 2**18))

    with pytest.raises(NotScanned, match="StreamMaxLength"):
        scan(clamd.path, pieces)


@pytest.mark.parametrize("address", [NOWHERE, "127.0.0.1:1", "no-such-host.invalid:3310"])
def test_a_scanner_that_is_not_there_is_away(address: str) -> None:
    with pytest.raises(ScannerAway):
        scan(address, [b"x"])


# From the upload to the verdict


def test_a_clean_file_opens_once_it_was_scanned(place: ScanPlace, clamd: Clamd, scanner: Scanner) -> None:
    scanner(clamd.path)
    key = place.attach(pdf_bytes(), "งบ.pdf")
    before, while_waiting = place.document(key).scan_state, place.opened(key)

    scanned = work(place.app)

    document = place.document(key)
    assert (before, while_waiting != 200, scanned) == (ScanState.WAITING, True, 1)
    assert (document.scan_state, document.scanned_at, document.scan_finding) == (ScanState.CLEAN, AT, None)
    assert place.opened(key) == 200
    assert work(place.app) == 0


def test_an_infected_file_is_kept_apart_and_nobody_opens_it(place: ScanPlace, clamd: Clamd, scanner: Scanner) -> None:
    scanner(clamd.host_and_port)
    content = docx_bytes(EICAR)
    key = place.attach(content, "แผนงาน.docx")
    first_key = place.document(key).storage_key

    work(place.app)

    document = place.document(key)
    assert (document.scan_state, document.scan_finding) == (ScanState.INFECTED, FOUND)
    assert document.storage_key.startswith("quarantine/")
    assert not stored(place.app, first_key)
    assert place.opened(key) not in (200, 500)
    with make.rows(place.app):
        assert document_store().get(document.storage_key) == content
        (paper,) = checklist(db.session.get_one(LoanApplication, place.draft), today())
        assert (paper.missing, [file.id for file in paper.earlier]) == (True, [key])
        event = db.session.scalars(select(AuditEvent).where(AuditEvent.kind == AuditKind.SCANNED)).one()
        assert event.after == {"scan_state": "infected", "scan_finding": FOUND}
        assert check_documents(AT + timedelta(days=9)).findings == []


def told(app: Flask) -> tuple[set[str], dict[str, str]]:
    """Who has a notice of it, and the mails by address."""
    with make.rows(app):
        names = select(User.username).join(Notice, Notice.user_id == User.id).where(Notice.move == "infected")
        mails = {mail.recipient: mail.body for mail in db.session.scalars(select(OutboxMail))}
        return set(db.session.scalars(names)), mails


def test_the_cooperative_and_the_officer_are_told_which_file_it_is(app: Flask, clamd: Clamd, scanner: Scanner) -> None:
    scanner(clamd.path)
    infected(app)

    work(app)

    people, mails = told(app)
    assert people == {"signatory", "officer"}
    assert set(mails) == {"office@example.or.th", "signatory@example.org", "officer@example.org"}
    assert all("งบ.pdf" in body and FOUND in body for body in mails.values())
    assert (
        make.in_thai(app, "Please ask the cooperative for a new copy of the document.") in mails["officer@example.org"]
    )
    browser = FundClient(app)
    browser.sign_in("officer", make.PASSWORD)
    said = "Malware was found in a document: the file was kept apart and nobody can open it. A new one is needed"
    assert make.in_thai(app, said) in browser.text("/notices/")


@pytest.mark.parametrize(
    ("state", "people"),
    [(State.DRAFT, {"signatory"}), (State.RECOMMENDED, {"signatory", "officer", "fund"})],
)
def test_who_is_told_depends_on_who_has_the_application(
    app: Flask, clamd: Clamd, scanner: Scanner, state: State, people: set[str]
) -> None:
    scanner(clamd.path)
    infected(app, state)

    work(app)

    assert told(app)[0] == people


# Without a scanner, and with one that is away


def test_without_a_scanner_files_are_not_scanned_and_open(place: ScanPlace) -> None:
    key = place.attach(pdf_bytes(), "งบ.pdf")

    assert work(place.app) == 0
    assert place.document(key).scan_state == ScanState.NOT_SCANNED
    assert place.opened(key) == 200


def test_files_wait_until_the_scanner_is_back_and_the_log_says_so_once(
    app: Flask, clamd: Clamd, scanner: Scanner
) -> None:
    scanner(NOWHERE)
    waiting(app, 2)

    with capture_logs() as logs:
        away = [work(app), work(app), work(app)]
    scanner(clamd.path)

    assert away == [0, 0, 0]
    assert [line["event"] for line in logs].count("malware_scan_stopped") == 1
    assert work(app) == 2


def test_one_round_scans_a_batch_and_the_next_the_rest(app: Flask, clamd: Clamd, scanner: Scanner) -> None:
    scanner(clamd.path)
    waiting(app, MOST_A_ROUND + 3)

    assert [work(app), work(app), work(app)] == [MOST_A_ROUND, 3, 0]


def test_a_file_the_scanner_cannot_take_waits_behind_the_others(
    app: Flask, clamd: Clamd, scanner: Scanner, monkeypatch: pytest.MonkeyPatch
) -> None:
    scanner(clamd.path)
    monkeypatch.setattr(scan_job, "MOST_A_ROUND", 1)
    (large,) = waiting(app, 1, b"\0" * (LARGEST_STREAM + 1))
    (small,) = waiting(app, 1)

    with capture_logs() as logs:
        rounds = [work(app, AT + timedelta(minutes=minute)) for minute in range(3)]

    with make.rows(app):
        states = {row.id: row.scan_state for row in db.session.scalars(select(Document))}
    assert rounds == [0, 1, 0]
    assert states == {large: ScanState.WAITING, small: ScanState.CLEAN}
    assert [line["event"] for line in logs] == ["malware_scan_failed"]


def test_a_store_that_is_away_keeps_files_waiting(
    app: Flask, clamd: Clamd, scanner: Scanner, monkeypatch: pytest.MonkeyPatch
) -> None:
    scanner(clamd.path)
    waiting(app, 1)

    def away(_key: str) -> None:
        raise StoreUnavailable("away")

    with monkeypatch.context() as broken, app.app_context():
        broken.setattr(document_store(), "stream", away)
        assert work(app) == 0

    assert work(app) == 1


# A crash loses nothing


class Crash(BaseException):
    """The process ends here."""


def crash(*_given: object) -> None:
    raise Crash


def test_a_crash_before_the_finding_is_kept_leaves_the_file_waiting(
    app: Flask, clamd: Clamd, scanner: Scanner, monkeypatch: pytest.MonkeyPatch
) -> None:
    scanner(clamd.path)
    key = infected(app)

    with monkeypatch.context() as broken:
        broken.setattr(scan_job, "_note", crash)
        with pytest.raises(Crash):
            work(app)
    with make.rows(app):
        document = db.session.get_one(Document, key)
        assert (document.scan_state, document_store().get(document.storage_key)) == (ScanState.WAITING, EICAR.encode())

    assert work(app) == 1
    with make.rows(app):
        left = check_documents(datetime.now(UTC) + timedelta(days=1)).findings
    assert [finding.what for finding in left] == [Wrong.ORPHAN]


def test_a_crash_after_the_finding_is_kept_leaves_a_file_that_is_found(
    app: Flask, clamd: Clamd, scanner: Scanner, monkeypatch: pytest.MonkeyPatch
) -> None:
    scanner(clamd.path)
    key = infected(app)

    with monkeypatch.context() as broken, app.app_context():
        broken.setattr(document_store(), "delete", crash)
        with pytest.raises(Crash):
            work(app)

    with make.rows(app):
        document = db.session.get_one(Document, key)
        assert document.scan_state == ScanState.INFECTED
        assert document_store().get(document.storage_key) == EICAR.encode()
        left = check_documents(datetime.now(UTC) + timedelta(days=1)).findings
        assert [(finding.what, finding.key != document.storage_key) for finding in left] == [(Wrong.ORPHAN, True)]


def test_a_file_erased_while_it_was_scanned_stays_erased(
    app: Flask, clamd: Clamd, scanner: Scanner, monkeypatch: pytest.MonkeyPatch
) -> None:
    scanner(clamd.path)
    key = infected(app)
    set_apart = DocumentStore.set_apart

    def erased_meanwhile(store: DocumentStore, storage_key: str) -> str:
        apart = set_apart(store, storage_key)
        erase(key, AT)
        return apart

    monkeypatch.setattr(DocumentStore, "set_apart", erased_meanwhile)

    assert work(app) == 0

    with make.rows(app):
        assert db.session.get_one(Document, key).scan_state == ScanState.WAITING
        assert list(document_store().keys(datetime.now(UTC) + timedelta(days=1))) == []
    assert told(app) == (set(), {})


# A scanner that comes and goes


def command(app: Flask, *arguments: str) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=["fund", *arguments])
    return result.exit_code, result.output or str(result.exception)


def test_files_from_before_the_scanner_are_queued_by_a_command(app: Flask, clamd: Clamd, scanner: Scanner) -> None:
    with make.rows(app):
        key = make.document(make.application(complete=False)).id
    without = command(app, "scan-documents")
    scanner(clamd.path)

    done = command(app, "scan-documents")

    assert without[0] == 1
    assert "CLAMD_SOCKET" in without[1]
    assert done == (0, "1 files wait for the scanner\n")
    assert work(app) == 1
    with make.rows(app):
        assert db.session.get_one(Document, key).scan_state == ScanState.CLEAN


def test_waiting_files_are_released_only_when_there_is_no_scanner_any_more(app: Flask, scanner: Scanner) -> None:
    (key,) = waiting(app, 1)
    scanner(NOWHERE)
    refused = command(app, "scan-documents", "--release")
    scanner("")

    done = command(app, "scan-documents", "--release")

    assert refused[0] == 1
    assert done[0] == 0
    assert done[1].endswith("1 files may be opened unscanned\n")
    with make.rows(app):
        assert db.session.get_one(Document, key).scan_state == ScanState.NOT_SCANNED


def test_a_machine_without_a_scanner_skips_or_fails_as_it_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from tests import clamd as clamd_tests

    monkeypatch.setattr(clamd_tests.shutil, "which", lambda *_given, **_more: None)
    monkeypatch.delenv("REQUIRE_CLAMD", raising=False)
    with pytest.raises(pytest.skip.Exception, match="no clamd"):
        clamd_tests.program()

    monkeypatch.setenv("REQUIRE_CLAMD", "1")
    with pytest.raises(pytest.fail.Exception, match="no clamd"):
        clamd_tests.program()


@pytest.mark.parametrize(("where", "code"), [("clamd", 422), ("nowhere", 422), ("none", 302)])
def test_a_blank_form_is_scanned_before_it_is_taken(
    app: Flask, clamd: Clamd, scanner: Scanner, where: str, code: int
) -> None:
    with make.rows(app):
        kind = make.programme().documents[0].document_type.id
        make.person(Role.FUND_OFFICER, username="fund")
    scanner({"clamd": clamd.path, "nowhere": NOWHERE, "none": ""}[where])
    client = FundClient(app)
    client.sign_in("fund", make.PASSWORD)

    def put(content: bytes) -> TestResponse:
        sent = {"file": (io.BytesIO(content), "แบบ.docx")}
        return client.send(f"/document-types/{kind}/example", sent, content_type="multipart/form-data")

    answer = put(docx_bytes(EICAR))

    assert answer.status_code == code
    assert (FOUND in answer.get_data(as_text=True)) == (where == "clamd")
    if where == "clamd":
        assert put(docx_bytes()).status_code == 302
