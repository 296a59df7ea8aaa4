"""The answers of a first look, judged under every programme that is open; nothing of them is stored.

No rule is written here: the answers become facts, and the facts go to the judgement of applications.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from app.domain.cooperatives import CooperativeKind
from app.domain.criteria import Borrower
from app.domain.eligibility import Line, judge
from app.domain.loan_checks import LoanFacts
from app.domain.programmes import ProgrammeTerms, Severity
from app.domain.values.labels import LabelledEnum
from app.domain.values.text import N_
from app.models.programmes import LoanProgramme
from app.services.programmes.terms import money_left, open_with_terms, terms_of

EARLIEST = date(1900, 1, 1)


class AskedKind(LabelledEnum):
    """What one may answer to the question for the kind: the two that the fund lends to, and all else."""

    SAVINGS = "savings", CooperativeKind.SAVINGS.label
    CREDIT_UNION = "credit_union", CooperativeKind.CREDIT_UNION.label
    OTHER = "other", N_("Another kind, or not sure")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What was answered; amounts in baht. None is “not known”, and nothing is claimed of it.

    ``years`` are the full years since the registration, ``guarantors`` those whose terms have not ended, ``arrears``
    what is overdue with the fund.
    """

    kind: AskedKind
    province: str
    amount: Decimal
    months: int
    beneficiaries: int
    years: int | None = None
    guarantors: int | None = None
    arrears: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a programme's rules say to the answers; ``waits``: more is asked for than is left, and there is a list."""

    lines: tuple[Line, ...]
    waits: bool

    @property
    def stops(self) -> tuple[Line, ...]:
        """What stops an application."""
        return tuple(line for line in self.lines if line.blocks)

    @property
    def looked_at(self) -> tuple[Line, ...]:
        """What does not stop it, and is weighed by the officers."""
        return tuple(line for line in self.lines if line.unmet and not line.blocks)

    @property
    def untold(self) -> tuple[Line, ...]:
        """What the answers do not tell and a decision looks at."""
        return tuple(line for line in self.lines if line.met is None and line.severity is not Severity.PASS)


def precheck(answers: Answers, terms: ProgrammeTerms, left: Decimal, today: date) -> Outcome:
    """Judge the answers under the terms of an open programme that has ``left`` baht to lend."""
    known_kind = None if answers.kind is AskedKind.OTHER else CooperativeKind(answers.kind.value)
    facts = LoanFacts(
        today=today,
        programme_open=True,
        opens_on=terms.opens_on,
        closes_on=terms.closes_on,
        amount=answers.amount,
        months=answers.months,
        ceiling=terms.ceiling,
        longest_term=terms.longest_term,
        envelope_left=left,
        beneficiaries=answers.beneficiaries,
        may_wait=terms.waiting_list,
        kind_may_apply=known_kind in terms.kinds,
        place_may_apply=not terms.provinces or answers.province in terms.provinces,
        member_rate_ruled=terms.on_lending_rule is not None,
        member_loan_cap=terms.member_loan_cap,
        member_income_cap=terms.member_income_cap,
    )
    borrower = Borrower(
        kind=known_kind or CooperativeKind.SAVINGS,
        amount=answers.amount,
        today=today,
        registered_on=_registered_on(answers.years, today),
        terms_end=_terms_end(answers.guarantors, today),
        arrears=answers.arrears,
    )
    return Outcome(judge(facts, borrower, terms.criteria), terms.waiting_list and answers.amount > left)


@dataclass(frozen=True, slots=True)
class Prechecked:
    """A programme and what its rules say to the answers."""

    programme: LoanProgramme
    outcome: Outcome


def prechecked(answers: Answers, today: date) -> tuple[Prechecked, ...]:
    """Judge the answers under each programme that takes applications today, soonest to close first."""
    programmes = open_with_terms(today)
    left = money_left(programmes)
    return tuple(Prechecked(each, precheck(answers, terms_of(each), left[each.id], today)) for each in programmes)


def _registered_on(years: int | None, today: date) -> date | None:
    """The latest day on which who says so many full years can have been registered."""
    if years is None:
        return None
    year = max(today.year - years, EARLIEST.year)
    leap_day = (today.month, today.day) == (2, 29)
    return date(year, 2, 28) if leap_day else today.replace(year=year)


def _terms_end(guarantors: int | None, today: date) -> tuple[date, ...]:
    """Days that count as so many terms; nobody at all is one term that has ended, for no terms are not recorded."""
    if guarantors is None:
        return ()
    return (today,) * guarantors or (today - timedelta(days=1),)
