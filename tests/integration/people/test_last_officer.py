"""Who takes the last officer of an office out of service reads how many applications wait there."""

from dataclasses import dataclass

import pytest
from flask import Flask

from app.domain.roles import Role
from app.domain.states import State
from app.extensions import db
from app.models.people import OfficePost
from tests import make
from tests.client import FundClient
from tests.forms import fields_of, fill_in, page
from tests.place import Place

WAITING = "จำนวนคำขอที่รออยู่ 2"


@dataclass
class Office(Place):
    """An office with two officers and two applications that wait."""

    people: tuple[int, int]
    posts: tuple[int, int]


@pytest.fixture
def place(app: Flask) -> Office:
    with make.rows(app):
        officers = [make.person(Role.PROVINCIAL_OFFICER, username=f"officer{number}") for number in (1, 2)]
        make.person(Role.ADMINISTRATOR, username="admin")
        for state in (State.SUBMITTED, State.IN_REVIEW, State.APPROVED, State.DRAFT):
            make.application(state)
        db.session.flush()
        posts = [db.session.query(OfficePost).filter_by(user_id=each.id).one().id for each in officers]
        return Office(app, (officers[0].id, officers[1].id), (posts[0], posts[1]))


def set_out_of_use(client: FundClient, user: int) -> str:
    path = f"/users/edit/{user}"
    values = {name: value for name, value in fields_of(client.text(path)).items() if name != "active"}
    return page(client.post(path, data=values, follow_redirects=True))


def test_the_last_officer_set_out_of_use_is_told_of(place: Office) -> None:
    client = place.browser("admin")

    first, last = (set_out_of_use(client, user) for user in place.people)

    assert WAITING not in first
    assert WAITING in last


@pytest.mark.parametrize("act", ["delete", "move"])
def test_the_last_post_taken_away_is_told_of(place: Office, act: str) -> None:
    client = place.browser("admin")
    with make.rows(place.app):
        elsewhere = str(make.office(make.PATHUM_THANI).id)

    def take_away(post: int) -> str:
        if act == "delete":
            return page(client.send(f"/office-posts/delete/{post}", follow_redirects=True))
        fill_in(client, f"/office-posts/edit/{post}", office=elsewhere)
        return page(client.get("/office-posts/list/"))

    first, last = (take_away(post) for post in place.posts)

    assert WAITING not in first
    assert WAITING in last
