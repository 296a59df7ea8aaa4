"""What must hold for every loan, tried on many drawn at random; shrunk to the smallest that breaks it.

``PROPERTY_EXAMPLES`` says on how many: two hundred at the desk, ten thousand in ``.ci/run``.
"""

import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.schedule import DayCount, Instalment, InstalmentKind, LoanTerms, RateStep, Rounding, build_schedule

pytestmark = pytest.mark.slow

D = Decimal
MANY = int(os.environ.get("PROPERTY_EXAMPLES", "200"))
SATANG = D("0.01")
LAST_DAY_OF_EVERY_MONTH = 28
LONGEST = 120
MOST_SATANG = 5_000_000_000
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2090, 1, 1)
UNITS = (SATANG, D("0.25"), D(1), D(100))


class Choices:
    """Many small choices out of one number drawn: to draw each by itself takes longer than all that is tried."""

    BYTES = 20  # the choices of a loan multiply to some 2 ** 121

    def __init__(self, drawn: bytes) -> None:
        self.left = int.from_bytes(drawn, "big")

    def below(self, count: int) -> int:
        self.left, chosen = divmod(self.left, count)
        return chosen

    def seldom(self) -> bool:
        """Once in eight."""
        return self.below(8) == 0

    def of(self, things: Sequence[Any]) -> Any:
        return things[self.below(len(things))]


def rate(choices: Choices) -> Decimal:
    return D(0) if choices.seldom() else D(choices.below(1501)) / 10_000


def loan_of(satang: int, drawn: bytes, constant_rate: bool) -> LoanTerms:
    """Any loan the fund may make, and many it would not."""
    choices = Choices(drawn)
    count = 1 + choices.below(LONGEST)
    rates = [RateStep(1, rate(choices))]
    if not constant_rate:
        steps = {2 + choices.below(LONGEST - 1) for _step in range(choices.below(4))}
        rates += [RateStep(first, rate(choices)) for first in sorted(steps)]
    paid = FIRST_DAY + timedelta(days=choices.below((LAST_DAY - FIRST_DAY).days + 1))
    return LoanTerms(
        principal=D(count + satang) / 100,
        paid_out_on=paid,
        first_due_on=paid + timedelta(days=1 + choices.below(70)),
        instalments=count,
        rates=tuple(rates),
        kind=choices.of(tuple(InstalmentKind)),
        day_count=choices.of(tuple(DayCount)),
        rounding=choices.of(tuple(Rounding)),
        amount_unit=choices.of(UNITS),
        interest_unit=choices.of(UNITS),
        principal_grace=choices.below(count) if choices.below(2) else 0,
    )


def loans(*, constant_rate: bool = False) -> st.SearchStrategy[LoanTerms]:
    """How much is drawn, and shrinks, by itself; the rest comes out of one draw."""
    return st.builds(
        loan_of,
        st.integers(0, MOST_SATANG - LONGEST),
        st.binary(min_size=Choices.BYTES, max_size=Choices.BYTES),
        st.just(constant_rate),
    )


@settings(max_examples=MANY)
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


@settings(max_examples=MANY)
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
