"""Who hears of what happened to an application, and which text each of them reads; the rows of the table say both."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_appbuilder.security.sqla.models import Role as RoleRow
from flask_appbuilder.security.sqla.models import User
from flask_babel import force_locale
from sqlalchemy import Select, false, or_, select, true, union_all

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


@dataclass(frozen=True, slots=True)
class Readers:
    """Who is told: people of the cooperative, and people of the offices."""

    cooperative: tuple[User, ...]
    staff: tuple[User, ...]


def readers_of(application: LoanApplication, event: Event, *, sent: bool) -> Readers:
    """Everybody an event concerns, by one statement.

    Args:
        sent: a draft that is withdrawn or expires was never the offices' business.
    """
    roles = event.tells if sent else event.tells & COOPERATIVE
    sides = union_all(*_sides(application, roles)).subquery() if roles else None
    if sides is None:
        return Readers((), ())
    statement = (
        select(User, sides.c.own)
        .join(sides, sides.c.user_id == User.id)
        .where(or_(User.active, User.active.is_(None)))
        .order_by(User.id)
    )
    found = db.session.execute(statement, execution_options={"unscoped": True}).all()
    own = tuple(dict.fromkeys(user for user, is_own in found if is_own))
    return Readers(own, tuple(dict.fromkeys(user for user, is_own in found if not is_own)))


def tell_of(
    application: LoanApplication,
    event: Event,
    reason: str | None,
    at: datetime,
    *,
    readers: Readers | None = None,
    unmet: Sequence[Line] | None = None,
) -> None:
    """Add notices and mails for everybody a move or an event concerns, in the running transaction.

    Args:
        readers: who they are, when that was read already.
        unmet: the rules a refusal names, when it was judged already.
    """
    if readers is None:
        readers = readers_of(application, event, sent=application.submitted_at is not None)
    if unmet is None:
        unmet = unmet_rules(application, bangkok_day(at)) if event.lists_unmet else ()
    about = About(application.cooperative_id, application.id, f"/track/{application.id}")
    with force_locale(DEFAULT):
        letters = list(_letters(application, event, reason, at, readers, unmet))
    tell(event.name, about, (user.id for user in (*readers.cooperative, *readers.staff)), letters, at)


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
    readers: Readers,
    unmet: Sequence[Line],
) -> Iterator[Letter]:
    """One for each officer, then one for each address of the cooperative: who is told on both sides reads the last."""
    for user in readers.staff:
        yield Letter(user.email, "application.to_staff", for_staff(application, event, reason, at, user, unmet))
    if event.tells & COOPERATIVE:
        values = for_cooperative(application, event, reason, at, unmet)
        for address in (*(user.email for user in readers.cooperative), application.cooperative.email):
            yield Letter(address, "application.to_cooperative", values)


def _sides(application: LoanApplication, roles: Collection[Role]) -> Iterator[Select[Any, Any]]:
    """Ids of the people in the roles, each with whether the role is one of the cooperative."""
    own = {role.value for role in roles if role in COOPERATIVE}
    staff = {role.value for role in roles} - own - {Role.PROVINCIAL_OFFICER.value}
    if own:
        yield select(Membership.user_id.label("user_id"), true().label("own")).where(
            Membership.cooperative_id == application.cooperative_id, Membership.active, Membership.role.in_(sorted(own))
        )
    if staff:
        yield (
            select(User.id.label("user_id"), false().label("own"))
            .join(User.roles)
            .where(RoleRow.name.in_(sorted(staff)))
        )
    if Role.PROVINCIAL_OFFICER in roles:
        office = (
            select(User.id.label("user_id"), false().label("own"))
            .join(User.roles)
            .join(OfficePost, OfficePost.user_id == User.id)
        )
        yield office.where(
            RoleRow.name == Role.PROVINCIAL_OFFICER.value, OfficePost.office_id == application.cooperative.office_id
        )
