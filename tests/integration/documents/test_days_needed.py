"""A paper whose time runs from the day on it is sent with that day, by everybody."""

import html

import pytest
from flask import Flask
from sqlalchemy import select

from app.domain.roles import Role
from app.domain.states import State
from app.extensions import db
from app.models.applications import LoanApplication
from app.models.documents import Document
from tests import make
from tests.forms import page
from tests.place import Place

SAID = "Enter the day on the document %(name)s: it says how long the document may be used."


class Undated(Place):
    """An application in a state, with one file of a type that grows old and no day on it."""

    def __init__(self, app: Flask, state: State) -> None:
        super().__init__(app)
        with make.rows(app):
            own = make.cooperative()
            make.person(Role.SIGNATORY, of=own, username="signatory")
            programme = make.programme(required=2)
            kind = programme.documents[0].document_type
            kind.validity, kind.valid_months = "months", 6
            row = make.application(state, of=own, under=programme)
            self.key, self.version, self.name = row.id, str(row.version), kind.name
            self.file = db.session.scalars(select(Document.id).where(Document.document_type_id == kind.id)).one()

    def text(self, path: str) -> str:
        return html.unescape(self.browser("signatory").text(f"/{path}"))


@pytest.fixture
def draft(app: Flask) -> Undated:
    return Undated(app, State.DRAFT)


def test_a_draft_is_not_sent_without_the_day_and_says_where_it_goes(draft: Undated) -> None:
    said = make.in_thai(draft.app, SAID, name=draft.name)
    missing = make.in_thai(draft.app, "Still missing: %(name)s. Attach it.", name=draft.name)

    check = draft.text(f"apply/{draft.key}/check")
    answer = draft.browser("signatory").send(
        f"/track/{draft.key}/move/submit", {"submit-version": draft.version, "submit-declared": "y"}
    )

    assert f'<a href="/apply/{draft.key}/documents#day-{draft.file}">{said}</a>' in check
    assert missing not in check
    assert answer.status_code == 422
    assert said in page(answer)
    for path in (f"track/{draft.key}", f"apply/{draft.key}/documents"):
        assert draft.name in draft.text(path)
    documents = draft.text(f"apply/{draft.key}/documents")
    assert f'id="day-{draft.file}"' in documents
    assert make.in_thai(draft.app, "The day on it is still needed") in documents


def test_with_its_day_it_is_sent(draft: Undated) -> None:
    with make.rows(draft.app):
        file = db.session.get_one(Document, draft.file)
        file.issued_on = make.AT.date()

    draft.browser("signatory").send(
        f"/track/{draft.key}/move/submit", {"submit-version": draft.version, "submit-declared": "y"}
    )

    with make.rows(draft.app):
        assert db.session.get_one(LoanApplication, draft.key).status == State.SUBMITTED


def test_what_was_sent_before_the_day_was_asked_for_stays_as_it_is(app: Flask) -> None:
    sent = Undated(app, State.RETURNED)

    assert make.in_thai(app, SAID, name=sent.name) not in sent.text(f"apply/{sent.key}/check")


def test_the_keyboard_goes_from_one_that_is_lacking_to_the_next(app: Flask) -> None:
    place = Undated(app, State.DRAFT)
    with make.rows(app):
        row = db.session.get_one(LoanApplication, place.key)
        first, second = (asked.document_type_id for asked in row.programme.documents)
        for file in db.session.scalars(select(Document).where(Document.document_type_id == second)):
            file.removed_at = make.AT

    text = place.text(f"apply/{place.key}/documents")

    top, rest = text.split('class="uploads"', 1)
    assert f'href="#paper-{first}"' in top
    assert rest.index(f'id="paper-{first}"') < rest.index(f'href="#paper-{second}"') < rest.index('href="#to-check"')
