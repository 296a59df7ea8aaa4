"""Instalment tables against worked-out numbers, and what is refused."""

import json
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from app.domain.schedule import (
    DayCount,
    InstalmentKind,
    LoanTerms,
    RateStep,
    Rounding,
    accrued_interest,
    build_schedule,
    due_dates,
)
from app.domain.values.errors import RuleBroken

D = Decimal
VECTORS = {
    vector["id"]: vector
    for vector in json.loads((Path(__file__).parent / "vectors" / "schedules.json").read_text(encoding="utf-8"))
}


def terms(**changes: Any) -> LoanTerms:
    """A loan of 3,000,000 baht at 2.75 per cent over a year, changed by what the test is about."""
    plain: dict[str, Any] = {
        "principal": D(3_000_000),
        "paid_out_on": date(2024, 1, 31),
        "first_due_on": date(2024, 2, 29),
        "instalments": 12,
        "rates": (RateStep(1, D("0.0275")),),
        "kind": InstalmentKind.EQUAL_PRINCIPAL,
        "day_count": DayCount.ACT_365,
    }
    return LoanTerms(**{**plain, **changes})


def at(rate: str) -> tuple[RateStep, ...]:
    return (RateStep(1, D(rate)),)


# ---- the vectors of an open-source lender's tests


def test_level_instalments_on_actual_days() -> None:
    rows = build_schedule(
        terms(
            principal=D(100),
            paid_out_on=date(2024, 1, 1),
            first_due_on=date(2024, 2, 1),
            instalments=6,
            rates=at("0.15678"),
            kind=InstalmentKind.EQUAL_INSTALMENT,
            rounding=Rounding.HALF_EVEN,
        )
    )

    found = [[str(row.total), str(row.interest), str(row.principal), str(row.balance)] for row in rows]
    assert found == VECTORS["FIN-EMI-ACT365"]["expected"]


def test_level_instalment_is_worked_out_anew_when_the_rate_changes() -> None:
    rows = build_schedule(
        terms(
            principal=D(100),
            paid_out_on=date(2024, 1, 1),
            first_due_on=date(2024, 2, 1),
            instalments=6,
            rates=(RateStep(1, D("0.07")), RateStep(2, D("0.04"))),
            kind=InstalmentKind.EQUAL_INSTALMENT,
            day_count=DayCount.THIRTY_360,
        )
    )

    found = [[str(row.total), str(row.interest), str(row.principal), str(row.balance)] for row in rows]
    assert found == VECTORS["FIN-RATE-CHANGE"]["expected"]


@pytest.mark.parametrize("kind", InstalmentKind)
@pytest.mark.parametrize("day_count", DayCount)
def test_zero_rate_divides_by_nothing(kind: InstalmentKind, day_count: DayCount) -> None:
    rows = build_schedule(terms(principal=D(1000), instalments=4, rates=at("0"), kind=kind, day_count=day_count))

    found = [[str(row.total), str(row.interest), str(row.principal), str(row.balance)] for row in rows]
    assert found == VECTORS["FIN-ZERO-RATE"]["expected"]


def test_amounts_in_hundreds_of_baht() -> None:
    rows = build_schedule(
        terms(
            principal=D(10_000_000),
            paid_out_on=date(2014, 6, 2),
            first_due_on=date(2014, 7, 2),
            instalments=24,
            rates=at("0.24"),
            day_count=DayCount.THIRTY_360,
            amount_unit=D(100),
            interest_unit=D(100),
        )
    )

    for number, (principal, interest) in VECTORS["FIN-EQPRINC-10M"]["expected"].items():
        row = rows[int(number) - 1]
        assert (row.principal, row.interest) == (D(principal), D(interest)), number


def test_equal_principal_at_one_per_cent_a_month() -> None:
    given_ = VECTORS["FIN-RS04"]["inputs"]

    rows = build_schedule(
        terms(
            principal=D(5000),
            paid_out_on=date(2022, 11, 1),
            first_due_on=date(2022, 12, 1),
            instalments=18,
            rates=at("0.12"),
            day_count=DayCount.THIRTY_360,
        )
    )

    found = [[str(row.balance), str(row.principal), str(row.interest), str(row.total)] for row in rows]
    assert found == VECTORS["FIN-RS04"]["expected"]
    assert [row.due_on.isoformat() for row in rows] == given_["due_dates"]
    assert [row.days for row in rows] == given_["days"]
    assert sum(row.interest for row in rows) == D(given_["total_interest"])


def test_due_days_at_the_end_of_the_month_do_not_drift() -> None:
    assert [day.isoformat() for day in due_dates(date(2023, 1, 31), 14)] == VECTORS["FIN-DATES-31"]["expected"]


# ---- numbers worked out from the fund's programmes


@pytest.mark.parametrize(
    ("balance", "rate", "days", "expected"),
    [
        (10_000_000, "0.02", 31, "16986.30"),
        (10_000_000, "0.02", 28, "15342.47"),
        (10_000_000, "0.02", 29, "15890.41"),
        (10_000_000, "0.01", 30, "8219.18"),
        (10_000_000, "0.005", 31, "4246.58"),
        (3_000_000, "0.0275", 31, "7006.85"),
        (30_000_000, "0.0275", 30, "67808.22"),
        (30_000_000, "0.03", 31, "76438.36"),
        (20_000_000, "0.02", 31, "33972.60"),
        (250_000, "0.0475", 15, "488.01"),
        (250_000, "0.05", 15, "513.70"),
    ],
)
def test_interest_of_some_days_over_365(balance: int, rate: str, days: int, expected: str) -> None:
    start = date(2024, 1, 15)

    interest = accrued_interest(D(balance), D(rate), start, start + timedelta(days=days), DayCount.ACT_365)

    assert interest == D(expected)


def test_days_of_a_leap_year_count_over_366() -> None:
    interest = accrued_interest(D(10_000_000), D("0.02"), date(2024, 3, 1), date(2024, 4, 1), DayCount.ACT_ACT)

    assert interest == D("16939.89")


def test_days_across_new_year_count_over_each_year_of_their_own() -> None:
    # 16 days of 2023 over 365 and 15 days of 2024 over 366: 200,000 * (16/365 + 15/366) = 16,963.8446
    interest = accrued_interest(D(10_000_000), D("0.02"), date(2023, 12, 16), date(2024, 1, 16), DayCount.ACT_ACT)

    assert interest == D("16963.84")


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (date(2024, 1, 31), date(2024, 2, 29)),
        (date(2024, 2, 29), date(2024, 3, 31)),
        (date(2024, 2, 29), date(2024, 3, 29)),
        (date(2024, 1, 15), date(2024, 2, 15)),
    ],
)
def test_a_whole_month_is_a_twelfth_of_the_year(start: date, end: date) -> None:
    assert accrued_interest(D(10_000_000), D("0.02"), start, end, DayCount.THIRTY_360) == D("16666.67")


def test_a_broken_first_month_is_its_days_over_the_days_of_that_month() -> None:
    # 22 of January's 31 days: 16,666.666… * 22 / 31 = 11,827.9569…
    rows = build_schedule(
        terms(
            principal=D(10_000_000),
            paid_out_on=date(2024, 1, 10),
            first_due_on=date(2024, 2, 1),
            rates=at("0.02"),
            day_count=DayCount.THIRTY_360,
        )
    )

    assert rows[0].interest == D("11827.96")
    assert rows[1].interest == D("15277.78")  # 9,166,666.67 * 0.02 / 12


def test_one_day_at_the_end_costs_nothing() -> None:
    for day_count in DayCount:
        assert accrued_interest(D(1000), D("0.5"), date(2024, 5, 1), date(2024, 5, 1), day_count) == 0


def test_a_year_of_the_normal_programme() -> None:
    rows = build_schedule(terms())

    assert [str(row.interest) for row in rows] == [
        "6554.79", "6422.95", "5650.68", "5255.14", "4520.55", "4087.33",
        "3503.42", "2825.34", "2335.62", "1695.21", "1167.81", "583.90",
    ]  # fmt: skip
    assert sum(row.interest for row in rows) == D("44602.74")
    assert (rows[0].total, rows[0].due_on) == (D("256554.79"), date(2024, 2, 29))
    assert (rows[-1].total, rows[-1].due_on) == (D("250583.90"), date(2025, 1, 31))


@pytest.mark.parametrize(
    ("rate", "months", "paid", "first_due", "principal", "last", "total"),
    [
        ("0.02", 60, date(2021, 11, 30), date(2021, 12, 31), "166667", "166647", "508528.70"),
        ("0.01", 18, date(2021, 7, 31), date(2021, 8, 31), "555556", "555548", "79254.14"),
        ("0.005", 36, date(2022, 3, 31), date(2022, 4, 30), "277778", "277770", "77199.31"),
    ],
)
def test_totals_of_the_fund_s_programmes(
    rate: str, months: int, paid: date, first_due: date, principal: str, last: str, total: str
) -> None:
    rows = build_schedule(
        terms(
            principal=D(10_000_000),
            paid_out_on=paid,
            first_due_on=first_due,
            instalments=months,
            rates=at(rate),
            amount_unit=D(1),
        )
    )

    assert {row.principal for row in rows[:-1]} == {D(principal)}
    assert rows[-1].principal == D(last)
    assert sum(row.interest for row in rows) == D(total)


# ---- rules


def test_grace_asks_for_interest_alone() -> None:
    rows = build_schedule(terms(instalments=5, principal_grace=2, principal=D(3000), day_count=DayCount.THIRTY_360))

    assert [row.principal for row in rows] == [0, 0, 1000, 1000, 1000]
    assert [row.interest for row in rows] == [D("6.88"), D("6.88"), D("6.88"), D("4.58"), D("2.29")]


def test_steps_change_the_rate_from_their_instalment_on() -> None:
    rows = build_schedule(terms(rates=(RateStep(1, D(0)), RateStep(4, D("0.01")), RateStep(99, D("0.5")))))

    assert [row.annual_rate for row in rows] == [D(0)] * 3 + [D("0.01")] * 9


def test_half_a_satang_goes_up_or_to_the_even_neighbour() -> None:
    # 0.50 baht for a month at 12 per cent costs exactly half a satang.
    tiny = {"principal": D("0.50"), "instalments": 1, "rates": at("0.12"), "day_count": DayCount.THIRTY_360}

    assert build_schedule(terms(**tiny))[0].interest == D("0.01")
    assert build_schedule(terms(**tiny, rounding=Rounding.HALF_EVEN))[0].interest == D("0.00")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"principal": D(0)}, "0 baht must be above zero"),
        ({"principal": D("-1")}, "-1 baht must be above zero"),
        ({"principal": D("1.005")}, "1.005 baht must be above zero, in whole satang"),
        ({"principal": D("NaN")}, "must be above zero"),
        ({"principal": D("0.11"), "instalments": 12}, "0.11 baht cannot be paid in 12 instalments"),
        ({"instalments": 0}, "in 0 instalments"),
        ({"rates": ()}, "begin with instalment 1"),
        ({"rates": (RateStep(2, D("0.01")),)}, "ascending order, not 2"),
        ({"rates": (RateStep(1, D(0)), RateStep(4, D(0)), RateStep(4, D(0)))}, "ascending order, not 1, 4, 4"),
        ({"rates": at("-0.01")}, "rate of -0.01 from instalment 1"),
        ({"first_due_on": date(2024, 1, 31)}, "due on 2024-01-31, not after the pay-out on 2024-01-31"),
        ({"principal_grace": 12}, "12 instalments without principal leave none of the 12"),
        ({"principal_grace": -1}, "-1 instalments without principal"),
        ({"amount_unit": D(0)}, "rounded to 0 baht"),
        ({"interest_unit": D("0.001")}, "rounded to 0.001 baht"),
    ],
)
def test_odd_terms_are_refused_with_the_figures(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(RuleBroken, match=words):
        build_schedule(terms(**changes))


def test_interest_backwards_is_refused() -> None:
    with pytest.raises(RuleBroken, match="from 2024-02-01 back to 2024-01-01"):
        accrued_interest(D(1), D(0), date(2024, 2, 1), date(2024, 1, 1), DayCount.ACT_365)


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        # 19 of February's 28 days: 16,666.666… * 19 / 28 = 11,309.5238…
        (date(2023, 2, 10), date(2023, 3, 1), "11309.52"),
        # February, and 22 of January's 31 days: 16,666.666… * (1 + 22 / 31) = 28,494.6236…
        (date(2023, 1, 10), date(2023, 3, 1), "28494.62"),
    ],
)
def test_a_broken_month_counts_over_its_own_days_beside_whole_ones(start: date, end: date, expected: str) -> None:
    assert accrued_interest(D(10_000_000), D("0.02"), start, end, DayCount.THIRTY_360) == D(expected)


def test_a_satang_for_each_instalment_is_just_enough() -> None:
    rows = build_schedule(terms(principal=D("0.12"), instalments=12))

    assert {row.principal for row in rows} == {D("0.01")}
