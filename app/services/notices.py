"""Tells people what happened to an application: a notice in the product and a mail in the outbox."""

from collections.abc import Iterable
from datetime import datetime
from uuid import uuid4

from flask import current_app
from flask_appbuilder.security.sqla.models import Role as RoleRow
from flask_appbuilder.security.sqla.models import User
from flask_babel import force_locale, gettext
from sqlalchemy import func, or_, select

from app.domain.text import N_
from app.domain.workflow import COOPERATIVE, OPINIONS, PUBLIC_WORDS, Move, Role
from app.extensions import db
from app.models.applications import LoanApplication
from app.models.notices import Notice, OutboxMail
from app.models.people import Membership, OfficePost
from app.ui.formatting import baht, be_datetime
from app.ui.language import DEFAULT


def tell(application: LoanApplication, step: Move, reason: str | None, at: datetime) -> None:
    """Add notices and mails for everybody the move concerns, in the running transaction."""
    people = {user.id: user for role in step.tells for user in _people(application, role)}
    for user in people.values():
        db.session.add(
            Notice(
                user_id=user.id,
                cooperative_id=application.cooperative_id,
                application_id=application.id,
                move=step.name,
                at=at,
            )
        )
    addresses = {user.email for user in people.values() if user.email}
    if step.tells & COOPERATIVE and application.cooperative.email:
        addresses.add(application.cooperative.email)
    _write_mails(application, step, reason, at, sorted(addresses))


def _people(application: LoanApplication, role: Role) -> Iterable[User]:
    if role in COOPERATIVE:
        statement = (
            select(User)
            .join(Membership, Membership.user_id == User.id)
            .where(
                Membership.cooperative_id == application.cooperative_id,
                Membership.active,
                Membership.role == role.value,
            )
        )
    else:
        statement = select(User).join(User.roles).where(RoleRow.name == role.value)
        if role is Role.PROVINCIAL_OFFICER:
            office_id = application.cooperative.office_id
            statement = statement.join(OfficePost, OfficePost.user_id == User.id).where(
                OfficePost.office_id == office_id
            )
    statement = statement.where(or_(User.active, User.active.is_(None)))
    return db.session.scalars(statement, execution_options={"unscoped": True})


def _write_mails(
    application: LoanApplication, step: Move, reason: str | None, at: datetime, addresses: list[str]
) -> None:
    with force_locale(DEFAULT):
        subject = gettext(
            N_("Application %(number)s: %(what)s"), number=application.number or "–", what=gettext(step.done)
        )
        body = _body(application, step, reason, at)
    host = current_app.config["MAIL_DOMAIN"]
    for address in addresses:
        db.session.add(
            OutboxMail(
                cooperative_id=application.cooperative_id,
                application_id=application.id,
                recipient=address,
                subject=subject[:300],
                body=body,
                message_id=f"<{uuid4().hex}@{host}>",
                created_at=at,
                next_try_at=at,
            )
        )


def _body(application: LoanApplication, step: Move, reason: str | None, at: datetime) -> str:
    lines = [
        gettext("To %(name)s", name=application.cooperative_name),
        "",
        gettext(step.done),
        gettext("Application number: %(number)s", number=application.number or "–"),
        gettext("Programme: %(name)s", name=application.programme.name),
        gettext("Amount asked: %(amount)s baht", amount=baht(application.amount_asked)),
    ]
    if application.amount_approved is not None:
        lines.append(gettext("Amount approved: %(amount)s baht", amount=baht(application.amount_approved)))
    lines.append(gettext("Status: %(status)s", status=gettext(PUBLIC_WORDS[application.state])))
    if reason and step.name not in OPINIONS:
        lines += ["", gettext("Note from the sender:"), reason]
    lines += [
        "",
        gettext("When: %(when)s", when=be_datetime(at)),
        gettext("Follow the application at %(address)s", address=_address(application)),
        "",
        gettext("Labour Fund, Department of Labour Protection and Welfare"),
    ]
    return "\n".join(lines)


def _address(application: LoanApplication) -> str:
    return f"{current_app.config['PUBLIC_URL'].rstrip('/')}/track/{application.id}"


def unread_count(user_id: int) -> int:
    """How many notices the person has not read."""
    return (
        db.session.scalar(select(func.count(Notice.id)).where(Notice.user_id == user_id, Notice.read_at.is_(None))) or 0
    )
