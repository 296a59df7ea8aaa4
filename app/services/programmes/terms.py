"""Programmes: the terms of one as values, which take applications, and what is left of their envelopes."""

from collections.abc import Collection, Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import selectinload

from app.domain.cooperatives import CooperativeKind
from app.domain.costs import CostTerms, RateRule
from app.domain.criteria import CriterionKind
from app.domain.programmes import (
    ApprovalStep,
    ApprovingBody,
    Criterion,
    DocumentAsked,
    DocumentCondition,
    OnLendingRule,
    ProgrammeTerms,
    Severity,
)
from app.domain.schedule import DayCount, InstalmentKind, Rounding
from app.domain.values.money import ZERO
from app.extensions import db
from app.models.document_types import DocumentExample, DocumentType
from app.models.places import Province
from app.models.programmes import LoanProgramme, ProgrammeDocument, ProgrammeStatus
from app.services.programmes.envelopes import taken

# Pages about programmes say what loans cost, and nothing that another part of the terms says.
WITH_RATES = selectinload(LoanProgramme.rates)


def open_programmes(today: date) -> list[LoanProgramme]:
    """Programmes that take applications on ``today``, soonest to close first, with their rates."""
    return list(db.session.scalars(_open(today).options(WITH_RATES)))


def open_with_terms(today: date) -> list[LoanProgramme]:
    """The same with everything that ``terms_of`` reads; one statement for each part, however many programmes."""
    papers = selectinload(LoanProgramme.documents).joinedload(ProgrammeDocument.document_type)
    others = (LoanProgramme.provinces, LoanProgramme.approval_levels, LoanProgramme.criteria)
    parts = (papers, *(selectinload(part) for part in others))
    return list(db.session.scalars(_open(today).options(WITH_RATES, *parts)))


def _open(today: date) -> Select[tuple[LoanProgramme]]:
    statement = select(LoanProgramme).where(
        LoanProgramme.status == ProgrammeStatus.OPEN, LoanProgramme.opens_on <= today, LoanProgramme.closes_on >= today
    )
    return statement.order_by(LoanProgramme.closes_on, LoanProgramme.id)


def open_to_draft(today: date) -> list[LoanProgramme]:
    """The same without their rates, for a form that was sent: what is stored says which, not under what terms."""
    return list(db.session.scalars(_open(today)))


def with_rates(programmes: Iterable[LoanProgramme]) -> None:
    """Read the rates of programmes for a page that shows them all."""
    keys = [programme.id for programme in programmes]
    db.session.scalars(select(LoanProgramme).where(LoanProgramme.id.in_(keys)).options(WITH_RATES)).all()


def papers_named(programmes: Iterable[LoanProgramme]) -> dict[int, list[Any]]:
    """The papers of each programme by its id, with what a list of them names: columns, and no row in full."""
    found: dict[int, list[Any]] = {programme.id: [] for programme in programmes}
    for row in db.session.execute(_NAMED, {"programmes": list(found)}):
        found[row.programme_id].append(row)
    return found


_NAMED = (
    select(
        ProgrammeDocument.programme_id,
        ProgrammeDocument.required,
        ProgrammeDocument.condition,
        DocumentType.code,
        DocumentType.name,
        DocumentType.name_en,
        DocumentExample.kind,
        DocumentExample.size,
    )
    .join(DocumentType, DocumentType.id == ProgrammeDocument.document_type_id)
    .outerjoin(DocumentExample, DocumentExample.document_type_id == DocumentType.id)
    .where(ProgrammeDocument.programme_id.in_(bindparam("programmes", expanding=True)))
    .order_by(ProgrammeDocument.id)
)


def papers_explained(programmes: Iterable[LoanProgramme]) -> dict[int, list[Any]]:
    """The same with what is written of each paper, for who prepares them."""
    found: dict[int, list[Any]] = {programme.id: [] for programme in programmes}
    for row in db.session.execute(_EXPLAINED, {"programmes": list(found)}):
        found[row.programme_id].append(row)
    return found


_EXPLAINED = _NAMED.add_columns(
    DocumentType.help_text, DocumentType.help_text_en, DocumentType.purpose, DocumentType.purpose_en
)


def documents_by_code(codes: Iterable[str]) -> dict[str, DocumentType]:
    """The document types that a programme's terms name by their codes, those that are still there."""
    return {row.code: row for row in db.session.scalars(select(DocumentType).where(DocumentType.code.in_(codes)))}


def programmes_to_apply(today: date) -> list[LoanProgramme]:
    """Open programmes that have money left, or a waiting list: a programme is over once its envelope is used up."""
    programmes = open_programmes(today)
    left = money_left(programmes)
    return [row for row in programmes if row.waiting_list or left[row.id] > 0]


def money_left(programmes: Iterable[LoanProgramme]) -> dict[int, Decimal]:
    """Envelope less what the ledger has reserved and committed, in baht, by programme id.

    Counted over all cooperatives whoever asks: the figure is public, its parts are not. It is below zero when more is
    held than there is, and is shown so.
    """
    envelopes = {programme.id: programme.envelope for programme in programmes}
    sums = taken(envelopes)
    return {key: envelope - sums.get(key, ZERO) for key, envelope in envelopes.items()}


def costs_of(programme: LoanProgramme) -> CostTerms:
    """What a loan costs under the programme's terms as they stand now; reads no other part of them than the rates."""
    return CostTerms(**_costs(programme))


def terms_of(programme: LoanProgramme) -> ProgrammeTerms:
    """The programme's terms as they stand now."""
    may_apply = {
        CooperativeKind.SAVINGS: programme.savings_may_apply,
        CooperativeKind.CREDIT_UNION: programme.credit_unions_may_apply,
    }
    return ProgrammeTerms(
        opens_on=programme.opens_on,
        closes_on=programme.closes_on,
        envelope=programme.envelope,
        **_costs(programme),
        on_lending_rule=OnLendingRule(programme.on_lending_rule) if programme.on_lending_rule else None,
        on_lending_figure=programme.on_lending_figure,
        member_loan_cap=programme.member_loan_cap,
        member_income_cap=programme.member_income_cap,
        kinds=tuple(kind for kind in CooperativeKind if may_apply[kind]),
        provinces=provinces_of(programme),
        waiting_list=programme.waiting_list,
        approval_levels=_levels(programme),
        criteria=_criteria(programme),
        documents=documents_of(programme),
    )


def _costs(programme: LoanProgramme) -> dict[str, Any]:
    return {
        "ceiling": programme.ceiling,
        "longest_term": programme.longest_term_months,
        "annual_rate": programme.annual_rate,
        "rates": _rates(programme),
        "free_months": programme.free_months,
        "grace_months": programme.grace_months,
        "instalment_kind": InstalmentKind(programme.instalment_kind),
        "day_count": DayCount(programme.day_count),
        "rounding": Rounding(programme.rounding),
        "amount_unit": programme.amount_unit,
        "interest_unit": programme.interest_unit,
    }


def _rates(programme: LoanProgramme) -> tuple[RateRule, ...]:
    return tuple(
        RateRule(row.shortest_term, row.longest_term, row.from_month, row.annual_rate)
        for row in sorted(programme.rates, key=lambda row: (row.shortest_term, row.from_month))
    )


def _levels(programme: LoanProgramme) -> tuple[ApprovalStep, ...]:
    steps = [ApprovalStep(row.up_to, ApprovingBody(row.body)) for row in programme.approval_levels]
    return tuple(sorted(steps, key=lambda step: (step.up_to is None, step.up_to or 0)))


def _criteria(programme: LoanProgramme) -> tuple[Criterion, ...]:
    return tuple(
        Criterion(
            CriterionKind(row.kind),
            Severity(row.severity),
            row.figure,
            row.second_figure,
            row.assumed,
            row.source or "",
        )
        for row in sorted(programme.criteria, key=lambda row: row.kind)
    )


def provinces_of(programme: LoanProgramme) -> tuple[str, ...]:
    """Codes of the provinces whose cooperatives alone may apply; empty for all."""
    return tuple(sorted(province.code for province in programme.provinces))


def stored_documents_of(programme_ids: Collection[int]) -> dict[int, tuple[DocumentAsked, ...]]:
    """The same as ``documents_of``, for each of the programmes, by one statement and without the programmes."""
    rows = db.session.execute(
        select(
            ProgrammeDocument.programme_id, DocumentType.code, ProgrammeDocument.required, ProgrammeDocument.condition
        )
        .join(DocumentType, DocumentType.id == ProgrammeDocument.document_type_id)
        .where(ProgrammeDocument.programme_id.in_(programme_ids))
        .order_by(DocumentType.position, DocumentType.id)
    )
    found: dict[int, list[DocumentAsked]] = {key: [] for key in programme_ids}
    for programme, code, required, condition in rows:
        found[programme].append(DocumentAsked(code, required, DocumentCondition(condition) if condition else None))
    return {key: tuple(asked) for key, asked in found.items()}


def stored_provinces_of(programme_ids: Collection[int]) -> dict[int, tuple[str, ...]]:
    """The same as ``provinces_of``, for each of the programmes, by one statement."""
    rows = db.session.execute(
        select(LoanProgramme.id, Province.code).join(LoanProgramme.provinces).where(LoanProgramme.id.in_(programme_ids))
    )
    found: dict[int, list[str]] = {key: [] for key in programme_ids}
    for programme, code in rows:
        found[programme].append(code)
    return {key: tuple(sorted(codes)) for key, codes in found.items()}


def documents_of(programme: LoanProgramme) -> tuple[DocumentAsked, ...]:
    """The documents it asks for, in the order of the list."""
    rows = sorted(programme.documents, key=lambda row: (row.document_type.position, row.document_type.id))
    return tuple(
        DocumentAsked(row.document_type.code, row.required, DocumentCondition(row.condition) if row.condition else None)
        for row in rows
    )
