"""Tells people what happened to an application: a notice in the product and a mail in the outbox."""

from collections.abc import Iterable
from datetime import datetime
from uuid import uuid4

from flask import current_app
from flask_appbuilder.security.sqla.models import Role as RoleRow
from flask_appbuilder.security.sqla.models import User
from flask_babel import force_locale
from sqlalchemy import func, or_, select

from app.domain.calendar import bangkok_day
from app.domain.roles import COOPERATIVE, Role
from app.domain.workflow import SERVED, Move, State
from app.extensions import db
from app.models.applications import LoanApplication
from app.models.notices import Notice, OutboxMail
from app.models.people import Membership, OfficePost
from app.security.scope import unscoped
from app.services.applications.mail_texts import subject_of, to_cooperative, to_staff
from app.services.applications.reasons import unmet_rules
from app.ui.language import DEFAULT


def tell(application: LoanApplication, step: Move, reason: str | None, at: datetime) -> None:
    """Add notices and mails for everybody the move concerns, in the running transaction."""
    # A draft that is withdrawn or expires was never the offices' business.
    roles = step.tells if application.submitted_at is not None else step.tells & COOPERATIVE
    told = {role: list(_people(application, role)) for role in sorted(roles)}
    for user_id in sorted({user.id for users in told.values() for user in users}):
        db.session.add(
            Notice(
                user_id=user_id,
                cooperative_id=application.cooperative_id,
                application_id=application.id,
                move=step.name,
                at=at,
            )
        )
    with force_locale(DEFAULT):
        _write_mails(application, step, at, _letters(application, step, reason, at, told))


def tell_served(applications: Iterable[LoanApplication], at: datetime) -> None:
    """Tell cooperatives whose applications came off the waiting list; whoever freed the money need not see them."""
    with unscoped():
        for application in applications:
            tell(application, SERVED, None, at)
            db.session.flush()


def _letters(
    application: LoanApplication, step: Move, reason: str | None, at: datetime, told: dict[Role, list[User]]
) -> dict[str, str]:
    """The text for each address; who is told on both sides reads the cooperative's."""
    staff = [user for role, users in told.items() if role not in COOPERATIVE for user in users]
    refused = step.target is State.REJECTED
    unmet = unmet_rules(application, bangkok_day(at)) if refused else ()
    letters = {user.email: to_staff(application, step, reason, at, user, unmet) for user in staff}
    if step.tells & COOPERATIVE:
        applicants = [user.email for role in COOPERATIVE for user in told.get(role, [])]
        text = to_cooperative(application, step, reason, at, unmet)
        letters |= dict.fromkeys([*applicants, application.cooperative.email], text)
    return {address: letters[address] for address in sorted(filter(None, letters))}


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


def _write_mails(application: LoanApplication, step: Move, at: datetime, letters: dict[str, str]) -> None:
    subject = subject_of(application, step)
    host = current_app.config["MAIL_DOMAIN"]
    for address, body in letters.items():
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


def unread_count(user_id: int) -> int:
    """How many notices the person has not read."""
    return (
        db.session.scalar(select(func.count(Notice.id)).where(Notice.user_id == user_id, Notice.read_at.is_(None))) or 0
    )
