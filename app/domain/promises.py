"""The day by which an office has promised to check an application; its clock stops while the application is away."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.domain.states import State
from app.domain.values.calendar import SATURDAY


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
    """Either the day the check is due, or since when the clock stands still and how many working days are left."""

    due: date | None = None
    stopped_on: date | None = None
    left: int = 0


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


def clock_of(submitted_on: date, promised: int, away: Sequence[Away], holidays: Collection[date]) -> Clock:
    """Count ``promised`` working days after the submission, leaving out those on which the application was away.

    Args:
        holidays: of all years from the submission to two years after the application last came back.
    """
    closed = frozenset(holidays)
    left, day = promised, submitted_on
    gone = next((each for each in away if each.back_on is None), None)
    while left:
        day += timedelta(days=1)
        if gone is not None and gone.covers(day):
            return Clock(stopped_on=gone.left_on, left=left)
        if day.weekday() < SATURDAY and day not in closed and not any(each.covers(day) for each in away):
            left -= 1
    return Clock(due=day)
