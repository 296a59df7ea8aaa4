"""Who a signed-in person is: the account and every capacity it may act in, read by one statement a request."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_appbuilder.security.sqla.models import Role as RoleRow
from flask_appbuilder.security.sqla.models import User, assoc_user_role
from flask_login import UserMixin
from sqlalchemy import bindparam, select
from sqlalchemy.engine import Connection

from app.domain.roles import Role
from app.extensions import db
from app.models.cooperatives import Cooperative
from app.models.people import Membership, OfficePost, ServerSession, SyncedMatrix

STAFF_ROLES = (
    Role.PROVINCIAL_OFFICER,
    Role.FUND_OFFICER,
    Role.FINANCE_OFFICER,
    Role.COMMITTEE,
    Role.MANAGER,
    Role.AUDITOR,
    Role.ADMINISTRATOR,
)


@dataclass(frozen=True, slots=True)
class Capacity:
    """An active membership: for which cooperative a person may act, and in which role."""

    id: int
    role: str
    cooperative_id: int
    cooperative: str  # its name


@dataclass(frozen=True, slots=True, eq=False)
class Person(UserMixin):
    """An account as pages need it; whoever changes it reads the account's row.

    Attributes:
        capacities: in the order in which they were given.
        office_id: of the office the person is posted to, if any.
        matrix: which state of the roles' permissions is stored; empty when there is none yet.
    """

    id: int
    username: str
    first_name: str
    last_name: str
    active: bool
    staff_roles: frozenset[Role]
    capacities: tuple[Capacity, ...]
    office_id: int | None
    matrix: str = ""

    @property
    def is_active(self) -> bool:
        return self.active

    def get_full_name(self) -> str:
        return f"{self.first_name} {self.last_name}"


_sessions, _users, _roles = ServerSession.__table__, User.__table__, RoleRow.__table__
_members, _cooperatives, _posts = Membership.__table__, Cooperative.__table__, OfficePost.__table__
_ABOUT = (
    _users.c.id,
    _users.c.username,
    _users.c.first_name,
    _users.c.last_name,
    _users.c.active,
    _roles.c.name.label("staff_role"),
    _members.c.id.label("membership"),
    _members.c.role.label("member_role"),
    _members.c.cooperative_id,
    _cooperatives.c.name.label("cooperative"),
    _posts.c.office_id,
    # Told with the person, it costs no statement, and a change of permissions counts from the next request on.
    select(SyncedMatrix.version).scalar_subquery().label("matrix"),
)


def _with_capacities(source: Any) -> Any:
    return (
        source.outerjoin(assoc_user_role, assoc_user_role.c.user_id == _users.c.id)
        .outerjoin(_roles, _roles.c.id == assoc_user_role.c.role_id)
        .outerjoin(_members, (_members.c.user_id == _users.c.id) & _members.c.active)
        .outerjoin(_cooperatives, _cooperatives.c.id == _members.c.cooperative_id)
        .outerjoin(_posts, _posts.c.user_id == _users.c.id)
    )


# Built once, because every request asks them.
_OF_SESSION = (
    select(_sessions.c.content, _sessions.c.started_at, _sessions.c.seen_at, *_ABOUT)
    .select_from(_with_capacities(_sessions.outerjoin(_users, _users.c.id == _sessions.c.user_id)))
    .where(_sessions.c.digest == bindparam("digest"), _sessions.c.expires_at > bindparam("moment"))
    .order_by(_members.c.id)
)
_OF_USER = select(*_ABOUT).select_from(_with_capacities(_users)).where(_users.c.id == bindparam("user"))
_OF_USER = _OF_USER.order_by(_members.c.id)


@dataclass(frozen=True, slots=True)
class Kept:
    """A stored session, and whose it is."""

    content: str
    started_at: datetime
    seen_at: datetime
    person: Person | None


def kept_session(connection: Connection, digest: str, moment: datetime) -> Kept | None:
    """The session that is good at a moment, with its person."""
    rows = connection.execute(_OF_SESSION, {"digest": digest, "moment": moment}).all()
    return Kept(rows[0].content, rows[0].started_at, rows[0].seen_at, _person(rows)) if rows else None


def read_person(user_id: int) -> Person | None:
    """A person as the running transaction sees them."""
    return _person(db.session.connection().execute(_OF_USER, {"user": user_id}).all())


def _person(rows: Sequence[Any]) -> Person | None:
    """Of rows with each staff role beside each capacity."""
    if not rows or rows[0].id is None:
        return None
    first = rows[0]
    capacities = {
        row.membership: Capacity(row.membership, row.member_role, row.cooperative_id, row.cooperative)
        for row in rows
        if row.membership is not None
    }
    return Person(
        id=first.id,
        username=first.username,
        first_name=first.first_name,
        last_name=first.last_name,
        active=first.active,
        staff_roles=staff_among(row.staff_role for row in rows),
        capacities=tuple(capacities.values()),
        office_id=first.office_id,
        matrix=first.matrix or "",
    )


def staff_among(names: Iterable[str | None]) -> frozenset[Role]:
    """Staff roles among names of roles; roles for a cooperative come from memberships alone."""
    given = set(names)
    return frozenset(role for role in STAFF_ROLES if role.value in given)


def staff_roles(user: User) -> frozenset[Role]:
    """Staff roles given to an account."""
    return staff_among(role.name for role in user.roles)
