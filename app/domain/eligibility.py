"""May this cooperative borrow this amount under this programme: every rule is judged, none hides another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.domain.criteria import RULES as CRITERIA
from app.domain.criteria import Borrower, CriterionKind
from app.domain.fixed_rules import FIXED, FixedRule, refusal_by
from app.domain.loan_checks import LoanFacts
from app.domain.programmes import Criterion, Severity
from app.domain.values.errors import RuleBroken
from app.domain.values.money import ZERO
from app.domain.values.text import N_, Words


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a judgement: the rule, what was found, what is allowed, and what follows.

    ``met`` is None when it cannot be told; ``assumed`` says that the figure is not known from a source. ``place`` is
    the field of the application that decides about it, where one does.
    """

    label: str
    found: Words
    limit: Words
    met: bool | None
    severity: Severity
    refusal: RuleBroken | None = None
    assumed: bool = False
    source: Words | None = None
    place: str = ""

    @property
    def unmet(self) -> bool:
        """Whether the rule is broken in a way that a decision looks at: it blocks, or warns the officer."""
        return self.met is False and self.severity is not Severity.PASS

    @property
    def blocks(self) -> bool:
        """Whether this line alone stops the application."""
        return self.met is False and self.severity is Severity.BLOCK


def judge(facts: LoanFacts, borrower: Borrower, criteria: Sequence[Criterion]) -> tuple[Line, ...]:
    """Judge an application by every fixed rule and every criterion of its programme; no line hides another.

    A criterion of a fixed rule's kind says what breaking that rule means in the programme. This one answer feeds the
    applicant's check, the officers' check sheet and the reasons of letters.
    """
    chosen = {criterion.kind: criterion for criterion in criteria}
    fixed = (_fixed_line(rule, facts, _of(rule, chosen)) for rule in FIXED if rule.applies(facts))
    return (*fixed, *(_line(criterion, borrower) for criterion in criteria if criterion.kind in CRITERIA))


def _of(rule: FixedRule, criteria: Mapping[CriterionKind, Criterion]) -> Criterion | None:
    return criteria.get(rule.kind) if rule.kind is not None else None


def _fixed_line(rule: FixedRule, facts: LoanFacts, criterion: Criterion | None) -> Line:
    refusal = refusal_by(rule, facts)
    met = refusal is None if rule.known(facts) else None
    severity = criterion.severity if criterion is not None else rule.severity
    source = _named(criterion.source) if criterion is not None and criterion.source else rule.source(facts)
    assumed = criterion is not None and criterion.assumed
    return Line(rule.label, rule.found(facts), rule.limit(facts), met, severity, refusal, assumed, source, rule.place)


def _named(source: str) -> Words | None:
    return Words(N_("Source: %(source)s"), source=source) if source else None


def _line(criterion: Criterion, borrower: Borrower) -> Line:
    nothing = ZERO
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
        _named(criterion.source),
        CRITERIA[criterion.kind].place,
    )
