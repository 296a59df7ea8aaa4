"""Two administrators at the same moment: what one person may not have together nobody ends up with."""

import pytest
from flask import Flask
from flask_appbuilder.security.sqla.models import Role as RoleRow
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select

from app.domain.roles import Role
from app.extensions import db
from app.models.audit import AuditEvent, AuditKind
from app.models.people import Membership
from tests import make
from tests.at_once import Send, at_once, browser, statuses
from tests.client import FundClient
from tests.forms import fields_of

PEOPLE = 4


@pytest.fixture
def administrators(app: Flask) -> list[FundClient]:
    with make.rows(app):
        for name in ("admin0", "admin1"):
            make.person(Role.ADMINISTRATOR, username=name)
    return [browser(app, name) for name in ("admin0", "admin1")]


def role(app: Flask, wanted: Role) -> str:
    with make.rows(app):
        return str(db.session.scalars(select(RoleRow.id).where(RoleRow.name == wanted.value)).one())


def people(app: Flask) -> list[int]:
    with make.rows(app):
        return [make.person().id for _person in range(PEOPLE)]


def edit(client: FundClient, path: str, **typed: object) -> Send:
    """A form opened and filled in, but for the last press of the button."""
    values = {**fields_of(client.text(path)), **typed}
    return lambda: client.post(path, data=values)


def test_roles_that_are_kept_apart_are_not_given_by_two(app: Flask, administrators: list[FundClient]) -> None:
    wanted = role(app, Role.COMMITTEE), role(app, Role.FUND_OFFICER)
    for key in people(app):
        answers = at_once(
            [
                edit(client, f"/users/edit/{key}", roles=[given])
                for client, given in zip(administrators, wanted, strict=True)
            ]
        )

        with make.rows(app):
            assert statuses(answers) == {302: 1, 200: 1}
            assert len(db.session.get_one(User, key).roles) == 1


def test_a_membership_and_a_role_of_the_fund_are_not_given_by_two(app: Flask, administrators: list[FundClient]) -> None:
    committee = role(app, Role.COMMITTEE)
    with make.rows(app):
        cooperative = str(make.cooperative().id)
    for key in people(app):
        member = {"user": str(key), "cooperative": cooperative, "role": "cooperative_preparer", "active": "y"}
        answers = at_once(
            [
                edit(administrators[0], f"/users/edit/{key}", roles=[committee]),
                edit(administrators[1], "/memberships/add", **member),
            ]
        )

        with make.rows(app):
            active = db.session.scalars(select(Membership).where(Membership.user_id == key, Membership.active)).all()
            assert statuses(answers) == {302: 1, 200: 1}
            assert bool(db.session.get_one(User, key).roles) != bool(active)


def test_edits_of_one_person_are_one_saved_and_the_others_told(app: Flask, administrators: list[FundClient]) -> None:
    (key, *_others) = people(app)
    path = f"/users/edit/{key}"

    answers = at_once([edit(administrators[tab % 2], path, first_name=f"ชื่อที่ {tab}") for tab in range(6)])

    with make.rows(app):
        changed = select(AuditEvent).where(AuditEvent.kind == AuditKind.CHANGED, AuditEvent.entity == "ab_user")
        assert statuses(answers) == {302: 1, 200: 5}
        assert len(db.session.scalars(changed).all()) == 1


def test_two_administrators_do_not_take_each_others_rights(app: Flask, administrators: list[FundClient]) -> None:
    with make.rows(app):
        keys = [db.session.scalars(select(User.id).where(User.username == f"admin{number}")).one() for number in (0, 1)]
    sends = [
        edit(client, f"/users/edit/{other}", roles=[])
        for client, other in zip(administrators, reversed(keys), strict=True)
    ]

    answers = at_once(sends)

    with make.rows(app):
        left = [key for key in keys if db.session.get_one(User, key).roles]
        assert 302 in statuses(answers)
        assert len(left) == 1
