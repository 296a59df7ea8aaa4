"""Adds the demonstration's sign-ins, and says who of them makes a move."""

from dataclasses import dataclass
from datetime import datetime

from flask import current_app
from flask_appbuilder.security.sqla.models import Role as RoleRow
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select

from app.demo import cooperatives
from app.demo.people import CENTRAL, PEOPLE, Person
from app.demo.seed_registers import Registers, needed
from app.domain.roles import COOPERATIVE, Role
from app.extensions import db
from app.models.people import Membership, OfficePost
from app.security.accounts import hashed


@dataclass(frozen=True, slots=True)
class Accounts:
    """The sign-ins by name."""

    users: dict[str, User]

    def acting(self, role: Role, cooperative_key: str) -> User | None:
        """Return who acts in the role on that cooperative's applications; most cooperatives and offices have nobody."""
        places = (cooperatives.BY_KEY[cooperative_key].office, CENTRAL)
        for person in PEOPLE:
            if role.value in person.roles and (cooperative_key in person.cooperatives or person.office in places):
                return self.users[person.username]
        return None

    def applicant(self, cooperative_key: str) -> User | None:
        """Return who prepares the cooperative's papers."""
        return self.acting(Role.PREPARER, cooperative_key) or self.acting(Role.SIGNATORY, cooperative_key)


def add_accounts(registers: Registers, at: datetime) -> Accounts:
    """Add the users with their roles, memberships and posts, and flush them."""
    # Hashing is slow on purpose, and all accounts have the same published password.
    password = hashed(current_app.config["DEMO_PASSWORD"])
    roles = {row.name: row for row in db.session.scalars(select(RoleRow))}
    users = {person.username: _user(person, password, roles, at) for person in PEOPLE}
    db.session.add_all(users.values())
    for person in PEOPLE:
        db.session.add_all(_memberships(person, users[person.username], registers))
        if person.office is not None:
            office = needed(registers.offices, person.office, "flask db upgrade")
            db.session.add(OfficePost(user=users[person.username], office=office))
    db.session.flush()
    return Accounts(users)


def _user(person: Person, password: str, roles: dict[str, RoleRow], at: datetime) -> User:
    # The framework keeps these two moments without a zone.
    moment = at.astimezone().replace(tzinfo=None)
    return User(
        username=person.username,
        first_name=person.first_name,
        last_name=person.last_name,
        email=person.email,
        password=password,
        active=True,
        # A role for a cooperative comes from a membership alone.
        roles=[needed(roles, name, "flask sync-roles") for name in person.roles if Role(name) not in COOPERATIVE],
        created_on=moment,
        changed_on=moment,
    )


def _memberships(person: Person, user: User, registers: Registers) -> list[Membership]:
    (role,) = person.roles
    return [
        Membership(user=user, cooperative=registers.cooperatives[key], role=role, active=True)
        for key in person.cooperatives
    ]
