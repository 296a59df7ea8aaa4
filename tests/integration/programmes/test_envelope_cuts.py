"""An envelope is not cut below what is approved, below what is reserved only knowingly; nobody approves beyond it."""

import html
from dataclasses import dataclass
from decimal import Decimal

import pytest
from flask import Flask

from app.domain.roles import Role
from app.domain.states import State
from app.extensions import db
from app.models.applications import LoanApplication
from app.models.programmes import LoanProgramme
from app.services.programmes.versions import keep_version
from tests import make
from tests.at_once import Send, at_once, statuses
from tests.client import FundClient
from tests.forms import fields_of, fill_in, page
from tests.place import Place

MILLION = 1_000_000


@dataclass
class CutPlace(Place):
    """A programme of 30 million: 9 approved, 9 and 5 on the agenda."""

    programme: int
    nine: int
    five: int

    @property
    def path(self) -> str:
        return f"/programmes/edit/{self.programme}"

    def envelope(self) -> Decimal:
        with make.rows(self.app):
            return db.session.get_one(LoanProgramme, self.programme).envelope

    def state(self, key: int) -> State:
        with make.rows(self.app):
            return db.session.get_one(LoanApplication, key).state

    def approval(self, key: int, amount: str, **more: str) -> dict[str, str]:
        with make.rows(self.app):
            version = str(db.session.get_one(LoanApplication, key).version)
        form = {"version": version, "amount": amount, "meeting_no": "1/2570", "reason": "ตามวงเงิน", **more}
        return {f"approve-{name}": value for name, value in form.items()}


@pytest.fixture
def place(app: Flask) -> CutPlace:
    with make.rows(app):
        make.person(Role.FUND_OFFICER, username="fund")
        for name in ("member", "member2"):
            make.person(Role.COMMITTEE, username=name)
        programme = make.programme(envelope=Decimal(30 * MILLION), ceiling=Decimal(9 * MILLION))
        keep_version(programme, "ประกาศใช้", None, make.AT)
        for state, asked in ((State.APPROVED, 9), (State.ON_AGENDA, 9), (State.ON_AGENDA, 5)):
            row = make.application(state, under=programme, amount_asked=Decimal(asked * MILLION))
            last = row.id
        return CutPlace(app, programme.id, last - 1, last)


def test_envelope_is_not_cut_below_what_is_approved(place: CutPlace) -> None:
    answer = fill_in(place.browser("fund"), place.path, envelope="8,999,999.99", ceiling="1,000,000", why="ลดกรอบ")

    assert "9,000,000.00" in page(answer)
    assert place.envelope() == 30 * MILLION


def test_cut_below_what_is_reserved_is_asked_again_with_the_shortfall(place: CutPlace) -> None:
    fund = place.browser("fund")

    first = fill_in(fund, place.path, envelope="12,000,000", why="ลดกรอบ")
    kept = place.envelope()
    # 9 approved and 14 reserved under 12 are short of 11.
    told = "11,000,000.00" in page(first)
    second = fill_in(fund, place.path, seen=page(first), envelope="12,000,000", why="ลดกรอบ")

    assert (told, kept) == (True, 30 * MILLION)
    assert second.status_code == 302
    assert place.envelope() == 12 * MILLION


def test_cut_below_what_is_reserved_needs_a_reason(place: CutPlace) -> None:
    fund = place.browser("fund")
    first = fill_in(fund, place.path, envelope="12,000,000")

    fill_in(fund, place.path, seen=page(first), envelope="12,000,000")

    assert place.envelope() == 30 * MILLION


def cut(place: CutPlace, envelope: int) -> None:
    with make.rows(place.app):
        programme = db.session.get_one(LoanProgramme, place.programme)
        programme.envelope = Decimal(envelope * MILLION)


def test_a_rest_below_zero_is_shown_as_one(place: CutPlace) -> None:
    cut(place, 12)

    shown = place.browser("fund").text(f"/programmes/show/{place.programme}"), FundClient(place.app).text("/")

    assert all('<span class="overdrawn">-11,000,000.00</span>' in page for page in shown)


def test_who_decides_reads_what_is_missing(place: CutPlace) -> None:
    cut(place, 12)

    shown = html.unescape(place.browser("member").text(f"/track/{place.nine}"))

    # 9 approved and 14 reserved; of 12 million 3 are not approved yet.
    assert "11,000,000.00" in shown
    assert (
        make.in_thai(place.app, "At most %(most)s baht of this application can be approved.", most="3,000,000.00")
        in shown
    )


def test_nothing_is_approved_beyond_the_envelope(place: CutPlace) -> None:
    cut(place, 12)
    member = place.browser("member")

    above = member.send(f"/track/{place.five}/move/approve", place.approval(place.five, "3,000,000.01"))
    within = member.send(f"/track/{place.five}/move/approve", place.approval(place.five, "3,000,000"))
    nothing = member.send(f"/track/{place.nine}/move/approve", place.approval(place.nine, "1"))

    assert [answer.status_code for answer in (above, within, nothing)] == [422, 302, 422]
    assert (place.state(place.five), place.state(place.nine)) == (State.APPROVED, State.ON_AGENDA)


def test_what_is_reserved_may_be_sent_again_under_a_cut_envelope(app: Flask) -> None:
    with make.rows(app):
        cooperative = make.cooperative()
        make.person(Role.SIGNATORY, of=cooperative, username="signatory")
        programme = make.programme(envelope=Decimal(30 * MILLION))
        row = make.application(State.RETURNED, of=cooperative, under=programme)
        key, version = row.id, str(row.version)
        programme.envelope = Decimal(4 * MILLION)

    answer = Place(app).browser("signatory").send(f"/track/{key}/move/answer", {"answer-version": version})

    assert answer.status_code == 302


def pressed(place: CutPlace, username: str, path: str, form: dict[str, str]) -> Send:
    client = place.browser(username)
    token = client.token("/")
    return lambda: client.post(path, data={"csrf_token": token, **form})


def test_two_approvals_at_once_do_not_go_beyond_a_cut_envelope(place: CutPlace) -> None:
    cut(place, 18)  # 9 are approved: one of 9 fits, another of 5 does not fit beside it

    answers = at_once(
        [
            pressed(place, who, f"/track/{key}/move/approve", place.approval(key, amount))
            for who, key, amount in (("member", place.nine, "9,000,000"), ("member2", place.five, "5,000,000"))
        ]
    )

    assert statuses(answers) == {302: 1, 422: 1}


def test_a_cut_and_an_approval_at_once_are_one_of_the_two(place: CutPlace) -> None:
    fund = place.browser("fund")
    asked = page(fill_in(fund, place.path, envelope="12,000,000", why="ลดกรอบ"))
    form = {**fields_of(asked), "envelope": "12,000,000", "why": "ลดกรอบ"}

    answers = at_once(
        [
            lambda: fund.post(place.path, data=form),
            pressed(place, "member", f"/track/{place.nine}/move/approve", place.approval(place.nine, "9,000,000")),
        ]
    )

    assert sorted(answer.status_code == 302 for answer in answers) == [False, True]
    assert (place.envelope() == 12 * MILLION) != (place.state(place.nine) is State.APPROVED)
