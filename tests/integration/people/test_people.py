"""Roles and memberships as an administrator gives them: nobody ends up on both sides of an application."""

from dataclasses import dataclass

import pytest
from flask import Flask
from flask_appbuilder.security.sqla.models import Role as RoleRow
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select

from app.domain.roles import Role
from app.extensions import db
from app.models.people import Membership
from tests import make
from tests.client import FundClient
from tests.forms import fill_in, page
from tests.place import signed_in

SEPARATE = (
    "Who acts for a cooperative does not also work for the fund. Set the membership out of use, or give the staff "
    "role to another person."
)
APART = (Role.COMMITTEE, Role.ADMINISTRATOR, Role.PROVINCIAL_OFFICER, Role.FUND_OFFICER, Role.FINANCE_OFFICER)


@dataclass
class Office:
    """An administrator at the screens of people, and a cooperative."""

    app: Flask
    admin: int
    cooperative: int
    client: FundClient

    def role(self, role: Role) -> str:
        with make.rows(self.app):
            return str(db.session.scalars(select(RoleRow.id).where(RoleRow.name == role.value)).one())

    def person(self, *roles: Role) -> int:
        with make.rows(self.app):
            cooperative = db.session.get_one(make.Cooperative, self.cooperative)
            return int(make.person(*roles, of=cooperative).id)

    def roles_of(self, key: int) -> set[str]:
        with make.rows(self.app):
            return {role.name for role in db.session.get_one(User, key).roles}

    def active_memberships(self, key: int) -> int:
        with make.rows(self.app):
            found = db.session.scalars(select(Membership).where(Membership.user_id == key, Membership.active))
            return len(found.all())


@pytest.fixture
def office(app: Flask) -> Office:
    with make.rows(app):
        admin = make.person(Role.ADMINISTRATOR, username="admin").id
        cooperative = make.cooperative().id
    client = signed_in(app, "admin")
    return Office(app, admin, cooperative, client)


@pytest.mark.parametrize("role", APART)
def test_staff_role_is_not_given_to_a_member_of_a_cooperative(office: Office, role: Role) -> None:
    key = office.person(Role.PREPARER)

    answer = fill_in(office.client, f"/users/edit/{key}", roles=[office.role(role)])

    assert make.in_thai(office.app, SEPARATE) in page(answer)
    assert office.roles_of(key) == set()


@pytest.mark.parametrize("role", APART)
def test_membership_is_not_given_to_staff(office: Office, role: Role) -> None:
    key = office.person(role)
    typed = {"user": str(key), "cooperative": str(office.cooperative), "role": "cooperative_preparer", "active": "y"}

    answer = fill_in(office.client, "/memberships/add", **typed)

    assert make.in_thai(office.app, SEPARATE) in page(answer)
    assert office.active_memberships(key) == 0


def test_membership_of_staff_is_not_set_in_use_again(office: Office) -> None:
    key = office.person(Role.FUND_OFFICER)
    with make.rows(office.app):
        row = Membership(user_id=key, cooperative_id=office.cooperative, role="cooperative_signatory", active=False)
        db.session.add(row)
        db.session.flush()
        membership = row.id

    answer = fill_in(office.client, f"/memberships/edit/{membership}", active="y")

    assert make.in_thai(office.app, SEPARATE) in page(answer)
    assert office.active_memberships(key) == 0


def test_former_member_becomes_an_officer(office: Office) -> None:
    key = office.person(Role.PREPARER)
    with make.rows(office.app):
        db.session.scalars(select(Membership).where(Membership.user_id == key)).one().active = False

    answer = fill_in(office.client, f"/users/edit/{key}", roles=[office.role(Role.FUND_OFFICER)])

    assert answer.status_code == 302
    assert office.roles_of(key) == {"fund_officer"}


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        (
            Role.FUND_OFFICER,
            Role.PROVINCIAL_OFFICER,
            "A fund officer sees all cooperatives, a provincial officer one office's. Choose one of the roles.",
        ),
        (
            Role.FINANCE_OFFICER,
            Role.COMMITTEE,
            "A committee member does not also prepare applications. Choose one of the roles.",
        ),
        (
            Role.MANAGER,
            Role.COMMITTEE,
            "An executive or inspector watches and does not work on applications. Choose one of the roles.",
        ),
    ],
)
def test_roles_that_contradict_each_other_are_refused(office: Office, first: Role, second: Role, said: str) -> None:
    key = office.person(first)

    answer = fill_in(office.client, f"/users/edit/{key}", roles=[office.role(first), office.role(second)])

    assert make.in_thai(office.app, said) in page(answer)
    assert office.roles_of(key) == {first.value}


def test_administrator_does_not_change_his_own_roles(office: Office) -> None:
    answer = fill_in(office.client, f"/users/edit/{office.admin}", roles=[office.role(Role.COMMITTEE)])

    assert make.in_thai(office.app, "You cannot change your own roles. Ask another administrator.") in page(answer)
    assert office.roles_of(office.admin) == {"administrator"}


def test_administrator_changes_the_rest_of_his_own_record(office: Office) -> None:
    answer = fill_in(office.client, f"/users/edit/{office.admin}", first_name="สมชาย")

    assert answer.status_code == 302
    assert office.roles_of(office.admin) == {"administrator"}
