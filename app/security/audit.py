"""Writes AuditEvents: by hand for acts, and for every change of a register row by itself."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar

from flask import has_request_context, request
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import event, insert, inspect
from sqlalchemy.orm import Session, UOWTransaction

from app.extensions import db
from app.models.audit import AuditEvent, AuditKind
from app.models.base import Audited, now
from app.models.cooperatives import Cooperative
from app.security.acting import acting

HIDDEN = frozenset({"password"})


def record(
    kind: AuditKind,
    row: Any,
    *,
    summary: str,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    actor_id: int | None = None,
) -> None:
    """Add an event about ``row`` to the running transaction."""
    db.session.add(AuditEvent(**_values(kind, row, summary[:400], before, after, actor_id)))


class _Nobody:
    """Stands for the account in an event about a name that no account has."""

    __tablename__ = User.__tablename__
    id: ClassVar[None] = None


def record_failed_sign_in(user: User | None, typed: str) -> None:
    """Add an event about a wrong password; a name that no account has may be a password, and is cut."""
    summary = user.username if user is not None else f"{typed[:2]}…"
    record(AuditKind.SIGN_IN_FAILED, user or _Nobody, summary=summary)


def _values(
    kind: AuditKind, row: Any, summary: str, before: Any = None, after: Any = None, actor_id: int | None = None
) -> dict[str, Any]:
    person = acting()
    return {
        "at": now(),
        "actor_id": actor_id or person.user_id or None,
        "actor_role": person.role.value if person.roles else None,
        "address": request.remote_addr if has_request_context() else None,
        "kind": kind.value,
        "entity": row.__tablename__,
        "entity_id": row.id,
        "cooperative_id": row.id if isinstance(row, Cooperative) else getattr(row, "cooperative_id", None),
        "summary": summary,
        "before": before,
        "after": after,
    }


def plain(value: Any) -> Any:
    """A value as JSON keeps it: amounts and dates as text, so that nothing is rounded."""
    if isinstance(value, (Decimal, date, datetime)):
        return str(value)
    if isinstance(value, (list, tuple, set)):
        return sorted(str(item) for item in value)
    return value if isinstance(value, (str, int, bool, type(None))) else str(value)


# After the scope's check of the keys: the order is written down in models/base.py.
@event.listens_for(Session, "after_flush")
def _record_register_changes(session: Session, _context: UOWTransaction) -> None:
    """In the flush's own transaction, and through the table, because the flush is already under way."""
    events = [_values(AuditKind.CREATED, row, str(row), None, _columns(row)) for row in session.new if _is_audited(row)]
    for row in session.dirty:
        if _is_audited(row):
            before, after = _difference(row)
            if after:
                events.append(_values(AuditKind.CHANGED, row, str(row), before, after))
    events += [_values(AuditKind.DELETED, row, str(row), _columns(row)) for row in session.deleted if _is_audited(row)]
    if events:
        session.connection().execute(insert(AuditEvent.__table__), events)


def _is_audited(row: Any) -> bool:
    return isinstance(row, Audited)


def _kept(row: Any) -> list[str]:
    return [attr.key for attr in inspect(row).mapper.column_attrs if attr.key not in row.unaudited_columns | HIDDEN]


def _columns(row: Any) -> dict[str, Any]:
    return {key: plain(getattr(row, key)) for key in _kept(row)}


def _difference(row: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    state = inspect(row)
    many = [relation.key for relation in state.mapper.relationships if relation.secondary is not None]
    for key in [*_kept(row), *many]:
        history = state.attrs[key].history
        if history.has_changes():
            before[key] = plain(history.deleted if key in many else next(iter(history.deleted), None))
            after[key] = plain(history.added if key in many else next(iter(history.added), None))
    return before, after
