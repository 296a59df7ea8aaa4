"""What whoever watches the service is told: whether it lives, whether all it needs is there, and its figures."""

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, text

from app.commands.worker import work_once
from app.domain.states import State
from app.extensions import db
from app.logs.counts import Counts
from app.metrics import metrics_at
from app.models.jobs import JobRound
from app.models.notices import MailStatus, OutboxMail
from app.models.transaction import writing
from config import ConfigurationError, settings
from tests import make
from tests.client import FundClient

PARTS = {"database", "migrations", "store", "disk", "worker", "mail"}


@pytest.fixture
def app(app: Flask) -> Iterator[Flask]:
    """Everything is there, and a worker has just done a round."""
    work_once(app)
    app.extensions.pop("readiness", None)
    yield app
    app.extensions.pop("readiness", None)


def ready(app: Flask) -> tuple[int, str, set[str]]:
    """The status, the word for it, and the parts that are not well."""
    answer = FundClient(app).get("/ready/")
    assert answer.json is not None
    assert set(answer.json["parts"]) == PARTS
    return answer.status_code, answer.json["status"], {k for k, v in answer.json["parts"].items() if v != "ok"}


def mail(app: Flask, status: MailStatus, since: datetime) -> None:
    with make.rows(app):
        row = make.application(State.SUBMITTED)
        db.session.add(
            OutboxMail(
                cooperative_id=row.cooperative_id,
                application_id=row.id,
                recipient="a@example.org",
                subject="ก",
                body="ข",
                message_id=f"<{status}@example.org>",
                status=status,
                waiting_since=since,
            )
        )


def metrics(app: Flask) -> str:
    told: list[str] = []
    asked = {"PATH_INFO": "/metrics", "REQUEST_METHOD": "GET"}
    body = b"".join(metrics_at(app)(asked, lambda status, _headers: told.append(status)))
    assert told == ["200 OK"]
    return body.decode()


def test_a_service_that_has_all_it_needs_is_ready(app: Flask) -> None:
    assert ready(app) == (200, "ready", set())


def test_it_lives_without_a_database_and_is_not_ready(app: Flask) -> None:
    with app.app_context():
        engine = db.engine

    def refuse(dialect: Any, *_how: object) -> None:
        raise dialect.loaded_dbapi.OperationalError("nobody there")

    event.listen(engine, "do_connect", refuse)
    engine.dispose()
    try:
        client = FundClient(app)
        client.set_cookie("fund_session", "x" * 43)
        assert client.get("/health/").status_code == 200
        assert ready(app)[:2] == (503, "not ready")
        assert 'fund_part_ok{part="database"} 0.0' in metrics(app)
    finally:
        event.remove(engine, "do_connect", refuse)


def test_the_health_page_asks_the_database_nothing(app: Flask) -> None:
    asked: list[str] = []
    with app.app_context():
        engine = db.engine

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        FundClient(app).get("/health/")
    finally:
        event.remove(engine, "before_cursor_execute", note)

    assert asked == []


def test_a_database_of_another_version_is_not_ready(app: Flask) -> None:
    with app.app_context(), writing():
        db.session.execute(text("UPDATE alembic_version SET version_num = '0016'"))
        db.session.commit()

    assert ready(app) == (503, "not ready", {"migrations"})


def test_a_store_that_is_away_is_not_ready(app: Flask) -> None:
    folder = Path(app.config["DOCUMENT_STORE"].removeprefix("file:"))
    shutil.move(folder, folder.with_name("elsewhere"))
    try:
        code, word, parts = ready(app)
    finally:
        shutil.move(folder.with_name("elsewhere"), folder)

    assert (code, word) == (503, "not ready")
    assert "store" in parts


def test_a_disk_that_is_nearly_full_is_not_ready(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "READY_FREE_MB", 2**40)

    assert ready(app) == (503, "not ready", {"disk"})


def test_a_worker_that_stands_still_or_fails_is_told(app: Flask) -> None:
    with make.rows(app):
        for row in db.session.query(JobRound):
            row.ended_at = datetime.now(UTC) - timedelta(minutes=6)

    assert ready(app) == (200, "look at it", {"worker"})


@pytest.mark.parametrize(("status", "hours"), [(MailStatus.FAILED, 1), (MailStatus.HELD, 1), (MailStatus.WAITING, 3)])
def test_mail_that_does_not_leave_is_told(app: Flask, status: MailStatus, hours: int) -> None:
    mail(app, status, datetime.now(UTC) - timedelta(hours=hours))

    assert ready(app) == (200, "look at it", {"mail"})


def test_the_figures_are_told_to_prometheus_and_to_nobody_else(app: Flask) -> None:
    mail(app, MailStatus.FAILED, datetime.now(UTC))
    FundClient(app).get("/no-such-page")

    told = metrics(app)

    assert 'fund_answers_total{route="",status="4xx"}' in told
    assert 'fund_answer_seconds_bucket{le="+Inf",route=""}' in told
    assert "fund_mail_failed 1.0" in told
    assert 'fund_job_fails{job="sent"} 0.0' in told
    assert FundClient(app).get("/metrics").status_code == 404


def test_answers_are_counted_over_all_processes() -> None:
    counts = Counts(["/", "/track/<pk>"], 2)
    counts.add(1, "/", 200, 0.003)
    pid = os.fork()
    if pid == 0:
        counts.add(2, "/", 503, 20.0)
        counts.add(2, "/", 200, 0.01)
        os._exit(0)
    os.waitpid(pid, 0)

    (told,) = counts.told()

    assert told.answers == {"1xx": 0, "2xx": 2, "3xx": 0, "4xx": 0, "5xx": 1}
    assert (told.within[0], told.within[-2], told.within[-1]) == (2, 2, 3)
    assert told.seconds == pytest.approx(20.013)


@pytest.mark.parametrize("address", ["0.0.0.0:9464", "8.8.8.8:9464", "example.org:1", "127.0.0.1", "127.0.0.1:0"])
def test_figures_are_told_at_a_private_address_only(address: str) -> None:
    with pytest.raises(ConfigurationError, match="METRICS_ADDRESS"):
        settings({"METRICS_ADDRESS": address})


def test_a_private_address_is_taken() -> None:
    assert settings({"METRICS_ADDRESS": "10.1.2.3:9464"})["METRICS_ADDRESS"] == ("10.1.2.3", 9464)
