"""The shape of a demonstration application, and what its makers share."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache

from app.demo import cooperatives, programmes
from app.domain.values.calendar import to_be
from app.services.workdays.filling import civil_service_days

FRIDAY = 4
ONE_POINT = Decimal("0.01")


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """An application as it stands on the demonstration's day.

    ``moved_on`` is the day of the last change of status; ``decided_on`` the day of the last resolution, if any.
    ``origin`` says how true it is: "published" (this loan was in the news), "published_total" (invented, but the
    rows together give a published total) or "invented".
    """

    key: str
    programme: str
    cooperative: str
    amount_asked: Decimal
    amount_approved: Decimal | None
    months: int
    purpose_th: str
    beneficiaries: int
    member_rate: Decimal  # a fraction
    started_on: date
    submitted_on: date | None
    decided_on: date | None
    moved_on: date
    status: str
    reason_th: str | None = None
    origin: str = "invented"
    note_th: str = ""
    source: str = ""


def working_day(day: date) -> date:
    """Return the day, or the last working day before it at a weekend or on a civil-service holiday."""
    while day.weekday() > FRIDAY or day in _closed(day.year):
        day -= timedelta(days=1)
    return day


@cache
def _closed(year: int) -> frozenset[date]:
    return frozenset(civil_service_days(to_be(year)))


def rate_for_members(programme_key: str, cooperative_key: str) -> Decimal:
    """Return a rate the programme lets the cooperative charge: a point below its own, or less."""
    programme = programmes.BY_KEY[programme_key]
    ordinary = cooperatives.BY_KEY[cooperative_key].ordinary_rate
    if programme.member_rate_discount is not None:
        return ordinary - programme.member_rate_discount
    rate = ordinary - ONE_POINT
    return rate if programme.member_rate_cap is None else min(rate, programme.member_rate_cap)
