"""On which days offices are open, and of which years that is known: the calendar of civil-service holidays."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from app.domain.values.calendar import LATEST_YEAR, SATURDAY, BuddhistYear, from_be, to_be
from app.domain.values.errors import RuleBroken
from app.domain.values.labels import LabelledEnum
from app.domain.values.text import N_

# Years (B.E.) that the product may have to count in: from its oldest applications on.
FIRST_YEAR = 2560
YEARS_AHEAD = 3
# Public holidays that are none of the civil service: Labour Day is for employees, Children's Day is always a Saturday.
NOT_CIVIL_SERVICE = ("วันแรงงานแห่งชาติ", "วันเด็กแห่งชาติ")
IN_LIEU, SPECIAL = "ชดเชย", "วันหยุดพิเศษ"  # how the names of such days begin


class HolidayKind(LabelledEnum):
    """Why offices are closed on a day."""

    CIVIL_SERVICE = "civil_service", N_("Civil-service holiday")
    SUBSTITUTION = "substitution", N_("Substitute for a holiday at a weekend")
    SPECIAL = "special", N_("Special holiday")


@dataclass(frozen=True, slots=True)
class Calendar:
    """The holidays that are known, and the years (B.E.) whose list is.

    One special day makes no list: the days of a year are known once it has civil-service holidays.
    """

    closed: frozenset[date]
    years: frozenset[int]

    def is_open(self, day: date) -> bool:
        """Whether offices work on the day, as far as is known."""
        return day.weekday() < SATURDAY and day not in self.closed

    def without_list(self, first: date, last: date) -> tuple[int, ...]:
        """The years (B.E.) from one day to another whose holidays are not known."""
        return tuple(year for year in range(to_be(first.year), to_be(last.year) + 1) if year not in self.years)


def calendar_of(days: Iterable[tuple[date, str]]) -> Calendar:
    """The calendar that holidays make, each with its kind."""
    kinds = dict(days)
    listed = (day for day, kind in kinds.items() if kind == HolidayKind.CIVIL_SERVICE)
    return Calendar(frozenset(kinds), frozenset(to_be(day.year) for day in listed))


def needed_years(today: date) -> range:
    """The years (B.E.) whose holidays have to be known by now: next year's, too, for what is sent in December."""
    return range(FIRST_YEAR, to_be(today.year) + 2)


def years_to_fill(today: date) -> range:
    """The years (B.E.) that are filled in before anybody has typed a day."""
    return range(FIRST_YEAR, to_be(today.year) + YEARS_AHEAD + 1)


def civil_service_name(public: str) -> str:
    """What the civil service keeps of a day that public holidays share, as its name; empty when it works.

    Args:
        public: Thai names, with a semicolon between those of one day.
    """
    names = (name.strip() for name in public.split(";"))
    return "; ".join(name for name in names if name.removeprefix(IN_LIEU) not in NOT_CIVIL_SERVICE)


def kind_of(name: str) -> HolidayKind:
    """The kind of a day by its Thai name."""
    if name.startswith(IN_LIEU):
        return HolidayKind.SUBSTITUTION
    return HolidayKind.SPECIAL if name.startswith(SPECIAL) else HolidayKind.CIVIL_SERVICE


def refuse_odd_year(day: date) -> None:
    """Raise ``RuleBroken`` for a day of a year that nobody counts in."""
    if not from_be(FIRST_YEAR) <= day.year <= LATEST_YEAR:
        raise RuleBroken(
            N_("The calendar has the years from %(first)s to %(last)s. Correct the year."),
            first=BuddhistYear(FIRST_YEAR), last=BuddhistYear(to_be(LATEST_YEAR)),
        ).at("day")  # fmt: skip
