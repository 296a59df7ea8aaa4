"""Every answer has a number, by which its lines in the log, its page and the person's report are found."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from app.commands import worker
from app.commands.worker import work_forever
from app.domain.roles import Role
from app.factory import create_app
from app.logs import lines
from tests import make
from tests.client import FundClient
from tests.databases import Databases
from tests.place import signed_in

Told = pytest.CaptureFixture[str]


@pytest.fixture(scope="session", params=["sqlite"])
def backend(request: pytest.FixtureRequest) -> str:
    """What is written does not depend on the database."""
    return str(request.param)


@pytest.fixture
def app(app: Flask) -> Iterator[Flask]:
    with make.rows(app):
        make.person(Role.SIGNATORY, of=make.cooperative(), username="signatory")
    lines.configure("production")
    yield app
    lines.configure("testing")


def told(capsys: Told) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_each_answer_is_a_line_with_who_what_and_how_long(app: Flask, capsys: Told) -> None:
    client = signed_in(app, "signatory")
    capsys.readouterr()

    answer = client.get("/track/4711?q=สมชาย")

    (line,) = told(capsys)
    assert line.pop("time")
    assert line.pop("milliseconds") > 0
    assert line == {
        "level": "info",
        "event": "answered",
        "request": answer.headers["X-Request-Id"],
        "person": 1,
        "route": "/track/<pk>",
        "method": "GET",
        "status": 404,
    }
    assert answer.headers["X-Request-Id"] in answer.get_data(as_text=True)


def test_every_page_and_every_refusal_names_its_request(app: Flask) -> None:
    client = signed_in(app, "signatory")

    for answer in (client.get("/"), client.get("/no-such-page"), client.get("/dashboard/"), client.post("/login/")):
        assert answer.headers["X-Request-Id"] in answer.get_data(as_text=True), answer.request.path


def test_a_fault_and_its_answer_have_one_number(app: Flask, capsys: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    monkeypatch.setattr("app.views.home.open_programmes", lambda _today: [][1])

    answer = FundClient(app).get("/")

    fault, answered = told(capsys)
    assert (fault["event"], fault["cause"], answered["status"]) == ("fault", "IndexError", 500)
    assert fault["request"] == answered["request"] == answer.headers["X-Request-Id"]
    assert any(place.startswith("app/views/home.py:") for place in fault["where"])


def test_what_the_log_says_of_a_failed_sign_in_is_not_what_was_typed(app: Flask, capsys: Told) -> None:
    client = FundClient(app)

    client.sign_in("signatory", "A wrong password")
    client.sign_in("my-password-in-the-wrong-field", "A wrong password")

    known, unknown = [line for line in told(capsys) if line["event"] == "sign_in_failed"]
    assert (known["account"], unknown["account"]) == (1, None)
    assert "wrong" not in json.dumps([known, unknown])


def test_a_number_given_by_a_proxy_is_believed_only_behind_one(app: Flask, databases: Databases) -> None:
    behind = create_app({**databases.settings("bare", demo=False), "PROXY_COUNT": 1})
    lines.configure("production")
    given = {"X-Request-Id": "of-the-proxy-0001"}

    assert FundClient(behind).get("/health/", headers=given).headers["X-Request-Id"] == "of-the-proxy-0001"
    assert FundClient(app).get("/health/", headers=given).headers["X-Request-Id"] != "of-the-proxy-0001"
    odd = FundClient(behind).get("/health/", headers={"X-Request-Id": "<script>"})
    assert "<" not in odd.headers["X-Request-Id"]


def test_the_workers_log_has_the_cause_and_no_password(
    databases: Databases, capsys: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = "postgresql://fund:S3cret-Pa55@127.0.0.1:9/fund?connect_timeout=2"
    app = create_app(
        {**databases.settings("bare", demo=False), "DATABASE_URL": address, "SQLALCHEMY_ENGINE_OPTIONS": {}}
    )
    lines.configure("production")

    def enough(_seconds: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(worker.time, "sleep", enough)
    with pytest.raises(KeyboardInterrupt):
        work_forever(app)

    written = capsys.readouterr()
    lines.configure("testing")
    (line,) = [json.loads(each) for each in written.err.splitlines()]
    assert "psycopg.OperationalError: connection failed" in line["cause"]
    assert "S3cret" not in written.err + written.out
