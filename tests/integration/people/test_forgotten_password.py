"""A forgotten password: everybody is answered alike, and only the account's own address gets a link, once a while."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import event, func, select

from app.extensions import db
from app.models.notices import OutboxMail
from tests import make
from tests.client import FundClient
from tests.conftest import PASSWORD
from tests.forms import page
from tests.integration.people.test_signing_in import NEW, choose, link_mailed

PAGE = "/forgotten-password/"


def mails(app: Flask) -> int:
    with make.rows(app):
        return db.session.scalar(select(func.count(OutboxMail.id))) or 0


def person(username: str) -> User:
    return db.session.scalars(select(User).where(User.username == username)).one()


def ask(client: FundClient, name: str) -> str:
    """What the asker is told in the end."""
    answer = client.send(PAGE, {"name": name}, page=PAGE)
    told = page(client.get("/login/")) if answer.status_code == 302 else page(answer)
    return re.sub(r"<[^>]*>", " ", told)


@pytest.mark.parametrize("typed", ["coop1", "the e-mail"])
def test_a_forgotten_password_is_chosen_anew_by_mail(demo_app: Flask, visitor: FundClient, typed: str) -> None:
    with make.rows(demo_app):
        address = person("coop1").email
    assert f'href="{PAGE}"' in visitor.text("/login/")

    ask(visitor, typed if typed == "coop1" else address.upper())

    assert FundClient(demo_app).sign_in("coop1", PASSWORD).status_code == 302  # asking ends nothing
    assert choose(visitor, link_mailed(demo_app, "coop1")).status_code == 302
    assert FundClient(demo_app).sign_in("coop1", PASSWORD).status_code == 200
    assert FundClient(demo_app).sign_in("coop1", NEW).status_code == 302


def test_an_unknown_or_closed_account_is_answered_alike_with_the_same_mail_written(demo_app: Flask) -> None:
    with make.rows(demo_app):
        person("finance").active = False
        db.session.commit()
        engine = db.engine
    told, work, sent = [], [], []
    for name in ("coop1", "nobody-at-all", "finance"):
        statements: list[str] = []
        note: Callable[..., None] = lambda *seen, kept=statements: kept.append(seen[2])  # noqa: E731
        event.listen(engine, "before_cursor_execute", note)
        before = mails(demo_app)
        told.append(ask(FundClient(demo_app), name))
        event.remove(engine, "before_cursor_execute", note)
        sent.append(mails(demo_app) - before)
        work.append(sum("INSERT INTO outbox_mail" in each for each in statements))

    assert make.in_thai(demo_app, "I have forgotten my password") in told[0]
    assert len(set(told)) == 1
    assert sent == [1, 0, 0]
    assert work == [1, 1, 1]


def test_a_fresh_link_is_not_replaced_and_many_at_once_send_one_mail(demo_app: Flask) -> None:
    clients = [FundClient(demo_app) for _each in range(4)]
    tokens = [client.token(PAGE) for client in clients]
    assert all(tokens)
    before = mails(demo_app)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda client: client.send(PAGE, {"name": "coop1"}, page=PAGE).status_code, clients))
    link = link_mailed(demo_app, "coop1")

    assert mails(demo_app) == before + 1
    assert FundClient(demo_app).get(link).status_code == 200
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=16)):
        ask(FundClient(demo_app), "coop1")
        assert mails(demo_app) == before + 2


def test_whoever_asks_too_often_waits_whether_there_is_such_an_account_or_not(demo_app: Flask) -> None:
    for name in ("coop1", "nobody-at-all"):
        client = FundClient(demo_app)
        for _each in range(5):
            assert client.send(PAGE, {"name": name}, page=PAGE).status_code == 302
        answer = client.send(PAGE, {"name": name}, page=PAGE)
        assert answer.status_code == 200
        assert f'value="{name}"' in page(answer)
