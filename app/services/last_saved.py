"""Who saved a record last, and when, from the audit trail."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_appbuilder.security.sqla.models import User
from flask_babel import gettext
from sqlalchemy import func, select

from app.extensions import db
from app.models.audit import AuditEvent, AuditKind

SAVES = (AuditKind.CREATED.value, AuditKind.CHANGED.value, AuditKind.IMPORTED.value)


@dataclass(frozen=True, slots=True)
class Saved:
    """A person's name, and the moment; None when the trail does not tell."""

    who: str
    at: datetime | None


def last_saved(row: Any) -> Saved:
    """Who saved a row last."""
    return last_saved_of(row.__tablename__, [row.id]).get(row.id, Saved("–", None))


def last_saved_of(entity: str, keys: Sequence[int]) -> dict[int, Saved]:
    """The same of several rows, by id.

    Read beyond the scope: whoever may edit a row learns whose change it is, though not everybody reads the trail.
    """
    if not keys:
        return {}
    newest = (
        select(func.max(AuditEvent.id))
        .where(AuditEvent.entity == entity, AuditEvent.entity_id.in_(keys), AuditEvent.kind.in_(SAVES))
        .group_by(AuditEvent.entity_id)
    )
    rows = db.session.execute(
        select(AuditEvent.entity_id, AuditEvent.at, User.first_name, User.last_name)
        .outerjoin(User, User.id == AuditEvent.actor_id)
        .where(AuditEvent.id.in_(newest)),
        execution_options={"unscoped": True},
    )
    return {
        key: Saved(" ".join(filter(None, (first, last))) or gettext("The system"), at) for key, at, first, last in rows
    }
