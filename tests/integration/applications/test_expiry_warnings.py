"""Nobody is surprised by an expiry: told twice beforehand, and its day stands wherever the application does."""

from datetime import datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.domain.roles import Role
from app.domain.states import State
from app.extensions import db
from app.models.applications import LoanApplication
from app.models.notices import Notice, OutboxMail
from app.services.jobs.due_work import run_due_work
from app.ui.formatting import be_date
from tests import make
from tests.client import seen
from tests.integration.applications.people import People, applied
from tests.place import signed_in

SOON, NEXT = "expires_soon", "expires_next"
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
WARNED = [SOON, NEXT]


@pytest.fixture
def draft(people: People) -> LoanApplication:
    return applied(people, State.DRAFT)


def warned_at(at: datetime) -> list[str]:
    """What a round at this moment tells the preparer."""
    before = set(db.session.scalars(select(Notice.id)))
    run_due_work(at)
    said = db.session.scalars(select(Notice).where(Notice.id.not_in(before), Notice.move.in_(WARNED)))
    return sorted({notice.move for notice in said})


@pytest.mark.usefixtures("all_rows")
def test_each_warning_is_told_once_in_its_time(draft: LoanApplication) -> None:
    ends = draft.changed_at + 90 * DAY

    said = [warned_at(ends - before) for before in (14 * DAY + MINUTE, 14 * DAY, 10 * DAY, 3 * DAY, 2 * DAY, MINUTE)]

    assert said == [[], [SOON], [], [NEXT], [], []]


@pytest.mark.usefixtures("all_rows")
def test_an_application_that_was_worked_on_is_warned_of_anew(draft: LoanApplication) -> None:
    ends = draft.changed_at + 90 * DAY
    assert warned_at(ends - 2 * DAY) == [NEXT]
    draft.changed_at = ends - DAY
    db.session.commit()

    said = [warned_at(ends + days * DAY) for days in (0, 75, 86.5)]

    assert said == [[], [SOON], [NEXT]]


@pytest.mark.usefixtures("all_rows")
def test_the_mail_says_the_day(draft: LoanApplication) -> None:
    run_due_work(draft.changed_at + 76 * DAY)

    mails = db.session.scalars(select(OutboxMail).where(OutboxMail.application_id == draft.id)).all()
    day = be_date((draft.changed_at + 90 * DAY).date(), "full")
    assert mails
    assert all(day in mail.body and f"/track/{draft.id}" in mail.body for mail in mails)


@pytest.mark.usefixtures("all_rows")
def test_days_are_settings(app: Flask, draft: LoanApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, days in {"DRAFT_DAYS": 20, "EXPIRY_FIRST_WARNING_DAYS": 5, "EXPIRY_LAST_WARNING_DAYS": 1}.items():
        monkeypatch.setitem(app.config, name, days)

    said = [warned_at(draft.changed_at + days * DAY) for days in (14.9, 15, 19)]
    run_due_work(draft.changed_at + 20 * DAY + MINUTE)

    assert said == [[], [SOON], [NEXT]]
    assert db.session.get_one(LoanApplication, draft.id).state is State.EXPIRED


@pytest.mark.usefixtures("all_rows")
def test_who_has_fewer_days_than_a_warning_is_not_warned_of_each_change(
    app: Flask, draft: LoanApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "DRAFT_DAYS", 10)

    assert [warned_at(draft.changed_at + days * DAY) for days in (0.1, 7)] == [[], [NEXT]]


@pytest.mark.usefixtures("all_rows")
def test_what_waits_for_the_office_is_not_warned_of(people: People) -> None:
    row = applied(people, State.SUBMITTED)

    assert warned_at(row.changed_at + 80 * DAY) == []


@pytest.mark.parametrize("state", [State.DRAFT, State.RETURNED])
def test_its_day_stands_on_every_page_it_concerns(app: Flask, state: State) -> None:
    with make.rows(app):
        row = make.application(state)
        make.person(Role.PREPARER, of=row.cooperative, username="preparer")
        make.person(Role.PROVINCIAL_OFFICER, username="officer")
        key, ends = row.id, (row.changed_at + 90 * DAY).date()
    with app.test_request_context():
        short, full = seen(be_date(ends)), seen(be_date(ends, "full"))

    with time_machine.travel(make.AT + 30 * DAY):
        own = signed_in(app, "preparer")
        pages = [own.text("/").count(short), full in own.text(f"/track/{key}"), full in own.text(f"/apply/{key}/edit")]
        office = signed_in(app, "officer").text("/")

    assert pages == [2, True, True]
    assert (short in office) is (state is State.RETURNED)
