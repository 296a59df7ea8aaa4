"""Which days offices are open, and of which years that is known."""

from datetime import date

import pytest

from app.domain.promises import clock_of
from app.domain.values.errors import RuleBroken
from app.domain.values.workdays import (
    Calendar,
    HolidayKind,
    calendar_of,
    civil_service_name,
    kind_of,
    needed_years,
    refuse_odd_year,
    years_to_fill,
)
from app.services.workdays.filling import civil_service_days

CIVIL, SPECIAL = HolidayKind.CIVIL_SERVICE, HolidayKind.SPECIAL


def listed(*years: int) -> Calendar:
    return calendar_of((day, kind_of(name)) for year in years for day, (name, _en) in civil_service_days(year).items())


@pytest.mark.parametrize(
    ("day", "is_open"),
    [
        (date(2026, 5, 1), True),  # Labour Day, a Friday: for employees, not for the civil service
        (date(2027, 5, 3), True),  # its substitute, a Monday
        (date(2026, 5, 13), False),  # Royal Ploughing Day, a Wednesday
        (date(2026, 6, 1), False),  # the substitute of Visakha Bucha, which is a Sunday
        (date(2026, 1, 2), False),  # a bridge that the cabinet announced
        (date(2026, 5, 12), True),
        (date(2026, 5, 16), False),  # a Saturday without a name
    ],
)
def test_days_of_the_civil_service(day: date, is_open: bool) -> None:
    assert listed(2569, 2570).is_open(day) is is_open


def test_promise_over_labour_day_and_royal_ploughing_day() -> None:
    calendar = listed(2569)

    # Thursday 30 April: 1, 5, 6, 7 and 8 May; the 4th is Coronation Day.
    assert clock_of(date(2026, 4, 30), 5, [], calendar).due == date(2026, 5, 8)
    # Monday 11 May: 12, 14, 15, 18 and 19; the 13th is Royal Ploughing Day.
    assert clock_of(date(2026, 5, 11), 5, [], calendar).due == date(2026, 5, 19)


def test_special_day_is_closed_and_moves_the_promise() -> None:
    special = calendar_of([(date(2026, 1, 1), CIVIL), (date(2026, 11, 24), SPECIAL)])

    # Friday 20 November: 23, 25, 26, 27 and, over the weekend, the 30th.
    assert clock_of(date(2026, 11, 20), 5, [], special).due == date(2026, 11, 30)


def test_one_special_day_makes_no_list_of_a_year() -> None:
    calendar = calendar_of([(date(2026, 1, 1), CIVIL), (date(2027, 3, 1), SPECIAL)])

    assert calendar.without_list(date(2026, 12, 30), date(2028, 1, 5)) == (2570, 2571)


@pytest.mark.parametrize(
    ("public", "kept"),
    [
        ("วันพืชมงคล", "วันพืชมงคล"),
        ("วันแรงงานแห่งชาติ", ""),
        ("ชดเชยวันแรงงานแห่งชาติ", ""),
        ("วันเด็กแห่งชาติ", ""),
        ("วันแรงงานแห่งชาติ; วันวิสาขบูชา", "วันวิสาขบูชา"),
    ],
)
def test_what_the_civil_service_keeps_of_a_public_day(public: str, kept: str) -> None:
    assert civil_service_name(public) == kept


def test_years_are_filled_in_further_than_they_are_needed() -> None:
    today = date(2026, 11, 30)

    assert (needed_years(today)[0], needed_years(today)[-1]) == (2560, 2570)
    assert (years_to_fill(today)[0], years_to_fill(today)[-1]) == (2560, 2572)


@pytest.mark.parametrize("day", [date(2016, 12, 31), date(2101, 1, 1)])
def test_days_of_years_nobody_counts_in_are_refused(day: date) -> None:
    with pytest.raises(RuleBroken) as refusal:
        refuse_odd_year(day)

    assert refusal.value.field == "day"
