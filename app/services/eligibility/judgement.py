"""May this cooperative borrow this, and why not: gathers the facts, asks the domain, and gives one answer to all.

Registers are read beyond the reader's scope: a judgement is the same for the cooperative, an officer and the committee.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from app.domain.cooperatives import Board, ControlClass, CooperativeKind, last_closed_year, year_end
from app.domain.criteria import Borrower, YearFigures
from app.domain.eligibility import Line, judge
from app.domain.loan_checks import LoanFacts
from app.domain.programmes import ProgrammeTerms, Severity
from app.domain.values.calendar import fiscal_year
from app.domain.values.errors import RuleBroken
from app.domain.values.money import ZERO
from app.domain.values.text import N_, Words
from app.extensions import db
from app.models.applications import LoanApplication
from app.models.cooperatives import Cooperative, CooperativeStatus, FinancialYear
from app.models.document_types import DocumentType
from app.models.programmes import ProgrammeStatus
from app.services.cooperatives.boards import board_of
from app.services.cooperatives.borrowers import OtherLoan, other_loans
from app.services.documents.checklist import Paper, checklist, missing_papers
from app.services.programmes.envelopes import Balance, balance_for
from app.services.programmes.versions import PaperTerms, terms_for

YEARS_READ = 10


@dataclass(frozen=True, slots=True)
class Trial:
    """An application judged as if it were new, under terms that are only tried.

    ``envelope_left`` is what the tried envelope had left when the application was submitted, in baht.
    """

    terms: ProgrammeTerms
    envelope_left: Decimal


@dataclass(frozen=True, slots=True)
class Known:
    """What the registers and the other applications say about an application's cooperative."""

    others: tuple[OtherLoan, ...]
    years: tuple[YearFigures, ...]
    board: Board


def known_of(application: LoanApplication) -> Known:
    """Read what is known of the cooperative, over every register."""
    owner = application.cooperative_id
    return Known(other_loans(application), _years(owner), board_of(owner))


@dataclass(frozen=True, slots=True)
class Grounds:
    """What a judgement rests on beside the money: the terms, what is known of the cooperative, and the papers."""

    terms: ProgrammeTerms
    known: Known
    papers: tuple[Paper, ...]

    @property
    def missing(self) -> list[DocumentType]:
        """Types of the papers that stand in the way of sending."""
        return [paper.type for paper in self.papers if paper.missing]


def grounds_of(application: LoanApplication, today: date) -> Grounds:
    """Read what a judgement rests on, by the application's own version of the terms; each table once."""
    terms = terms_for(application)
    papers = checklist(application, today, PaperTerms(terms.documents, terms.provinces))
    return Grounds(terms, known_of(application), tuple(papers))


def judgement_of(application: LoanApplication, today: date) -> tuple[Line, ...]:
    """Judge an application as it stands now, by its own version of the terms."""
    return judged(application, grounds_of(application, today), balance_for(application), today)


def judged(application: LoanApplication, grounds: Grounds, balance: Balance, today: date) -> tuple[Line, ...]:
    """Judge an application by what was read before; nothing is read here."""
    terms, known = grounds.terms, grounds.known
    answering = application.number is not None
    queues = terms.waiting_list and (not answering or application.waiting_since is not None)
    facts = _facts(
        application,
        terms,
        known.others,
        today=today,
        # A programme that closed meanwhile does not stop the answer to a question.
        programme_open=answering or application.programme.status == ProgrammeStatus.OPEN,
        opens_on=today if answering else terms.opens_on,
        closes_on=today if answering else terms.closes_on,
        amount=application.amount_asked,
        envelope_left=balance.left(queues=queues),
        already_reserved=balance.reserved,
        may_wait=queues,
    )
    missing = len(grounds.missing)
    borrower = _borrower(application, known, amount=application.amount_asked, missing=missing, today=today)
    return judge(facts, borrower, terms.criteria)


def judgement_tried(application: LoanApplication, known: Known, trial: Trial, day: date) -> tuple[Line, ...]:
    """Judge a submitted application by tried terms as of ``day``: window, envelope and papers are the tried ones too.

    Registers and other loans are read as they stand today: both sides of a comparison use the same.
    """
    terms = trial.terms
    amount = application.amount_held_for
    facts = _facts(
        application,
        terms,
        known.others,
        today=day,
        programme_open=True,
        opens_on=terms.opens_on,
        closes_on=terms.closes_on,
        amount=amount,
        envelope_left=trial.envelope_left,
        may_wait=terms.waiting_list,
    )
    missing = missing_papers(application, day, PaperTerms(terms.documents, terms.provinces))
    borrower = _borrower(application, known, amount=amount, missing=len(missing), today=day)
    return (*judge(facts, borrower, terms.criteria), _papers_line(missing))


def _papers_line(missing: Sequence[DocumentType]) -> Line:
    """The papers as one more rule: a programme may ask for one and have no criterion about them."""
    found = Words(N_("%(number)s missing"), number=len(missing))
    names = tuple(kind.both_names for kind in missing)
    refusal = RuleBroken(N_("Still missing: %(name)s. Attach it."), name=names) if missing else None
    return Line(N_("Documents asked for"), found, Words(N_("none")), not missing, Severity.BLOCK, refusal)


def _facts(
    application: LoanApplication,
    terms: ProgrammeTerms,
    others: Sequence[OtherLoan],
    *,
    today: date,
    programme_open: bool,
    opens_on: date,
    closes_on: date,
    amount: Decimal,
    envelope_left: Decimal,
    may_wait: bool,
    already_reserved: Decimal = ZERO,
) -> LoanFacts:
    cooperative, programme = application.cooperative, application.programme
    return LoanFacts(
        today=today,
        programme_open=programme_open,
        opens_on=opens_on,
        closes_on=closes_on,
        amount=amount,
        months=application.months,
        ceiling=terms.ceiling,
        longest_term=terms.longest_term,
        envelope_left=envelope_left,
        already_reserved=already_reserved,
        borrowing_ceiling=ceiling_of(cooperative, today),
        fiscal_year=fiscal_year(today),
        beneficiaries=application.beneficiaries,
        members=cooperative.members,
        cooperative_active=cooperative.status == CooperativeStatus.ACTIVE,
        may_wait=may_wait,
        kind_may_apply=CooperativeKind(cooperative.kind) in terms.kinds,
        place_may_apply=not terms.provinces or cooperative.province.code in terms.provinces,
        member_rate=application.member_rate,
        highest_member_rate=terms.highest_member_rate(cooperative.ordinary_rate),
        member_rate_ruled=terms.on_lending_rule is not None,
        held_elsewhere=sum((loan.amount for loan in others if loan.programme_id == programme.id), ZERO),
        member_loan_cap=terms.member_loan_cap,
        member_income_cap=terms.member_income_cap,
        purpose_written=bool(application.purpose.strip()),
        terms_source=programme.notification_no or "",
        terms_version=application.terms_version.number if application.terms_version is not None else 0,
    )


def _borrower(application: LoanApplication, known: Known, *, amount: Decimal, missing: int, today: date) -> Borrower:
    cooperative = application.cooperative
    return Borrower(
        kind=CooperativeKind(cooperative.kind),
        amount=amount,
        today=today,
        registered_on=cooperative.registered_on,
        borrowing_ceiling=ceiling_of(cooperative, today),
        years=known.years,
        last_closed=last_closed_year(today, cooperative.year_end_day, cooperative.year_end_month),
        on_the_way=_on_the_way(cooperative, known),
        terms_end=tuple(each.term_ends_on for each in known.board),
        arrears=cooperative.fund_arrears,
        other_applications=sum(
            1 for loan in known.others if loan.decided_on is None and loan.programme_id == application.programme_id
        ),
        missing_documents=missing,
    )


def _on_the_way(cooperative: Cooperative, known: Known) -> Decimal:
    """What the newest accounting year's debts do not hold yet: loans asked for, or granted after its end."""
    newest = known.years[0].year if known.years else None
    ended = year_end(newest, cooperative.year_end_day, cooperative.year_end_month) if newest is not None else None
    return sum(
        (
            loan.amount
            for loan in known.others
            if loan.decided_on is None or (ended is not None and loan.decided_on > ended)
        ),
        ZERO,
    )


def ceiling_of(cooperative: Cooperative, today: date) -> Decimal | None:
    """Its own borrowing ceiling, in baht, if one is recorded for the fiscal year of ``today``."""
    return cooperative.borrowing_ceiling if cooperative.ceiling_fiscal_year == fiscal_year(today) else None


def _years(cooperative_id: int) -> tuple[YearFigures, ...]:
    rows = db.session.scalars(
        select(FinancialYear)
        .where(FinancialYear.cooperative_id == cooperative_id)
        .order_by(FinancialYear.year.desc())
        .limit(YEARS_READ),
        execution_options={"unscoped": True},
    )
    return tuple(
        YearFigures(
            row.year,
            row.share_capital,
            row.reserve,
            row.debts,
            row.profit,
            ControlClass(row.control_class) if row.control_class else None,
        )
        for row in rows
    )
