"""A committee member whose application was withdrawn meanwhile is told; nobody else learns that it is there."""

import html
import re
from dataclasses import dataclass
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from werkzeug.test import TestResponse

from app.domain.roles import Role
from app.domain.states import State
from app.extensions import db
from app.models.applications import LoanApplication
from tests import make
from tests.client import FundClient, seen
from tests.place import Place

LATER = make.AT + timedelta(days=7)  # ten o'clock in Bangkok
MISSING = 2_000_000_000
# What differs between any two pages: the tokens, and the address that was asked.
CHANGING = r'value="[^"]{40,}"|nonce="[^"]*"|/track/\d+/|\b[0-9A-F]{10}\b'


@dataclass
class AgendaPlace(Place):
    """An application on the agenda, another of the same cooperative, and people who had them open."""

    key: int
    other: int

    def version(self, key: int) -> str:
        with make.rows(self.app):
            return str(db.session.get_one(LoanApplication, key).version)

    def withdraw(self) -> None:
        form = {"withdraw-version": self.version(self.key), "withdraw-reason": "ได้เงินจากที่อื่น"}
        assert self.browser("signatory").send(f"/track/{self.key}/move/withdraw", form).status_code == 302


@pytest.fixture
def place(app: Flask) -> AgendaPlace:
    with make.rows(app):
        cooperative = make.cooperative()
        make.person(Role.SIGNATORY, of=cooperative, username="signatory")
        make.person(Role.COMMITTEE, username="committee")
        make.person(Role.COMMITTEE, username="colleague")
        make.person(Role.FUND_OFFICER, username="fund")
        keys = [make.application(State.ON_AGENDA, of=cooperative).id for _row in range(2)]
    return AgendaPlace(app, *keys)


def proof(client: FundClient, key: int) -> str:
    found = re.search(r'name="shown" value="([^"]+)"', client.text(f"/track/{key}"))
    assert found is not None
    return found[1]


def decide(client: FundClient, key: int, shown: str, version: str = "1") -> TestResponse:
    form = {"reject-version": version, "reject-reason": "เงินไม่พอ", "reject-meeting_no": "1/2569", "shown": shown}
    return client.send(f"/track/{key}/move/reject", form)


def words(answer: TestResponse) -> str:
    return seen(html.unescape(answer.get_data(as_text=True)))


def test_who_had_it_open_is_told_who_withdrew_it_and_when(place: AgendaPlace) -> None:
    with time_machine.travel(LATER, tick=False):
        member = place.browser("committee")
        shown, version = proof(member, place.key), place.version(place.key)
    with time_machine.travel(LATER + timedelta(minutes=5), tick=False):
        place.withdraw()
    with time_machine.travel(LATER + timedelta(minutes=6), tick=False):
        answer = decide(member, place.key, shown, version)
        page = member.get(f"/track/{place.key}")

    with make.rows(place.app):
        row = db.session.get_one(LoanApplication, place.key)
        assert row.status == State.WITHDRAWN
        actor = row.changes[-1].actor
        assert actor is not None
        who = actor.get_full_name()
    assert answer.status_code == 409
    what = make.in_thai(place.app, "The cooperative withdrew the application")
    assert f"“{what}” โดย {who} เวลา 10:05 น." in words(answer)
    assert "ได้เงินจากที่อื่น" not in words(answer)
    assert page.status_code == 404


@pytest.mark.parametrize("shown", ["none", "made up", "of a colleague", "of another application"])
def test_without_a_proof_of_ones_own_it_is_as_if_it_were_not_there(place: AgendaPlace, shown: str) -> None:
    member = place.browser("committee")
    proofs = {
        "none": "",
        "made up": proof(member, place.key)[:-4] + "AAAA",
        "of a colleague": proof(place.browser("colleague"), place.key),
        "of another application": proof(member, place.other),
    }
    place.withdraw()

    gone, missing = (decide(member, key, proofs[shown]) for key in (place.key, MISSING))

    assert (gone.status_code, missing.status_code) == (404, 404)
    assert re.sub(CHANGING, "", words(gone)) == re.sub(CHANGING, "", words(missing))


def test_a_proof_is_good_for_what_came_after_it_and_only_as_long_as_a_sign_in(place: AgendaPlace) -> None:
    with time_machine.travel(LATER, tick=False):
        shown = proof(place.browser("committee"), place.key)
    with make.rows(place.app):
        db.session.get_one(LoanApplication, place.key).status = State.RECOMMENDED  # without a step of anybody's
    with time_machine.travel(LATER + timedelta(minutes=1), tick=False):
        assert decide(place.browser("committee"), place.key, shown).status_code == 404
        place.withdraw()
        assert decide(place.browser("committee"), place.key, shown).status_code == 409
    with time_machine.travel(LATER + timedelta(hours=9), tick=False):
        assert decide(place.browser("committee"), place.key, shown).status_code == 404


def test_who_sees_every_state_gets_no_proof(place: AgendaPlace) -> None:
    assert 'name="shown"' not in place.browser("fund").text(f"/track/{place.key}")
