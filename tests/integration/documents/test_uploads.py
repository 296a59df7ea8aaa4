"""Files come one by one or together, once each; the page says what is there, what is missing and what to replace."""

import html
import io
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.domain.papers import ScanState, Validity, Verdict
from app.domain.roles import Role
from app.domain.states import State
from app.extensions import db
from app.models.applications import LoanApplication
from app.models.audit import AuditKind
from app.models.document_types import DocumentType
from app.models.documents import Document
from tests import make
from tests.integration.documents.test_attachments import DraftPlace, page
from tests.make_files import jpeg_bytes, pdf_bytes, png_bytes
from tests.place import signed_in

JSON = {"Accept": "application/json"}


@pytest.fixture
def place(app: Flask) -> DraftPlace:
    """A draft that needs one paper and may have another."""
    with make.rows(app):
        cooperative = make.cooperative()
        make.person(Role.PREPARER, of=cooperative, username="preparer")
        row = make.application(of=cooperative, under=make.programme(required=1, optional=1), complete=False)
        key, paper = row.id, row.programme.documents[0].document_type_id
    client = signed_in(app, "preparer")
    return DraftPlace(app, key, paper, client)


def send(place: DraftPlace, *files: tuple[bytes, str], paper: int | None = None, **form: Any) -> TestResponse:
    """Send files as the script does."""
    sent = {"files": [(io.BytesIO(content), name) for content, name in files], **form}
    address = f"/apply/{place.draft}/attach/{paper or place.paper}"
    return place.preparer.send(address, sent, content_type="multipart/form-data", headers=JSON)


def change_type(place: DraftPlace, **values: Any) -> None:
    with make.rows(place.app):
        row = db.session.get_one(DocumentType, place.paper)
        for name, value in values.items():
            setattr(row, name, value)


def other_paper(place: DraftPlace) -> int:
    with make.rows(place.app):
        return db.session.get_one(LoanApplication, place.draft).programme.documents[1].document_type_id


def documents_page(place: DraftPlace) -> str:
    return html.unescape(place.preparer.text(f"/apply/{place.draft}/documents"))


# One sending, whatever becomes of its answer


def test_script_is_answered_in_json(place: DraftPlace) -> None:
    taken = send(place, (pdf_bytes(), "ก.pdf"))
    refused = send(place, (b"", "ว่าง.pdf"))

    assert (taken.status_code, taken.json) == (200, {"message": "", "notes": []})
    assert refused.status_code == 422
    assert any("ก" <= letter <= "๙" for letter in refused.json["message"])  # type: ignore[index]


def test_a_sending_repeated_because_its_answer_was_lost_is_attached_once(place: DraftPlace) -> None:
    key = str(uuid4())

    answers = [send(place, (pdf_bytes(), "ก.pdf"), key=key).status_code for _try in range(3)]

    assert answers == [200, 200, 200]
    assert len(place.documents()) == 1
    assert place.stored_files() == 1
    assert place.events(AuditKind.ATTACHED) == 1


def test_a_key_is_of_one_paper(place: DraftPlace) -> None:
    key = str(uuid4())

    send(place, (pdf_bytes("one"), "ก.pdf"), key=key)
    send(place, (pdf_bytes("two"), "ข.pdf"), key=key, paper=other_paper(place))

    assert len(place.documents()) == 2


def test_a_key_does_not_swallow_further_files(place: DraftPlace) -> None:
    send(place, (pdf_bytes("one"), "ก.pdf"), (pdf_bytes("two"), "ข.pdf"), key=str(uuid4()))

    assert [document.file_name for document in place.documents()] == ["ก.pdf", "ข.pdf"]


@pytest.mark.parametrize("key", ["", "abc", "0" * 500, "' OR 1=1"])
def test_a_bad_key_is_no_key(place: DraftPlace, key: str) -> None:
    assert send(place, (pdf_bytes(), "ก.pdf"), key=key).status_code == 200


# The same file again


def test_the_same_file_is_refused_where_it_is_attached_already(place: DraftPlace) -> None:
    send(place, (pdf_bytes(), "เดิม.pdf"))

    again = send(place, (pdf_bytes(), "ใหม่.pdf"))

    assert again.status_code == 422
    assert "เดิม.pdf" in again.json["message"]  # type: ignore[index]
    assert len(place.documents()) == 1
    assert place.stored_files() == 1


def test_the_same_file_for_another_paper_is_taken_and_said(place: DraftPlace) -> None:
    other = other_paper(place)
    send(place, (pdf_bytes(), "ก.pdf"))

    again = send(place, (pdf_bytes(), "ก.pdf"), paper=other)

    with make.rows(place.app):
        name = db.session.get_one(DocumentType, place.paper).name
    assert again.status_code == 200
    assert name in again.json["notes"][0]  # type: ignore[index]
    assert len(place.documents()) == 2


def test_a_removed_file_may_come_back(place: DraftPlace) -> None:
    send(place, (pdf_bytes(), "ก.pdf"))
    place.preparer.send(f"/apply/{place.draft}/remove/{place.documents()[0].public_id}")

    assert send(place, (pdf_bytes(), "ก.pdf")).status_code == 200


def test_the_same_photo_is_known_although_it_is_kept_without_its_notes(place: DraftPlace) -> None:
    send(place, (jpeg_bytes(comment=b"one"), "ก.jpg"))

    assert send(place, (jpeg_bytes(comment=b"two"), "ข.jpg")).status_code == 422


# Photos


def test_photos_are_joined_into_one_pdf_when_asked(place: DraftPlace) -> None:
    answer = send(place, (jpeg_bytes(), "หน้า ๑.jpg"), (png_bytes(), "หน้า ๒.png"), join="y")

    (document,) = place.documents()
    assert answer.status_code == 200
    assert (document.file_name, document.kind, document.pages) == ("หน้า ๑.pdf", "pdf", 2)


def test_what_is_no_picture_is_attached_beside_the_joined_ones(place: DraftPlace) -> None:
    send(place, (jpeg_bytes(), "1.jpg"), (pdf_bytes(), "ก.pdf"), (png_bytes(), "2.png"), join="y")

    assert [document.file_name for document in place.documents()] == ["1.pdf", "ก.pdf"]


def test_a_bad_picture_keeps_the_joined_ones_out_and_is_said(place: DraftPlace) -> None:
    answer = send(place, (jpeg_bytes(), "1.jpg"), (b"\xff\xd8\xff broken", "2.jpg"), join="y")

    assert answer.status_code == 422
    assert place.documents() == []


# The day on the paper, and what replaces what


def test_the_day_on_the_paper_is_kept_and_how_long_it_may_be_used_is_shown(place: DraftPlace) -> None:
    change_type(place, validity=Validity.MONTHS, valid_months=6)
    day = {"issued_on-day": "1", "issued_on-month": "3", "issued_on-year": "2569"}

    send(place, (pdf_bytes(), "ก.pdf"), **day)

    assert str(place.documents()[0].issued_on) == "2026-03-01"
    assert "1 ก.ย. 2569" in documents_page(place)


@pytest.mark.parametrize("year", ["2999", "abc"])
def test_an_odd_day_is_refused_and_stays_in_its_boxes(place: DraftPlace, year: str) -> None:
    change_type(place, validity=Validity.MONTHS, valid_months=6)
    sent = {"files": (io.BytesIO(pdf_bytes()), "ก.pdf"), "issued_on-day": "1", "issued_on-month": "3"}

    answer = place.preparer.send(f"/apply/{place.draft}/attach/{place.paper}", {**sent, "issued_on-year": year})

    assert answer.status_code == 422
    assert f'value="{year}"' in page(answer)
    assert place.documents() == []


def test_a_refused_file_is_shown_with_the_reason_and_replaced(place: DraftPlace) -> None:
    with make.rows(place.app):
        draft = db.session.get_one(LoanApplication, place.draft)
        row = make.application(State.RETURNED, of=draft.cooperative, under=draft.programme, complete=False)
        old = make.document(row, name="เดิม.pdf")
        make.verdict(old, Verdict.UNREADABLE, "หน้าสองไม่ชัด", page=2)
        key, place.draft = old.id, row.id
    before = documents_page(place)

    send(place, (pdf_bytes("again"), "ใหม่.pdf"), replaces=str(key))

    after = documents_page(place)
    newer = place.documents()[-1]
    assert all(words in before for words in ("หน้าสองไม่ชัด", f'name="replaces" value="{key}"'))
    assert newer.replaces_id == key
    assert "หน้าสองไม่ชัด" in after
    assert 'name="replaces"' not in after


def test_infected_and_waiting_files_are_told_and_not_linked(place: DraftPlace) -> None:
    with make.rows(place.app):
        row = db.session.get_one(LoanApplication, place.draft)
        ids = [
            make.document(row, name=f"{state}.pdf", content=pdf_bytes(state), scan_state=state).public_id
            for state in (ScanState.WAITING, ScanState.INFECTED)
        ]

    text = documents_page(place)

    assert make.in_thai(place.app, "Being scanned for malware") in text
    assert "พบมัลแวร์ในไฟล์นี้" in text
    assert not any(f"/files/{public_id}" in text for public_id in ids)


# Said before


def test_the_page_says_what_each_paper_takes(place: DraftPlace) -> None:
    change_type(
        place, purpose="ใช้พิสูจน์ทดสอบ", kinds="pdf jpeg", largest_mb=5, most_files=2, help_text="แนบทุกหน้า",
        validity=Validity.FISCAL_YEAR,
    )  # fmt: skip

    text = documents_page(place)

    assert all(
        words in text for words in ("ใช้พิสูจน์ทดสอบ", "PDF, JPEG", "5.0 MB", "ไม่เกิน 2 ไฟล์", "แนบทุกหน้า", "30 กันยายน")
    )
    assert 'accept=".pdf,.jpg,.jpeg,.jpe,.jfif"' in text


def test_kind_size_and_number_are_held_to(place: DraftPlace) -> None:
    change_type(place, kinds="pdf", most_files=1)

    kind = send(place, (png_bytes(), "ก.png"))
    first = send(place, (pdf_bytes("1"), "ก.pdf"))
    second = send(place, (pdf_bytes("2"), "ข.pdf"))

    assert [answer.status_code for answer in (kind, first, second)] == [422, 200, 422]
    assert len(place.documents()) == place.stored_files() == 1


def test_the_count_follows(place: DraftPlace) -> None:
    counted = [documents_page(place)]
    send(place, (pdf_bytes(), "ก.pdf"))
    counted.append(documents_page(place))

    said = [make.in_thai(place.app, "%(there)s of %(asked)s documents", there=there, asked=1) for there in (0, 1)]
    assert [words in text for words, text in zip(said, counted, strict=True)] == [True, True]


def test_too_large_a_sending_is_told_to_the_script(place: DraftPlace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(place.app.config, "MAX_SENDING_BYTES", 2**20)

    answer = send(place, (b"\0" * 2**20, "ใหญ่.pdf"))

    assert answer.status_code == 413
    assert make.in_thai(place.app, "The file is too large") in answer.json["message"]  # type: ignore[index]


def test_another_page_reads_no_more_than_one_document(place: DraftPlace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(place.app.config, "MAX_CONTENT_LENGTH", 2**20)
    body = {"files": (io.BytesIO(b"\0" * 2**20), "ใหญ่.pdf")}

    assert place.preparer.send(f"/apply/{place.draft}/edit", body).status_code == 413


def test_uploads_leave_no_file_when_the_row_is_refused(place: DraftPlace) -> None:
    with make.rows(place.app):
        foreign = make.document_type().id

    assert send(place, (pdf_bytes(), "ก.pdf"), paper=foreign).status_code == 422
    assert place.stored_files() == 0
    with make.rows(place.app):
        assert db.session.scalars(select(Document)).all() == []


def test_a_refused_files_name_is_told_without_its_tricks(place: DraftPlace) -> None:
    sent = {"files": [(io.BytesIO(b""), "งบ\u202efdp.exe.pdf")]}

    answer = place.preparer.send(f"/apply/{place.draft}/attach/{place.paper}", sent, content_type="multipart/form-data")

    assert answer.status_code == 422
    text = html.unescape(answer.get_data(as_text=True))
    assert "งบfdp.exe.pdf" in text
    assert "\u202e" not in text
