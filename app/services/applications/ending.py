"""When an application ends by itself because nobody works on it, and the warnings before that."""

from datetime import date, timedelta
from typing import Any, Protocol

from flask import current_app

from app.domain.states import State
from app.domain.steps import Event
from app.domain.values.calendar import bangkok_day
from app.domain.workflow import EXPIRES_NEXT, EXPIRES_SOON, MOVES


class Changed(Protocol):
    """An application, or the columns of one that say where it stands and since when nobody worked on it."""

    @property
    def status(self) -> Any: ...

    @property
    def changed_at(self) -> Any: ...


ENDING = MOVES["expire"].origins


def waits_days(state: State) -> int:
    """For how many days somebody has to work on it."""
    days: int = current_app.config["ANSWER_DAYS" if state.facts.waits_for_answer else "DRAFT_DAYS"]
    return days


def expires_on(application: Changed) -> date | None:
    """The day on which it ends if nobody works on it; none for what waits for somebody else."""
    if (state := State(application.status)) not in ENDING:
        return None
    return bangkok_day(application.changed_at + timedelta(days=waits_days(state)))


def expires_soon(application: Changed, today: date) -> bool:
    """Whether its people are, or are about to be, warned."""
    day = expires_on(application)
    return day is not None and day - today <= timedelta(days=current_app.config["EXPIRY_FIRST_WARNING_DAYS"])


def warnings() -> tuple[tuple[Event, int, int], ...]:
    """Each warning with the days before the end between which it is told, the larger first."""
    first, last = (current_app.config[f"EXPIRY_{which}_WARNING_DAYS"] for which in ("FIRST", "LAST"))
    return ((EXPIRES_SOON, first, last), (EXPIRES_NEXT, last, 0))
