"""The files of one cooperative together stay within their room; a refusal says the figures and leaves nothing."""

import html
import io
from dataclasses import dataclass
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from app.domain.papers import MIB
from app.domain.roles import Role
from app.domain.states import State
from app.extensions import db
from app.models.applications import LoanApplication
from app.models.documents import Document
from app.services.documents.checklist import checklist
from app.ui.clock import today
from tests import make
from tests.client import FundClient
from tests.make_files import pdf_bytes
from tests.place import Place, signed_in

ROOM = 2  # MB


@dataclass
class QuotaPlace(Place):
    """A draft of a cooperative that has room for two MB."""

    draft: int
    paper: int
    preparer: FundClient

    def attach(self, content: bytes) -> TestResponse:
        sent = {"files": [(io.BytesIO(content), "งบ.pdf")]}
        path = f"/apply/{self.draft}/attach/{self.paper}"
        return self.preparer.send(path, sent, content_type="multipart/form-data")

    def holds(self, size: int, **values: object) -> None:
        """Say that an earlier, withdrawn application of the cooperative holds so many bytes."""
        with make.rows(self.app):
            draft = db.session.get_one(LoanApplication, self.draft)
            earlier = make.application(State.WITHDRAWN, of=draft.cooperative, complete=False)
            make.document(earlier, **{"size": size, **values})

    def stored(self) -> tuple[int, int]:
        folder = Path(self.app.config["DOCUMENT_STORE"].removeprefix("file:"))
        with make.rows(self.app):
            rows = db.session.scalar(select(func.count(Document.id))) or 0
        return rows, sum(1 for file in folder.rglob("*") if file.is_file())


@pytest.fixture
def place(app: Flask, monkeypatch: pytest.MonkeyPatch) -> QuotaPlace:
    monkeypatch.setitem(app.config, "COOPERATIVE_QUOTA_MB", ROOM)
    with make.rows(app):
        cooperative = make.cooperative()
        make.person(Role.PREPARER, of=cooperative, username="preparer")
        row = make.application(of=cooperative, under=make.programme(required=1), complete=False)
        keys = row.id, row.programme.documents[0].document_type_id
    client = signed_in(app, "preparer")
    return QuotaPlace(app, *keys, client)


def test_a_file_that_does_not_fit_any_more_is_refused_with_the_figures(place: QuotaPlace) -> None:
    place.holds(ROOM * MIB - 100)
    before = place.stored()

    answer = place.attach(pdf_bytes())
    text = html.unescape(answer.get_data(as_text=True))

    assert answer.status_code == 422
    # 2 MB less 100 bytes taken, of 2; a page of some hundred bytes is 0.0 MB.
    said = "ไฟล์ของสหกรณ์ใช้พื้นที่ไปแล้ว 2.0 MB จากทั้งหมด 2 MB และที่ส่งมาอีก 0.0 MB ใส่เพิ่มไม่ได้"
    assert said in text
    assert place.stored() == before


def test_the_last_byte_still_fits(place: QuotaPlace) -> None:
    content = pdf_bytes("exactly")
    place.holds(ROOM * MIB - len(content))

    assert place.attach(content).status_code == 302
    assert place.attach(pdf_bytes("one more")).status_code == 422


def test_removed_files_count_and_erased_ones_do_not(place: QuotaPlace) -> None:
    place.holds(ROOM * MIB, erased_at=make.AT)
    assert place.attach(pdf_bytes("first")).status_code == 302

    place.holds(ROOM * MIB, removed_at=make.AT)
    assert place.attach(pdf_bytes("second")).status_code == 422


def test_another_cooperative_s_files_take_no_room(place: QuotaPlace) -> None:
    with make.rows(place.app):
        make.document(make.application(complete=False), size=10 * ROOM * MIB)

    assert place.attach(pdf_bytes()).status_code == 302


def test_what_is_taken_over_from_an_earlier_application_needs_room_too(place: QuotaPlace) -> None:
    with make.rows(place.app):
        draft = db.session.get_one(LoanApplication, place.draft)
        draft.programme.documents[0].document_type.reusable = True
        earlier = make.application(State.APPROVED, of=draft.cooperative, under=draft.programme)
        (held,) = checklist(earlier, today())[0].files
        make.verdict(held)
        held.size = ROOM * MIB // 2 + 1
    before = place.stored()

    with time_machine.travel(make.AT, tick=True):
        client = FundClient(place.app)
        client.sign_in("preparer", make.PASSWORD)
        client.send(f"/apply/{place.draft}/reuse/{place.paper}")
        text = html.unescape(client.text(f"/apply/{place.draft}/documents"))

    assert "ไฟล์ของสหกรณ์ใช้พื้นที่ไปแล้ว 1.0 MB" in text
    assert place.stored() == before
