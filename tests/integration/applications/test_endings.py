"""Withdrawal and expiry."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from app.domain.roles import Role
from app.domain.states import State
from app.domain.values.errors import RuleBroken
from app.extensions import db
from app.models.applications import LoanApplication
from app.services.jobs.due_work import JobsFailed, run_due_work
from tests import make
from tests.integration.applications.people import People, applied, make_move
from tests.place import signed_in

pytestmark = pytest.mark.usefixtures("all_rows")


@pytest.mark.parametrize("state", [State.SUBMITTED, State.RETURNED, State.ON_AGENDA, State.DEFERRED])
def test_signatory_withdraws_before_the_decision(people: People, state: State) -> None:
    row = applied(people, state)

    make_move(row, people.signatory, "withdraw", reason="ได้เงินจากที่อื่น")

    assert row.state is State.WITHDRAWN
    assert row.changes[-1].reason == "ได้เงินจากที่อื่น"


def test_withdrawing_says_why(people: People) -> None:
    row = applied(people, State.SUBMITTED)

    with pytest.raises(RuleBroken, match="Write"):
        make_move(row, people.signatory, "withdraw", reason=" ")

    assert row.state is State.SUBMITTED


def test_a_draft_is_discarded_by_who_began_it_or_by_a_signatory(people: People) -> None:
    own, colleagues, third = applied(people), applied(people), applied(people)
    colleague = make.person(Role.PREPARER, of=own.cooperative)
    own.created_by_id = third.created_by_id = people.preparer.id
    colleagues.created_by_id = colleague.id
    db.session.commit()

    make_move(own, people.preparer, "discard")
    make_move(third, people.signatory, "discard")
    with pytest.raises(RuleBroken, match="A colleague began this draft"):
        make_move(colleagues, people.preparer, "discard")

    assert (own.state, third.state, colleagues.state) == (State.WITHDRAWN, State.WITHDRAWN, State.DRAFT)


@pytest.mark.parametrize("state", [State.APPROVED, State.REJECTED, State.WITHDRAWN, State.EXPIRED])
def test_finished_application_is_not_withdrawn(people: People, state: State) -> None:
    row = applied(people, state)

    with pytest.raises(RuleBroken, match="has moved on"):
        make_move(row, people.signatory, "withdraw")


@pytest.mark.parametrize(("state", "ends"), [(State.DRAFT, State.EXPIRED), (State.RETURNED, State.EXPIRED)])
def test_unanswered_application_expires(people: People, state: State, ends: State) -> None:
    row = applied(people, state)
    # The last move of a returned one came three hours after its beginning.
    last = make.AT + timedelta(hours=3)

    on_the_day = run_due_work(make.AT + timedelta(days=90))
    after = run_due_work(last + timedelta(days=90, minutes=1))

    db.session.refresh(row)
    assert (on_the_day["expired"], after["expired"]) == (0, 1)
    assert row.state is ends
    assert (row.changes[-1].actor_id, row.changes[-1].actor_role) == (None, "system")


@pytest.mark.parametrize("state", [State.SUBMITTED, State.IN_REVIEW, State.ON_AGENDA, State.DEFERRED])
def test_what_waits_for_the_office_does_not_expire(people: People, state: State) -> None:
    row = applied(people, state)

    done = run_due_work(make.AT + timedelta(days=400))

    db.session.refresh(row)
    assert done["expired"] == 0
    assert row.state is state


def test_a_clock_that_jumps_expires_nothing_until_somebody_gives_leave(
    app: Flask, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "EXPIRY_MOST_A_ROUND", 2)
    drafts = [applied(people, State.DRAFT) for _each in range(3)]
    make.person(Role.ADMINISTRATOR, username="administrator")
    db.session.commit()

    with pytest.raises(JobsFailed) as failed:
        run_due_work(make.AT + timedelta(days=91))

    assert list(failed.value.failures) == ["expired"]
    assert [db.session.get_one(LoanApplication, row.id).state for row in drafts] == [State.DRAFT] * 3
    with time_machine.travel(make.AT + timedelta(days=91)):
        page = signed_in(app, "administrator").text("/")
        refused = app.test_cli_runner().invoke(args=["fund", "expire"])
        done = app.test_cli_runner().invoke(args=["fund", "expire", "--even-many"])
    assert "flask fund expire --even-many" in page
    assert (refused.exit_code, refused.output) == (
        1,
        "Error: 3 applications would expire at once, more than 2\n",
    )
    assert (done.exit_code, done.output) == (0, "3 applications expired\n")
