"""Two processes behind one door: both answer, one that was killed comes back, and an end loses no request."""

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app.domain.roles import Role
from app.extensions import db
from app.models.transaction import writing
from app.security import sync
from app.security.roles import permissions_of
from app.security.scope import unscoped
from tests.client import FundClient
from tests.conftest import PASSWORD
from tests.databases import Databases

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="session", params=["postgresql"])
def backend(request: pytest.FixtureRequest) -> str:
    """Where several processes serve, PostgreSQL stands behind them."""
    return str(request.param)


@dataclass
class Served:
    """The server as the world sees it."""

    parent: subprocess.Popen[str]
    port: int
    cookie: str = ""
    seen: set[int] = field(default_factory=set)

    def ask(self, path: str = "/health/", **more: Any) -> tuple[int, int]:
        """The status, and which process answered."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        connection.request(more.pop("method", "GET"), path, headers={"Cookie": self.cookie, **more})
        answer = connection.getresponse()
        answer.read()
        connection.close()
        self.seen.add(int(answer.headers["X-Process"]))
        return answer.status, int(answer.headers["X-Process"])

    def of_both(self, path: str = "/health/") -> dict[int, int]:
        """What each of the processes answers."""
        found: dict[int, int] = {}
        until = time.monotonic() + 20
        while len(found) < 2 and time.monotonic() < until:
            with ThreadPoolExecutor(4) as pool:
                found |= {process: status for status, process in pool.map(self.ask, [path] * 4)}
        return found


@pytest.fixture
def served(demo_app: Flask, databases: Databases) -> Iterator[Served]:
    chosen = databases.settings("demo", demo=True)
    chosen.pop("SQLALCHEMY_ENGINE_OPTIONS")
    with subprocess.Popen(
        [sys.executable, "-m", "tests.integration.house.served", json.dumps({**chosen, "DEMO": False})],
        cwd=ROOT, stdout=subprocess.PIPE, text=True,
    ) as parent:  # fmt: skip
        assert parent.stdout is not None
        yield Served(parent, int(parent.stdout.readline()))
        parent.kill()


def test_both_answer_and_one_that_is_killed_comes_back_and_none_outlives_the_parent(served: Served) -> None:
    first = set(served.of_both())
    killed = first.pop()

    os.kill(killed, signal.SIGKILL)

    assert served.ask() == (200, first.copy().pop())  # the other one answers meanwhile
    again = set(served.of_both())
    assert first < again
    assert killed not in again
    served.parent.kill()
    wait_until(lambda: not any(running(process) for process in again))


def test_a_change_of_roles_counts_in_both_at_once_and_an_end_loses_no_request(
    served: Served, demo_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = FundClient(demo_app)
    client.sign_in("auditor", PASSWORD)
    served.cookie = "; ".join(f"{each.key}={each.value}" for each in client._cookies.values())
    assert set(served.of_both("/cooperatives/list/").values()) == {200}

    close_cooperatives(demo_app, monkeypatch)

    assert set(served.of_both("/cooperatives/list/").values()) == {403}
    see_an_end(served)


def close_cooperatives(demo_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a newer version of the product might."""

    def without(role: Role) -> set[tuple[str, str]]:
        return {pair for pair in permissions_of(role) if pair[1] != "CooperativeView"}

    monkeypatch.setattr(sync, "permissions_of", without)
    with demo_app.app_context(), writing(), unscoped():
        sync.sync_roles()
        db.session.commit()


def see_an_end(served: Served) -> None:
    """What was asked is answered, and nobody new is let in."""
    half = http.client.HTTPConnection("127.0.0.1", served.port, timeout=20)
    half.putrequest("POST", "/login/")
    half.putheader("Content-Length", "1")
    half.endheaders()
    with ThreadPoolExecutor(4) as pool:
        slow = [pool.submit(served.ask, "/slow") for _each in range(4)]
        time.sleep(0.3)
        served.parent.terminate()
        time.sleep(0.3)
        with pytest.raises(ConnectionRefusedError):
            served.ask()
        half.send(b"x")
        assert half.getresponse().status == 400
        assert [each.result()[0] for each in slow] == [200] * 4
    assert served.parent.wait(10) == 0
    assert not any(Path(f"/proc/{process}").exists() for process in served.seen)


def running(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def wait_until(true: Callable[[], bool]) -> None:
    until = time.monotonic() + 20
    while not true():
        assert time.monotonic() < until
        time.sleep(0.05)
