"""What decides whether a cooperative may borrow is the fund's to write, and both offices hear when one loses it."""

import re
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import select

from app.domain.roles import Role
from app.extensions import db
from app.models.cooperatives import Cooperative
from app.models.notices import Notice, OutboxMail
from app.models.places import Province
from app.security.roles import MATRIX
from app.services.cooperatives.office_change import tell_offices
from app.views.cooperatives.register import CooperativeView
from app.views.shell.register import FundModelView
from tests import make
from tests.forms import fill_in, page
from tests.place import Place

FUND = {
    *("name", "registration_no", "cooperative_code", "tax_id", "kind", "registered_on", "status", "province", "office"),
    *("borrowing_ceiling", "ceiling_fiscal_year", "borrowed_before", "fund_arrears", "arrears_on"),
}
ELSEWHERE = make.PATHUM_THANI


@dataclass
class Register(Place):
    """A cooperative of one office, and people of two offices and of the fund."""

    own: int

    @property
    def path(self) -> str:
        return f"/cooperatives/edit/{self.own}"

    def cooperative(self) -> Cooperative:
        return db.session.get_one(Cooperative, self.own)


@pytest.fixture
def place(app: Flask) -> Register:
    with make.rows(app):
        own = make.cooperative(address="1", sub_district="ก", district="ข", postcode="20000")
        make.person(Role.PROVINCIAL_OFFICER, username="officer")
        make.person(Role.PROVINCIAL_OFFICER, username="elsewhere", place=ELSEWHERE)
        make.person(Role.FUND_OFFICER, username="fund")
        db.session.flush()
        return Register(app, own.id)


def test_the_offices_form_shows_the_funds_fields_as_text(place: Register) -> None:
    text = place.browser("officer").text(place.path)

    named = set(re.findall(r'name="(\w+)"', text))

    assert named & FUND == set()
    assert {"phone", "members", "share_capital", "version"} <= named
    assert make.in_thai(place.app, "Responsible office") in text
    assert make.in_thai(place.app, "Annual borrowing ceiling (baht)") in text


def test_a_field_of_the_fund_that_is_sent_all_the_same_saves_nothing(place: Register) -> None:
    client = place.browser("officer")
    seen = client.text(place.path)
    refusal = make.in_thai(place.app, "Nothing was saved. The fund fills in these fields: %(fields)s.", fields="")

    for field in sorted(FUND):
        answer = fill_in(client, place.path, seen=seen, members="321", **{field: "1"})

        assert refusal in page(answer), field
        with make.rows(place.app):
            assert place.cooperative().members != 321, field


def test_the_office_saves_what_is_its_own(place: Register) -> None:
    fill_in(place.browser("officer"), place.path, members="321")

    with make.rows(place.app):
        assert place.cooperative().members == 321
        assert place.cooperative().name.startswith("สหกรณ์")


def test_an_office_finds_no_other_office_to_choose(place: Register) -> None:
    assert place.browser("officer").get("/lookup/CooperativeView/office").status_code == 403


def test_both_offices_hear_that_a_cooperative_moved(place: Register) -> None:
    with make.rows(place.app):
        province = db.session.scalars(select(Province).where(Province.code == ELSEWHERE)).one()
        given = {"province": str(province.id), "office": str(make.office(ELSEWHERE).id)}

    fill_in(place.browser("fund"), place.path, **given)

    with make.rows(place.app):
        own = place.cooperative().name
        told = select(make.User.username, Notice.about).join(Notice, Notice.user_id == make.User.id)
        about = {username: words or "" for username, words in db.session.execute(told)}
        mailed = {mail.recipient: mail.body for mail in db.session.scalars(select(OutboxMail))}
    assert set(about) == {"officer", "elsewhere"}
    assert set(mailed) == {"officer@example.org", "elsewhere@example.org"}
    assert all(own in words for words in (*about.values(), *mailed.values()))
    for username in about:
        assert about[username] in page(place.browser(username).get("/notices/"))


def test_nobody_hears_of_an_office_that_stays(place: Register) -> None:
    with make.rows(place.app):
        tell_offices([(place.cooperative(), place.cooperative().office_id)], make.AT)
        db.session.flush()

        assert db.session.scalars(select(Notice)).all() == []


def test_who_edits_but_does_not_add_has_fields_of_the_own(app: Flask) -> None:
    """A role that may change rows and never adds one shares them with another; the register says what is whose."""
    registered = app.appbuilder.baseviews  # type: ignore[attr-defined]
    views = {type(view).__name__: view for view in registered if isinstance(view, FundModelView)}
    shared = [
        (name, role)
        for name, view in views.items()
        for role in Role
        if _may(name, "can_edit", role) and not _may(name, "can_add", role) and view.add_columns
    ]

    assert ("CooperativeView", Role.PROVINCIAL_OFFICER) in shared
    assert all(views[name].filled_in_by for name, _role in shared)
    assert set(CooperativeView.filled_in_by) == FUND


def _may(view: str, permission: str, role: Role) -> bool:
    return any(name == view and permission in permissions and role in roles for name, permissions, roles in MATRIX)
