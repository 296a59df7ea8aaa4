"""Who is acting in this request, as what, and therefore over which rows."""

from dataclasses import dataclass
from typing import cast

from flask import g, has_request_context, session
from flask_appbuilder.security.sqla.models import User
from flask_login import current_user
from sqlalchemy import bindparam, select
from sqlalchemy.orm import joinedload

from app.domain.roles import Role
from app.extensions import db
from app.models.people import Membership, OfficePost
from app.security.reach import NOTHING, Reach, Scope

STAFF_ROLES = (
    Role.PROVINCIAL_OFFICER,
    Role.FUND_OFFICER,
    Role.FINANCE_OFFICER,
    Role.COMMITTEE,
    Role.MANAGER,
    Role.AUDITOR,
    Role.ADMINISTRATOR,
)
# Widest first: a person with two staff roles reads what the wider one reads.
REACH_OF = {
    Role.FUND_OFFICER: (Reach.SENT, True),
    Role.AUDITOR: (Reach.ALL, False),
    Role.MANAGER: (Reach.ALL, False),
    Role.PROVINCIAL_OFFICER: (Reach.OFFICE, True),
    Role.FINANCE_OFFICER: (Reach.APPROVED, True),
    Role.COMMITTEE: (Reach.AGENDA, True),
    Role.ADMINISTRATOR: (Reach.REGISTERS, True),
}
ACTING_KEY = "acting_for"
# Built once, because every request asks it.
_MEMBERSHIPS = (
    select(Membership)
    .where(Membership.user_id == bindparam("user"), Membership.active)
    .order_by(Membership.id)
    .options(joinedload(Membership.cooperative))
)


@dataclass(frozen=True, slots=True)
class Acting:
    """The signed-in person in the one capacity this request runs under."""

    user_id: int
    roles: frozenset[Role]
    scope: Scope
    membership_id: int | None = None
    cooperative_id: int | None = None
    office_id: int | None = None

    @property
    def role(self) -> Role:
        """The role to write beside what the person does."""
        return next((role for role in Role if role in self.roles), Role.SYSTEM)

    def is_any(self, *roles: Role) -> bool:
        return not self.roles.isdisjoint(roles)


NOBODY = Acting(user_id=0, roles=frozenset(), scope=NOTHING)


def acting() -> Acting:
    """The person acting in this request; nobody outside one, and nobody while the person is still being looked up."""
    if not has_request_context():
        return NOBODY
    found = g.get("acting")
    if found is None:
        g.acting = NOBODY
        found = g.acting = _look_up()
    return cast(Acting, found)


def forget_acting() -> None:
    """Look the person up anew: after signing in or out, or choosing another cooperative."""
    g.pop("acting", None)
    g.pop("permissions", None)
    g.pop("memberships", None)


def _look_up() -> Acting:
    if not current_user.is_authenticated or not current_user.is_active:
        return NOBODY
    user = cast(User, current_user)
    membership = chosen_membership(user)
    if membership is not None:
        role = Role(membership.role)
        scope = Scope(Reach.COOPERATIVE, user.id, cooperative_id=membership.cooperative_id, may_write=True)
        return Acting(user.id, frozenset({role}), scope, membership.id, membership.cooperative_id)
    return _as_staff(user)


def memberships_of(user: User) -> list[Membership]:
    """Active memberships of a person, whichever cooperative the person acts for now; read once a request."""
    read: dict[int, list[Membership]] = g.setdefault("memberships", {})
    if user.id not in read:
        found = db.session.scalars(_MEMBERSHIPS, {"user": user.id}, execution_options={"unscoped": True})
        read[user.id] = list(found)
    return read[user.id]


def chosen_membership(user: User) -> Membership | None:
    """The membership the person acts under: the chosen one, else the first; staff act as staff unless they chose."""
    memberships = memberships_of(user)
    chosen = session.get(ACTING_KEY)
    for membership in memberships:
        if membership.id == chosen:
            return membership
    if staff_roles(user) or not memberships:
        return None
    return memberships[0]


def staff_roles(user: User) -> frozenset[Role]:
    """Staff roles given to the person; roles for a cooperative come from memberships alone."""
    names = {role.name for role in user.roles}
    return frozenset(role for role in STAFF_ROLES if role.value in names)


def _as_staff(user: User) -> Acting:
    roles = staff_roles(user)
    reach, may_write = next((REACH_OF[role] for role in REACH_OF if role in roles), (Reach.NOTHING, False))
    office_id = None
    if reach is Reach.OFFICE:
        office_id = db.session.scalar(select(OfficePost.office_id).where(OfficePost.user_id == user.id))
    if reach is Reach.OFFICE and office_id is None:
        reach, may_write = Reach.NOTHING, False
    return Acting(user.id, roles, Scope(reach, user.id, office_id=office_id, may_write=may_write), office_id=office_id)
