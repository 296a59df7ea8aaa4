"""Starting, migrating and working take turns at a database, and nobody works on one of another version."""

import os
import subprocess
import sys
import threading
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import text

from app.commands.preparing import WrongVersion
from app.commands.turn import preparing, working
from app.commands.worker import work_forever, work_once
from app.domain.states import State
from app.extensions import db
from app.models.applications import LoanApplication
from app.models.base import now
from app.models.transaction import writing
from tests import make
from tests.databases import Databases
from tests.integration.house.test_processes import ROOT


@pytest.fixture
def stale(app: Flask) -> int:
    """A draft that a round would expire."""
    with make.rows(app):
        row = make.application(State.DRAFT)
        row.changed_at = now() - timedelta(days=400)
        return row.id


def set_version(app: Flask, version: str) -> None:
    with app.app_context(), writing():
        db.session.execute(text("UPDATE alembic_version SET version_num = :version"), {"version": version})
        db.session.commit()


def state(app: Flask, key: int) -> State:
    with make.rows(app):
        return db.session.get_one(LoanApplication, key).state


@pytest.mark.parametrize("version", ["9999", "0016"])
@pytest.mark.parametrize("command", ["deliver", "worker"])
def test_a_worker_refuses_a_database_of_another_version_in_one_line(
    app: Flask, stale: int, command: str, version: str
) -> None:
    set_version(app, version)

    answer = app.test_cli_runner().invoke(args=["fund", command])

    assert answer.exit_code == 1
    assert len(answer.output.splitlines()) == 1
    assert f"({version} " in answer.output
    assert state(app, stale) == State.DRAFT


def test_a_worker_stops_when_the_database_is_migrated_by_a_newer_program(app: Flask) -> None:
    work_once(app)
    set_version(app, "9999")

    with pytest.raises(WrongVersion, match="9999"):
        work_forever(app)


def test_a_round_waits_for_whoever_prepares_the_database(app: Flask, stale: int) -> None:
    prepares, goes_on = threading.Event(), threading.Event()

    def prepare() -> None:
        with app.app_context(), preparing():
            prepares.set()
            goes_on.wait(60)

    first = threading.Thread(target=prepare)
    first.start()
    assert prepares.wait(60)
    second = threading.Thread(target=work_once, args=(app,))
    second.start()
    second.join(0.3)
    waited = second.is_alive() and state(app, stale) == State.DRAFT
    goes_on.set()
    for each in (first, second):
        each.join(60)

    assert waited
    assert state(app, stale) == State.EXPIRED


def test_two_who_work_do_not_wait_for_each_other(app: Flask) -> None:
    with app.app_context(), working():
        other = threading.Thread(target=work_once, args=(app,))
        other.start()
        other.join(60)
        assert not other.is_alive()


@pytest.fixture
def empty(databases: Databases) -> dict[str, str]:
    """The environment of commands on a database with nothing in it."""
    name = "empty_for_two"
    databases._create(name)
    chosen = databases.settings(name, demo=False)
    texts = {key: value for key, value in chosen.items() if isinstance(value, str)}
    return {**os.environ, **texts, "DEMO": "0"}


@pytest.mark.slow
@pytest.mark.parametrize("backend", ["postgresql"], indirect=True, scope="session")  # SQLite's lock is tried above
def test_two_migrations_at_once_both_end_well(empty: dict[str, str], databases: Databases) -> None:
    command = [sys.executable, "-m", "flask", "--app", "app.factory", "db", "upgrade"]
    both = [
        subprocess.Popen(command, cwd=ROOT, env=empty, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        for _each in range(2)
    ]
    said = [each.communicate(timeout=250)[0] for each in both]

    assert [each.returncode for each in both] == [0, 0], said
    assert all("Traceback" not in each for each in said)
