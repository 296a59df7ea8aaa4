"""Whoever looks around without signing in costs the database no row, and has forms, a language and messages."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.extensions import db
from app.models.people import ServerSession
from tests import make
from tests.client import FundClient
from tests.conftest import PASSWORD
from tests.forms import page


def kept(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(ServerSession)) or 0


def test_visits_make_no_rows(demo_app: Flask) -> None:
    before = kept(demo_app)

    for path in ("/", "/login/", "/quote/", "/apply/new", "/nope"):
        FundClient(demo_app).get(path)
    visitor = FundClient(demo_app)
    visitor.send("/language", {"language": "en", "next": "/"})
    visitor.sign_in("coop1", "wrong password")

    assert kept(demo_app) == before
    assert "Sign in" in visitor.text("/")  # the language goes along


def test_a_sign_in_is_kept_and_signing_out_keeps_nothing(demo_app: Flask, visitor: FundClient) -> None:
    before = kept(demo_app)
    visitor.send("/language", {"language": "en", "next": "/"})

    visitor.sign_in("coop1", PASSWORD)
    during = kept(demo_app)
    visitor.send("/logout/")

    assert (during, kept(demo_app)) == (before + 1, before)
    assert visitor.get("/notices/").status_code == 302


def test_a_visitor_is_told_what_to_do_on_the_next_page(demo_app: Flask, visitor: FundClient) -> None:
    visitor.get("/notices/")

    assert make.in_thai(demo_app, "Sign in") in page(visitor.get("/login/"))


@pytest.mark.parametrize("change", ["cut", "other", "user"])
def test_a_visitors_cookie_that_is_not_ours_is_an_empty_one(demo_app: Flask, visitor: FundClient, change: str) -> None:
    visitor.get("/login/")
    name = demo_app.config["SESSION_COOKIE_NAME"]
    found = visitor.get_cookie(name)
    assert found is not None
    forged = {
        "cut": found.value[:-3],
        "other": "visitor:eyJfdXNlcl9pZCI6IjEifQ.aaaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbbb",
        "user": "visitor:",
    }[change]
    visitor.set_cookie(name, forged)

    assert visitor.get("/notices/").status_code == 302
    assert visitor.get("/login/").status_code == 200
