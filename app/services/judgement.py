"""May this cooperative borrow this, and why not: gathers the facts, asks the domain, and gives one answer to all."""

from datetime import date
from decimal import Decimal

from sqlalchemy import func, select

from app.domain.calendar import fiscal_year
from app.domain.cooperatives import ControlClass, CooperativeKind
from app.domain.criteria import Borrower, YearFigures
from app.domain.eligibility import Line, LoanFacts, judge
from app.domain.programmes import ProgrammeTerms
from app.domain.workflow import HOLDS_MONEY
from app.extensions import db
from app.models.applications import LoanApplication
from app.models.cooperatives import BoardMember, Cooperative, CooperativeStatus, FinancialYear
from app.models.programmes import ProgrammeStatus
from app.services.checklists import missing_papers
from app.services.editions import terms_for
from app.services.envelopes import left_for


def judgement_of(application: LoanApplication, today: date) -> tuple[Line, ...]:
    """Judge an application as it stands now, by its own version of the terms."""
    return judgement_under(application, terms_for(application), today)


def judgement_under(application: LoanApplication, terms: ProgrammeTerms, today: date) -> tuple[Line, ...]:
    """Judge an application by the given terms, for trying a change of them."""
    return judge(_facts(application, terms, today), _borrower(application, today), terms.criteria)


def _facts(application: LoanApplication, terms: ProgrammeTerms, today: date) -> LoanFacts:
    cooperative, programme = application.cooperative, application.programme
    year = fiscal_year(today)
    # A programme that closed meanwhile does not stop the answer to a question.
    answering = application.number is not None
    queues = terms.waiting_list and (not answering or application.waiting_since is not None)
    return LoanFacts(
        today=today,
        programme_open=answering or programme.status == ProgrammeStatus.OPEN,
        opens_on=today if answering else terms.opens_on,
        closes_on=today if answering else terms.closes_on,
        amount=application.amount_asked,
        months=application.months,
        ceiling=terms.ceiling,
        longest_term=terms.longest_term,
        envelope_left=left_for(application, queues=queues or not answering),
        borrowing_ceiling=_ceiling(cooperative, today),
        fiscal_year=year,
        beneficiaries=application.beneficiaries,
        members=cooperative.members,
        cooperative_active=cooperative.status == CooperativeStatus.ACTIVE,
        may_wait=queues,
        kind_may_apply=CooperativeKind(cooperative.kind) in terms.kinds,
        place_may_apply=not terms.provinces or cooperative.province.code in terms.provinces,
        member_rate=application.member_rate,
        highest_member_rate=terms.highest_member_rate(cooperative.ordinary_rate),
    )


def _borrower(application: LoanApplication, today: date) -> Borrower:
    cooperative = application.cooperative
    return Borrower(
        kind=CooperativeKind(cooperative.kind),
        amount=application.amount_asked,
        today=today,
        registered_on=cooperative.registered_on,
        borrowing_ceiling=_ceiling(cooperative, today),
        years=_years(cooperative.id),
        terms_end=tuple(
            db.session.scalars(select(BoardMember.term_ends_on).where(BoardMember.cooperative_id == cooperative.id))
        ),
        other_applications=_others(application),
        missing_documents=len(missing_papers(application)),
    )


def _ceiling(cooperative: Cooperative, today: date) -> Decimal | None:
    return cooperative.borrowing_ceiling if cooperative.ceiling_fiscal_year == fiscal_year(today) else None


def _years(cooperative_id: int) -> tuple[YearFigures, ...]:
    rows = db.session.scalars(
        select(FinancialYear)
        .where(FinancialYear.cooperative_id == cooperative_id)
        .order_by(FinancialYear.year.desc())
        .limit(10)
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


def _others(application: LoanApplication) -> int:
    others = select(func.count(LoanApplication.id)).where(
        LoanApplication.cooperative_id == application.cooperative_id,
        LoanApplication.programme_id == application.programme_id,
        LoanApplication.id != application.id,
        LoanApplication.status.in_(sorted(HOLDS_MONEY)),
    )
    return db.session.scalar(others, execution_options={"unscoped": True}) or 0  # the same for every reader
