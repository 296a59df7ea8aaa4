"""The rules that hold for every programme: what each found, what its limit is, and where the limit comes from."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from app.domain.criteria import UNKNOWN, CriterionKind, baht
from app.domain.loan_checks import (
    LoanFacts,
    checked_by_the_cooperative,
    cooperative_active,
    enough_members,
    kind_served,
    per_cent,
    place_served,
    purpose_written,
    takes_applications,
    within_ceiling,
    within_envelope,
    within_member_loans,
    within_member_rate,
    within_own_ceiling,
    within_term,
)
from app.domain.programmes import Severity
from app.domain.values.errors import RuleBroken
from app.domain.values.money import ZERO
from app.domain.values.text import N_, Words

NOT_LIMITED = Words(N_("no limit"))
YES, NO = Words(N_("Yes")), Words(N_("No"))
REGISTER = Words(N_("Register of cooperatives"))


def _yes(claim: bool) -> Words:
    return YES if claim else NO


def _sum(amount: Decimal | None, missing: Words = NOT_LIMITED) -> Words:
    return missing if amount is None else Words(N_("%(amount)s baht"), amount=baht(amount))


def _months(number: int) -> Words:
    return Words(N_("%(months)s months"), months=number)


def _rate(fraction: Decimal) -> Words:
    return Words(N_("%(rate)s per cent a year"), rate=per_cent(fraction))


def _persons(number: int) -> Words:
    return Words(N_("%(number)s persons"), number=f"{number:,}")


def _highest_rate(facts: LoanFacts) -> Words:
    if facts.highest_member_rate is not None:
        return _rate(facts.highest_member_rate)
    return Words(N_("the ordinary-loan rate is not recorded")) if facts.member_rate_ruled else NOT_LIMITED


def _each(facts: LoanFacts) -> Words:
    average = facts.amount / facts.beneficiaries if facts.beneficiaries else facts.amount
    return Words(N_("%(amount)s baht for each member on average"), amount=baht(average))


def _envelope(facts: LoanFacts) -> Words:
    if facts.already_reserved and facts.envelope_left < facts.already_reserved:
        return Words(N_("%(amount)s baht, reserved for the application"), amount=baht(facts.already_reserved))
    return _sum(facts.envelope_left)


def _by_terms(facts: LoanFacts) -> Words:
    if facts.terms_source:
        return Words(N_("Terms of the programme: %(source)s"), source=facts.terms_source)
    if facts.terms_version:
        return Words(N_("Terms of the programme, version %(number)s"), number=facts.terms_version)
    return Words(N_("Terms of the programme"))


def _by_register(_facts: LoanFacts) -> Words:
    return REGISTER


def _by_form(_facts: LoanFacts) -> Words:
    return Words(N_("Form of the application"))


def _always(_facts: LoanFacts) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class FixedRule:
    """A rule that holds for every programme: what it is called, what was found, what is allowed, and the refusal.

    ``kind`` is that of the criterion by which a programme changes what breaking the rule means; rules about the money
    itself have none. ``known`` says whether the rule can be judged at all, ``applies`` whether the programme has it,
    ``source`` where the limit comes from, and ``place`` the field of the application that decides about it.
    """

    label: str
    found: Callable[[LoanFacts], Words]
    limit: Callable[[LoanFacts], Words]
    check: Callable[[LoanFacts], None]
    source: Callable[[LoanFacts], Words] = _by_terms
    known: Callable[[LoanFacts], bool] = _always
    applies: Callable[[LoanFacts], bool] = _always
    severity: Severity = Severity.BLOCK
    kind: CriterionKind | None = None
    place: str = ""


K = CriterionKind
FIXED: tuple[FixedRule, ...] = (
    FixedRule(
        N_("The cooperative is active in the register"),
        lambda facts: _yes(facts.cooperative_active), lambda facts: YES, cooperative_active, _by_register,
    ),
    FixedRule(
        N_("The programme takes applications today"),
        lambda facts: _yes(facts.programme_open and facts.opens_on <= facts.today <= facts.closes_on),
        lambda facts: YES, takes_applications, place="programme",
    ),
    FixedRule(
        K.ELIGIBLE_KIND.label,
        lambda facts: _yes(facts.kind_may_apply), lambda facts: YES, kind_served, kind=K.ELIGIBLE_KIND,
        place="programme",
    ),
    FixedRule(
        K.ELIGIBLE_PLACE.label,
        lambda facts: _yes(facts.place_may_apply), lambda facts: YES, place_served, kind=K.ELIGIBLE_PLACE,
        place="programme",
    ),
    FixedRule(
        N_("Amount within the programme's ceiling"),
        lambda facts: _sum(facts.amount + facts.held_elsewhere), lambda facts: _sum(facts.ceiling), within_ceiling,
        place="amount",
    ),
    FixedRule(
        N_("Term within the programme's longest"),
        lambda facts: _months(facts.months), lambda facts: _months(facts.longest_term), within_term,
        place="months",
    ),
    FixedRule(
        N_("Money left in the programme"),
        lambda facts: _sum(facts.amount),
        _envelope, within_envelope, place="amount",
    ),
    FixedRule(
        K.OWN_CEILING.label,
        lambda facts: _sum(facts.amount), lambda facts: _sum(facts.borrowing_ceiling, UNKNOWN), within_own_ceiling,
        _by_register, lambda facts: facts.borrowing_ceiling is not None, kind=K.OWN_CEILING, place="amount",
    ),
    FixedRule(
        K.ON_LENDING_RATE.label, lambda facts: _rate(facts.member_rate), _highest_rate, within_member_rate,
        known=lambda facts: facts.highest_member_rate is not None or not facts.member_rate_ruled,
        kind=K.ON_LENDING_RATE, place="member_rate",
    ),
    FixedRule(
        N_("Members who benefit"),
        lambda facts: _persons(facts.beneficiaries),
        lambda facts: _persons(facts.members) if facts.members else UNKNOWN,
        enough_members, _by_register, lambda facts: facts.members > 0, place="beneficiaries",
    ),
    FixedRule(
        K.MEMBER_LOANS.label,
        _each, lambda facts: _sum(facts.member_loan_cap), within_member_loans,
        applies=lambda facts: facts.member_loan_cap is not None, severity=Severity.WARN, kind=K.MEMBER_LOANS,
        place="amount",
    ),
    FixedRule(
        N_("Purpose"), lambda facts: Words(N_("not written")), lambda facts: Words(N_("has to be written")),
        purpose_written, _by_form, applies=lambda facts: not facts.purpose_written, place="purpose",
    ),
    FixedRule(
        N_("Income of each member who borrows"),
        lambda facts: Words(N_("the cooperative checks it at each loan")),
        lambda facts: Words(N_("at most %(amount)s baht a month"), amount=baht(facts.member_income_cap or ZERO)),
        checked_by_the_cooperative, known=lambda facts: False,
        applies=lambda facts: facts.member_income_cap is not None, severity=Severity.PASS,
    ),
)  # fmt: skip


def refusal_by(rule: FixedRule, facts: LoanFacts) -> RuleBroken | None:
    """The refusal of a rule that the facts break; None when they do not, or when it cannot be told."""
    if not rule.known(facts):
        return None
    try:
        rule.check(facts)
    except RuleBroken as refusal:
        return refusal
    return None
