"""Who hears of what happened to an application, and which text each of them reads; the rows of the table say both."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from flask_appbuilder.security.sqla.models import Role as RoleRow
from flask_appbuilder.security.sqla.models import User
from flask_babel import force_locale
from sqlalchemy import or_, select

from app.domain.eligibility import Line
from app.domain.roles import COOPERATIVE, Role
from app.domain.steps import Event
from app.domain.values.calendar import bangkok_day
from app.domain.workflow import SERVED
from app.extensions import db
from app.models.applications import LoanApplication
from app.models.people import Membership, OfficePost
from app.security.scope import unscoped
from app.services.applications.mail_values import for_cooperative, for_staff
from app.services.applications.reasons import unmet_rules
from app.services.messages.tell import About, Letter, tell
from app.ui.language import DEFAULT


def tell_of(application: LoanApplication, event: Event, reason: str | None, at: datetime) -> None:
    """Add notices and mails for everybody a move or an event concerns, in the running transaction."""
    # A draft that is withdrawn or expires was never the offices' business.
    roles = event.tells if application.submitted_at is not None else event.tells & COOPERATIVE
    told = {role: list(_people(application, role)) for role in sorted(roles)}
    about = About(application.cooperative_id, application.id, f"/track/{application.id}")
    unmet = unmet_rules(application, bangkok_day(at)) if event.lists_unmet else ()
    with force_locale(DEFAULT):
        letters = list(_letters(application, event, reason, at, told, unmet))
    tell(event.name, about, (user.id for users in told.values() for user in users), letters, at)


def tell_served(applications: Iterable[LoanApplication], at: datetime) -> None:
    """Tell cooperatives whose applications came off the waiting list; whoever freed the money need not see them."""
    with unscoped():
        for application in applications:
            tell_of(application, SERVED, None, at)
            db.session.flush()


def _letters(
    application: LoanApplication,
    event: Event,
    reason: str | None,
    at: datetime,
    told: dict[Role, list[User]],
    unmet: Sequence[Line],
) -> Iterator[Letter]:
    """One for each officer, then one for each address of the cooperative: who is told on both sides reads the last."""
    for role, users in told.items():
        for user in users if role not in COOPERATIVE else ():
            yield Letter(user.email, "application.to_staff", for_staff(application, event, reason, at, user, unmet))
    if event.tells & COOPERATIVE:
        values = for_cooperative(application, event, reason, at, unmet)
        people = [user.email for role in sorted(COOPERATIVE) for user in told.get(role, [])]
        for address in (*people, application.cooperative.email):
            yield Letter(address, "application.to_cooperative", values)


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
