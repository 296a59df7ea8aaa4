"""A draft is the cooperative's own until it is sent: nobody of the fund sees it or hears of it."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.domain.roles import Role
from app.domain.states import State
from app.extensions import db
from app.models.applications import LoanApplication
from app.models.notices import Notice
from app.services.applications.moves import move
from tests import make
from tests.place import Place

STAFF = {
    "officer": Role.PROVINCIAL_OFFICER,
    "fund": Role.FUND_OFFICER,
    "manager": Role.MANAGER,
    "auditor": Role.AUDITOR,
}
FILES_OF_WHAT_IS_SENT = ("officer", "fund", "auditor")


@dataclass
class UnsentPlace(Place):
    """A cooperative's draft with a file and the people who might look at it."""

    key: int
    file: str

    def move(self, username: str, name: str) -> None:
        with make.rows(self.app):
            row = db.session.get_one(LoanApplication, self.key)
            user = db.session.scalars(select(make.User).where(make.User.username == username)).one()
            with make.acting(user) as person:
                move(row.id, make.wish(row, name), person, make.AT + timedelta(hours=1))
                db.session.commit()


@pytest.fixture
def place(app: Flask) -> UnsentPlace:
    with make.rows(app):
        cooperative = make.cooperative()
        make.person(Role.PREPARER, of=cooperative, username="preparer")
        make.person(Role.SIGNATORY, of=cooperative, username="signatory")
        for username, role in STAFF.items():
            make.person(role, username=username)
        row = make.application(of=cooperative, under=make.programme(required=1), purpose="ความลับของสหกรณ์")
        file = db.session.scalars(select(make.Document).where(make.Document.application_id == row.id)).one()
        return UnsentPlace(app, row.id, file.public_id)


def addresses(place: UnsentPlace) -> list[str]:
    return [f"/track/{place.key}", f"/desk/{place.key}", f"/dossier/{place.key}", f"/files/{place.file}"]


@pytest.mark.parametrize("withdrawn", [False, True])
@pytest.mark.parametrize("username", STAFF)
def test_nobody_of_the_fund_finds_a_draft_nor_its_files(place: UnsentPlace, username: str, withdrawn: bool) -> None:
    if withdrawn:
        place.move("signatory", "discard")
    client = place.browser(username)

    found = {path: client.get(path).status_code for path in addresses(place)}

    assert set(found.values()) <= ({302, 403, 404} if username == "manager" else {404})
    for path in ("/", "/applications/list/", "/documents/list/", "/api/v1/application/", "/audit/list/", "/openings/"):
        answer = client.get(path)
        assert answer.status_code in (200, 302, 403), path
        text = answer.get_data(as_text=True)
        assert "ความลับของสหกรณ์" not in text
        assert place.file not in text
        assert f"/track/{place.key}" not in text


@pytest.mark.parametrize("username", FILES_OF_WHAT_IS_SENT)
def test_once_it_is_sent_it_is_there(place: UnsentPlace, username: str) -> None:
    place.move("signatory", "submit")
    client = place.browser(username)

    assert {path: client.get(path).status_code for path in addresses(place)} == dict.fromkeys(addresses(place), 200)


@pytest.mark.parametrize("username", ["signatory", "preparer"])
def test_its_own_people_see_it(place: UnsentPlace, username: str) -> None:
    assert place.browser(username).get(f"/track/{place.key}").status_code == 200


def test_an_executive_reads_what_was_asked_and_opens_no_file(place: UnsentPlace) -> None:
    place.move("signatory", "submit")
    client = place.browser("manager")

    page = client.text(f"/track/{place.key}")

    assert "ความลับของสหกรณ์" in page
    for path in (*addresses(place)[1:], f"/desk/{place.key}/{place.file}", f"/track/{place.key}/opened"):
        assert client.get(path).status_code in (302, 403), path
        assert f'href="{path}' not in page


def told(place: UnsentPlace) -> set[str]:
    with make.rows(place.app):
        return set(db.session.scalars(select(make.User.username).join(Notice, Notice.user_id == make.User.id)).all())


def test_a_draft_that_is_discarded_is_told_to_its_own_people_only(place: UnsentPlace) -> None:
    place.move("signatory", "discard")

    assert told(place) == {"preparer", "signatory"}
    assert place.browser("officer").get(f"/track/{place.key}").status_code == 404
    with make.rows(place.app):
        assert db.session.get_one(LoanApplication, place.key).status == State.WITHDRAWN


def test_what_was_sent_and_is_withdrawn_is_told_to_the_office(place: UnsentPlace) -> None:
    place.move("signatory", "submit")
    place.move("signatory", "withdraw")

    assert "officer" in told(place)
    assert place.browser("officer").get(f"/track/{place.key}").status_code == 200
