"""A loan programme's terms as the fund board notified them: frozen values that rules, quotes and files read."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from app.domain.cooperatives import CooperativeKind
from app.domain.costs import Costs, RateRule
from app.domain.criteria import CriterionKind
from app.domain.programme_ranges import refuse_amounts, refuse_days, refuse_months, refuse_odd_figures, refuse_rates
from app.domain.schedule import DayCount, InstalmentKind, Rounding
from app.domain.values.errors import RuleBroken, gather
from app.domain.values.labels import LabelledEnum
from app.domain.values.money import SATANG, ZERO
from app.domain.values.text import N_

FIRST_YEAR, LAST_YEAR = 1990, 2200  # of windows; the fund was set up after the first
LONGEST_TERM = 360  # months


class OnLendingRule(LabelledEnum):
    """What a cooperative may charge its members; both kinds are known from notifications."""

    ABSOLUTE_CAP = "absolute_cap", N_("At most this rate")
    DISCOUNT_FROM_ORDINARY = "discount_from_ordinary", N_("At least this far below the ordinary-loan rate")


class ApprovingBody(LabelledEnum):
    """Who decides on an amount; the threshold is not known from a source, so that each programme sets it."""

    SUBCOMMITTEE = "subcommittee", N_("Loan Consideration Sub-committee")
    BOARD = "board", N_("Fund Board")


class Severity(LabelledEnum):
    """What it means when a criterion is not met."""

    PASS = "pass", N_("Shown only")
    WARN = "warn", N_("Warns the officer")
    BLOCK = "block", N_("Stops the application")


class DocumentCondition(LabelledEnum):
    """When a document that is not always required is required."""

    NEW_BORROWER = "new_borrower", N_("The cooperative never borrowed from the fund")
    REPEAT_BORROWER = "repeat_borrower", N_("The cooperative borrowed from the fund before")
    SAVINGS = "savings", N_("The cooperative is a savings cooperative")
    CREDIT_UNION = "credit_union", N_("The cooperative is a credit-union cooperative")
    DISASTER = "disaster", N_("The programme is for provinces of a disaster")


@dataclass(frozen=True, slots=True)
class ApprovalStep:
    """Who decides on amounts up to ``up_to`` baht; None is any amount."""

    up_to: Decimal | None
    body: ApprovingBody


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion of a programme: its kind in the registry, its figures, and what breaking it means."""

    kind: CriterionKind
    severity: Severity
    figure: Decimal | None = None
    second_figure: Decimal | None = None
    assumed: bool = True
    source: str = ""


@dataclass(frozen=True, slots=True)
class DocumentAsked:
    """A document type by its code: always required, required under a condition, or optional."""

    code: str
    required: bool
    condition: DocumentCondition | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeTerms(Costs):
    """Everything that decides about an application; amounts in baht, rates as fractions a year, terms in months.

    ``provinces`` are ISO codes; none means the whole country. ``free_months`` are without interest for a cooperative
    that never borrowed from the fund; in the first ``grace_months`` instalments interest alone is paid.
    """

    opens_on: date
    closes_on: date
    envelope: Decimal
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
    on_lending_rule: OnLendingRule | None = None
    on_lending_figure: Decimal | None = None
    member_loan_cap: Decimal | None = None
    member_income_cap: Decimal | None = None
    kinds: tuple[CooperativeKind, ...] = tuple(CooperativeKind)
    provinces: tuple[str, ...] = ()
    waiting_list: bool = False
    approval_levels: tuple[ApprovalStep, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    documents: tuple[DocumentAsked, ...] = ()

    def highest_member_rate(self, ordinary_rate: Decimal | None) -> Decimal | None:
        """Return the highest rate members may be charged; None when no rule or no ordinary rate is known."""
        return highest_member_rate(self.on_lending_rule, self.on_lending_figure, ordinary_rate)

    def decided_by(self, amount: Decimal) -> ApprovingBody | None:
        """Return who decides on ``amount``: the lowest level that reaches it; None when no level is set."""
        reaching = [level for level in self.approval_levels if level.up_to is None or amount <= level.up_to]
        bounded = sorted((level for level in reaching if level.up_to is not None), key=lambda level: level.up_to or 0)
        chosen = next(iter((*bounded, *reaching)), None)
        return chosen.body if chosen else None

    def refuse_odd(self) -> None:
        """Raise ``RuleBroken`` for terms that contradict themselves, with the figures.

        Its ``field`` is the value's place among the terms: ``closes_on``, ``rates.1.from_month``.
        """
        gather(*(partial(check, self) for check in _CHECKS))


def highest_member_rate(
    rule: OnLendingRule | None, figure: Decimal | None, ordinary_rate: Decimal | None
) -> Decimal | None:
    """Return the highest rate members may be charged; None when no rule or no ordinary rate is known."""
    if rule is None or figure is None:
        return None
    if rule is OnLendingRule.ABSOLUTE_CAP:
        return figure
    return None if ordinary_rate is None else max(ordinary_rate - figure, ZERO)


def refuse_idle_condition(condition: DocumentCondition | None, *, required: bool) -> None:
    """Raise ``RuleBroken`` for a document that has a condition and is optional whether it holds or not."""
    if condition is not None and not required:
        raise RuleBroken(
            N_(
                "A condition says when the document is required. Tick that it is required, or leave the condition "
                "empty."
            )
        ).at("condition")


def _ranges(terms: ProgrammeTerms) -> None:
    def placed(*names: str) -> list[tuple[str, Any]]:
        return [(name, getattr(terms, name)) for name in names]

    def of_rates(*names: str) -> list[tuple[str, Any]]:
        return [
            (f"rates.{place}.{name}", getattr(rule, name)) for place, rule in enumerate(terms.rates) for name in names
        ]

    levels = [(f"approval_levels.{place}.up_to", level.up_to) for place, level in enumerate(terms.approval_levels)]
    amounts = placed("envelope", "ceiling", "amount_unit", "interest_unit", "member_loan_cap", "member_income_cap")
    refuse_days(placed("opens_on", "closes_on"), first=FIRST_YEAR, last=LAST_YEAR)
    refuse_amounts([*amounts, *levels])
    refuse_rates([*placed("annual_rate"), *of_rates("annual_rate"), *placed("on_lending_figure")])
    months = of_rates("shortest_term", "longest_term", "from_month")
    refuse_months([*placed("longest_term"), *months], longest=LONGEST_TERM)


def _window(terms: ProgrammeTerms) -> None:
    if terms.closes_on < terms.opens_on:
        raise RuleBroken(N_("The programme closes before it opens. Correct one of the two dates.")).at("closes_on")


def _amounts(terms: ProgrammeTerms) -> None:
    for name in ("envelope", "ceiling"):
        if getattr(terms, name) <= 0:
            raise RuleBroken(N_("Envelope and ceiling must be above zero.")).at(name)
    if terms.ceiling > terms.envelope:
        raise RuleBroken(
            N_("The ceiling per cooperative, %(ceiling)s baht, is above the envelope of %(envelope)s baht."),
            ceiling=f"{terms.ceiling:,.2f}",
            envelope=f"{terms.envelope:,.2f}",
        ).at("ceiling")
    for name in ("amount_unit", "interest_unit"):
        if getattr(terms, name) <= 0:
            raise RuleBroken(N_("Amounts are rounded to a unit above zero, for example 0.01, 1 or 100 baht.")).at(name)


def _rates(terms: ProgrammeTerms) -> None:
    for place, rule in enumerate(terms.rates):
        if rule.longest_term is not None and rule.longest_term < rule.shortest_term:
            raise RuleBroken(
                N_("A rate for terms from %(shortest)s to %(longest)s months holds for none. Correct the two terms."),
                shortest=rule.shortest_term,
                longest=rule.longest_term,
            ).at(f"rates.{place}.longest_term")
        if any(_overlap(rule, other) for other in terms.rates[:place]):
            raise RuleBroken(
                N_("Two rates begin with month %(month)s for the same terms. Correct one of them."),
                month=rule.from_month,
            ).at(f"rates.{place}.from_month")


def _overlap(one: RateRule, other: RateRule) -> bool:
    if one.from_month != other.from_month:
        return False
    ends_before = one.longest_term is not None and one.longest_term < other.shortest_term
    begins_after = other.longest_term is not None and other.longest_term < one.shortest_term
    return not (ends_before or begins_after)


def _free_months(terms: ProgrammeTerms) -> None:
    if not 0 <= terms.free_months <= terms.longest_term:
        raise RuleBroken(
            N_("%(free)s interest-free months do not fit a longest term of %(longest)s months. Lower them."),
            free=terms.free_months,
            longest=terms.longest_term,
        ).at("free_months")


def _grace(terms: ProgrammeTerms) -> None:
    if not 0 <= terms.grace_months < terms.longest_term:
        raise RuleBroken(
            N_(
                "%(grace)s instalments without principal leave none of a longest term of %(longest)s months. Lower "
                "them."
            ),
            grace=terms.grace_months,
            longest=terms.longest_term,
        ).at("grace_months")


def _on_lending(terms: ProgrammeTerms) -> None:
    if (terms.on_lending_rule is None) != (terms.on_lending_figure is None):
        raise RuleBroken(
            N_("A rule on the members' rate needs both its kind and its figure. Fill in both, or neither.")
        ).at("on_lending_rule" if terms.on_lending_figure is None else "on_lending_figure")


def _levels(terms: ProgrammeTerms) -> None:
    bounds = [level.up_to for level in terms.approval_levels]
    for place, bound in enumerate(bounds):
        if bound in bounds[:place]:
            raise RuleBroken(N_("Two approval levels reach up to the same amount. Correct one of them.")).at(
                f"approval_levels.{place}.up_to"
            )


def _kinds(terms: ProgrammeTerms) -> None:
    if not terms.kinds:
        raise RuleBroken(N_("Choose at least one kind of cooperative that may apply.")).at("kinds")


def _criteria(terms: ProgrammeTerms) -> None:
    kinds = [criterion.kind for criterion in terms.criteria]
    for place, criterion in enumerate(terms.criteria):
        if criterion.kind in kinds[:place]:
            raise RuleBroken(N_("A criterion is there twice. Leave one of them out.")).at(f"criteria.{place}.kind")
        try:
            refuse_odd_figures(criterion.kind, criterion.figure, criterion.second_figure)
        except RuleBroken as refusal:
            raise refusal.at(f"criteria.{place}.{refusal.field or 'figure'}") from None


_CHECKS = (_ranges, _window, _amounts, _rates, _free_months, _grace, _on_lending, _levels, _kinds, _criteria)
