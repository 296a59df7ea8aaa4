"""The calendar of working days as it stands in the register."""

from datetime import date

from sqlalchemy import select

from app.domain.values.calendar import from_be
from app.domain.values.workdays import Calendar, calendar_of, needed_years
from app.extensions import db
from app.models.workdays import Holiday


def calendar_between(first: int, last: int) -> Calendar:
    """The calendar from one year (C.E.) to another, by one statement."""
    days = select(Holiday.day, Holiday.kind).where(Holiday.day.between(date(first, 1, 1), date(last, 12, 31)))
    return calendar_of((day, kind) for day, kind in db.session.execute(days))


def years_without_list(today: date) -> list[int]:
    """The years (B.E.) that have to be known by now and have no list."""
    years = needed_years(today)
    known = calendar_between(from_be(years[0]), from_be(years[-1])).years
    return [year for year in years if year not in known]
