"""An office that has no officer in use any more, and how much waits there: said to whoever takes the last one away."""

from dataclasses import dataclass

from flask_appbuilder.security.sqla.models import Role as RoleRow
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import func, or_, select

from app.domain.roles import Role
from app.domain.states import QUEUES
from app.extensions import db
from app.figures.reading import applications_by_state
from app.models.people import OfficePost
from app.models.places import Office
from app.security.reach import Reach, Scope
from app.security.scope import scoped
from app.ui.naming import named


@dataclass(frozen=True, slots=True)
class Unattended:
    """An office without an officer, and the number of its applications that wait for one."""

    office: str
    waiting: int


def unattended(office_id: int | None) -> Unattended | None:
    """The office, when nobody who works there is in use; a number is all that is told of its applications."""
    if office_id is None or _officers(office_id):
        return None
    office = db.session.get_one(Office, office_id)
    with scoped(Scope(Reach.OFFICE, office_id=office_id)):
        waiting = sum(applications_by_state(QUEUES[Role.PROVINCIAL_OFFICER]).values())
    return Unattended(named(office), waiting)


def office_of(user: User) -> int | None:
    """The id of the office a person is posted to."""
    return db.session.scalar(select(OfficePost.office_id).where(OfficePost.user_id == user.id))


def _officers(office_id: int) -> int:
    there = (
        select(func.count(User.id))
        .join(OfficePost, OfficePost.user_id == User.id)
        .join(User.roles)
        .where(
            OfficePost.office_id == office_id,
            RoleRow.name == Role.PROVINCIAL_OFFICER.value,
            or_(User.active, User.active.is_(None)),
        )
    )
    return db.session.scalar(there) or 0
