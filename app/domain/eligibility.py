"""May this cooperative borrow this amount under this programme: every rule is judged, none hides another."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.domain.criteria import RULES as CRITERIA
from app.domain.criteria import Borrower, baht
from app.domain.errors import RuleBroken
from app.domain.programmes import Criterion, Severity
from app.domain.text import N_, Words


@dataclass(frozen=True, slots=True)
class LoanFacts:
    """What the rules look at; amounts in baht, terms in months.

    ``envelope_left`` is what the programme may still lend, not counting this application; ``may_wait`` says that the
    programme keeps a waiting list for those who come too late.
    ``kind_may_apply`` and ``place_may_apply`` compare the cooperative with whom the programme is for; the highest
    rate members may be charged is None when the programme has no rule, or nothing to compare with.
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
    kind_may_apply: bool = True
    place_may_apply: bool = True
    member_rate: Decimal = Decimal(0)
    highest_member_rate: Decimal | None = None


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


def _kind(facts: LoanFacts) -> None:
    if not facts.kind_may_apply:
        raise RuleBroken(N_("The programme is not for this kind of cooperative. Choose another programme."))


def _place(facts: LoanFacts) -> None:
    if not facts.place_may_apply:
        raise RuleBroken(N_("The programme is not for the cooperative's province. Choose another programme."))


def _member_rate(facts: LoanFacts) -> None:
    highest = facts.highest_member_rate
    if highest is not None and facts.member_rate > highest:
        raise RuleBroken(
            N_(
                "The rate to members, %(rate)s per cent a year, is above the %(highest)s per cent the programme "
                "allows. Lower it."
            ),
            rate=_per_cent(facts.member_rate),
            highest=_per_cent(highest),
        )


def _per_cent(fraction: Decimal) -> str:
    return f"{fraction * 100:.2f}"


NOT_LIMITED = Words(N_("no limit recorded"))
YES, NO = Words(N_("Yes")), Words(N_("No"))


def _yes(claim: bool) -> Words:
    return YES if claim else NO


def _sum(amount: Decimal | None) -> Words:
    return NOT_LIMITED if amount is None else Words(N_("%(amount)s baht"), amount=baht(amount))


def _months(number: int) -> Words:
    return Words(N_("%(months)s months"), months=number)


def _rate(fraction: Decimal | None) -> Words:
    return NOT_LIMITED if fraction is None else Words(N_("%(rate)s per cent a year"), rate=_per_cent(fraction))


@dataclass(frozen=True, slots=True)
class FixedRule:
    """A rule that holds for every programme: what it is called, what was found, what is allowed, and the refusal."""

    label: str
    found: Callable[[LoanFacts], Words]
    limit: Callable[[LoanFacts], Words]
    check: Callable[[LoanFacts], None]


FIXED: tuple[FixedRule, ...] = (
    FixedRule(
        N_("The cooperative is active in the register"),
        lambda facts: _yes(facts.cooperative_active), lambda facts: YES, _active,
    ),
    FixedRule(
        N_("The programme takes applications today"),
        lambda facts: _yes(facts.programme_open and facts.opens_on <= facts.today <= facts.closes_on),
        lambda facts: YES, _open,
    ),
    FixedRule(N_("Kind of cooperative"), lambda facts: _yes(facts.kind_may_apply), lambda facts: YES, _kind),
    FixedRule(N_("Province of the cooperative"), lambda facts: _yes(facts.place_may_apply), lambda facts: YES, _place),
    FixedRule(
        N_("Amount within the programme's ceiling"),
        lambda facts: _sum(facts.amount), lambda facts: _sum(facts.ceiling), _within_ceiling,
    ),
    FixedRule(
        N_("Term within the programme's longest"),
        lambda facts: _months(facts.months), lambda facts: _months(facts.longest_term), _within_term,
    ),
    FixedRule(
        N_("Money left in the programme"),
        lambda facts: _sum(facts.amount),
        lambda facts: _sum(max(facts.envelope_left, Decimal(0))), _within_envelope,
    ),
    FixedRule(
        N_("Amount within the cooperative's own borrowing ceiling"),
        lambda facts: _sum(facts.amount), lambda facts: _sum(facts.borrowing_ceiling), _within_own_ceiling,
    ),
    FixedRule(
        N_("Rate to members"),
        lambda facts: _rate(facts.member_rate), lambda facts: _rate(facts.highest_member_rate), _member_rate,
    ),
    FixedRule(
        N_("Members who benefit"),
        lambda facts: Words(N_("%(number)s persons"), number=f"{facts.beneficiaries:,}"),
        lambda facts: Words(N_("%(number)s persons"), number=f"{facts.members:,}") if facts.members else NOT_LIMITED,
        _beneficiaries,
    ),
)  # fmt: skip
RULES: tuple[Callable[[LoanFacts], None], ...] = tuple(rule.check for rule in FIXED)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a judgement: the rule, what was found, what is allowed, and what follows.

    ``met`` is None when it cannot be told; ``assumed`` says that the figure is not known from a source.
    """

    label: str
    found: Words
    limit: Words
    met: bool | None
    severity: Severity
    refusal: RuleBroken | None = None
    assumed: bool = False
    source: str = ""

    @property
    def blocks(self) -> bool:
        """Whether this line alone stops the application."""
        return self.met is False and self.severity is Severity.BLOCK


def judge(facts: LoanFacts, borrower: Borrower, criteria: Sequence[Criterion]) -> tuple[Line, ...]:
    """Judge an application by every fixed rule and every criterion of its programme; no line hides another.

    This one answer feeds the applicant's check, the officers' check sheet and the reasons of letters.
    """
    return (*(_fixed_line(rule, facts) for rule in FIXED), *(_line(criterion, borrower) for criterion in criteria))


def _fixed_line(rule: FixedRule, facts: LoanFacts) -> Line:
    refusal = _judge(rule.check, facts)
    return Line(rule.label, rule.found(facts), rule.limit(facts), refusal is None, Severity.BLOCK, refusal)


def _line(criterion: Criterion, borrower: Borrower) -> Line:
    nothing = Decimal(0)
    figures = criterion.figure or nothing, criterion.second_figure or nothing
    finding = CRITERIA[criterion.kind].judge(borrower, *figures)
    return Line(
        criterion.kind.label,
        finding.found,
        finding.limit,
        finding.met,
        criterion.severity,
        finding.refusal if finding.met is False else None,
        criterion.assumed,
        criterion.source,
    )


def broken_rules(facts: LoanFacts) -> tuple[RuleBroken, ...]:
    """Every fixed rule that the facts break, in the order of ``FIXED``; empty when the loan may be asked for."""
    return tuple(refusal for rule in RULES if (refusal := _judge(rule, facts)) is not None)


def _judge(rule: Callable[[LoanFacts], None], facts: LoanFacts) -> RuleBroken | None:
    try:
        rule(facts)
    except RuleBroken as refusal:
        return refusal
    return None
