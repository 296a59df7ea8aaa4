"""The day by which an office is expected to have checked an application."""

from collections.abc import Iterable
from datetime import date, datetime
from functools import cache
from typing import Any

from flask import current_app
from sqlalchemy import select

from app.domain.promises import Clock, clock_of, times_away
from app.domain.states import State
from app.domain.values.calendar import bangkok_day
from app.extensions import db
from app.models.applications import LoanApplication, StatusChange


def clocks(applications: Iterable[Any]) -> dict[int, Clock]:
    """The clock of every submitted application, by its id; one statement for all of them."""
    sent = {row.id: row.submitted_at for row in applications if row.submitted_at is not None}
    moves: dict[int, list[tuple[State, date]]] = {key: [] for key in sent}
    changes = select(StatusChange.application_id, StatusChange.target, StatusChange.at).where(
        StatusChange.application_id.in_(moves)
    )
    for key, target, at in db.session.execute(changes.order_by(StatusChange.id)) if sent else ():
        moves[key].append((State(target), _day(at)))
    return {key: _clock(_day(at), moves[key]) for key, at in sent.items()}


def clock(application: LoanApplication) -> Clock | None:
    """The clock of one application, by its history; nothing before its submission."""
    if application.submitted_at is None:
        return None
    moves = [(State(change.target), _day(change.at)) for change in application.changes]
    return _clock(_day(application.submitted_at), moves)


def _day(moment: datetime) -> date:
    return bangkok_day(moment)


def _clock(submitted_on: date, moves: list[tuple[State, date]]) -> Clock:
    away = times_away(moves)
    last = max([submitted_on, *(each.back_on or each.left_on for each in away)])
    days = frozenset[date]().union(*(_holidays(year) for year in range(submitted_on.year, last.year + 3)))
    return clock_of(submitted_on, current_app.config["CHECK_WORKING_DAYS"], away, days)


@cache
def _holidays(year: int) -> frozenset[date]:
    # Here, as it brings every country's.
    from holidays import country_holidays

    return frozenset(country_holidays("TH", years=year))
