"""Who opened or downloaded which files, from the audit trail; as far as the reader's scope goes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.extensions import db
from app.models.applications import LoanApplication
from app.models.audit import AuditEvent, AuditKind
from app.models.documents import Document

KINDS = (AuditKind.OPENED, AuditKind.DOWNLOADED)
FILE, DOSSIER = Document.__tablename__, LoanApplication.__tablename__  # what an event is about
PAGE = 50


@dataclass(frozen=True, slots=True)
class Opening:
    """One event, and the application its file belongs to as far as the reader may see it."""

    event: AuditEvent
    application: LoanApplication | None


@dataclass(frozen=True, slots=True)
class OpeningPage:
    """Some of the openings, newest first; ``more`` says that older ones follow."""

    rows: Sequence[Opening]
    more: bool


def openings_of(application: LoanApplication, page: int) -> OpeningPage:
    """Of one application: its files, also those removed or replaced, and its dossier."""
    files = db.session.scalars(select(Document.id).where(Document.application_id == application.id)).all()
    about = or_(
        and_(AuditEvent.entity == FILE, AuditEvent.entity_id.in_(files)),
        and_(AuditEvent.entity == DOSSIER, AuditEvent.entity_id == application.id),
    )
    return _page(select(AuditEvent).where(about).order_by(AuditEvent.id.desc()), page)


def all_openings(page: int) -> OpeningPage:
    """Of every application in the reader's scope."""
    chosen = select(AuditEvent).where(AuditEvent.entity.in_([FILE, DOSSIER]))
    return _page(chosen.order_by(AuditEvent.at.desc(), AuditEvent.id.desc()), page)


def _page(statement: Select[Any], page: int) -> OpeningPage:
    chosen = statement.where(AuditEvent.kind.in_(KINDS)).offset(page * PAGE).limit(PAGE + 1)
    events: Sequence[AuditEvent] = db.session.scalars(chosen.options(selectinload(AuditEvent.actor))).all()
    applications = _applications(events[:PAGE])
    return OpeningPage([Opening(event, applications.get(event.id)) for event in events[:PAGE]], len(events) > PAGE)


def _applications(events: Sequence[AuditEvent]) -> dict[int, LoanApplication]:
    """The application of each event, by the event's id."""
    ids = {entity: {event.entity_id for event in events if event.entity == entity} for entity in (FILE, DOSSIER)}
    found: dict[tuple[str, int], LoanApplication] = {}
    files = select(Document).where(Document.id.in_(ids[FILE])).options(joinedload(Document.application))
    for file in db.session.scalars(files):
        found[FILE, file.id] = file.application
    for row in db.session.scalars(select(LoanApplication).where(LoanApplication.id.in_(ids[DOSSIER]))):
        found[DOSSIER, row.id] = row
    return {
        event.id: found[event.entity, event.entity_id]
        for event in events
        if event.entity_id is not None and (event.entity, event.entity_id) in found
    }
