"""May this cooperative borrow this amount under this programme: every rule is judged, none hides another."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.domain.errors import RuleBroken
from app.domain.text import N_


@dataclass(frozen=True, slots=True)
class LoanFacts:
    """What the rules look at; amounts in baht, terms in months.

    ``envelope_left`` is what the programme may still lend, not counting this application; ``may_wait`` says that the
    programme keeps a waiting list for those who come too late.
    ``borrowing_ceiling`` is the cooperative's own yearly ceiling, if one is recorded for ``fiscal_year``.
    """

    today: date
    programme_open: bool
    opens_on: date
    closes_on: date
    amount: Decimal
    months: int
    ceiling: Decimal
    longest_term: int
    envelope_left: Decimal
    borrowing_ceiling: Decimal | None = None
    fiscal_year: int = 0
    beneficiaries: int = 1
    members: int = 0
    cooperative_active: bool = True
    may_wait: bool = False


def _active(facts: LoanFacts) -> None:
    if not facts.cooperative_active:
        raise RuleBroken(
            N_("The cooperative is suspended or closed in the register. Ask your office to correct the register.")
        )


def _open(facts: LoanFacts) -> None:
    if not facts.programme_open or not facts.opens_on <= facts.today <= facts.closes_on:
        raise RuleBroken(N_("The programme does not take applications today. Choose a programme that is open."))


def _within_ceiling(facts: LoanFacts) -> None:
    if facts.amount > facts.ceiling:
        raise RuleBroken(
            N_(
                "The amount asked, %(amount)s baht, is above the programme's ceiling of %(ceiling)s baht. "
                "Ask for the ceiling or less."
            ),
            amount=f"{facts.amount:,.2f}",
            ceiling=f"{facts.ceiling:,.2f}",
        )


def _within_term(facts: LoanFacts) -> None:
    if facts.months > facts.longest_term:
        raise RuleBroken(
            N_(
                "The term of %(months)s months is longer than the programme's %(longest)s months. Choose "
                "a shorter term."
            ),
            months=facts.months,
            longest=facts.longest_term,
        )


def _within_envelope(facts: LoanFacts) -> None:
    if facts.amount > facts.envelope_left and not facts.may_wait:
        raise RuleBroken(
            N_(
                "The programme has %(left)s baht left, less than the %(amount)s baht asked. Ask for less, "
                "or choose another programme."
            ),
            left=f"{max(facts.envelope_left, Decimal(0)):,.2f}",
            amount=f"{facts.amount:,.2f}",
        )


def _within_own_ceiling(facts: LoanFacts) -> None:
    if facts.borrowing_ceiling is not None and facts.amount > facts.borrowing_ceiling:
        raise RuleBroken(
            N_(
                "The amount asked, %(amount)s baht, is above the cooperative's borrowing ceiling of "
                "%(ceiling)s baht for "
                "fiscal year %(year)s. Ask for less, or have the office record the new ceiling."
            ),
            amount=f"{facts.amount:,.2f}",
            ceiling=f"{facts.borrowing_ceiling:,.2f}",
            year=facts.fiscal_year,
        )


def _beneficiaries(facts: LoanFacts) -> None:
    if facts.members and facts.beneficiaries > facts.members:
        raise RuleBroken(
            N_(
                "The number of members who benefit, %(number)s, is above the cooperative's %(members)s "
                "members. Correct the number."
            ),
            number=f"{facts.beneficiaries:,}",
            members=f"{facts.members:,}",
        )


RULES: tuple[Callable[[LoanFacts], None], ...] = (
    _active,
    _open,
    _within_ceiling,
    _within_term,
    _within_envelope,
    _within_own_ceiling,
    _beneficiaries,
)


def broken_rules(facts: LoanFacts) -> tuple[RuleBroken, ...]:
    """Every rule that the facts break, in the order of ``RULES``; empty when the loan may be asked for."""
    return tuple(refusal for rule in RULES if (refusal := _judge(rule, facts)) is not None)


def _judge(rule: Callable[[LoanFacts], None], facts: LoanFacts) -> RuleBroken | None:
    try:
        rule(facts)
    except RuleBroken as refusal:
        return refusal
    return None
