"""Eight people on list and tracking pages for a minute: answers, rows out of place, and times.

Makes a demonstration of its own in a temporary folder, serves it with waitress on this machine as ``run.py`` does, and
asks from a second process. Run it from the project's folder: ``.venv/bin/python -m bench.load [--seconds 60]``.
"""

import argparse
import http.client
import multiprocessing
import os
import re
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from urllib.parse import quote, urlencode

from config import DEMO_PASSWORD

PEOPLE = ("coop1", "coop1s", "coop2", "officer1", "officer2", "fund", "manager", "auditor")
# What a person outside an office or a cooperative must never be shown.
FOREIGN = {
    "coop1": ("ปทุมธานี 1 จำกัด", "ระยอง 3 จำกัด"),
    "coop1s": ("ปทุมธานี 1 จำกัด", "ระยอง 3 จำกัด"),
    "coop2": ("ชลบุรี 1 จำกัด", "ระยอง 3 จำกัด"),
    "officer1": ("ปทุมธานี 1 จำกัด", "ระยอง 3 จำกัด"),
    "officer2": ("ชลบุรี 1 จำกัด", "ระยอง 3 จำกัด"),
}
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
TRACK = re.compile(r'href="/(?:applications/show|track)/(\d+)"')
LIMIT_MS = 400


@dataclass
class Tally:
    """What one person saw."""

    times: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    mixed: list[str] = field(default_factory=list)


class Window:
    """A browser window's cookies and its connection."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self.cookies: dict[str, str] = {}

    def ask(self, method: str, path: str, form: dict[str, str] | None = None) -> tuple[int, str]:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        body = urlencode(form) if form else None
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request(method, path, body=body, headers=headers)
        answer = self.connection.getresponse()
        for value in answer.headers.get_all("Set-Cookie") or []:
            self.cookies.update({name: morsel.value for name, morsel in SimpleCookie(value).items()})
        return answer.status, answer.read().decode()

    def sign_in(self, username: str) -> None:
        _status, page = self.ask("GET", "/login/")
        found = TOKEN.search(page)
        form = {"csrf_token": found[1] if found else "", "username": username, "password": DEMO_PASSWORD}
        status, _page = self.ask("POST", "/login/", form)
        if status != 302:
            raise SystemExit(f"{username} could not sign in: {status}")


def visit(username: str, port: int, until: float, tally: Tally) -> None:
    """Open lists and tracking pages as one person does, as fast as they come."""
    window = Window(port)
    window.sign_in(username)
    _status, page = window.ask("GET", "/applications/list/?psize_LoanApplicationView=100")
    own = list(dict.fromkeys(TRACK.findall(page)))[:20]
    lists = ["/applications/list/", f"/applications/list/?q={quote('สหกรณ์')}", "/applications/list/?status=approved"]
    paths = [*lists, *(f"/track/{key}" for key in own)]
    turn = 0
    while time.monotonic() < until:
        path = paths[turn % len(paths)]
        turn += 1
        began = time.perf_counter()
        status, page = window.ask("GET", path)
        tally.times.append((time.perf_counter() - began) * 1000)
        if status != 200:
            tally.failures.append(f"{username} {path}: {status}")
        tally.mixed += [f"{username} {path}: {name}" for name in FOREIGN.get(username, ()) if name in page]


def ask_all(port: int, seconds: float, results: "multiprocessing.Queue[tuple[str, Tally]]") -> None:
    """The second process: one thread for each person."""
    tallies = {username: Tally() for username in PEOPLE}
    until = time.monotonic() + seconds
    threads = [
        threading.Thread(target=visit, args=(username, port, until, tally)) for username, tally in tallies.items()
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for item in tallies.items():
        results.put(item)


def serve(ready: "multiprocessing.Queue[int]", folder: str) -> None:
    """The first process: the demonstration on a free port."""
    os.environ.update(FUND_ENV="development", INSTANCE_DIR=folder, DEMO="1")
    from app import serving

    app, _done = serving.prepared_application()
    server = serving.listen(app, "127.0.0.1", 0)
    ready.put(server.effective_port)
    serving.run(app, server)


@contextmanager
def served() -> Iterator[int]:
    """The port of a demonstration of its own in a process of its own, for as long as the block goes on."""
    with tempfile.TemporaryDirectory() as folder:
        ready: multiprocessing.Queue[int] = multiprocessing.Queue()
        server = multiprocessing.Process(target=serve, args=(ready, folder), daemon=True)
        server.start()
        try:
            yield ready.get(timeout=180)
        finally:
            server.terminate()
            server.join()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    chosen = parser.parse_args()
    multiprocessing.set_start_method("spawn")
    with served() as port:
        results: multiprocessing.Queue[tuple[str, Tally]] = multiprocessing.Queue()
        asker = multiprocessing.Process(target=ask_all, args=(port, chosen.seconds, results))
        asker.start()
        tallies = dict(results.get(timeout=chosen.seconds + 120) for _person in PEOPLE)
        asker.join()
    return report(tallies, chosen.seconds)


def report(tallies: dict[str, Tally], seconds: float) -> int:
    """Print the figures; the exit code is 0 when nothing failed, nothing was mixed and p95 is below the limit."""
    times = sorted(value for tally in tallies.values() for value in tally.times)
    failures = [text for tally in tallies.values() for text in tally.failures]
    mixed = [text for tally in tallies.values() for text in tally.mixed]
    p95 = statistics.quantiles(times, n=100)[94]
    print(f"{len(PEOPLE)} people, {seconds:.0f} s, {len(times)} pages, {len(times) / seconds:.1f} a second")
    print(f"p50 {statistics.median(times):.0f} ms, p95 {p95:.0f} ms, slowest {times[-1]:.0f} ms")
    print(f"answers other than 200: {len(failures)}, rows out of place: {len(mixed)}")
    for text in (*failures[:5], *mixed[:5]):
        print(" ", text)
    return 0 if not failures and not mixed and p95 < LIMIT_MS else 1


if __name__ == "__main__":
    sys.exit(main())
