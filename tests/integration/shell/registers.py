"""The registers that are kept on screens, and what is counted of them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from app.domain.states import State
from app.extensions import db
from app.models.applications import LoanApplication
from app.models.audit import AuditEvent, AuditKind
from app.models.cooperatives import BoardMember, Cooperative, FinancialYear
from app.models.document_types import DocumentType
from app.models.people import Membership, OfficePost
from app.models.places import Office, Province
from app.models.programmes import ApprovalLevel, LoanProgramme, ProgrammeCriterion, ProgrammeDocument, ProgrammeRate
from app.models.workdays import Holiday
from tests import make
from tests.client import FundClient

SignIn = Callable[[str], FundClient]


@dataclass(frozen=True)
class Register:
    """One register: where it is, who keeps it, and letters from inside a word of some of its rows."""

    model: type[Any]
    path: str
    keeper: str
    letters: str = ""

    @property
    def view(self) -> str:
        return f"{self.model.__name__}View"


REGISTERS = (
    Register(Province, "/provinces", "admin", "บุ"),
    Register(Office, "/offices", "admin", "บุ"),
    Register(Holiday, "/holidays", "admin"),
    Register(Cooperative, "/cooperatives", "fund", "ลบ"),
    Register(BoardMember, "/board", "fund"),
    Register(LoanProgramme, "/programmes", "fund", "ติ"),
    Register(DocumentType, "/document-types", "fund", "ชุ"),
    Register(ProgrammeDocument, "/programme-documents", "fund"),
    Register(ProgrammeRate, "/programme-rates", "fund"),
    Register(ApprovalLevel, "/approval-levels", "admin"),
    Register(ProgrammeCriterion, "/programme-criteria", "fund"),
    Register(FinancialYear, "/financial-years", "admin"),
    Register(Membership, "/memberships", "admin"),
    Register(OfficePost, "/office-posts", "admin"),
)


def first_id(app: Flask, model: type[Any], **values: Any) -> int:
    with make.rows(app):
        return db.session.scalars(select(model.id).filter_by(**values).order_by(model.id).limit(1)).one()


def count(app: Flask, model: type[Any], **values: Any) -> int:
    with make.rows(app):
        return db.session.scalar(select(func.count(model.id)).filter_by(**values)) or 0


def events(app: Flask, model: type[Any], kind: AuditKind) -> int:
    return count(app, AuditEvent, entity=model.__tablename__, kind=kind.value)


def addition(app: Flask, register: Register) -> dict[str, Any]:
    """What a person types to add a good row."""
    with make.rows(app):
        province = db.session.scalars(select(Province).where(Province.code == make.CHONBURI)).one().id
        office = make.office().id
        cooperative = db.session.scalars(select(Cooperative.id).order_by(Cooperative.id)).first()
        # A board that guarantees a granted loan changes with the signatory's consent.
        granted = select(LoanApplication.cooperative_id).where(LoanApplication.status == State.APPROVED)
        lent_nothing = db.session.scalars(select(Cooperative.id).where(Cooperative.id.not_in(granted))).first()
        programme = db.session.scalars(select(LoanProgramme.id).order_by(LoanProgramme.id)).first()
        fresh = make.programme(status="draft").id
        kind = make.document_type().id
        user = make.person().id
    day = {"day": "1", "month": "10"}
    opens = {f"opens_on-{part}": value for part, value in {**day, "year": "2569"}.items()}
    closes = {f"closes_on-{part}": value for part, value in {**day, "year": "2570"}.items()}
    starts = {f"term_starts_on-{part}": value for part, value in {**day, "year": "๒๕๖๙"}.items()}
    ends = {f"term_ends_on-{part}": value for part, value in {**day, "year": "2571"}.items()}
    typed: dict[type[Any], dict[str, Any]] = {
        Province: {"name": "จังหวัดใหม่", "name_en": "New", "code": "TH-99", "region": "north"},
        Office: {
            "name": "สำนักงานใหม่",
            "short_name": "สนง. ใหม่",
            "name_en": "New office",
            "code": "NEW",
            "kind": "province",
            "provinces": [str(province)],
            "phone": "๐๒ ๖๖๐ ๒๑๘๐",
            "active": "y",
        },
        Holiday: {
            **{f"day-{part}": value for part, value in {"day": "5", "month": "11", "year": "2569"}.items()},
            "name": "วันหยุดพิเศษ",
            "kind": "special",
            "source": "มติคณะรัฐมนตรี",
        },
        Cooperative: {
            "name": "สหกรณ์ออมทรัพย์ใหม่ จำกัด",
            "registration_no": "ใหม่ 1/2569",
            "kind": "savings",
            "workplace": "establishment",
            "address": "1",
            "sub_district": "บางปลาสร้อย",
            "district": "เมืองชลบุรี",
            "postcode": "20000",
            "province": str(province),
            "office": str(office),
            "members": "1,200",
            "share_capital": "๑,๐๐๐,๐๐๐.๕๐",
            "reserve": "0",
            "status": "active",
            "tax_id": make.tax_number(99001),
        },
        BoardMember: {
            "cooperative": str(lent_nothing),
            "full_name": "ประธาน ใหม่",
            "position": "ประธานกรรมการ",
            **starts,
            **ends,
        },
        LoanProgramme: {
            "name": "โครงการใหม่",
            "name_en": "New",
            "key": "new-2570",
            "status": "draft",
            "envelope": "50,000,000",
            "ceiling": "10,000,000",
            "longest_term_months": "36",
            "annual_rate": "2.75",
            "purpose": "ทดสอบ",
            **opens,
            **closes,
        },
        DocumentType: {"name": "เอกสารใหม่", "name_en": "New", "code": "new", "position": "99", "active": "y"},
        ProgrammeDocument: {"programme": str(programme), "document_type": str(kind), "required": "y", "why": "มติใหม่"},
        ProgrammeRate: {"programme": str(programme), "annual_rate": "1.25", "from_month": "7", "why": "มติใหม่"},
        ApprovalLevel: {"programme": str(programme), "body": "board", "up_to": "9,000,000", "why": "มติใหม่"},
        ProgrammeCriterion: {
            "programme": str(fresh),
            "kind": "debt_to_capital",
            "figure": "๑.๕",
            "second_figure": "5",
            "severity": "block",
        },
        FinancialYear: {
            "cooperative": str(cooperative),
            "year": "2560",
            "members": "900",
            "share_capital": "1,000,000",
            "reserve": "50,000.25",
            "debts": "0",
            "profit": "-12.50",
            "control_class": "2",
        },
        Membership: {"user": str(user), "cooperative": str(cooperative), "role": "cooperative_preparer", "active": "y"},
        OfficePost: {"user": str(user), "office": str(office)},
    }
    return typed[register.model]
