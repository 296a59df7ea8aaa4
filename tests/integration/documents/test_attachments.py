"""A document comes back as it went in, to those who may see it, and what is no good document stays out."""

import hashlib
import html
import io
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.http import parse_options_header
from werkzeug.test import TestResponse

from app.domain.file_kinds import LARGEST_FILE
from app.domain.roles import Role
from app.domain.states import State
from app.domain.values.errors import RuleBroken
from app.extensions import db
from app.files.store import DocumentStore
from app.models.applications import LoanApplication
from app.models.audit import AuditEvent, AuditKind
from app.models.documents import Document
from app.services.documents import attachments
from tests import make
from tests.client import FundClient
from tests.forms import page
from tests.make_files import docx_bytes, jpeg_bytes, pdf_bytes, png_bytes, xlsx_bytes
from tests.place import Place, signed_in

THAI_NAMES = [
    "งบการเงิน ปี ๒๕๖๘ (ตรวจสอบแล้ว).pdf",
    "น้ำท่วม ก้ำกึ่ง.pdf",
    "ราคาพิเศษ 50% #1; a=b, 'c'.pdf",
    "ยาว" * 38 + ".pdf",
]


@dataclass
class DraftPlace(Place):
    """A draft of one cooperative, with the people around it."""

    draft: int
    paper: int
    preparer: FundClient

    def attach(self, *files: tuple[bytes, str], paper: int | None = None, key: int | None = None) -> TestResponse:
        sent: dict[str, Any] = {"files": [(io.BytesIO(content), name) for content, name in files]}
        address = f"/apply/{key or self.draft}/attach/{paper or self.paper}"
        return self.preparer.send(address, sent, content_type="multipart/form-data")

    def documents(self) -> list[Document]:
        with make.rows(self.app):
            found = list(db.session.scalars(select(Document).order_by(Document.id)))
            db.session.expunge_all()
            return found

    def events(self, kind: AuditKind) -> int:
        with make.rows(self.app):
            return db.session.scalar(select(func.count()).where(AuditEvent.kind == kind)) or 0

    def send_off(self) -> None:
        """The application is sent: from then on its office sees it."""
        with make.rows(self.app):
            row = db.session.get_one(LoanApplication, self.draft)
            row.status, row.number, row.submitted_at = State.SUBMITTED, "คก.9001/2570", make.AT


@pytest.fixture
def place(app: Flask) -> DraftPlace:
    with make.rows(app):
        cooperative = make.cooperative()
        make.person(Role.PREPARER, of=cooperative, username="preparer")
        make.person(Role.PREPARER, of=make.cooperative(), username="stranger")
        make.person(Role.PROVINCIAL_OFFICER, username="officer")
        make.person(Role.ADMINISTRATOR, username="administrator")
        row = make.application(of=cooperative, under=make.programme(required=1, optional=1), complete=False)
        key, paper = row.id, row.programme.documents[0].document_type_id
    client = signed_in(app, "preparer")
    return DraftPlace(app, key, paper, client)


def name_sent(answer: TestResponse) -> str:
    """The file name of RFC 6266 and 5987, which every browser prefers."""
    header = answer.headers["Content-Disposition"]
    encoded = header.split("filename*=", 1)[1]
    charset, _language, text = encoded.split("'", 2)
    assert charset == "UTF-8"
    assert header.isascii()
    return unquote(text, errors="strict")


# In and out


@pytest.mark.parametrize("name", THAI_NAMES)
def test_document_comes_back_byte_for_byte_under_its_thai_name(place: DraftPlace, name: str) -> None:
    content = pdf_bytes(name)

    sent = place.attach((content, name))
    (document,) = place.documents()
    answer = place.preparer.get(f"/files/{document.public_id}")

    assert sent.status_code == 302
    assert answer.status_code == 200
    assert answer.data == content
    assert name_sent(answer) == name == document.file_name
    assert (document.size, document.sha256) == (len(content), hashlib.sha256(content).hexdigest())


@pytest.mark.parametrize("name", ['ราคา "พิเศษ".pdf', "ก\\ข.pdf", "report; filename=evil.html"])
def test_name_that_would_end_the_header_early_is_sent_whole(place: DraftPlace, name: str) -> None:
    with make.rows(place.app):
        row = make.document(db.session.get_one(LoanApplication, place.draft), name=name)
        address = f"/files/{row.public_id}"

    answer = place.preparer.get(address)

    assert name_sent(answer) == name
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="document.pdf"; ')


@pytest.mark.parametrize(
    ("content", "name", "mime"),
    [
        (pdf_bytes(), "ก.pdf", "application/pdf"),
        (png_bytes(), "ก.png", "image/png"),
        (jpeg_bytes(), "ก.JPG", "image/jpeg"),
        (xlsx_bytes(), "ก.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (docx_bytes(), "ก.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ],
)
def test_every_kind_is_taken_and_sent_as_an_attachment_nobody_runs(
    place: DraftPlace, content: bytes, name: str, mime: str
) -> None:
    assert place.attach((content, name)).status_code == 302
    (document,) = place.documents()

    answer = place.preparer.get(f"/files/{document.public_id}")

    disposition, options = parse_options_header(answer.headers["Content-Disposition"])
    assert answer.data == content
    assert answer.mimetype == mime
    assert disposition == "attachment"
    assert options["filename"] == name
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Length"] == str(len(content))


def test_several_files_are_taken_in_one_go(place: DraftPlace) -> None:
    answer = place.attach((pdf_bytes("one"), "หนึ่ง.pdf"), (png_bytes(), "สอง.png"))

    assert answer.status_code == 302
    assert [document.file_name for document in place.documents()] == ["หนึ่ง.pdf", "สอง.png"]
    assert place.events(AuditKind.ATTACHED) == 2


def test_one_bad_file_does_not_keep_the_good_one_out(place: DraftPlace) -> None:
    answer = place.attach((b"MZ\x90\x00", "ร้าย.pdf"), (pdf_bytes(), "ดี.pdf"))

    assert answer.status_code == 422
    assert "ร้าย.pdf: " in page(answer)
    assert [document.file_name for document in place.documents()] == ["ดี.pdf"]


# What stays out


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"<html><script>alert(1)</script></html>", "งบการเงิน.pdf"),
        (png_bytes(), "งบการเงิน.gif"),
        (b"", "ว่าง.pdf"),
        (pdf_bytes()[:200], "ขาด.pdf"),
        (b"MZ\x90\x00" + b"\0" * 200, "โปรแกรม.exe"),
    ],
)
def test_wrong_content_is_refused_by_name(place: DraftPlace, content: bytes, name: str) -> None:
    answer = place.attach((content, name))

    assert answer.status_code == 422
    assert f"{name}: " in page(answer)
    assert place.documents() == []
    assert place.stored_files() == 0
    assert place.events(AuditKind.ATTACHED) == 0


def test_refusal_says_in_thai_what_to_do(place: DraftPlace) -> None:
    answer = place.attach((b"", "ว่าง.pdf"))

    (line,) = {text for text in page(answer).splitlines() if "ว่าง.pdf: " in text and 'class="error"' in text}
    said = line.split("ว่าง.pdf: ", 1)[1]
    assert any("ก" <= letter <= "๙" for letter in said), said


def test_file_over_the_limit_is_refused_and_not_kept(place: DraftPlace) -> None:
    # Within what the server reads, but one byte above what a document may have.
    content = pdf_bytes()
    content += b"\0" * (LARGEST_FILE + 1 - len(content))

    answer = place.attach((content, "ใหญ่.pdf"))

    assert answer.status_code in (413, 422)
    assert place.documents() == []
    assert place.stored_files() == 0


@pytest.mark.parametrize(
    ("came_from", "led_back"), [("http://localhost/apply/1/documents", True), ("http://evil.example/apply/1", False)]
)
def test_too_large_a_body_leads_back_to_where_the_person_came_from(
    place: DraftPlace, came_from: str, led_back: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(place.app.config, "MAX_SENDING_BYTES", 2**20)
    sent = {"files": (io.BytesIO(b"\0" * 2**20), "ใหญ่มาก.pdf")}

    answer = place.preparer.post(f"/apply/{place.draft}/attach/1", data=sent, headers={"Referer": came_from})

    assert answer.status_code == 413
    assert ('href="/apply/1/documents"' in page(answer)) is led_back
    assert "evil.example" not in page(answer)


def test_body_over_the_limit_is_refused_before_it_is_read(place: DraftPlace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(place.app.config, "MAX_SENDING_BYTES", 2**20)

    answer = place.attach((b"\0" * 2**20, "ใหญ่มาก.pdf"))

    assert answer.status_code == 413
    assert make.in_thai(place.app, "The file is too large") in page(answer)
    assert place.documents() == []
    assert place.stored_files() == 0


def test_document_nobody_asks_for_is_refused(place: DraftPlace) -> None:
    with make.rows(place.app):
        other = make.document_type().id

    answer = place.attach((pdf_bytes(), "ก.pdf"), paper=other)

    assert answer.status_code == 422
    said = "This programme does not ask for that document. Choose one from the list."
    assert make.in_thai(place.app, said) in page(answer)
    assert place.stored_files() == 0


@pytest.mark.parametrize("paper", ["0", "999999", "99999999999999999999", "-1", "abc"])
def test_document_type_that_does_not_exist_is_refused(place: DraftPlace, paper: str) -> None:
    sent = {"files": [(io.BytesIO(pdf_bytes()), "ก.pdf")]}

    answer = place.preparer.send(f"/apply/{place.draft}/attach/{paper}", sent, content_type="multipart/form-data")

    assert answer.status_code in (404, 422)
    assert place.documents() == []


def test_nothing_chosen_is_said(place: DraftPlace) -> None:
    answer = place.attach()

    assert answer.status_code == 422
    assert make.in_thai(place.app, "Choose a file first.") in page(answer)


@pytest.mark.parametrize("state", [State.SUBMITTED, State.ON_AGENDA, State.APPROVED, State.WITHDRAWN])
def test_sent_application_takes_no_file(place: DraftPlace, state: State) -> None:
    with make.rows(place.app):
        draft = db.session.get_one(LoanApplication, place.draft)
        sent = make.application(state, of=draft.cooperative, under=draft.programme, complete=False).id

    answer = place.attach((pdf_bytes(), "ก.pdf"), key=sent)

    assert answer.status_code in (302, 400, 422)
    assert place.documents() == []


# Other people


def test_file_is_the_cooperatives_and_its_offices(place: DraftPlace) -> None:
    place.attach((pdf_bytes(), "ก.pdf"))
    place.send_off()
    (document,) = place.documents()

    assert place.preparer.get(f"/files/{document.public_id}").status_code == 200
    assert place.browser("officer").get(f"/files/{document.public_id}").status_code == 200
    assert place.browser("stranger").get(f"/files/{document.public_id}").status_code == 404
    assert place.browser("administrator").get(f"/files/{document.public_id}").status_code in (302, 403, 404)
    assert FundClient(place.app).get(f"/files/{document.public_id}").status_code == 302


def test_other_cooperative_does_not_attach_or_remove(place: DraftPlace) -> None:
    place.attach((pdf_bytes(), "ก.pdf"))
    (document,) = place.documents()
    stranger = place.browser("stranger")
    sent = {"files": [(io.BytesIO(pdf_bytes()), "ข.pdf")]}

    attach = stranger.send(f"/apply/{place.draft}/attach/{place.paper}", sent, content_type="multipart/form-data")
    remove = stranger.send(f"/apply/{place.draft}/remove/{document.public_id}")

    assert (attach.status_code, remove.status_code) == (404, 404)
    assert [each.removed_at for each in place.documents()] == [None]


def test_file_is_not_served_by_its_row_number(place: DraftPlace) -> None:
    place.attach((pdf_bytes(), "ก.pdf"))
    (document,) = place.documents()

    for name in (document.id, document.file_name, document.storage_key, "..%2F..%2Fetc%2Fpasswd"):
        assert place.preparer.get(f"/files/{name}").status_code == 404


@pytest.mark.parametrize(
    ("name", "kept"), [("setup.application", "setup.application.pdf"), ("หนังสือรับรอง", "หนังสือรับรอง.pdf")]
)
def test_a_name_without_the_ending_of_its_kind_gets_it(place: DraftPlace, name: str, kept: str) -> None:
    place.attach((pdf_bytes(), name))

    assert [document.file_name for document in place.documents()] == [kept]


# Removing


def test_removed_file_is_missing_and_stays_on_record(place: DraftPlace) -> None:
    place.attach((pdf_bytes(), "ก.pdf"))
    (document,) = place.documents()

    answer = place.preparer.send(f"/apply/{place.draft}/remove/{document.public_id}", follow_redirects=True)

    (after,) = place.documents()
    assert make.in_thai(place.app, "Removed: %(name)s", name="ก.pdf") in page(answer)
    assert after.removed_at is not None
    assert place.stored_files() == 1
    assert place.events(AuditKind.REMOVED) == 1
    assert f"/files/{document.public_id}" not in place.preparer.text(f"/apply/{place.draft}/documents")


def test_file_is_removed_once(place: DraftPlace) -> None:
    place.attach((pdf_bytes(), "ก.pdf"))
    (document,) = place.documents()
    address = f"/apply/{place.draft}/remove/{document.public_id}"
    place.preparer.send(address)

    assert place.preparer.send(address).status_code == 404


def test_file_is_removed_from_its_own_application_only(place: DraftPlace) -> None:
    place.attach((pdf_bytes(), "ก.pdf"))
    (document,) = place.documents()
    with make.rows(place.app):
        draft = db.session.get_one(LoanApplication, place.draft)
        other = make.application(of=draft.cooperative, under=draft.programme, complete=False).id

    answer = place.preparer.send(f"/apply/{other}/remove/{document.public_id}")

    assert answer.status_code == 404


def test_file_sent_before_a_return_stays_and_a_newer_one_goes(place: DraftPlace) -> None:
    with make.rows(place.app):
        draft = db.session.get_one(LoanApplication, place.draft)
        row = make.application(State.RETURNED, of=draft.cooperative, under=draft.programme)
        key, old = row.id, db.session.scalars(select(Document.public_id).where(Document.application_id == row.id)).one()
    place.attach((pdf_bytes("newer"), "ใหม่.pdf"), key=key)
    newer = place.documents()[-1].public_id

    kept = place.preparer.send(f"/apply/{key}/remove/{old}", follow_redirects=True)
    gone = place.preparer.send(f"/apply/{key}/remove/{newer}", follow_redirects=True)

    said = "This file has been sent and stays on record. Attach a newer one beside it."
    assert make.in_thai(place.app, said) in page(kept)
    assert make.in_thai(place.app, "Removed: %(name)s", name="ใหม่.pdf") in page(gone)
    assert [document.removed_at is not None for document in place.documents()] == [False, True]


# Who opened what


def test_opening_a_file_is_an_event_the_cooperative_sees(place: DraftPlace) -> None:
    place.attach((pdf_bytes(), "งบการเงิน.pdf"))
    place.send_off()
    (document,) = place.documents()
    assert "งบการเงิน.pdf" not in html.unescape(place.preparer.text(f"/track/{place.draft}/opened"))

    place.browser("officer").get(f"/files/{document.public_id}")

    text = html.unescape(place.preparer.text(f"/track/{place.draft}/opened"))
    with make.rows(place.app):
        event = db.session.scalars(select(AuditEvent).where(AuditEvent.kind == AuditKind.DOWNLOADED)).one()
        officer = db.session.scalars(select(make.User).where(make.User.username == "officer")).one()
        assert (event.entity_id, event.actor_id, event.actor_role) == (document.id, officer.id, "provincial_officer")
        assert officer.get_full_name() in text
    assert "งบการเงิน.pdf" in text


def test_refused_opening_is_no_event(place: DraftPlace) -> None:
    place.attach((pdf_bytes(), "ก.pdf"))
    (document,) = place.documents()

    place.browser("stranger").get(f"/files/{document.public_id}")

    assert place.events(AuditKind.DOWNLOADED) == 0


# The store is away


@pytest.fixture
def without_store(place: DraftPlace, tmp_path: Path) -> Iterator[None]:
    folder = tmp_path / "gone"
    place.app.extensions["document_store"] = DocumentStore.from_url(f"file:{folder}")
    shutil.rmtree(folder)
    yield
    assert not folder.exists()


@pytest.mark.usefixtures("without_store")
def test_upload_without_a_store_is_an_unavailable_page_and_no_row(place: DraftPlace) -> None:
    answer = place.attach((pdf_bytes(), "ก.pdf"))

    assert answer.status_code == 503
    assert make.in_thai(place.app, "The system is busy or cannot be reached") in page(answer)
    assert place.documents() == []
    assert place.events(AuditKind.ATTACHED) == 0


def test_opening_without_a_store_is_no_event(place: DraftPlace, request: pytest.FixtureRequest) -> None:
    place.attach((pdf_bytes(), "ก.pdf"))
    (document,) = place.documents()
    request.getfixturevalue("without_store")

    answer = place.preparer.get(f"/files/{document.public_id}")

    assert answer.status_code in (404, 503)
    assert place.events(AuditKind.DOWNLOADED) == 0


def test_service_returns_with_the_store(place: DraftPlace, request: pytest.FixtureRequest) -> None:
    store = place.app.extensions["document_store"]
    request.getfixturevalue("without_store")
    assert place.attach((pdf_bytes(), "ก.pdf")).status_code == 503

    place.app.extensions["document_store"] = store

    assert place.attach((pdf_bytes(), "ก.pdf")).status_code == 302


def test_asking_about_a_file_without_opening_it_is_no_event(place: DraftPlace) -> None:
    place.attach((pdf_bytes(), "ก.pdf"))
    place.send_off()
    (document,) = place.documents()

    answer = place.browser("officer").head(f"/files/{document.public_id}")

    assert (answer.status_code, answer.headers["Content-Length"]) == (200, str(document.size))
    assert place.events(AuditKind.DOWNLOADED) == 0


# Sent meanwhile


@pytest.fixture
def sent_meanwhile(place: DraftPlace) -> Iterator[Any]:
    """The rows of a request that read the draft before somebody else sent the application."""
    with make.rows(place.app):
        row = db.session.get_one(LoanApplication, place.draft)
        document = make.document(row)
        user = db.session.scalars(select(make.User).where(make.User.username == "preparer")).one()
        db.session.flush()

        def send() -> None:
            table = LoanApplication.__table__
            db.session.execute(table.update().where(table.c.id == row.id).values(status=State.SUBMITTED.value))

        yield row, document, make.acting_as(user), send
        db.session.rollback()


def test_file_is_not_attached_to_what_was_sent_while_it_was_looked_into(
    place: DraftPlace, sent_meanwhile: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    row, _document, person, send = sent_meanwhile
    looked_into = attachments.look_into

    def slow(content: bytes, name: str) -> Any:
        send()
        return looked_into(content, name)

    monkeypatch.setattr(attachments, "look_into", slow)
    before = place.stored_files()

    with pytest.raises(RuleBroken, match="can no longer be changed"):
        attachments.attach(row, attachments.Sent(place.paper, "งบ.pdf"), pdf_bytes(), person, make.AT)

    assert place.stored_files() == before


def test_file_is_not_removed_from_what_was_sent_meanwhile(sent_meanwhile: Any) -> None:
    _row, document, person, send = sent_meanwhile
    send()

    with pytest.raises(RuleBroken, match="can no longer be changed"):
        attachments.remove(document, person, make.AT)

    assert document.removed_at is None
