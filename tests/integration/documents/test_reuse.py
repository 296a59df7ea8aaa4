"""What the fund already holds and is still good is offered instead of asked for again; the applicant confirms."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.domain.papers import ScanState, Validity, Verdict
from app.domain.roles import Role
from app.domain.states import State
from app.extensions import db
from app.files.store import document_store
from app.models.applications import LoanApplication
from app.models.documents import Document
from app.services.documents.checklist import checklist
from app.services.documents.reuse import offers_for
from app.ui.clock import today
from tests import make
from tests.client import FundClient
from tests.place import Place

TODAY = make.AT.date()
OFFERED = "กองทุนมีเอกสารนี้อยู่แล้ว"


@dataclass
class ReusePlace(Place):
    """A draft, and an approved application of the same cooperative whose paper the office accepted."""

    draft: int
    kind: int
    held: int
    preparer: FundClient

    def offered(self) -> list[int]:
        with make.rows(self.app):
            row = db.session.get_one(LoanApplication, self.draft)
            return [file.id for files in offers_for(row, checklist(row, today()), TODAY).values() for file in files]

    def confirm(self, draft: int | None = None) -> int:
        with time_machine.travel(make.AT, tick=False):
            return self.preparer.send(f"/apply/{draft or self.draft}/reuse/{self.kind}").status_code


@pytest.fixture
def place(app: Flask) -> ReusePlace:
    with make.rows(app):
        cooperative = make.cooperative()
        make.person(Role.PREPARER, of=cooperative, username="preparer")
        programme = make.programme(required=1)
        kind = programme.documents[0].document_type
        kind.reusable = True
        earlier = make.application(State.APPROVED, of=cooperative, under=programme)
        (held,) = checklist(earlier, today())[0].files
        make.verdict(held)
        draft = make.application(of=cooperative, under=programme, complete=False)
        keys = draft.id, kind.id, held.id
    client = FundClient(app)
    with time_machine.travel(make.AT, tick=True):
        assert client.sign_in("preparer", make.PASSWORD).status_code == 302
    return ReusePlace(app, *keys, client)


def test_a_held_document_is_offered_and_taken_over_with_bytes_of_its_own(place: ReusePlace) -> None:
    with time_machine.travel(make.AT, tick=True):
        assert OFFERED in place.preparer.get(f"/apply/{place.draft}/documents").get_data(as_text=True)

    assert place.confirm() == 302

    with make.rows(place.app):
        held = db.session.get_one(Document, place.held)
        taken = db.session.scalars(select(Document).where(Document.application_id == place.draft)).one()
        assert (taken.reused_from_id, taken.sha256, taken.file_name) == (held.id, held.sha256, held.file_name)
        assert taken.storage_key != held.storage_key
        assert document_store().get(taken.storage_key) == document_store().get(held.storage_key)
    assert place.offered() == [], "it is there now"
    assert place.confirm() == 302, "pressed twice"
    with make.rows(place.app):
        assert len(db.session.scalars(select(Document).where(Document.application_id == place.draft)).all()) == 1


def change_type(**values: Any) -> Callable[[Document], None]:
    def change(held: Document) -> None:
        for name, value in values.items():
            setattr(held.document_type, name, value)

    return change


def change_file(**values: Any) -> Callable[[Document], None]:
    def change(held: Document) -> None:
        for name, value in values.items():
            setattr(held, name, value)

    return change


def last_year(held: Document) -> None:
    held.document_type.validity = Validity.FISCAL_YEAR
    held.issued_on = date(2026, 9, 30)


@pytest.mark.parametrize(
    "change",
    [
        change_type(reusable=False),
        change_type(validity=Validity.FISCAL_YEAR),  # the day on it is not known
        last_year,
        change_file(scan_state=ScanState.INFECTED),
        change_file(erased_at=make.AT),
        change_file(removed_at=make.AT),
        lambda held: make.verdict(held, Verdict.WRONG_YEAR, "ของปีก่อน"),
        lambda held: setattr(held.application, "status", State.IN_REVIEW),
    ],
    ids=["not reusable", "day unknown", "last year's", "infected", "erased", "removed", "refused later", "unchecked"],
)
def test_what_is_no_good_any_more_is_not_offered(place: ReusePlace, change: Callable[[Document], object]) -> None:
    assert place.offered() == [place.held]
    with make.rows(place.app):
        change(db.session.get_one(Document, place.held))

    assert place.offered() == []
    assert place.confirm() == 302
    with make.rows(place.app):
        assert db.session.scalars(select(Document).where(Document.application_id == place.draft)).all() == []


def test_this_years_paper_is_offered(place: ReusePlace) -> None:
    with make.rows(place.app):
        held = db.session.get_one(Document, place.held)
        held.document_type.validity = Validity.FISCAL_YEAR
        held.issued_on = date(2026, 10, 1)

    assert place.offered() == [place.held]


def test_another_cooperatives_documents_are_never_offered_nor_taken(place: ReusePlace) -> None:
    with make.rows(place.app):
        programme = db.session.get_one(LoanApplication, place.draft).programme
        other = make.application(of=make.cooperative(), under=programme, complete=False)
        key = other.id
        assert offers_for(other, checklist(other, today()), TODAY) == {}

    assert place.confirm(draft=key) == 404
