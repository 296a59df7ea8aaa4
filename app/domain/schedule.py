"""What is owed when: instalment tables of a loan, exact to the satang, from terms alone."""

from calendar import isleap, monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal, localcontext
from itertools import pairwise

from app.domain.values.errors import RuleBroken
from app.domain.values.labels import LabelledEnum
from app.domain.values.money import SATANG, ZERO, to_satang
from app.domain.values.text import N_

MONTHS_A_YEAR = 12
DAYS_A_YEAR, DAYS_A_LEAP_YEAR = 365, 366
# Significant digits while working; amounts have 15 at most, so that nothing is lost before the one rounding.
WORKING_DIGITS = 40
ONE = Decimal(1)


class InstalmentKind(LabelledEnum):
    """What stays the same from month to month."""

    EQUAL_PRINCIPAL = "equal_principal", N_("Equal principal, falling interest")
    EQUAL_INSTALMENT = "equal_instalment", N_("Equal instalments, principal and interest together")


class DayCount(LabelledEnum):
    """Which part of a year's interest a time costs."""

    ACT_365 = "act_365", N_("Actual days over 365, in leap years too")
    ACT_ACT = "act_act", N_("Actual days over 365, over 366 in a leap year")
    THIRTY_360 = "thirty_360", N_("A twelfth of the year for each month")


class Rounding(LabelledEnum):
    """What happens to exactly half a unit."""

    HALF_UP = "half_up", N_("Half is rounded up")
    HALF_EVEN = "half_even", N_("Half is rounded to the even neighbour")


_MODES = {Rounding.HALF_UP: ROUND_HALF_UP, Rounding.HALF_EVEN: ROUND_HALF_EVEN}


@dataclass(frozen=True, slots=True)
class RateStep:
    """A yearly rate as a fraction (0.0275 is 2.75 per cent) from an instalment on, counted from 1."""

    first_instalment: int
    annual_rate: Decimal


@dataclass(frozen=True, slots=True)
class LoanTerms:
    """All that a table depends on.

    ``amount_unit`` and ``interest_unit`` are in baht: 0.01 is a satang, 100 a hundred baht. In the first
    ``principal_grace`` instalments interest alone is paid.
    """

    principal: Decimal
    paid_out_on: date
    first_due_on: date
    instalments: int
    rates: tuple[RateStep, ...]
    kind: InstalmentKind
    day_count: DayCount
    rounding: Rounding = Rounding.HALF_UP
    amount_unit: Decimal = SATANG
    interest_unit: Decimal = SATANG
    principal_grace: int = 0


@dataclass(frozen=True, slots=True)
class Instalment:
    """One row of the table; ``days`` are actual days since the due day before, ``balance`` is what remains owed."""

    number: int
    due_on: date
    days: int
    annual_rate: Decimal
    principal: Decimal
    interest: Decimal
    balance: Decimal

    @property
    def total(self) -> Decimal:
        """What is paid on the due day, in baht."""
        return self.principal + self.interest


def build_schedule(terms: LoanTerms) -> tuple[Instalment, ...]:
    """Return the loan's instalments, monthly, on the reducing balance.

    The equal principal, or the equal instalment, is rounded to ``amount_unit``; the last instalment takes the
    difference, so the principal sums exactly to the loan. Interest of each month is rounded once, to
    ``interest_unit``. An equal instalment is worked out on the real length of the months to come as if the rate in
    force would last, and anew on the balance when the rate changes. Due days keep the first one's day of the month; a
    loan paid out on the 31st and due first on 29 February is due on 31 March next.

    Raises:
        RuleBroken: an amount, a rate, a date or a number is out of range; the message has the figures.

    Source: monthly principal together with interest is stated in the fund's notifications; the kind of instalment,
        the day count and the rounding are not, so that each programme sets them.
    """
    _refuse_odd(terms)
    days_due = _days_due(terms)
    with localcontext() as context:
        context.prec = WORKING_DIGITS
        fractions = _year_fractions(terms, days_due)
        return tuple(_rows(terms, days_due, fractions))


def _rows(terms: LoanTerms, days_due: Sequence[date], fractions: Sequence[Decimal]) -> list[Instalment]:
    rows = []
    rates = _rate_of_each(terms)
    balance, before, fixed, fixed_at = terms.principal, terms.paid_out_on, ZERO, None
    for index, due_on in enumerate(days_due):
        rate = rates[index]
        interest = _rounded(balance * rate * fractions[index], terms.interest_unit, terms.rounding)
        if index < terms.principal_grace:
            principal = ZERO
        elif index == terms.instalments - 1:
            principal = balance
        else:
            if fixed_at is None or (terms.kind is InstalmentKind.EQUAL_INSTALMENT and rate != fixed_at):
                fixed, fixed_at = _fixed_amount(terms, balance, rate, fractions[index:]), rate
            wanted = fixed if terms.kind is InstalmentKind.EQUAL_PRINCIPAL else fixed - interest
            principal = min(max(wanted, ZERO), balance)
        balance -= principal
        rows.append(Instalment(index + 1, due_on, (due_on - before).days, rate, principal, interest, balance))
        before = due_on
    return rows


def _fixed_amount(terms: LoanTerms, balance: Decimal, rate: Decimal, fractions: Sequence[Decimal]) -> Decimal:
    """The equal principal, or the equal instalment that clears ``balance`` over the months that ``fractions`` tell."""
    if terms.kind is InstalmentKind.EQUAL_PRINCIPAL:
        return _rounded(balance / len(fractions), terms.amount_unit, terms.rounding)
    worth, discount = ZERO, ONE
    for fraction in fractions:
        discount /= ONE + rate * fraction
        worth += discount
    return _rounded(balance / worth, terms.amount_unit, terms.rounding)


def _rate_of_each(terms: LoanTerms) -> list[Decimal]:
    rates: list[Decimal] = []
    steps = iter((*terms.rates[1:], RateStep(terms.instalments + 1, ZERO)))
    rate, following = terms.rates[0].annual_rate, next(steps)
    for number in range(1, terms.instalments + 1):
        if number == following.first_instalment:
            rate, following = following.annual_rate, next(steps)
        rates.append(rate)
    return rates


def _rounded(amount: Decimal, unit: Decimal, rounding: Rounding) -> Decimal:
    """Round to a multiple of ``unit`` baht, with two decimals."""
    return ((amount / unit).quantize(ONE, rounding=_MODES[rounding]) * unit).quantize(SATANG)


# ---- days


def due_dates(first_due_on: date, count: int) -> tuple[date, ...]:
    """Return ``count`` monthly due days on the first one's day of the month, or the month's last where it has none.

    Each is counted from the first, so 31 January, 28 February, 31 March: the day does not drift.
    """
    return tuple(_months_later(first_due_on, number) for number in range(count))


def _days_due(terms: LoanTerms) -> tuple[date, ...]:
    first = terms.first_due_on
    cut_short = first.day == monthrange(first.year, first.month)[1] and terms.paid_out_on.day > first.day
    day = terms.paid_out_on.day if cut_short else first.day
    return tuple(_months_later(first, number, day) for number in range(terms.instalments))


def accrued_interest(balance: Decimal, annual_rate: Decimal, start: date, end: date, day_count: DayCount) -> Decimal:
    """Return the interest on ``balance`` from ``start`` until ``end``, which is not counted, in baht.

    Rounded half up to the satang: what this time alone costs. ``annual_rate`` is a fraction, 0.0275 is 2.75 per cent.

    Raises:
        RuleBroken: ``end`` lies before ``start``.
    """
    if end < start:
        raise RuleBroken(
            N_("Interest cannot be counted from %(start)s back to %(end)s. Correct one of the days."),
            start=start.isoformat(),
            end=end.isoformat(),
        )
    with localcontext() as context:
        context.prec = WORKING_DIGITS
        return to_satang(balance * annual_rate * _year_fraction(start, end, day_count))


def _year_fractions(terms: LoanTerms, days_due: Sequence[date]) -> list[Decimal]:
    first = _year_fraction(terms.paid_out_on, days_due[0], terms.day_count)
    if terms.day_count is DayCount.THIRTY_360:
        return [first, *[ONE / MONTHS_A_YEAR] * (len(days_due) - 1)]
    return [first, *(_year_fraction(start, end, terms.day_count) for start, end in pairwise(days_due))]


def _year_fraction(start: date, end: date, day_count: DayCount) -> Decimal:
    """The part of a year from ``start`` until ``end``, not counting ``end``."""
    if day_count is DayCount.ACT_365:
        return Decimal((end - start).days) / DAYS_A_YEAR
    if day_count is DayCount.THIRTY_360:
        return _months_between(start, end) / MONTHS_A_YEAR
    fraction = ZERO
    while start < end:
        until = min(end, date(start.year + 1, 1, 1))
        fraction += Decimal((until - start).days) / (DAYS_A_LEAP_YEAR if isleap(start.year) else DAYS_A_YEAR)
        start = until
    return fraction


def _months_between(start: date, end: date) -> Decimal:
    """Whole months count as one each; a broken first one as its actual days over the days of that month."""
    whole = (end.year - start.year) * MONTHS_A_YEAR + end.month - start.month
    if _months_later(start, whole) == end or _months_later(end, -whole) == start:
        return Decimal(whole)
    while _months_later(end, -whole) < start:
        whole -= 1
    broken_until, broken_from = _months_later(end, -whole), _months_later(end, -whole - 1)
    return whole + Decimal((broken_until - start).days) / (broken_until - broken_from).days


def _months_later(day: date, months: int, wanted: int | None = None) -> date:
    """The same day of the month (or the ``wanted`` one), or the month's last, ``months`` later (earlier below zero)."""
    years, month = divmod(day.month - 1 + months, MONTHS_A_YEAR)
    year, month = day.year + years, month + 1
    return date(year, month, min(wanted or day.day, monthrange(year, month)[1]))


# ---- refusals


def _refuse_odd(terms: LoanTerms) -> None:
    _refuse_odd_amounts(terms)
    _refuse_odd_rates(terms.rates)
    if terms.first_due_on <= terms.paid_out_on:
        raise RuleBroken(
            N_("The first instalment is due on %(due)s, not after the pay-out on %(paid)s. Correct one of the days."),
            due=terms.first_due_on.isoformat(),
            paid=terms.paid_out_on.isoformat(),
        )
    if not 0 <= terms.principal_grace < terms.instalments:
        raise RuleBroken(
            N_("%(grace)s instalments without principal leave none of the %(count)s to pay the loan back. Lower them."),
            grace=terms.principal_grace,
            count=terms.instalments,
        )


def _refuse_odd_amounts(terms: LoanTerms) -> None:
    principal = terms.principal
    if not principal.is_finite() or principal <= 0 or principal != to_satang(principal):
        raise RuleBroken(
            N_("The loan of %(amount)s baht must be above zero, in whole satang. Correct the amount."), amount=principal
        )
    if terms.instalments < 1 or terms.instalments > principal / SATANG:
        raise RuleBroken(
            N_(
                "A loan of %(amount)s baht cannot be paid in %(count)s instalments: each needs a satang at least. "
                "Choose another number."
            ),
            amount=f"{principal:,.2f}",
            count=terms.instalments,
        )
    for unit in (terms.amount_unit, terms.interest_unit):
        if not unit.is_finite() or unit <= 0 or unit != to_satang(unit):
            raise RuleBroken(
                N_("Amounts cannot be rounded to %(unit)s baht. Choose a unit of whole satang above zero."), unit=unit
            )


def _refuse_odd_rates(steps: Sequence[RateStep]) -> None:
    firsts = [step.first_instalment for step in steps]
    if not firsts or firsts[0] != 1 or any(later <= earlier for earlier, later in pairwise(firsts)):
        raise RuleBroken(
            N_("Rates must begin with instalment 1 and go on in ascending order, not %(found)s. Put them in order."),
            found=", ".join(map(str, firsts)) or "–",
        )
    for step in steps:
        if not step.annual_rate.is_finite() or step.annual_rate < 0:
            raise RuleBroken(
                N_("The rate of %(rate)s from instalment %(number)s on cannot be below zero. Correct it."),
                rate=step.annual_rate,
                number=step.first_instalment,
            )
