"""The dossier: everything an application holds, in order, checkable, noted, and whole or not at all."""

import hashlib
import html
import io
import os
import re
import shutil
import socket
import subprocess
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote, urlencode

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from app import serving
from app.domain.papers import ScanState, Verdict
from app.domain.quotes import rows_of
from app.domain.roles import Role
from app.domain.states import State
from app.extensions import db
from app.models.applications import LoanApplication
from app.models.audit import AuditEvent, AuditKind
from app.models.documents import Document
from app.reports import dossier_files
from app.services.documents import dossier_sending
from app.services.loans.quotes import keep_quote
from tests import make
from tests.make_files import pdf_bytes
from tests.pdfs import PutIn, lines_of
from tests.place import Place

OPINION = "เหตุผลทดสอบ"  # only the office's recommendation has a text
ONLY_IN_THE_INDEX = ("path", "sha256", "words")


@dataclass
class DossierPlace(Place):
    """An application before the committee with four papers, and the people around it."""

    key: int

    def asked(self, username: str, **form: str) -> TestResponse:
        answer = self.browser(username).send(f"/dossier/{self.key}", form)
        answer.get_data()  # as every browser does: the server is done, and lets go of the file, only then
        answer.close()
        return answer

    def dossier(self, username: str = "fund") -> zipfile.ZipFile:
        answer = self.asked(username, purpose="guarantors")
        assert answer.status_code == 200
        assert len(answer.data) == int(answer.headers["Content-Length"])
        return zipfile.ZipFile(io.BytesIO(answer.data))

    def events(self) -> list[AuditEvent]:
        with make.rows(self.app):
            found = list(
                db.session.scalars(
                    select(AuditEvent).where(AuditEvent.kind == AuditKind.DOWNLOADED).order_by(AuditEvent.id)
                )
            )
            db.session.expunge_all()
            return found


def files(row: LoanApplication) -> None:
    """Two good files, one replaced, an identity paper, and those that nobody may open."""
    form, statements, guarantors, rest = [asked.document_type for asked in row.programme.documents]
    form.name, statements.name, guarantors.name = "แบบคำขอกู้", "งบการเงิน: ปี 2568", "ผู้ค้ำประกัน"
    guarantors.identity = True
    make.document(row, form, name="แบบ.pdf", content=pdf_bytes("form"))
    old = make.document(row, statements, name="งบเก่า.pdf", content=pdf_bytes("old"))
    make.verdict(old, Verdict.UNREADABLE, "หน้า 2 อ่านไม่ออก", page=2)
    new = make.document(row, statements, name="งบใหม่.pdf", content=pdf_bytes("new"), replaces_id=old.id)
    make.verdict(new)
    make.document(row, guarantors, name="บัตร.pdf", content=pdf_bytes("card"))
    make.document(row, rest, name="ไวรัส.pdf", scan_state=ScanState.INFECTED)
    make.document(row, rest, name="รอตรวจ.pdf", scan_state=ScanState.WAITING)
    make.document(row, rest, name="ลบแล้ว.pdf", erased_at=make.AT)
    make.document(row, rest, name="ถอนออก.pdf", removed_at=make.AT)


@pytest.fixture
def place(app: Flask) -> DossierPlace:
    with make.rows(app):
        cooperative = make.cooperative(name="สหกรณ์ออมทรัพย์บ้านดี จำกัด")
        make.person(Role.PREPARER, of=cooperative, username="preparer")
        make.person(Role.PREPARER, of=make.cooperative(), username="stranger")
        officer = make.person(Role.PROVINCIAL_OFFICER, username="officer")
        for role, username in ((Role.FUND_OFFICER, "fund"), (Role.COMMITTEE, "committee"), (Role.AUDITOR, "auditor")):
            make.person(role, username=username)
        make.person(Role.FINANCE_OFFICER, username="finance")
        make.person(Role.ADMINISTRATOR, username="administrator")
        programme = make.programme(required=4)
        by = {Role.PROVINCIAL_OFFICER: officer}
        row = make.application(State.ON_AGENDA, of=cooperative, under=programme, by=by, complete=False)
        files(row)
        key = row.id
    return DossierPlace(app, key)


# What is in it


def test_files_lie_in_checklist_order_under_their_thai_names(place: DossierPlace) -> None:
    names = place.dossier().namelist()

    assert names[:1] + names[2:] == [
        "index.html",
        "SHA256SUMS.txt",
        "01 แบบคำขอกู้/01 แบบ.pdf",
        "02 งบการเงิน- ปี 2568/01 งบใหม่.pdf",
        "03 ผู้ค้ำประกัน/01 บัตร.pdf",
        "ฉบับเดิมและฉบับที่ไม่ผ่าน/02 งบการเงิน- ปี 2568/01 งบเก่า.pdf",
    ]
    assert names[1].startswith("คำขอกู้เงิน คก.")


def test_it_unpacks_and_every_checksum_holds(place: DossierPlace, tmp_path: Path) -> None:
    answer = place.asked("fund", purpose="audit")
    (tmp_path / "dossier.zip").write_bytes(answer.data)
    archive = zipfile.ZipFile(tmp_path / "dossier.zip")
    archive.extractall(tmp_path)

    assert archive.testzip() is None
    lines = (tmp_path / "SHA256SUMS.txt").read_text(encoding="utf-8").splitlines()
    assert {line[66:] for line in lines} == {*archive.namelist()} - {"SHA256SUMS.txt"}
    assert all(hashlib.sha256((tmp_path / line[66:]).read_bytes()).hexdigest() == line[:64] for line in lines)
    if shutil.which("sha256sum"):
        subprocess.run(["sha256sum", "-c", "SHA256SUMS.txt"], cwd=tmp_path, check=True, capture_output=True)


def test_the_index_needs_nothing_else_and_its_links_lead_to_the_files(place: DossierPlace) -> None:
    archive = place.dossier()
    index = archive.read("index.html").decode()

    links = [unquote(part.split('"')[0]) for part in index.split('href="')[1:]]
    assert set(links) == {*archive.namelist()} - {"index.html"}
    assert "<script" not in index
    assert "http" not in index.replace("http-equiv", "")


def test_files_left_out_are_listed_with_the_reason(place: DossierPlace) -> None:
    index = html.unescape(place.dossier().read("index.html").decode())

    for name, reason in (
        ("ไวรัส.pdf", "Malware was found in this file, so nobody can open it. Ask for a new one."),
        ("รอตรวจ.pdf", "This file is being scanned for malware. Try again in a few minutes."),
        (
            "ลบแล้ว.pdf",
            "This file was erased when its retention period ended. Only the record of it is left.",
        ),
    ):
        assert make.in_thai(place.app, reason) in index.split(name)[1].split("</li>")[0]
    assert "ถอนออก.pdf" not in index


def test_a_file_the_store_lost_is_left_out_with_the_reason(place: DossierPlace) -> None:
    with make.rows(place.app):
        lost = db.session.scalars(select(Document).where(Document.file_name == "แบบ.pdf")).one()
        make.document_store().delete(lost.storage_key)

    archive = place.dossier()

    reason = make.in_thai(place.app, "The store of files does not have this file. Tell the system administrator.")
    assert not any(name.endswith("แบบ.pdf") for name in archive.namelist())
    assert reason in archive.read("index.html").decode()


def test_no_dossier_without_its_files_is_sent_while_the_folder_is_away(place: DossierPlace) -> None:
    folder = Path(place.app.config["DOCUMENT_STORE"].removeprefix("file:"))
    folder.rename(folder.with_name("elsewhere"))
    folder.mkdir()

    assert place.asked("fund", purpose="audit").status_code == 503


def pdf_of(archive: zipfile.ZipFile) -> bytes:
    (name,) = [name for name in archive.namelist() if "/" not in name and name.endswith(".pdf")]
    return archive.read(name)


def pdf_text(archive: zipfile.ZipFile) -> str:
    return "\n".join(lines_of(pdf_of(archive)))


def test_the_pdf_tells_every_sentence_that_was_put_in(place: DossierPlace, monkeypatch: pytest.MonkeyPatch) -> None:
    put_in = PutIn(dossier_files, monkeypatch, beside=ONLY_IN_THE_INDEX)

    drawn = pdf_of(place.dossier())

    assert len(put_in.texts) > 40
    assert put_in.untold(drawn) == []


def test_the_pdf_holds_answers_papers_and_history_and_the_offices_opinions_stay_private(place: DossierPlace) -> None:
    ours, theirs = pdf_text(place.dossier("fund")), pdf_text(place.dossier("preparer"))

    for text in (ours, theirs):
        assert "5,000,000.00" in text
        assert "2569" in text
        assert "2026" not in text
    assert [OPINION in text for text in (ours, theirs)] == [True, False]
    with make.rows(place.app):
        officer = db.session.scalars(select(make.User).where(make.User.username == "officer")).one().get_full_name()
    sheets = [html.unescape(place.dossier(name).read("index.html").decode()) for name in ("fund", "preparer")]
    assert [OPINION in sheet for sheet in sheets] == [True, False]
    assert [officer in sheet for sheet in sheets] == [True, False]


def test_the_instalments_kept_with_the_application_are_in_it(place: DossierPlace) -> None:
    with make.rows(place.app):
        row = db.session.get_one(LoanApplication, place.key)
        keep_quote(row, make.AT.date())
        kept = rows_of(row.quote or {})

    archive = place.dossier()
    index, pdf = html.unescape(archive.read("index.html").decode()), pdf_text(archive)

    assert len(kept) == 24
    for instalment in kept:
        assert f"<td>{instalment.total:,.2f}</td><td>{instalment.balance:,.2f}</td>" in index
        assert f"{instalment.interest:,.2f}" in pdf
    sums = [sum(getattr(each, name) for each in kept) for name in ("principal", "interest", "total")]
    assert "".join(f"<td>{amount:,.2f}</td>" for amount in sums) in index
    assert all(f"{amount:,.2f}" in pdf for amount in sums)
    # April has the longest short name: its day stays on one line.
    assert re.search(r"16 เม.ย. 257\d", pdf.replace("\u200b", ""))


# Who may have it, and what is noted


@pytest.mark.parametrize(
    ("username", "code"),
    [
        ("preparer", 200),
        ("officer", 200),
        ("fund", 200),
        ("committee", 200),
        ("auditor", 200),
        ("finance", 404),
        ("stranger", 404),
        ("administrator", 403),
    ],
)
def test_everybody_who_may_open_the_files_gets_it_and_nobody_else(
    place: DossierPlace, username: str, code: int
) -> None:
    client = place.browser(username)

    page = client.get(f"/dossier/{place.key}")
    answer = place.asked(username, purpose="audit")

    assert (page.status_code, answer.status_code) == (code, code)
    assert (answer.mimetype == "application/zip") is (code == 200)


def test_each_file_of_it_is_an_event_with_what_identity_papers_were_opened_for(place: DossierPlace) -> None:
    assert place.asked("fund", purpose="other", note="ศาลสั่ง").status_code == 200

    dossier, *each = place.events()
    assert (dossier.entity, dossier.entity_id) == ("loan_application", place.key)
    assert dossier.after == {"files": 4, "purpose_of_opening": f"{make.in_thai(place.app, 'Something else')}: ศาลสั่ง"}
    assert [event.summary for event in each] == ["แบบ.pdf", "งบใหม่.pdf", "บัตร.pdf", "งบเก่า.pdf"]
    assert ["purpose_of_opening" in event.after for event in each if event.after] == [False, False, True, False]
    assert all(event.actor_role == Role.FUND_OFFICER for event in each)


@pytest.mark.parametrize("form", [{}, {"purpose": "nothing"}, {"purpose": "other", "note": " "}])
def test_an_office_says_first_what_it_opens_identity_papers_for(place: DossierPlace, form: dict[str, str]) -> None:
    answer = place.asked("officer", **form)

    assert answer.status_code == 422
    assert "error-summary" in answer.get_data(as_text=True)
    assert place.events() == []


def test_the_cooperative_itself_is_not_asked(place: DossierPlace) -> None:
    assert place.asked("preparer").status_code == 200
    assert 'name="purpose"' not in place.browser("preparer").text(f"/dossier/{place.key}")


def test_looking_at_the_page_notes_nothing(place: DossierPlace) -> None:
    assert "บัตร.pdf" in html.unescape(place.browser("fund").text(f"/dossier/{place.key}"))

    assert place.events() == []


def test_it_is_sent_as_an_attachment_that_no_browser_keeps_or_runs(place: DossierPlace) -> None:
    headers = place.asked("preparer").headers

    assert headers["Content-Disposition"].startswith("attachment; ")
    assert unquote(headers["Content-Disposition"].split("''")[1]).startswith("แฟ้มคำขอกู้เงิน คก.")
    assert headers["Content-Security-Policy"].startswith("sandbox")
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"


# Whole, or not at all


def changed(place: DossierPlace, name: str) -> None:
    """Write other bytes where the store keeps a file."""
    with make.rows(place.app):
        key = db.session.scalars(select(Document.storage_key).where(Document.file_name == name)).one()
    path = Path(place.app.config["DOCUMENT_STORE"].removeprefix("file:")) / key
    content = path.read_bytes()
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))


def test_a_file_that_changed_in_the_store_is_named_instead_of_handed_on(place: DossierPlace) -> None:
    changed(place, "บัตร.pdf")

    answer = place.asked("preparer")

    said = (
        "The store of files does not have %(name)s as it was attached, so no dossier was made. Tell the system "
        "administrator."
    )
    assert answer.status_code == 503
    assert make.in_thai(place.app, said, name="บัตร.pdf") in html.unescape(answer.get_data(as_text=True))
    assert len(place.events()) == 5  # noted before anything could go out


@pytest.fixture
def no_turn_left(place: DossierPlace) -> Iterator[None]:
    with ExitStack() as turns:
        with place.app.app_context():
            for _turn in range(dossier_sending.MOST_AT_ONCE):
                turns.enter_context(dossier_sending.turn())
        yield


@pytest.mark.usefixtures("no_turn_left")
def test_a_third_dossier_at_once_waits_so_that_other_pages_are_answered(place: DossierPlace) -> None:
    answer = place.asked("preparer")

    assert answer.status_code == 503
    assert make.in_thai(place.app, dossier_sending.BUSY) in answer.get_data(as_text=True)
    assert place.events() == []


def test_turn_and_room_are_given_back_after_each_download(place: DossierPlace) -> None:
    times = max(dossier_sending.MOST_AT_ONCE, dossier_sending.MOST_OF_ONE_PERSON) + 1

    assert {place.asked("preparer").status_code for _time in range(times)} == {200}


def test_room_is_given_back_when_the_file_changed(place: DossierPlace) -> None:
    changed(place, "บัตร.pdf")

    codes = [place.asked("preparer").status_code for _time in range(dossier_sending.MOST_OF_ONE_PERSON + 1)]

    assert codes == [503] * len(codes)
    text = place.asked("preparer").get_data(as_text=True)
    assert make.in_thai(place.app, dossier_sending.BUSY) not in text


@dataclass
class Readers:
    """People at the real server who ask for the dossier and then take nothing of it."""

    place: DossierPlace
    port: int

    def on_their_way(self) -> int:
        with self.place.app.app_context():
            return len(dossier_sending.on_their_way())

    def asks(self, username: str) -> socket.socket:
        """Ask, and wait until the answer begins."""
        client = self.place.browser(username)
        form = urlencode({"csrf_token": client.any_token(), "purpose": "audit"})
        cookie = "; ".join(f"{each.key}={each.value}" for each in client._cookies.values())
        reader = socket.socket()
        reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2**12)
        reader.settimeout(30)
        reader.connect(("127.0.0.1", self.port))
        reader.sendall(
            f"POST /dossier/{self.place.key} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(form)}\r\n\r\n{form}".encode()
        )
        assert reader.recv(15) == b"HTTP/1.1 200 OK"
        return reader


@pytest.fixture
def readers(place: DossierPlace) -> Iterator[Readers]:
    with make.rows(place.app):  # more than the system keeps for a connection
        document = db.session.scalars(select(Document).where(Document.file_name == "แบบ.pdf")).one()
        stored = make.document_store().put(os.urandom(12 * 2**20))
        document.size, document.sha256, document.storage_key = stored.size, stored.sha256, stored.key
    server = serving.listen(place.app, "127.0.0.1", 0)
    threading.Thread(target=server.run, daemon=True).start()
    yield Readers(place, int(server.effective_port))
    server.close()


def test_readers_who_take_nothing_keep_nobody_from_a_dossier_or_a_page(readers: Readers) -> None:
    slow = [readers.asks(username) for username in ("preparer", "fund", "officer", "auditor", "committee")]

    # As many as the server has threads, and one more: each answer began, and so does the next.
    assert len(slow) > serving.THREADS
    with closing(readers.asks("preparer")) as quick:
        got = 0
        while got < 12 * 2**20:
            got += len(quick.recv(2**20))
    assert readers.on_their_way() >= len(slow)

    for reader in slow:
        reader.close()
    wait_until(lambda: readers.on_their_way() == 0)


def wait_until(true: Callable[[], bool]) -> None:
    """The server learns within a moment that somebody has gone."""
    for _time in range(100):
        if true():
            return
        time.sleep(0.05)
    raise AssertionError("not within five seconds")


@pytest.mark.skipif(not hasattr(socket, "TCP_USER_TIMEOUT"), reason="only Linux ends stalled connections by itself")
def test_a_reader_who_takes_nothing_more_does_not_hold_a_thread_for_ever(app: Flask) -> None:
    server = serving.listen(app, "127.0.0.1", 0)
    with closing(server), socket.create_connection(("127.0.0.1", server.effective_port)):
        accepted, _address = server.socket.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == serving.STALLED


def test_a_draft_without_files_has_a_dossier_too(app: Flask) -> None:
    with make.rows(app):
        cooperative = make.cooperative()
        make.person(Role.PREPARER, of=cooperative, username="preparer")
        key = make.application(of=cooperative, complete=False, at=make.AT - timedelta(days=1)).id
    place = DossierPlace(app, key)

    assert len(place.dossier("preparer").namelist()) == 3
