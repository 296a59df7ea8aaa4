"""What a loan costs by a programme's terms: its rates by instalment, and what its schedule is worked out from."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.domain.schedule import DayCount, InstalmentKind, LoanTerms, RateStep, Rounding
from app.domain.values.money import SATANG, ZERO


@dataclass(frozen=True, slots=True)
class RateRule:
    """A yearly rate for loans of some terms, from a month of the loan on; ``longest_term`` None is no bound."""

    shortest_term: int
    longest_term: int | None
    from_month: int
    annual_rate: Decimal


class Costs:
    """What terms have that say what a loan costs: all of a programme's, or ``CostTerms`` alone."""

    __slots__ = ()

    ceiling: Decimal
    longest_term: int
    annual_rate: Decimal
    rates: tuple[RateRule, ...]
    free_months: int
    grace_months: int
    instalment_kind: InstalmentKind
    day_count: DayCount
    rounding: Rounding
    amount_unit: Decimal
    interest_unit: Decimal

    def rate_steps(self, months: int, *, first_time: bool) -> tuple[RateStep, ...]:
        """Return the rates of a loan of ``months``, by instalment.

        Rules for this term count; without one the programme's own rate holds from the first month.
        """
        steps = {1: self.annual_rate}
        for rule in self.rates:
            if rule.shortest_term <= months and (rule.longest_term is None or months <= rule.longest_term):
                steps[rule.from_month] = rule.annual_rate
        if first_time and self.free_months:
            after = max(month for month in steps if month <= self.free_months + 1)
            later = {month: rate for month, rate in steps.items() if month > self.free_months + 1}
            steps = {1: ZERO, self.free_months + 1: steps[after], **later}
        return tuple(RateStep(month, rate) for month, rate in sorted(steps.items()) if month <= months)

    def rate_bounds(self) -> tuple[Decimal, Decimal]:
        """Return the lowest and the highest rate that a loan may have at any time, months without interest aside."""
        # Between these terms the rates are the same.
        turns = {1, *(rule.shortest_term for rule in self.rates), *(rule.from_month for rule in self.rates)}
        turns |= {rule.longest_term + 1 for rule in self.rates if rule.longest_term is not None}
        rates = {
            step.annual_rate
            for months in turns
            if months <= self.longest_term
            for step in self.rate_steps(months, first_time=False)
        }
        return min(rates), max(rates)

    def loan_terms(
        self, principal: Decimal, months: int, *, paid_out_on: date, first_due_on: date, first_time: bool
    ) -> LoanTerms:
        """Return what the schedule of a loan under this programme is worked out from."""
        return LoanTerms(
            principal=principal,
            paid_out_on=paid_out_on,
            first_due_on=first_due_on,
            instalments=months,
            rates=self.rate_steps(months, first_time=first_time),
            kind=self.instalment_kind,
            day_count=self.day_count,
            rounding=self.rounding,
            amount_unit=self.amount_unit,
            interest_unit=self.interest_unit,
            principal_grace=min(self.grace_months, months - 1),  # the last instalment pays back what is left
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CostTerms(Costs):
    """The terms of a programme that say what a loan costs; amounts in baht, rates as fractions a year."""

    ceiling: Decimal
    longest_term: int
    annual_rate: Decimal
    rates: tuple[RateRule, ...] = ()
    free_months: int = 0
    grace_months: int = 0
    instalment_kind: InstalmentKind = InstalmentKind.EQUAL_PRINCIPAL
    day_count: DayCount = DayCount.ACT_365
    rounding: Rounding = Rounding.HALF_UP
    amount_unit: Decimal = SATANG
    interest_unit: Decimal = SATANG
