"""The day by which an office is expected to have checked an application."""

from datetime import date, datetime
from functools import cache

from flask import current_app
from holidays import country_holidays

from app.domain.calendar import BANGKOK, working_days_after


def promised_day(submitted_at: datetime | None) -> date | None:
    """Counted in Thai working days from the day of the submission; nothing before it."""
    if submitted_at is None:
        return None
    start = submitted_at.astimezone(BANGKOK).date()
    days = _holidays(start.year) | _holidays(start.year + 1)
    return working_days_after(start, current_app.config["CHECK_WORKING_DAYS"], days)


@cache
def _holidays(year: int) -> frozenset[date]:
    return frozenset(country_holidays("TH", years=year))
