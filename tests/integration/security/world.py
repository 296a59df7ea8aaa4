"""Two cooperatives with all that belongs to them, and scopes to look at them through."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any
from uuid import uuid4

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select

from app.domain.cooperatives import pack_board
from app.domain.quotes import pack
from app.extensions import db
from app.files.store import document_store
from app.models.applications import Decision, DocumentRequest, KeptQuote, LoanApplication, StatusChange
from app.models.audit import AuditEvent, AuditKind
from app.models.boards import KeptBoard, WaitingBoardChange
from app.models.cooperatives import BoardMember, Cooperative, FinancialYear
from app.models.document_types import DocumentType
from app.models.documents import Document, DocumentVerdict
from app.models.envelopes import EnvelopeEntry
from app.models.notices import Notice, OutboxMail
from app.models.people import Membership
from app.models.programmes import LoanProgramme
from app.models.signing import SigningRequest
from app.security.reach import NOTHING, Reach, Scope

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


QUOTE = {"principal": "100.00", "total_interest": "0.00", "rows": [], "fingerprint": "0" * 64}


BY_APPLICATION = {
    "status_change",
    "decision",
    "document_request",
    "kept_quote",
    "kept_board",
    "document",
    "document_verdict",
    "envelope_entry",
    "signing_request",
    "outbox_mail",
}


Rows = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Side:
    """One cooperative with a row in every owned table."""

    cooperative: int
    office: int
    user: int
    application: int
    board_member: int
    waiting_board_change: int
    document: int
    change: int


@dataclass(frozen=True, eq=False)
class World:
    """Two cooperatives of two offices, and every owned row as the tables hold it, read past the ORM.

    Beside what each side names, it has an application that was never sent, with as much hanging on it. A world is
    equal to itself alone, so what is worked out from its rows can be kept.
    """

    a: Side
    b: Side
    rows: Rows

    @cached_property
    def offices(self) -> dict[int, int]:
        """The office of each cooperative."""
        return {row["id"]: row["office_id"] for row in self.rows["cooperative"]}

    @cached_property
    def unsent(self) -> dict[str, set[int]]:
        """The applications that were never sent, and their papers."""
        applications = {row["id"] for row in self.rows["loan_application"] if row["submitted_at"] is None}
        papers = {row["id"] for row in self.rows["document"] if row["application_id"] in applications}
        return {"loan_application": applications, "document": papers}


def side(username: str) -> Side:
    """Add an approved application and a draft, with what hangs on them, for a cooperative of the demonstration."""
    user = db.session.scalars(select(User).where(User.username == username)).one()
    cooperative = db.session.scalars(
        select(Cooperative)
        .join(Membership, Membership.cooperative_id == Cooperative.id)
        .where(Membership.user_id == user.id)
    ).one()
    programme = db.session.scalars(select(LoanProgramme).order_by(LoanProgramme.id)).first()
    kind = db.session.scalars(select(DocumentType).order_by(DocumentType.id)).first()
    assert programme is not None
    assert kind is not None
    owner = {"cooperative_id": cooperative.id}
    application = LoanApplication(
        **owner,
        programme_id=programme.id,
        request_key=str(uuid4()),
        cooperative_name=cooperative.name,
        amount_asked=Decimal(100),
        months=12,
        purpose="-",
        beneficiaries=1,
        member_rate=Decimal("0.05"),
        status="approved",
        submitted_at=NOW,
    )
    draft = LoanApplication(
        **owner,
        programme_id=programme.id,
        request_key=str(uuid4()),
        cooperative_name=cooperative.name,
        amount_asked=Decimal(200),
        months=12,
        purpose="-",
        beneficiaries=1,
        member_rate=Decimal("0.05"),
    )
    db.session.add_all([application, draft])
    db.session.flush()
    _hanging_on(draft, programme, kind, user)
    document, change = _hanging_on(application, programme, kind, user)
    member = BoardMember(
        **owner, full_name="ก", position="ประธาน", term_starts_on=date(2026, 1, 1), term_ends_on=date(2027, 1, 1)
    )
    year = FinancialYear(
        **owner,
        year=2569,
        members=1,
        share_capital=Decimal(1),
        reserve=Decimal(1),
        debts=Decimal(0),
        profit=Decimal(-1),
    )
    changed = AuditEvent(kind=AuditKind.CREATED.value, entity="cooperative", entity_id=cooperative.id, **owner)
    waiting = WaitingBoardChange(
        **owner,
        act="add",
        full_name="ข",
        position="กรรมการ",
        term_starts_on=date(2026, 1, 1),
        term_ends_on=date(2027, 1, 1),
        typed_at=NOW,
    )
    db.session.add_all([member, year, changed, waiting])
    db.session.flush()
    keys = (application.id, member.id, waiting.id, document.id, change.id)
    return Side(cooperative.id, cooperative.office_id, user.id, *keys)


def _hanging_on(
    application: LoanApplication, programme: LoanProgramme, kind: DocumentType, user: User
) -> tuple[Document, StatusChange]:
    """Add a row of every table that points to an application; returns its file and its first move."""
    owner = {"cooperative_id": application.cooperative_id}
    about = {**owner, "application_id": application.id}
    change = StatusChange(**about, move="submit", origin="draft", target="submitted", at=NOW, actor_role="system")
    document = Document(
        **about,
        document_type_id=kind.id,
        file_name="a.pdf",
        kind="pdf",
        size=1,
        sha256="0" * 64,
        storage_key=document_store().put(b"%PDF-1.4").key,
    )
    db.session.add_all(
        [
            change,
            document,
            Decision(**about, outcome="approved", amount=Decimal(1), decided_on=date(2026, 1, 1), recorded_at=NOW),
            DocumentRequest(**about, document_type_id=kind.id, asked_at=NOW),
            KeptQuote(**about, kind="sent", content=pack(json.dumps(QUOTE))),
            KeptBoard(**about, at=NOW, content=pack_board(())),
            SigningRequest(**about, asked_at=NOW),
            EnvelopeEntry(**about, programme_id=programme.id, kind="reserve", amount=Decimal(100), at=NOW),
            Notice(**about, user_id=user.id, move="submit"),
            OutboxMail(**about, recipient="a@example.or.th", subject="-", body="-", message_id=uuid4().hex),
            AuditEvent(kind=AuditKind.CREATED.value, entity="loan_application", entity_id=application.id, **owner),
        ]
    )
    db.session.flush()
    db.session.add(AuditEvent(kind=AuditKind.ATTACHED.value, entity="document", entity_id=document.id, **owner))
    # A finding from before the office asked, and one that it has not told yet.
    for at in (NOW, NOW + timedelta(hours=2)):
        db.session.add(DocumentVerdict(**about, document_id=document.id, verdict="accepted", at=at))
    asked = StatusChange(
        **about, move="return", origin="in_review", target="returned", at=NOW + timedelta(hours=1), actor_role="system"
    )
    db.session.add(asked)
    db.session.flush()
    return document, change


def table_rows(model: Any) -> list[dict[str, Any]]:
    """All rows as the table has them, through a connection that knows no scope."""
    with db.engine.connect() as connection:
        return [dict(row) for row in connection.execute(select(model.__table__)).mappings()]


def of_a(world: World) -> Scope:
    return Scope(Reach.COOPERATIVE, world.a.user, cooperative_id=world.a.cooperative, may_write=True)


def officer(world: World) -> Scope:
    return Scope(Reach.OFFICE, office_id=world.a.office, may_write=True)


SCOPES: dict[str, Callable[[World], Scope]] = {
    "nothing": lambda world: NOTHING,
    "cooperative": of_a,
    "office": officer,
    "agenda": lambda world: Scope(Reach.AGENDA, may_write=True),
    "approved": lambda world: Scope(Reach.APPROVED, may_write=True),
    "registers": lambda world: Scope(Reach.REGISTERS, may_write=True),
    "sent": lambda world: Scope(Reach.SENT, world.b.user, may_write=True),
    "all": lambda world: Scope(Reach.ALL, world.b.user),
}


def sent(world: World, table: str, row: dict[str, Any]) -> bool:
    """Whether a row is no part of an application that its cooperative never sent."""
    if table == "audit_event":
        return row["entity_id"] not in world.unsent.get(row["entity"], set())
    if table in BY_APPLICATION:
        return row["application_id"] not in world.unsent["loan_application"]
    return table != "loan_application" or row["id"] not in world.unsent["loan_application"]


def by_rows(model: Any) -> set[int]:
    return {row.id for row in db.session.scalars(select(model))}


def changed_ids(model: Any, column: str, value: Any) -> set[int]:
    return {row["id"] for row in table_rows(model) if row[column] == value}


def board_member(cooperative_id: int | None = None, **more: Any) -> BoardMember:
    if cooperative_id is not None:
        more["cooperative_id"] = cooperative_id
    return BoardMember(
        full_name="ก", position="ข", term_starts_on=date(2026, 1, 1), term_ends_on=date(2027, 1, 1), **more
    )
