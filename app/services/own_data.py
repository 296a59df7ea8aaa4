"""What the service holds about a person, for that person: the account, for whom it acts, own acts, notices, mails."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from flask_appbuilder.security.sqla.models import User
from flask_babel import gettext
from sqlalchemy import select

from app.domain.occasions import happened
from app.extensions import db
from app.models.audit import AuditEvent, AuditKind
from app.models.help_pages import HelpVersion
from app.models.notices import Notice, OutboxMail
from app.models.people import Account, Membership, OfficePost, ServerSession
from app.security.audit import record
from app.security.scope import unscoped
from app.ui.labels import labelled
from app.ui.naming import named

MOST = 10_000  # newest rows of each list; the file says when there are more


def take_own_data(user: User, at: datetime) -> dict[str, Any]:
    """All of it as plain values, noted as taken in the running transaction."""
    with unscoped():
        found = {
            "made_at": at.isoformat(),
            "account": _account(user),
            "memberships": [_membership(row) for row in _of(Membership, Membership.user_id == user.id)],
            "offices": [{"office": named(row.office)} for row in _of(OfficePost, OfficePost.user_id == user.id)],
            "signed_in_browsers": [
                {"since": row.started_at.isoformat(), "last_seen": row.seen_at.isoformat()}
                for row in db.session.scalars(select(ServerSession).where(ServerSession.user_id == user.id))
            ],
            "privacy_notice_read": [
                {"version": number, "at": moment.isoformat()} for number, moment in versions_read(user.id)
            ],
            "own_acts": _list(_event(row) for row in _newest(AuditEvent, AuditEvent.actor_id == user.id)),
            "about_the_account": _list(
                _event(row)
                for row in _newest(AuditEvent, AuditEvent.entity == User.__tablename__, AuditEvent.entity_id == user.id)
            ),
            "notices": _list(_notice(row) for row in _newest(Notice, Notice.user_id == user.id)),
            "mails": _list(_mail(row) for row in _newest(OutboxMail, OutboxMail.recipient == user.email)),
        }
    record(AuditKind.DOWNLOADED, user, summary=gettext("What the fund holds about me"))
    return found


def versions_read(user_id: int) -> list[tuple[int, datetime]]:
    """The versions of the privacy notice that a person confirmed to have read, and when, the newest first."""
    confirmed = (
        select(HelpVersion.number, AuditEvent.at)
        .join(HelpVersion, HelpVersion.id == AuditEvent.entity_id)
        .where(
            AuditEvent.entity == HelpVersion.__tablename__,
            AuditEvent.kind == AuditKind.CONFIRMED,
            AuditEvent.actor_id == user_id,
        )
    )
    with unscoped():
        found = db.session.execute(confirmed.order_by(AuditEvent.id.desc())).all()
    return [(number, moment) for number, moment in found]


def confirm_reading(user: User, version: HelpVersion) -> None:
    """Keep that the person read a version of the privacy notice; once is enough."""
    if version.number not in {number for number, _moment in versions_read(user.id)}:
        summary = f"{version.title} ({version.number})"
        record(AuditKind.CONFIRMED, version, summary=summary, after={"version": version.number}, actor_id=user.id)


def _account(user: User) -> dict[str, Any]:
    kept = db.session.get(Account, user.id)
    return {
        "user_name": user.username,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "e_mail": user.email,
        "in_use": user.active,
        "made_on": str(user.created_on or ""),
        "last_sign_in": str(user.last_login or ""),
        "sign_ins": user.login_count,
        "staff_roles": [role.name for role in user.roles],
        "language": kept.locale if kept is not None else None,
    }


def _membership(row: Membership) -> dict[str, Any]:
    return {"cooperative": named(row.cooperative), "role": row.role, "in_use": row.active}


def _event(row: AuditEvent) -> dict[str, Any]:
    return {
        "at": row.at.isoformat(),
        "what": labelled(AuditKind(row.kind)),
        "of": row.entity,
        "summary": row.summary,
        "acting_as": row.actor_role,
        "network_address": row.address,
    }


def _notice(row: Notice) -> dict[str, Any]:
    number = row.application.number if row.application is not None else row.about
    return {"at": row.at.isoformat(), "what": gettext(happened(row.move)), "about": number, "read": bool(row.read_at)}


def _mail(row: OutboxMail) -> dict[str, Any]:
    return {"at": row.created_at.isoformat(), "subject": row.subject, "text": row.body, "status": row.status}


def _of(model: type[Any], *conditions: Any) -> Iterable[Any]:
    return db.session.scalars(select(model).where(*conditions).order_by(model.id))


def _newest(model: type[Any], *conditions: Any) -> Iterable[Any]:
    return db.session.scalars(select(model).where(*conditions).order_by(model.id.desc()).limit(MOST + 1))


def _list(rows: Iterable[dict[str, Any]]) -> dict[str, Any]:
    every = list(rows)
    return {"rows": every[:MOST], "only_the_newest": len(every) > MOST}
