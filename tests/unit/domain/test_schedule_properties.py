"""What must hold for every loan, tried on ten thousand drawn at random; shrunk to the smallest that breaks it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.schedule import DayCount, Instalment, InstalmentKind, LoanTerms, RateStep, Rounding, build_schedule

D = Decimal
MANY = 10_000
SATANG = D("0.01")
LAST_DAY_OF_EVERY_MONTH = 28
RATES = st.integers(0, 1500).map(lambda hundredths: D(hundredths) / 10_000)
UNITS = st.sampled_from([SATANG, D("0.25"), D(1), D(100)])


@st.composite
def loans(draw: Callable[..., Any], *, constant_rate: bool = False) -> LoanTerms:
    """Any loan the fund may make, and many it would not."""
    count = draw(st.integers(1, 120))
    satang = draw(st.integers(count, 5_000_000_000))
    paid = draw(st.dates(date(2000, 1, 1), date(2090, 1, 1)))
    rates = [RateStep(1, draw(RATES))]
    if not constant_rate:
        for first in sorted(draw(st.sets(st.integers(2, 120), max_size=3))):
            rates.append(RateStep(first, draw(RATES)))
    return LoanTerms(
        principal=D(satang) / 100,
        paid_out_on=paid,
        first_due_on=paid + timedelta(days=draw(st.integers(1, 70))),
        instalments=count,
        rates=tuple(rates),
        kind=draw(st.sampled_from(InstalmentKind)),
        day_count=draw(st.sampled_from(DayCount)),
        rounding=draw(st.sampled_from(Rounding)),
        amount_unit=draw(UNITS),
        interest_unit=draw(UNITS),
        principal_grace=draw(st.integers(0, count - 1)),
    )


@settings(max_examples=MANY, deadline=None)
@given(loans())
def test_every_loan_is_paid_back_exactly(loan: LoanTerms) -> None:
    rows = build_schedule(loan)

    assert sum(row.principal for row in rows) == loan.principal
    assert rows[-1].balance == 0
    balance = loan.principal
    for row in rows:
        assert row.principal >= 0
        assert row.interest >= 0
        assert 0 <= row.balance == balance - row.principal
        assert row.interest % loan.interest_unit == 0
        balance = row.balance
    assert rows[0].due_on == loan.first_due_on
    first_month = loan.first_due_on.year * 12 + loan.first_due_on.month
    assert all((row.due_on.year * 12 + row.due_on.month) - row.number == first_month - 1 for row in rows)


@settings(max_examples=MANY, deadline=None)
@given(loans(constant_rate=True), st.integers(1, 12))
def test_interest_at_one_rate_falls_and_free_months_leave_the_later_ones_alone(loan: LoanTerms, free: int) -> None:
    """One pass over the loans: drawing them takes longer than working them out."""
    by_principal = replace(loan, kind=InstalmentKind.EQUAL_PRINCIPAL)
    plain = build_schedule(by_principal)

    _interest_never_rises(plain, loan)
    _later_months_of_equal_principal_are_the_same(plain, build_schedule(_spared(by_principal, free)), free)
    _later_equal_instalments_are_those_of_a_new_loan(
        replace(loan, kind=InstalmentKind.EQUAL_INSTALMENT, principal_grace=0), free
    )


def _interest_never_rises(rows: Sequence[Instalment], loan: LoanTerms) -> None:
    """From a month to one that is, to the day count, no longer: 31 days may cost more than the 28 before."""
    starts = [loan.paid_out_on, *(row.due_on for row in rows)]
    for before, row in pairwise(rows):
        if _no_longer(before, row, starts[before.number - 1], loan.day_count):
            assert row.interest <= before.interest


def _no_longer(before: Instalment, row: Instalment, start: date, day_count: DayCount) -> bool:
    """Whether ``row`` costs no larger part of a year than ``before``, which begins at ``start``."""
    if day_count is DayCount.THIRTY_360:
        return before.number > 1  # the first may be a part of a month
    one_year = day_count is DayCount.ACT_365 or start.year == row.due_on.year
    return one_year and row.days <= before.days


def _later_months_of_equal_principal_are_the_same(
    plain: Sequence[Instalment], spared: Sequence[Instalment], free: int
) -> None:
    assert all(row.interest == 0 for row in spared[:free])
    assert spared[free:] == plain[free:]
    assert [row.principal for row in spared] == [row.principal for row in plain]


def _later_equal_instalments_are_those_of_a_new_loan(loan: LoanTerms, free: int) -> None:
    """The instalments after the free months are worked out on what is owed then, as if it were lent on that day."""
    rows = build_schedule(_spared(loan, free))
    left = loan.instalments - free
    assert all(row.interest == 0 for row in rows[:free])
    if left < 1 or rows[free - 1].balance < left * SATANG or loan.rates[0].annual_rate == 0:
        return
    if loan.first_due_on.day > LAST_DAY_OF_EVERY_MONTH:
        return  # a loan that begins in a short month would keep that month's day

    new_loan = build_schedule(
        replace(
            loan,
            principal=rows[free - 1].balance,
            paid_out_on=rows[free - 1].due_on,
            first_due_on=rows[free].due_on,
            instalments=left,
        )
    )

    assert [(row.principal, row.interest) for row in rows[free:]] == [(row.principal, row.interest) for row in new_loan]


def _spared(loan: LoanTerms, free: int) -> LoanTerms:
    """The loan with its first months free of interest."""
    return replace(loan, rates=(RateStep(1, D(0)), RateStep(free + 1, loan.rates[0].annual_rate)))
