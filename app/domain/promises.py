"""The day by which an office has promised to check an application; its clock stops while the application is away."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.domain.states import State
from app.domain.values.workdays import Calendar


@dataclass(frozen=True, slots=True)
class Away:
    """A time without the application: from the day it left to the day it came back, None while it is still away."""

    left_on: date
    back_on: date | None

    def covers(self, day: date) -> bool:
        """The day it left is the office's own; the day it came back is not, as the day of the submission is not."""
        return self.left_on < day and (self.back_on is None or day <= self.back_on)


@dataclass(frozen=True, slots=True)
class Clock:
    """Either the day the check is due, or since when the clock stands still and how many working days are left.

    ``without_list`` has the years (B.E.) it was counted through without knowing their holidays.
    """

    due: date | None = None
    stopped_on: date | None = None
    left: int = 0
    without_list: tuple[int, ...] = ()


def times_away(moves: Iterable[tuple[State, date]]) -> list[Away]:
    """When the office did not have the application, from its moves in order: the state each led to, and the day.

    While the cooperative or the fund has it, the clock stands still.
    """
    found: list[Away] = []
    left_on: date | None = None
    for state, day in moves:
        if left_on is None and not state.facts.office_has_it:
            left_on = day
        elif left_on is not None and state.facts.office_has_it:
            found.append(Away(left_on, day))
            left_on = None
    return [*found, Away(left_on, None)] if left_on is not None else found


def clock_of(submitted_on: date, promised: int, away: Sequence[Away], calendar: Calendar) -> Clock:
    """Count ``promised`` working days after the submission, leaving out those on which the application was away.

    Args:
        calendar: of all years from the submission to two years after the application last came back.
    """
    left, day = promised, submitted_on
    gone = next((each for each in away if each.back_on is None), None)
    while left:
        day += timedelta(days=1)
        if gone is not None and gone.covers(day):
            counted = calendar.without_list(submitted_on, gone.left_on)
            return Clock(stopped_on=gone.left_on, left=left, without_list=counted)
        if calendar.is_open(day) and not any(each.covers(day) for each in away):
            left -= 1
    return Clock(due=day, without_list=calendar.without_list(submitted_on, day))


def never_due_before(due: date, promised: int, calendar: Calendar) -> date:
    """The first day from which on nothing that is sent can be due before ``due``, however often it is away.

    Args:
        promised: working days, at least one.
        calendar: of the year of ``due`` and the one before it.
    """
    left, day = promised, due - timedelta(days=1)
    while True:
        left -= calendar.is_open(day)
        if not left:
            return day
        day -= timedelta(days=1)
