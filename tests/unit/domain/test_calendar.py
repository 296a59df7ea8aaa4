"""Buddhist years, the fund's year and dates as people type them."""

from contextlib import suppress
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.values.calendar import (
    BANGKOK,
    fiscal_year,
    fiscal_year_bounds,
    from_be,
    month_number,
    parse_thai_date,
    parse_typed_date,
    refuse_future,
    to_be,
)
from app.domain.values.errors import RuleBroken

THAI_DIGITS = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
DAYS_OF_THE_FUND = st.dates(date(1900, 1, 1), date(2100, 12, 31))


def test_buddhist_years_are_543_ahead() -> None:
    assert to_be(2026) == 2569
    assert from_be(2569) == 2026


def test_bangkok_is_seven_hours_ahead() -> None:
    assert datetime(2026, 11, 20, 17, 0, tzinfo=UTC).astimezone(BANGKOK).date() == date(2026, 11, 21)
    assert datetime(2026, 11, 20, 16, 59, tzinfo=UTC).astimezone(BANGKOK).date() == date(2026, 11, 20)


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (date(2018, 10, 1), 2562),  # "FY2562, Oct 61 to now"
        (date(2024, 3, 31), 2567),  # October 66 to March 67 is FY2567
        (date(2026, 9, 30), 2569),
        (date(2026, 10, 1), 2570),
        (date(2026, 12, 31), 2570),
    ],
)
def test_the_fiscal_year_begins_in_october_and_is_named_by_its_end(day: date, year: int) -> None:
    assert fiscal_year(day) == year


def test_a_fiscal_year_runs_from_first_october_to_thirtieth_september() -> None:
    assert fiscal_year_bounds(2570) == (date(2026, 10, 1), date(2027, 9, 30))


@given(DAYS_OF_THE_FUND)
def test_every_day_lies_within_the_bounds_of_its_fiscal_year(day: date) -> None:
    first, last = fiscal_year_bounds(fiscal_year(day))

    assert first <= day <= last


@pytest.mark.parametrize(
    "boxes",
    [
        ("15", "3", "2569"),
        ("15", "3", "2026"),
        ("๑๕", "๓", "๒๕๖๙"),
        (" 15 ", "03", "2569"),
        ("15", "มีนาคม", "2569"),
        ("15", "มี.ค.", "2569"),
        ("15", "March", "2026"),
        ("15", "Mar", "2026"),
    ],
)
def test_three_boxes_are_understood_in_either_era_and_digits(boxes: tuple[str, str, str]) -> None:
    assert parse_thai_date(*boxes) == date(2026, 3, 15)


def test_the_leap_day_of_2567_exists() -> None:
    assert parse_thai_date("29", "02", "2567") == date(2024, 2, 29)


def test_the_leap_day_of_2568_is_refused_with_the_days_that_exist() -> None:
    with pytest.raises(RuleBroken, match=r"^February 2568 has 28 days\. Correct the day, the month or the year"):
        parse_thai_date("29", "02", "2568")


def test_the_refusal_names_the_year_as_it_was_typed() -> None:
    with pytest.raises(RuleBroken, match="February 2025 has"):
        parse_thai_date("29", "02", "2025")


@pytest.mark.parametrize(
    ("boxes", "message"),
    [
        (("", "", ""), "Enter the day, the month and the year."),
        (("15", "", ""), "Enter the day, the month and the year."),
        (("", "3", "2569"), "Enter the day as well."),
        (("15", "", "2569"), "Choose the month as well."),
        (("15", "3", ""), "Enter the year as well."),
        (("0", "3", "2569"), "March 2569 has 31 days"),
        (("31", "4", "2569"), "April 2569 has 30 days"),
        (("15", "13", "2569"), "Choose the month again"),
        (("15", "0", "2569"), "Choose the month again"),
        (("สิบห้า", "3", "2569"), "Type the day as a number"),
        (("-1", "3", "2569"), "Type the day as a number"),
        (("15", "3", "9"), "Type the year as four digits"),
        (("31", "2", "69"), "February 2569 has 28 days"),
        (("15", "3", "2256"), "Type the year as four digits"),  # 2569 with the digits slipped
        (("15", "3", "25690"), "Type the year as four digits"),
    ],
)
def test_each_slip_is_answered_with_what_to_do(boxes: tuple[str, str, str], message: str) -> None:
    with pytest.raises(RuleBroken) as refusal:
        parse_thai_date(*boxes)

    assert str(refusal.value).startswith(message)


@given(DAYS_OF_THE_FUND)
def test_every_day_reads_the_same_in_both_eras(day: date) -> None:
    buddhist = f"{day.day}/{day.month}/{day.year + 543}".translate(THAI_DIGITS)

    assert parse_typed_date(buddhist) == parse_typed_date(day.isoformat()) == day


@pytest.mark.parametrize(
    "typed",
    [
        "15/3/2569",
        "15-03-2026",
        "15.3.2569",
        "2026-03-15",
        "2569/3/15",
        "๑๕/๓/๒๕๖๙",
        "15 มีนาคม 2569",
        "15 มี.ค. 2569",
        "๑๕ มีนาคม พ.ศ. ๒๕๖๙",
        "15 March 2026",
        "15/3/69",
        "15 มี.ค. 69",
        "๑๕ มี.ค. ๖๙",
        "15มีค69",
        "15มี.ค.2569",
        "15-มีนาคม-2569",
        "15\u20113\u20112569",
        "15\u20133\u20132569",
        "วันที่ 15 มีนาคม 2569",
        "วันอาทิตย์ที่ 15 มีนาคม พ.ศ. 2569",
        "15 มีนาคม พุทธศักราช 2569",
        "15 มี. ค. พ. ศ. 2569",
        "15 มีนาคม ค.ศ. 2026",
    ],
)
def test_a_date_typed_in_one_piece_is_understood(typed: str) -> None:
    assert parse_typed_date(typed) == date(2026, 3, 15)


@pytest.mark.parametrize(
    "typed",
    ["", "พรุ่งนี้", "15/3", "15/3/9", "15 มีนาคม ค.ศ. 26", "3/15/2569", "2026-03-15T00:00", "1" * 20, "1" + "." * 10**6],
)
def test_a_date_in_one_piece_that_cannot_be_read_is_refused(typed: str) -> None:
    with pytest.raises(RuleBroken):
        parse_typed_date(typed)


@given(st.text(max_size=8), st.text(max_size=8), st.text(max_size=8))
def test_whatever_is_typed_gives_a_day_or_a_refusal(day: str, month: str, year: str) -> None:
    with suppress(RuleBroken):
        assert date(1900, 1, 1) <= parse_thai_date(day, month, year) <= date(2100, 12, 31)


def test_a_month_that_is_none_has_no_number() -> None:
    assert month_number("ธันวาคม") == 12
    assert month_number("สิ้นเดือน") is None


def test_the_last_month_of_the_year_may_be_typed_as_a_number() -> None:
    assert (month_number("1"), month_number("12"), month_number("13")) == (1, 12, None)


@pytest.mark.parametrize(("typed", "year"), [("1900", 1900), ("2443", 1900), ("2100", 2100), ("2643", 2100)])
def test_the_first_and_the_last_year_are_read(typed: str, year: int) -> None:
    assert parse_thai_date("1", "1", typed) == date(year, 1, 1)


@pytest.mark.parametrize("typed", ["1899", "2442", "2101", "2644"])
def test_a_year_beyond_them_is_a_slip(typed: str) -> None:
    with pytest.raises(RuleBroken, match="four digits"):
        parse_thai_date("1", "1", typed)


@pytest.mark.parametrize("typed", ["3110", "1481"])
def test_543_added_twice_or_taken_off_offers_the_likely_day(typed: str) -> None:
    with pytest.raises(RuleBroken, match=f"There is no year {typed} here. Do you mean 2567") as refusal:
        parse_thai_date("31", "1", typed)

    assert refusal.value.offer == "31/1/2567"


def test_a_day_that_the_likely_year_does_not_have_is_not_offered() -> None:
    with pytest.raises(RuleBroken) as refusal:
        parse_thai_date("29", "2", "3111")

    assert refusal.value.offer == ""


def test_today_has_come_and_tomorrow_has_not() -> None:
    refuse_future(date(2026, 11, 30), date(2026, 11, 30))

    with pytest.raises(RuleBroken):
        refuse_future(date(2026, 12, 1), date(2026, 11, 30))
