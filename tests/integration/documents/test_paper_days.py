"""The day on a document is given and changed beside its file, by its cooperative, as long as it was not sent."""

import re
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.domain.roles import Role
from app.domain.states import State
from app.extensions import db
from app.models.applications import LoanApplication
from app.models.audit import AuditEvent, AuditKind
from app.models.documents import Document
from tests import make
from tests.client import FundClient
from tests.forms import page
from tests.place import Place

DAY = {"issued_on-day": "15", "issued_on-month": "11", "issued_on-year": "69"}


class Paper(Place):
    """A draft with one file that has a day."""

    def __init__(self, app: Flask, key: int, file: str, number: int) -> None:
        super().__init__(app)
        self.key, self.file, self.number = key, file, number

    def send(self, who: FundClient, **typed: str) -> Any:
        return who.send(f"/apply/{self.key}/day/{self.file}", {**DAY, "was": "", **typed})

    def day(self) -> date | None:
        with make.rows(self.app):
            return db.session.scalar(select(Document.issued_on).where(Document.id == self.number))


@pytest.fixture
def paper(app: Flask) -> Paper:
    with make.rows(app):
        cooperative = make.cooperative()
        make.person(Role.PREPARER, of=cooperative, username="preparer")
        make.person(Role.SIGNATORY, of=cooperative, username="signatory")
        make.person(Role.PREPARER, of=make.cooperative(), username="stranger")
        row = make.application(of=cooperative, under=make.programme(required=1), complete=True)
        file = db.session.scalars(select(Document).where(Document.application_id == row.id)).one()
        file.document_type.validity, file.document_type.valid_months = "months", 6
        db.session.flush()
        return Paper(app, row.id, file.public_id, file.id)


def test_the_day_is_kept_told_and_recorded(paper: Paper) -> None:
    client = paper.browser("preparer")
    assert "ใส่วันที่ในเอกสาร" in client.text(f"/apply/{paper.key}/documents")

    answer = paper.send(client)

    assert answer.status_code == 302
    assert paper.day() == date(2026, 11, 15)
    assert "15 พ.ย. 2569" in client.text(f"/apply/{paper.key}/documents")
    with make.rows(paper.app):
        event = db.session.scalars(
            select(AuditEvent).where(AuditEvent.entity == "document", AuditEvent.kind == AuditKind.CHANGED)
        ).one()
        assert (event.entity, event.entity_id, event.before, event.after) == (
            "document", paper.number, {"issued_on": None}, {"issued_on": "2026-11-15"},
        )  # fmt: skip


def test_a_day_can_be_changed_and_taken_out_again(paper: Paper) -> None:
    client = paper.browser("preparer")
    paper.send(client)

    paper.send(client, was="2026-11-15", **{"issued_on-day": "16"})
    assert paper.day() == date(2026, 11, 16)
    paper.send(client, was="2026-11-16", **{name: "" for name in DAY})
    assert paper.day() is None


def test_another_persons_day_is_not_overwritten_unseen(paper: Paper) -> None:
    paper.send(paper.browser("signatory"))

    late = paper.send(paper.browser("preparer"), **{"issued_on-day": "20"})

    assert late.status_code == 422
    assert "มีผู้อื่นใส่วันที่" in page(late)
    assert paper.day() == date(2026, 11, 15)


@pytest.mark.parametrize("typed", [{"issued_on-year": "2580"}, {"issued_on-month": "2", "issued_on-day": "30"}])
def test_a_wrong_day_is_refused_beside_its_file_and_stays_typed(paper: Paper, typed: dict[str, str]) -> None:
    answer = paper.send(paper.browser("preparer"), **typed)

    assert answer.status_code == 422
    day = {**DAY, **typed}["issued_on-day"]
    assert re.search(rf'<input[^>]*id="day-{paper.number}"[^>]*value="{day}"', page(answer))
    assert paper.day() is None


def test_nobody_else_and_nothing_that_was_sent_is_changed(paper: Paper) -> None:
    stranger, preparer = paper.browser("stranger"), paper.browser("preparer")
    assert paper.send(stranger).status_code == 404
    with make.rows(paper.app):
        row = db.session.get_one(LoanApplication, paper.key)
        row.status, row.number, row.submitted_at = State.SUBMITTED, "คก.9001/2570", make.AT
        db.session.flush()

    assert paper.send(preparer).status_code == 302
    assert paper.day() is None
    with make.rows(paper.app):
        assert (
            db.session.scalar(
                select(func.count()).where(AuditEvent.entity == "document", AuditEvent.kind == AuditKind.CHANGED)
            )
            == 0
        )
