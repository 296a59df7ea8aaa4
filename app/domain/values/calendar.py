"""The Buddhist Era, the fund's year from October to September, and working days."""

import re
from calendar import monthrange
from collections.abc import Collection
from datetime import date, datetime, timedelta, timezone

from app.domain.values.errors import RuleBroken
from app.domain.values.text import N_
from app.domain.values.thai import arabic_digits, normalise

# Thailand has been at UTC+7 without summer time since 1920: a fixed offset reads no time-zone file.
BANGKOK = timezone(timedelta(hours=7), "Asia/Bangkok")

BUDDHIST_ERA = 543
FIRST_BUDDHIST_YEAR = 2400  # a typed year from here on is B.E., below it is C.E.
EARLIEST_YEAR, LATEST_YEAR = 1900, 2100  # C.E.; outside lies a slip of the finger, not a day the fund deals with
OCTOBER, SATURDAY = 10, 5
LONGEST_TYPED_DATE = 60  # what stands behind cannot make a date, and long text makes matching slow

THAI_MONTHS = (
    "มกราคม",
    "กุมภาพันธ์",
    "มีนาคม",
    "เมษายน",
    "พฤษภาคม",
    "มิถุนายน",
    "กรกฎาคม",
    "สิงหาคม",
    "กันยายน",
    "ตุลาคม",
    "พฤศจิกายน",
    "ธันวาคม",
)
THAI_MONTHS_SHORT = ("ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.", "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค.")
THAI_WEEKDAYS = ("จันทร์", "อังคาร", "พุธ", "พฤหัสบดี", "ศุกร์", "เสาร์", "อาทิตย์")
ENGLISH_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
ENGLISH_MONTHS_SHORT = tuple(name[:3] for name in ENGLISH_MONTHS)
ENGLISH_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

_YEAR_FIRST = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})")
_DAY_FIRST = re.compile(r"([0-9]{1,2})[-/. ]+([^0-9\s/-]+|[0-9]{1,2})[-/. ]+([0-9]{1,4})")


def bangkok_day(moment: datetime) -> date:
    """The day in Bangkok of a moment with its zone."""
    return moment.astimezone(BANGKOK).date()


def bangkok_hour(moment: datetime) -> str:
    """The hour and minute in Bangkok of a moment with its zone, as 14:05."""
    return moment.astimezone(BANGKOK).strftime("%H:%M")


def to_be(year: int) -> int:
    """Return the Buddhist year of a Gregorian one: 2026 -> 2569."""
    return year + BUDDHIST_ERA


def from_be(year: int) -> int:
    """Return the Gregorian year of a Buddhist one: 2569 -> 2026."""
    return year - BUDDHIST_ERA


def fiscal_year(day: date) -> int:
    """Return the fund's year (B.E.) that ``day`` falls in: October 2569 already belongs to 2570."""
    return to_be(day.year) + (day.month >= OCTOBER)


def fiscal_year_bounds(be: int) -> tuple[date, date]:
    """Return the first and the last day, both included, of the fund's year ``be``."""
    ending = from_be(be)
    return date(ending - 1, OCTOBER, 1), date(ending, OCTOBER - 1, 30)


def refuse_future(day: date, today: date) -> None:
    """Raise ``RuleBroken`` for a day after today of something that has happened."""
    if day > today:
        raise RuleBroken(N_("The day lies in the future. Correct the date."))


def working_days_after(start: date, count: int, holidays: Collection[date]) -> date:
    """Return the ``count``-th working day after ``start``, which itself is not counted; 0 gives ``start``.

    Raises:
        ValueError: ``count`` is below zero.
    """
    if count < 0:
        raise ValueError("count must not be negative")
    closed = frozenset(holidays)
    day = start
    while count:
        day += timedelta(days=1)
        if day.weekday() < SATURDAY and day not in closed:
            count -= 1
    return day


def _month_key(name: str) -> str:
    return normalise(name).replace(".", "").casefold()


_MONTH_NUMBERS = {
    _month_key(name): number
    for names in (THAI_MONTHS, THAI_MONTHS_SHORT, ENGLISH_MONTHS, ENGLISH_MONTHS_SHORT)
    for number, name in enumerate(names, start=1)
}


def month_number(typed: str) -> int | None:
    """Return 1–12 for a month given as a number or a Thai or English name, short or long; None for anything else."""
    text = arabic_digits(normalise(typed))
    if re.fullmatch("[0-9]{1,2}", text):
        return int(text) if 1 <= int(text) <= 12 else None
    return _MONTH_NUMBERS.get(_month_key(text))


def _year_number(typed: str) -> int:
    """Return the Gregorian year for four typed digits of either era."""
    if re.fullmatch("[0-9]{4}", typed):
        year = int(typed)
        year = from_be(year) if year >= FIRST_BUDDHIST_YEAR else year
        if EARLIEST_YEAR <= year <= LATEST_YEAR:
            return year
    raise RuleBroken(N_("Type the year as four digits of the Buddhist Era, for example 2569."))


def parse_thai_date(day: str, month: str, year: str) -> date:
    """Return the day that three typed boxes mean.

    Thai digits are read; a year from 2400 is B.E., below it C.E.; the month is a number or a name.

    Raises:
        RuleBroken: something is missing, is no number, or there is no such day.
    """
    day, month, year = (arabic_digits(normalise(part)) for part in (day, month, year))
    _require_all(day, month, year)
    number = month_number(month)
    if number is None:
        raise RuleBroken(N_("Choose the month again: it is one of the months from 1 to 12."))
    if not re.fullmatch("[0-9]{1,2}", day):
        raise RuleBroken(N_("Type the day as a number, for example 15."))
    gregorian = _year_number(year)
    last = monthrange(gregorian, number)[1]
    if not 1 <= int(day) <= last:
        raise RuleBroken(
            N_("Month %(month)s of %(year)s has days 1 to %(last)s. Correct the day, the month or the year."),
            month=number, year=year, last=last,
        )  # fmt: skip
    return date(gregorian, number, int(day))


def _require_all(day: str, month: str, year: str) -> None:
    missing = [template for part, template in zip((day, month, year), _MISSING, strict=True) if not part]
    if len(missing) == 1:
        raise RuleBroken(missing[0])
    if missing:
        raise RuleBroken(N_("Enter the day, the month and the year."))


_MISSING = (N_("Enter the day as well."), N_("Choose the month as well."), N_("Enter the year as well."))


def parse_typed_date(text: str) -> date:
    """Return the day typed in one piece: 15/3/2569, 15-03-2026, 2026-03-15, ๑๕ มี.ค. ๒๕๖๙, 15 March 2026.

    Raises:
        RuleBroken: it cannot be read, or there is no such day.
    """
    typed = arabic_digits(normalise(text[:LONGEST_TYPED_DATE])).replace("พ.ศ.", " ")
    if found := _YEAR_FIRST.fullmatch(typed):
        year, month, day = found.groups()
    elif found := _DAY_FIRST.fullmatch(typed):
        day, month, year = found.groups()
    else:
        raise RuleBroken(N_("Type the date as day/month/year, for example 15/3/2569."))
    return parse_thai_date(day, month, year)
