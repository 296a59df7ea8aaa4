"""Who is acting in this request, as what, and therefore over which rows."""

from dataclasses import dataclass
from typing import cast

from flask import g, has_request_context, session
from flask_login import current_user

from app.domain.roles import Role
from app.security.person import Capacity, Person, read_person
from app.security.reach import NOTHING, Reach, Scope

# Widest first: a person with two staff roles reads what the wider one reads.
REACH_OF = {
    Role.FUND_OFFICER: (Reach.SENT, True),
    Role.AUDITOR: (Reach.SENT, False),
    Role.MANAGER: (Reach.SENT, False),
    Role.PROVINCIAL_OFFICER: (Reach.OFFICE, True),
    Role.FINANCE_OFFICER: (Reach.APPROVED, True),
    Role.COMMITTEE: (Reach.AGENDA, True),
    Role.ADMINISTRATOR: (Reach.REGISTERS, True),
}
ACTING_KEY = "acting_for"


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
    g.pop("person", None)


def this_person() -> Person | None:
    """Whoever is signed in, with an account in use; read once a request."""
    if not current_user.is_authenticated or not current_user.is_active:
        return None
    if "person" not in g:
        user = current_user._get_current_object()
        # Who has only just signed in is the row of the account.
        g.person = user if isinstance(user, Person) else read_person(user.id)
    return cast(Person | None, g.person)


def signed_in() -> Person:
    """Whoever is signed in; asked only where somebody is."""
    person = this_person()
    if person is None:
        raise LookupError("nobody is signed in")
    return person


def acting_for() -> Capacity | None:
    """The membership this request runs under; nothing for staff and visitors."""
    held, person = acting().membership_id, this_person()
    return next((each for each in person.capacities if each.id == held), None) if person is not None else None


def _look_up() -> Acting:
    person = this_person()
    return NOBODY if person is None else as_person(person, session.get(ACTING_KEY))


def as_person(person: Person, chosen: int | None = None) -> Acting:
    """The person acting under the chosen membership, else the first; staff act as staff unless they chose."""
    capacity = next((each for each in person.capacities if each.id == chosen), None)
    if capacity is None and person.capacities and not person.staff_roles:
        capacity = person.capacities[0]
    return _as_staff(person) if capacity is None else _as_member(person, capacity)


def _as_member(person: Person, capacity: Capacity) -> Acting:
    owner = capacity.cooperative_id
    scope = Scope(Reach.COOPERATIVE, person.id, cooperative_id=owner, may_write=True)
    return Acting(person.id, frozenset({Role(capacity.role)}), scope, capacity.id, owner)


def _as_staff(person: Person) -> Acting:
    roles = person.staff_roles
    reach, may_write = next((REACH_OF[role] for role in REACH_OF if role in roles), (Reach.NOTHING, False))
    office_id = person.office_id if reach is Reach.OFFICE else None
    if reach is Reach.OFFICE and office_id is None:
        reach, may_write = Reach.NOTHING, False
    scope = Scope(reach, person.id, office_id=office_id, may_write=may_write)
    return Acting(person.id, roles, scope, office_id=office_id)
