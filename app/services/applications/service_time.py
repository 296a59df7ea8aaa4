"""The day by which an office is expected to have checked an application."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from flask import current_app
from sqlalchemy import select

from app.domain import promises
from app.domain.promises import Away, Clock, clock_of, times_away
from app.domain.states import State
from app.domain.values.calendar import bangkok_day
from app.extensions import db
from app.models.applications import LoanApplication, StatusChange
from app.services.workdays.calendar import calendar_between

LONGEST_COUNT = 2  # years that a promise may reach beyond the day an application last came back


@dataclass(frozen=True)
class _History:
    """When an application was sent, and what led where since."""

    submitted_on: date
    moves: list[tuple[State, date]]

    @cached_property
    def away(self) -> list[Away]:
        return times_away(self.moves)

    @property
    def last(self) -> date:
        return max([self.submitted_on, *(each.back_on or each.left_on for each in self.away)])


def clocks(applications: Iterable[Any]) -> dict[int, Clock]:
    """The clock of every submitted application, by its id; two statements for all of them."""
    found = {
        row.id: _History(bangkok_day(row.submitted_at), []) for row in applications if row.submitted_at is not None
    }
    changes = select(StatusChange.application_id, StatusChange.target, StatusChange.at).where(
        StatusChange.application_id.in_(found)
    )
    for key, target, at in db.session.execute(changes.order_by(StatusChange.id)) if found else ():
        found[key].moves.append((State(target), bangkok_day(at)))
    return dict(zip(found, _clocks(list(found.values())), strict=True))


def clock(application: LoanApplication) -> Clock | None:
    """The clock of one application, by its history; nothing before its submission."""
    if application.submitted_at is None:
        return None
    moves = [(State(change.target), bangkok_day(change.at)) for change in application.changes]
    return _clocks([_History(bangkok_day(application.submitted_at), moves)])[0]


def _clocks(histories: list[_History]) -> list[Clock]:
    if not histories:
        return []
    first = min(each.submitted_on for each in histories)
    last = max(each.last for each in histories).year + LONGEST_COUNT
    calendar, promised = calendar_between(first.year, last), current_app.config["CHECK_WORKING_DAYS"]
    return [clock_of(each.submitted_on, promised, each.away, calendar) for each in histories]


def never_due_before(due: date) -> date:
    """The first day from which on nothing that is sent can be due before ``due``; one statement."""
    calendar = calendar_between(due.year - 1, due.year)
    return promises.never_due_before(due, current_app.config["CHECK_WORKING_DAYS"], calendar)
