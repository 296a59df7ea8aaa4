"""The history section of a record's page, from the audit trail."""

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.domain.roles import Role
from app.extensions import db
from app.models.audit import AuditEvent, AuditKind
from app.security.acting import acting
from app.security.roles import STAFF
from app.ui.formatting import be_datetime
from app.ui.labels import labelled
from app.views.shell.audit_words import label_of, value_of

SHOWN = 50


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One event as the template draws it."""

    when: str
    who: str
    what: str
    changes: list[tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class History:
    """The newest events, and how many they are when there are older ones, too."""

    lines: list[HistoryLine]
    newest: int = 0


def history_of(row: Any) -> History:
    """The newest events about a record, for staff; empty for others."""
    if not acting().is_any(*STAFF):
        return History([])
    events = db.session.scalars(
        select(AuditEvent)
        .where(AuditEvent.entity == row.__tablename__, AuditEvent.entity_id == row.id)
        .order_by(AuditEvent.id.desc())
        .limit(SHOWN + 1)
        .options(selectinload(AuditEvent.actor))
    ).all()
    return History([_line(event) for event in events[:SHOWN]], SHOWN if len(events) > SHOWN else 0)


def _line(event: AuditEvent) -> HistoryLine:
    role = f" ({labelled(Role(event.actor_role))})" if event.actor_role else ""
    return HistoryLine(
        be_datetime(event.at),
        (event.actor.get_full_name() if event.actor else gettext("The system")) + role,
        labelled(AuditKind(event.kind)),
        changes_of(event),
    )


def changes_of(event: AuditEvent) -> list[tuple[str, str, str]]:
    """(label, before, after) of each column an event tells of; a new row's columns are not repeated."""
    if event.kind not in (AuditKind.CHANGED, AuditKind.MOVED):
        return []
    before, after = event.before or {}, event.after or {}
    return [
        (
            label_of(event.entity, key),
            value_of(event.entity, key, before.get(key)) if key in before else "",
            value_of(event.entity, key, after[key]),
        )
        for key in after
        if key in before or after[key] not in (None, "", [])
    ]
