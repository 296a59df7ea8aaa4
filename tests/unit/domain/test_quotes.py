"""Quotes: totals, what interest-free months save, the month after, and cells that differ."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from app.domain.quotes import differences, fingerprint_of, make_quote, month_later, rates_of, rows_of
from app.domain.schedule import DayCount
from app.domain.values.errors import RuleBroken
from tests.unit.domain.test_programmes import STEPS, TERMS

D = Decimal
DEBT = replace(TERMS, rates=STEPS, free_months=3, amount_unit=D(1))
DAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("day", "later"),
    [
        (date(2024, 1, 15), date(2024, 2, 15)),
        (date(2024, 1, 31), date(2024, 2, 29)),
        (date(2021, 11, 30), date(2021, 12, 31)),
        (date(2023, 1, 30), date(2023, 2, 28)),
        (date(2024, 12, 31), date(2025, 1, 31)),
    ],
)
def test_a_month_later_is_the_same_day_or_the_month_s_end(day: date, later: date) -> None:
    assert month_later(day) == later


def test_interest_free_months_save_their_own_interest_and_nothing_else() -> None:
    first = make_quote(DEBT, D(5_000_000), 24, paid_out_on=DAY, first_time=True)
    repeat = make_quote(DEBT, D(5_000_000), 24, paid_out_on=DAY, first_time=False)

    assert first.interest_saved == sum(row.interest for row in repeat.rows[:3])
    assert repeat.interest_saved == 0
    assert first.total == D(5_000_000) + first.total_interest
    assert first.largest.number == 13  # the rate doubles there


@pytest.mark.parametrize(("amount", "months", "said"), [(D("30000000.01"), 12, "30,000,000.00"), (D(1), 61, "60")])
def test_beyond_the_programme_there_is_no_quote(amount: Decimal, months: int, said: str) -> None:
    with pytest.raises(RuleBroken, match=said):
        make_quote(DEBT, amount, months, paid_out_on=DAY, first_time=False)


@pytest.mark.parametrize(
    ("unit", "amount", "grace", "refused"),
    [
        # 83.33 a month is 100: nothing is left after the tenth.
        (D(100), D(1_000), 0, True),
        # 83.33 a month is 0: all would stand in the last.
        (D(1_000), D(1_000), 0, True),
        # 133.33 a month is 100: 500 are left for the last.
        (D(100), D(1_600), 0, False),
        # 9,100 are 758.33, so 800 each: 300 are left; of nine that pay principal, 1,011.11 are 1,000 each.
        (D(100), D(9_100), 0, False),
        (D(1_000), D(9_100), 3, False),
        (D("0.01"), D("0.12"), 0, False),
    ],
)
def test_rounding_that_leaves_instalments_without_principal_is_refused(
    unit: Decimal, amount: Decimal, grace: int, refused: bool
) -> None:
    terms = replace(TERMS, amount_unit=unit, grace_months=grace)
    if not refused:
        quote = make_quote(terms, amount, 12, paid_out_on=DAY, first_time=False)
        assert all(row.principal > 0 for row in quote.rows[grace:])
        return

    with pytest.raises(RuleBroken, match=f"{unit:,.2f} baht") as refusal:
        make_quote(terms, amount, 12, paid_out_on=DAY, first_time=False)
    assert refusal.value.field == "amount"


def test_a_kept_quote_reads_back_and_equals_itself() -> None:
    quote = make_quote(DEBT, D(5_000_000), 24, paid_out_on=DAY, first_time=True)
    kept = quote.plain()

    assert rows_of(kept) == quote.rows
    assert rates_of(kept) == quote.terms.rates
    assert differences(kept, quote) == []
    assert kept["fingerprint"] == quote.fingerprint


def test_another_table_says_which_cells_differ() -> None:
    kept = make_quote(DEBT, D(5_000_000), 24, paid_out_on=DAY, first_time=True)
    other = make_quote(replace(DEBT, rates=(*STEPS[:1], replace(STEPS[1], from_month=14))), D(5_000_000), 24,
                       paid_out_on=DAY, first_time=True)  # fmt: skip

    found = differences(kept.plain(), other)

    assert [(number, column) for number, column, _before, _after in found] == [(13, "annual_rate"), (13, "interest")]
    assert kept.fingerprint != other.fingerprint


def test_equal_amounts_have_one_spelling_and_one_fingerprint() -> None:
    quote = make_quote(DEBT, D(5_000_000), 24, paid_out_on=DAY, first_time=True)
    long = make_quote(
        replace(DEBT, annual_rate=D("0.010000"), rates=tuple(replace(s, annual_rate=s.annual_rate + D("0.000000"))
                for s in STEPS)), D("5000000.00"), 24, paid_out_on=DAY, first_time=True)  # fmt: skip
    rows = [replace(row, principal=row.principal.normalize(), interest=row.interest + D("0.0000")) for row in long.rows]

    assert str(rows[0].principal) != str(quote.rows[0].principal)
    assert long.plain() == quote.plain()
    assert fingerprint_of(rows) == quote.fingerprint
    # Three months without interest, then the rate of the thirteenth month doubles.
    assert quote.plain()["rates"] == [[1, "0"], [4, "0.005"], [13, "0.01"]]
    assert quote.plain()["rows"][0]["principal"] == "208333.00"


def test_a_kept_quote_written_with_other_zeros_equals() -> None:
    quote = make_quote(DEBT, D(5_000_000), 24, paid_out_on=DAY, first_time=True)
    kept = quote.plain()
    for row in kept["rows"]:
        row |= {"annual_rate": row["annual_rate"] + (".000" if row["annual_rate"] == "0" else "000")}
        row |= {name: str(D(row[name]).normalize()) for name in ("principal", "interest", "balance")}

    assert differences(kept, quote) == []


def test_a_kept_quote_tells_the_units_it_was_rounded_to() -> None:
    kept = make_quote(DEBT, D(5_000_000), 24, paid_out_on=DAY, first_time=True).plain()

    assert (kept["amount_unit"], kept["interest_unit"], kept["principal_grace"]) == ("1.00", "0.01", 0)


def test_parts_of_a_satang_are_not_hidden() -> None:
    rows = make_quote(DEBT, D(5_000_000), 24, paid_out_on=DAY, first_time=True).rows
    odd = (replace(rows[0], interest=D("0.0050")), *rows[1:])

    assert fingerprint_of(odd) != fingerprint_of((replace(odd[0], interest=D("0.01")), *rows[1:]))


def test_the_ceiling_and_the_longest_term_themselves_are_quoted() -> None:
    quote = make_quote(DEBT, D(30_000_000), 60, paid_out_on=DAY, first_time=False)

    assert (quote.terms.principal, len(quote.rows)) == (D(30_000_000), 60)


def test_the_total_is_the_principal_and_all_interest() -> None:
    monthly = replace(TERMS, day_count=DayCount.THIRTY_360)

    quote = make_quote(monthly, D(1200), 3, paid_out_on=date(2026, 1, 15), first_time=False)

    # A quarter of a per cent a month on 1,200, 800 and 400 baht: 3, 2 and 1 baht.
    assert [row.interest for row in quote.rows] == [D(3), D(2), D(1)]
    assert (quote.total_interest, quote.total) == (D(6), D(1206))


def test_an_instalment_that_only_one_table_has_differs_in_every_cell() -> None:
    short = make_quote(DEBT, D(5_000_000), 1, paid_out_on=DAY, first_time=False)
    long = make_quote(DEBT, D(5_000_000), 2, paid_out_on=DAY, first_time=False)

    gone = [found for found in differences(long.plain(), short) if found[0] == 2]
    come = [found for found in differences(short.plain(), long) if found[0] == 2]

    columns = ["number", "due_on", "days", "annual_rate", "principal", "interest", "balance"]
    assert [column for _number, column, _before, _after in gone] == columns
    assert [column for _number, column, _before, _after in come] == columns
    assert {after for _number, _column, _before, after in gone} == {"–"}
    assert {before for _number, _column, before, _after in come} == {"–"}
    assert (2, "due_on", "2027-01-25", "–") in gone
