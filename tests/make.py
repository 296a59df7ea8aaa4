"""Builds rows for tests; say only what the test is about, the rest is filled in from the registries."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any
from uuid import uuid4

from flask import Flask
from flask_appbuilder.security.sqla.models import Role as RoleRow
from flask_appbuilder.security.sqla.models import User
from flask_babel import force_locale, gettext
from sqlalchemy import select
from stdnum.th import pin
from werkzeug.security import generate_password_hash

from app.domain.cooperatives import CooperativeKind
from app.domain.file_kinds import FileKind
from app.domain.papers import Verdict
from app.domain.roles import COOPERATIVE, Role
from app.domain.states import Outcome, State
from app.domain.steps import FormPart
from app.domain.values.calendar import BANGKOK, fiscal_year
from app.domain.workflow import MOVES, Move
from app.extensions import db
from app.files.store import document_store
from app.models.applications import Decision, LoanApplication, StatusChange
from app.models.cooperatives import Cooperative, Workplace
from app.models.document_types import DocumentType
from app.models.documents import Document, DocumentVerdict
from app.models.people import Membership, OfficePost
from app.models.places import Office, Province
from app.models.programmes import LoanProgramme, ProgrammeDocument, ProgrammeStatus
from app.security.acting import Acting, as_person
from app.security.person import read_person
from app.security.scope import scoped, unscoped
from app.services.applications.drafts import Answers
from app.services.applications.effects import MoveRequest
from app.services.applications.numbers import APPLICATION_SERIES, next_number
from app.services.programmes.envelopes import settle
from tests.client import PASSWORD, seen
from tests.make_files import pdf_bytes

# One round: hashing is slow on purpose, and tests sign in often.
PASSWORD_HASH = generate_password_hash(PASSWORD, method="pbkdf2:sha256:1")
# A Monday at ten o'clock in Bangkok, in fiscal year 2570.
AT = datetime(2026, 11, 16, 3, 0, tzinfo=UTC)
CHONBURI, PATHUM_THANI, CENTRAL = "TH-20", "TH-13", "CENTRAL"
DECIDING = {"approve": Outcome.APPROVED, "reject": Outcome.REJECTED, "defer": Outcome.DEFERRED}

_number = count(1)


@contextmanager
def rows(app: Flask) -> Iterator[None]:
    """All rows of the application's database; stored when the block ends well."""
    with app.app_context(), unscoped():
        yield
        db.session.commit()


def in_thai(app: Flask, message: str, **values: Any) -> str:
    """A text of the program as a Thai reader sees it, however far the catalogue has come."""
    with app.app_context(), force_locale("th"):
        words = str(gettext(message))
    return seen(words % values if values else words)


# Registers


def office(code: str = CHONBURI) -> Office:
    """An office that the migrations put there; a province's office has the province's code."""
    return db.session.scalars(select(Office).where(Office.code == code)).one()


def tax_number(number: int) -> str:
    """A number with the right check digit."""
    body = f"0994111{number:05}"
    return body + str(pin.calc_check_digit(body))


def cooperative(*, place: str = CHONBURI, **values: Any) -> Cooperative:
    """A cooperative served by the office of ``place``."""
    number = next(_number)
    given: dict[str, Any] = {
        "registration_no": f"ทส.{number:04}/2560",
        "tax_id": tax_number(number),
        "name": f"สหกรณ์ออมทรัพย์ทดสอบที่ {number} จำกัด",
        "kind": CooperativeKind.SAVINGS,
        "workplace": Workplace.ESTABLISHMENT,
        "province": db.session.scalars(select(Province).where(Province.code == place)).one(),
        "office": office(place),
        "members": 1000,
    }
    row = Cooperative(**{**given, **values})
    db.session.add(row)
    db.session.flush()
    return row


def document_type(**values: Any) -> DocumentType:
    number = next(_number)
    given = {"code": f"paper-{number}", "name": f"เอกสารที่ {number}", "name_en": f"Paper {number}", "position": number}
    row = DocumentType(**{**given, **values})
    db.session.add(row)
    db.session.flush()
    return row


def programme(*, required: int = 1, optional: int = 0, **values: Any) -> LoanProgramme:
    """A programme open for all of fiscal years 2569 to 2571, asking for that many documents."""
    number = next(_number)
    given: dict[str, Any] = {
        "key": f"programme-{number}",
        "name": f"โครงการเงินกู้ทดสอบที่ {number}",
        "name_en": f"Programme {number}",
        "opens_on": date(2025, 10, 1),
        "closes_on": date(2028, 9, 30),
        "envelope": Decimal(1_000_000_000),
        "ceiling": Decimal(30_000_000),
        "longest_term_months": 60,
        "annual_rate": Decimal("0.03"),
        "purpose": "ทดสอบ",
        "status": ProgrammeStatus.OPEN,
        "documents": [
            ProgrammeDocument(document_type=document_type(), required=place < required)
            for place in range(required + optional)
        ],
    }
    row = LoanProgramme(**{**given, **values})
    db.session.add(row)
    db.session.flush()
    return row


# People


def person(*roles: Role, of: Cooperative | None = None, place: str = CHONBURI, **values: Any) -> User:
    """Somebody in these roles: of a cooperative, or at the office of ``place``."""
    number = next(_number)
    username = values.pop("username", f"person{number}")
    own = [role for role in roles if role in COOPERATIVE]
    staff = [role.value for role in roles if role not in COOPERATIVE]
    user = User(
        username=username,
        first_name=f"คนที่ {number}",
        last_name="ทดสอบ",
        email=f"{username}@example.org",
        password=PASSWORD_HASH,
        active=True,
        roles=list(db.session.scalars(select(RoleRow).where(RoleRow.name.in_(staff)))) if staff else [],
        **values,
    )
    db.session.add(user)
    for role in own:
        db.session.add(Membership(user=user, cooperative=of, role=role.value, active=True))
    if staff:
        code = place if Role.PROVINCIAL_OFFICER in roles else CENTRAL
        db.session.add(OfficePost(user=user, office=office(code)))
    db.session.flush()
    return user


def acting_as(user: User) -> Acting:
    """The person as a request of theirs would see them."""
    person = read_person(user.id)
    assert person is not None
    return as_person(person)


@contextmanager
def acting(user: User) -> Iterator[Acting]:
    """Run a block over the person's own rows: ``with make.acting(signatory) as person: move(..., person, at)``."""
    found = acting_as(user)
    with scoped(found.scope):
        yield found


# Applications


def answers(chosen: LoanProgramme, **values: Any) -> Answers:
    """Good answers under a programme."""
    given: dict[str, Any] = {
        "programme_id": chosen.id,
        "amount_asked": Decimal(5_000_000),
        "months": 24,
        "purpose": "ให้สมาชิกกู้เพื่อปลดหนี้นอกระบบ",
        "beneficiaries": 100,
        "member_rate": Decimal("0.0475"),
    }
    return Answers(**{**given, **values})


def path_to(state: State) -> list[tuple[State, Move]]:
    """The shortest way through the workflow's table from a draft, each move with the state it starts in."""
    ways: dict[State, list[tuple[State, Move]]] = {State.DRAFT: []}
    waiting = [State.DRAFT]
    while waiting:
        origin = waiting.pop(0)
        for move in MOVES.values():
            if origin in move.origins and move.target not in ways:
                ways[move.target] = [*ways[origin], (origin, move)]
                waiting.append(move.target)
    return ways[state]


def application(
    state: State = State.DRAFT,
    *,
    of: Cooperative | None = None,
    under: LoanProgramme | None = None,
    by: dict[Role, User] | None = None,
    at: datetime = AT,
    complete: bool = True,
    **values: Any,
) -> LoanApplication:
    """An application in ``state`` with the history that leads there, begun at ``at``, an hour to each move.

    Args:
        by: who made the moves of a role; nobody is named for other roles.
        complete: attach every required document.
    """
    given = answers(under or programme())
    row = LoanApplication(
        cooperative=of or cooperative(),
        request_key=str(uuid4()),
        created_at=at,
        changed_at=at,
        status=State.DRAFT,
        **{**{name: getattr(given, name) for name in given.__dataclass_fields__}, **values},
    )
    row.cooperative_name = row.cooperative.name
    db.session.add(row)
    db.session.flush()
    if complete:
        for asked in row.programme.documents:
            if asked.required:
                document(row, asked.document_type, at=at)
    for step, (origin, move) in enumerate(path_to(state), 1):
        _moved(row, origin, move, by or {}, at + timedelta(hours=step))
    db.session.flush()
    return row


def _moved(row: LoanApplication, origin: State, move: Move, by: dict[Role, User], at: datetime) -> None:
    role = next((role for role in sorted(move.roles) if role in by), min(move.roles))
    actor = by.get(role)
    day = at.astimezone(BANGKOK).date()
    reason = "เหตุผลทดสอบ" if move.reason_required else None
    row.changes.append(
        StatusChange(
            cooperative_id=row.cooperative_id,
            move=move.name,
            origin=origin,
            target=move.target,
            reason=reason,
            at=at,
            actor=actor,
            actor_role=role.value,
        )
    )
    row.status = move.target
    row.changed_at = at
    if move.name == "submit":
        row.number = next_number(APPLICATION_SERIES, day)
        row.submitted_at = at
        row.amount_sent = row.amount_asked
    if move.name in DECIDING:
        outcome = DECIDING[move.name]
        amount = row.amount_asked if outcome is Outcome.APPROVED else None
        row.decisions.append(
            Decision(
                cooperative_id=row.cooperative_id,
                outcome=outcome,
                amount=amount,
                decided_on=day,
                reason=reason,
                recorded_at=at,
                recorded_by=actor,
            )
        )
        if outcome is not Outcome.DEFERRED:
            row.amount_approved, row.decided_on, row.decided_fiscal_year = amount, day, fiscal_year(day)
    db.session.flush()
    settle(row, at)


def document(
    row: LoanApplication,
    kind: DocumentType | None = None,
    *,
    name: str = "เอกสาร.pdf",
    content: bytes | None = None,
    at: datetime = AT,
    **values: Any,
) -> Document:
    """A file attached to an application, its bytes in the store; of the first type the programme asks for."""
    stored = document_store().put(content if content is not None else pdf_bytes())
    attached = Document(
        cooperative_id=row.cooperative_id,
        application=row,
        document_type=kind or row.programme.documents[0].document_type,
        file_name=name,
        kind=FileKind.PDF.value,
        size=stored.size,
        sha256=stored.sha256,
        storage_key=stored.key,
        uploaded_at=at,
    )
    for name_, value in values.items():
        setattr(attached, name_, value)
    db.session.add(attached)
    db.session.flush()
    return attached


def verdict(file: Document, found: Verdict = Verdict.ACCEPTED, note: str = "", **values: Any) -> DocumentVerdict:
    """What an officer found about a file."""
    row = DocumentVerdict(
        **{
            "cooperative_id": file.cooperative_id,
            "application_id": file.application_id,
            "document_id": file.id,
            "verdict": found,
            "note": note or None,
            "at": AT,
            **values,
        }
    )
    db.session.add(row)
    db.session.flush()
    return row


def wish(row: LoanApplication, name: str, **values: Any) -> MoveRequest:
    """The move of a person who sees the application as it is now; one that needs a reason has one."""
    reason = {"reason": "เหตุผล"} if MOVES[name].reason_required else {}
    if FormPart.UNACCEPTED in MOVES[name].asks:
        reason["papers_reason"] = "ดูต้นฉบับที่สำนักงานแล้ว"
    return MoveRequest(**{"name": name, "version": row.version, **reason, **values})
