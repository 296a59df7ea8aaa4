"""What start pages of staff begin with: the most urgent of each queue, how many more there are, and the way to them."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask

from app.domain.roles import Role
from app.domain.states import State
from app.extensions import db
from app.models.applications import LoanApplication, StatusChange
from app.services.applications.service_time import clocks
from app.services.applications.waiting import SHOWN
from tests import make
from tests.place import Place, signed_in

NOW = datetime(2026, 11, 26, 3, 0, tzinfo=UTC)
NOVEMBER = datetime(2026, 11, 1, 3, 0, tzinfo=UTC)


def november(day: int) -> datetime:
    return NOVEMBER + timedelta(days=day - 1)


def asked_and_answered(row: LoanApplication, asked: datetime, answered: datetime) -> None:
    for name, origin, target, at in (
        ("return", State.IN_REVIEW, State.RETURNED, asked),
        ("answer", State.RETURNED, State.IN_REVIEW, answered),
    ):
        change = StatusChange(cooperative_id=row.cooperative_id, move=name, origin=origin, target=target, at=at)
        change.actor_role = Role.SYSTEM.value
        row.changes.append(change)


@pytest.fixture
def place(app: Flask) -> Place:
    """An office with more than its page shows: what was sent first was away for three weeks, and is due last."""
    with make.rows(app):
        make.person(Role.PROVINCIAL_OFFICER, username="officer")
        make.person(Role.FUND_OFFICER, username="fund")
        make.person(Role.COMMITTEE, username="member")
        make.person(Role.FINANCE_OFFICER, username="finance")
        own, under = make.cooperative(), make.programme(required=0)
        make.person(Role.PREPARER, of=own, username="preparer")
        for minute in range(2 * SHOWN + 3):
            row = make.application(State.IN_REVIEW, of=own, under=under, at=november(2) + timedelta(minutes=minute))
            asked_and_answered(row, november(3), november(25))
        for _row in range(3):
            make.application(State.RECEIVED, of=own, under=under, at=november(16))
        for day in range(2, 2 + SHOWN + 2):
            for state in (State.RETURNED, State.ON_AGENDA, State.APPROVED):
                make.application(state, of=own, under=under, at=november(day))
            make.application(State.RECOMMENDED if day % 2 else State.DEFERRED, of=own, under=under, at=november(day))
    return Place(app)


def numbers_in(place: Place, *states: State) -> list[str]:
    with make.rows(place.app):
        rows = db.session.scalars(db.select(LoanApplication).where(LoanApplication.status.in_(states))).all()
        due = {key: clock.due for key, clock in clocks(rows).items()}
        by_urgency = sorted(rows, key=lambda row: (due[row.id] or row.changed_at.date(), row.submitted_at, row.id))
        return [str(row.number) for row in by_urgency]


# Each role's queues: the states, and whether days are promised in them.
QUEUES = {
    "officer": ((State.SUBMITTED, State.RECEIVED, State.IN_REVIEW), (State.RETURNED,)),
    "fund": ((State.RECOMMENDED, State.DEFERRED),),
    "member": ((State.ON_AGENDA,),),
    "finance": ((State.APPROVED,),),
}


def test_each_queue_begins_with_the_most_urgent_of_all_and_leads_to_exactly_its_rows(place: Place) -> None:
    with time_machine.travel(NOW):
        for person, queues in QUEUES.items():
            browser = signed_in(place.app, person)
            text = browser.text("/")
            ways = re.findall(r'<a href="(/applications/list/[^"]+)">ดูทั้งหมด', text)
            assert len(ways) == len(queues), person
            for way, states in zip(ways, queues, strict=True):
                every = numbers_in(place, *states)
                assert f"แสดง {SHOWN} จาก {len(every)}" in text, person
                listed = browser.text(f"{way}&psize_LoanApplicationView=100")
                assert sorted(re.findall(r"คก\.\d+/\d+(?=</a>)", listed)) == sorted(every)


def test_what_is_due_first_stands_first_however_early_others_were_sent(place: Place) -> None:
    with time_machine.travel(NOW):
        text = signed_in(place.app, "officer").text("/")
        expected = numbers_in(place, State.RECEIVED, State.IN_REVIEW)[:SHOWN]

    shown = re.findall(r"คก\.\d+/\d+(?=</a>)", text.split("<tbody>", 1)[1].split("</tbody>", 1)[0])
    assert shown == expected
    # The three that were never away, although 23 were sent before them.
    with make.rows(place.app):
        received = db.select(LoanApplication.number).where(LoanApplication.status == State.RECEIVED)
        assert set(shown[:3]) == set(db.session.scalars(received))


def test_finance_is_told_what_was_approved_last_and_has_no_queue(place: Place) -> None:
    text = signed_in(place.app, "finance").text("/")

    newest = numbers_in(place, State.APPROVED)[: -1 - SHOWN : -1]
    assert re.findall(r"คก\.\d+/\d+(?=</a>)", text) == newest
    assert make.in_thai(place.app, "Work waiting for you") not in text
    assert make.in_thai(place.app, "Applications under way") not in text


def test_a_cooperative_is_shown_all_that_waits_for_it_however_old(place: Place) -> None:
    tasks = signed_in(place.app, "preparer").text("/").split('<ul class="tasks">', 1)[1].split("</ul>", 1)[0]

    assert set(re.findall(r"คก\.\d+/\d+", tasks)) == set(numbers_in(place, State.RETURNED))


def test_only_states_that_the_person_sees_are_counted(place: Place) -> None:
    tiles = signed_in(place.app, "member").text("/").split('class="figures"', 1)[1]

    labels = re.findall(r'figure-label">([^<]+)<', tiles)
    assert labels == [make.in_thai(place.app, state.label) for state in (State.ON_AGENDA, State.DEFERRED)]
