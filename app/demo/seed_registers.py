"""Adds the demonstration's document types, programmes and cooperatives."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TypeVar

from sqlalchemy import select

from app.demo import cooperatives, document_types, programmes
from app.demo.papers_in_english import ENGLISH
from app.demo.terms import Programme
from app.domain.cooperatives import ControlClass
from app.domain.criteria import RULES, CriterionKind
from app.domain.programmes import ApprovingBody, OnLendingRule, Severity
from app.domain.values.money import to_satang
from app.extensions import db
from app.models.cooperatives import BoardMember, Cooperative, CooperativeStatus, FinancialYear
from app.models.document_types import DocumentType
from app.models.places import Office, Province
from app.models.programmes import (
    ApprovalLevel,
    LoanProgramme,
    ProgrammeCriterion,
    ProgrammeDocument,
    ProgrammeRate,
    ProgrammeStatus,
)
from app.services.programmes.versions import keep_version

MANAGER_POSITION = "ผู้จัดการ"
LAST_CLOSED_YEAR = 2568
# The amount up to which the sub-committee decides is not known; it approved 3 million baht in one published case.
SUBCOMMITTEE_UP_TO = Decimal(5_000_000)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Registers:
    """The register rows by the demonstration's own keys."""

    document_types: dict[str, DocumentType]
    programmes: dict[str, LoanProgramme]
    cooperatives: dict[str, Cooperative]
    offices: dict[str, Office]


def needed(rows: Mapping[str, T], key: str, command: str) -> T:
    """Return the row, or say which command puts it there.

    Raises:
        LookupError: there is no such row.
    """
    if key not in rows:
        raise LookupError(f"{key} is not in the database: run '{command}' first")
    return rows[key]


def add_registers(at: datetime) -> Registers:
    """Add the rows and flush them, so that they have ids."""
    provinces = {row.code: row for row in db.session.scalars(select(Province))}
    offices = {row.code: row for row in db.session.scalars(select(Office).order_by(Office.code))}
    for number, office in enumerate(offices.values(), start=101):
        office.phone = office.phone or f"020000{number:03}"
    types = {
        kind.code: _document_type(kind, number) for number, kind in enumerate(document_types.DOCUMENT_TYPES, start=1)
    }
    registers = Registers(
        document_types=types,
        programmes={each.key: _programme(each, types) for each in programmes.PROGRAMMES},
        cooperatives={each.key: _cooperative(each, provinces, offices) for each in cooperatives.COOPERATIVES},
        offices=offices,
    )
    db.session.add_all(registers.document_types.values())
    db.session.add_all(registers.programmes.values())
    db.session.add_all(registers.cooperatives.values())
    db.session.flush()
    for row in registers.programmes.values():
        if row.status != ProgrammeStatus.DRAFT:
            keep_version(row, "ประกาศใช้ (ข้อมูลสาธิต)", None, at)
    return registers


def _document_type(kind: document_types.DocumentType, position: int) -> DocumentType:
    handling = document_types.HANDLING[kind.code]
    help_en, purpose_en = ENGLISH[kind.code]
    return DocumentType(
        code=kind.code,
        name=kind.name_th,
        name_en=kind.name_en,
        help_text=kind.help_th,
        help_text_en=help_en,
        position=position,
        purpose=handling.purpose_th,
        purpose_en=purpose_en,
        most_files=handling.most_files,
        validity=handling.validity,
        valid_months=handling.valid_months,
        reusable=handling.reusable,
        identity=handling.identity,
        has_figures=handling.has_figures,
        retention_years=handling.retention_years,
    )


def _programme(programme: Programme, types: Mapping[str, DocumentType]) -> LoanProgramme:
    return LoanProgramme(
        key=programme.key,
        name=programme.name_th,
        name_en=programme.name_en,
        notification_no=programme.notification_no,
        notification_date=programme.notification_date,
        opens_on=programme.opens_on,
        closes_on=programme.closes_on,
        envelope=programme.envelope,
        ceiling=programme.ceiling,
        longest_term_months=programme.longest_term_months,
        annual_rate=programme.annual_rate,
        rate_note=programme.rate_note or None,
        member_rate_rule=programme.member_rate_rule_th,
        eligible=programme.eligible_th,
        purpose=programme.purpose_th,
        status=programme.status,
        note=programme.note_th,
        source=programme.source,
        free_months=programme.interest_free_months,
        on_lending_rule=_on_lending_rule(programme),
        on_lending_figure=programme.member_rate_discount or programme.member_rate_cap,
        member_loan_cap=programme.member_loan_cap,
        member_income_cap=programme.member_income_cap,
        rates=_rates(programme),
        approval_levels=[
            ApprovalLevel(up_to=SUBCOMMITTEE_UP_TO, body=ApprovingBody.SUBCOMMITTEE),
            ApprovalLevel(up_to=None, body=ApprovingBody.BOARD),
        ],
        criteria=[_criterion(kind) for kind in RULES],
        documents=[
            ProgrammeDocument(document_type=types[asked.document], required=asked.required)
            for asked in document_types.documents_of(programme)
        ],
    )


def _on_lending_rule(programme: Programme) -> OnLendingRule | None:
    if programme.member_rate_discount is not None:
        return OnLendingRule.DISCOUNT_FROM_ORDINARY
    return OnLendingRule.ABSOLUTE_CAP if programme.member_rate_cap is not None else None


def _rates(programme: Programme) -> list[ProgrammeRate]:
    rows, first = [], 1
    for step in programme.rate_steps:
        bounds = (
            {"shortest_term": first, "longest_term": step.up_to_month, "from_month": 1}
            if step.basis == "term"
            else {"shortest_term": 1, "longest_term": None, "from_month": first}
        )
        rows.append(ProgrammeRate(annual_rate=step.annual_rate, **bounds))
        first = step.up_to_month + 1
    return rows


def _criterion(kind: CriterionKind) -> ProgrammeCriterion:
    figures = (*RULES[kind].usual, None, None)
    return ProgrammeCriterion(
        kind=kind, figure=figures[0], second_figure=figures[1], severity=Severity.WARN, assumed=True
    )


def _cooperative(
    cooperative: cooperatives.Cooperative, provinces: Mapping[str, Province], offices: Mapping[str, Office]
) -> Cooperative:
    return Cooperative(
        registration_no=cooperative.registration_no,
        cooperative_code=cooperative.cooperative_code,
        tax_id=cooperative.tax_id,
        name=cooperative.name_th,
        kind=cooperative.kind,
        workplace=cooperative.workplace,
        registered_on=cooperative.registered_on,
        address=cooperative.address_line,
        sub_district=cooperative.sub_district,
        district=cooperative.district,
        province=needed(provinces, cooperative.province, "flask db upgrade"),
        postcode=cooperative.postcode,
        office=needed(offices, cooperative.office, "flask db upgrade"),
        phone=cooperative.phone,
        email=cooperative.email,
        members=cooperative.members,
        share_capital=cooperative.share_capital,
        reserve=cooperative.reserve,
        borrowing_ceiling=cooperative.annual_borrowing_ceiling,
        ceiling_fiscal_year=cooperative.ceiling_fiscal_year,
        ordinary_rate=cooperative.ordinary_rate,
        year_end_day=cooperative.year_ends_day,
        year_end_month=cooperative.year_ends_month,
        status=CooperativeStatus.ACTIVE,
        board=_board(cooperative),
        financial_years=_financial_years(cooperative),
    )


def _financial_years(cooperative: cooperatives.Cooperative) -> list[FinancialYear]:
    """Three invented years that grow evenly up to the register's own figures."""
    return [
        FinancialYear(
            year=LAST_CLOSED_YEAR - back,
            members=max(cooperative.members - 20 * back, 0),
            share_capital=to_satang(cooperative.share_capital * (100 - 4 * back) / 100),
            reserve=to_satang(cooperative.reserve * (100 - 4 * back) / 100),
            debts=to_satang(cooperative.share_capital * 20 / 100),
            profit=to_satang(cooperative.share_capital * (6 - back) / 100),
            control_class=ControlClass.GOOD,
        )
        for back in (2, 1, 0)
    ]


def _board(cooperative: cooperatives.Cooperative) -> list[BoardMember]:
    """The board and the manager: together the guarantors."""
    people = [(each.name_th, each.position_th, each.term_from, each.term_to) for each in cooperative.board]
    people.append((cooperative.manager_th, MANAGER_POSITION, *cooperatives.BOARD_TERM))
    return [
        BoardMember(full_name=name, position=position, term_starts_on=starts_on, term_ends_on=ends_on)
        for name, position, starts_on, ends_on in people
    ]
