"""A real streaming replica of PostgreSQL behind the product: what is read from it, and how late it is.

Makes a demonstration on a PostgreSQL of its own in a temporary folder, a copy of it by ``pg_basebackup -R``, and serves
the product with both. Prints a line for each thing tried; the exit code is 0 when all of them came true. Run it from
the project's folder: ``.venv/bin/python -m bench.replica --programs /usr/lib/postgresql/15/bin``.
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import event

from app.commands.preparing import prepare
from app.extensions import READ_COPY, db
from app.factory import create_app
from app.ui.asset_making import build_assets
from app.ui.catalogue import compile_catalogue
from bench.national.postgres import Postgres, wheel_programs
from config import DEMO_PASSWORD, ROOT
from tests.client import FundClient

ASSETS = ROOT / "instance" / "assets"
SETTINGS = {"wal_level": "replica", "max_wal_senders": "4", "hot_standby": "on"}
SEARCH = "/cooperatives/list/?q=ชลบุรี"
PAGES = (
    ("manager", "/dashboard/", True),
    ("manager", "/dashboard/figures.json?year=", True),
    ("auditor", SEARCH, True),
    ("auditor", "/audit/list/?q=coop1", True),
    ("auditor", "/cooperatives/list/", False),
    ("fund", SEARCH, False),
    ("fund", "/", False),
)


class Replica(Postgres):
    """A copy that follows another server of this machine, in a folder beside it."""

    def follow(self, first: Postgres) -> None:
        """Copy the first server's data; it goes on following once it is started."""
        self.folder.mkdir(mode=0o755)
        self.own(self.folder)
        source = f"host={first.folder} user=postgres"
        self._run("pg_basebackup", "-R", "-X", "stream", "-c", "fast", "-D", str(self.data), "-d", source)


def late(first: str, second: str) -> bool:
    """Whether the copy has not yet read all that the first one has written."""
    with psycopg.connect(first) as one, psycopg.connect(second) as two:
        written = one.execute("SELECT pg_current_wal_lsn()").fetchone()
        read = two.execute("SELECT pg_last_wal_replay_lsn() >= %s", written).fetchone()
    return read != (True,)


def until(true: Callable[[], bool], seconds: float = 30.0) -> float | None:
    """Seconds until it was true; nothing when it never was."""
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        if true():
            return time.monotonic() - began
        time.sleep(0.001)
    return None


class Trial:
    """The product with both servers, and what was found."""

    def __init__(self, first: str, second: str, folder: Path) -> None:
        self.first, self.second = first, second
        chosen: dict[str, Any] = {
            "FUND_ENV": "testing", "TESTING": True, "DEMO": True, "INSTANCE_DIR": str(folder), "DATABASE_URL": first,
            "DATABASE_READ_URL": second, "ASSETS_DIR": str(ASSETS),
            "SECRET_KEY": "a key for this bench only, 0123456789 abcdef",
        }  # fmt: skip
        self.app = create_app(chosen)
        self.browsers: dict[str, FundClient] = {}
        self.failed = self.asked = 0
        with self.app.app_context():
            event.listen(db.engines[READ_COPY], "after_cursor_execute", self._note)

    def _note(self, *_statement: Any) -> None:
        self.asked += 1

    def say(self, what: str, *, true: bool) -> None:
        self.failed += not true
        print(f"{'yes' if true else 'NO '}  {what}", flush=True)

    def open(self, person: str, path: str) -> tuple[int, bool]:
        """The status, and whether the copy answered anything."""
        if person not in self.browsers:
            self.browsers[person] = FundClient(self.app)
            self.browsers[person].sign_in(person, DEMO_PASSWORD)
        before = self.asked
        status = self.browsers[person].get(path).status_code
        return status, self.asked > before


def delays(trial: Trial, rounds: int = 50) -> list[float]:
    """Milliseconds until the copy shows what was committed."""
    found = []
    with (
        psycopg.connect(trial.first, autocommit=True) as one,
        psycopg.connect(trial.second, autocommit=True) as two,
    ):
        for turn in range(rounds):
            one.execute("UPDATE synced_matrix SET version = %s", (f"trial-{turn}",))
            seen = until(
                lambda turn=turn: two.execute("SELECT version FROM synced_matrix").fetchone() == (f"trial-{turn}",)
            )  # type: ignore[misc]  # mypy cannot tell the type of a lambda's default
            found.append(1000 * (seen if seen is not None else 30.0))
    return found


def attempt(trial: Trial, replica: Replica) -> None:
    """Everything that is tried, in order."""
    for person, path, from_copy in PAGES:
        status, read = trial.open(person, path)
        trial.say(
            f"{person} {path}: {status}, {'read from the copy' if read else 'copy not read'}",
            true=(status, read) == (200, from_copy),
        )
    waited = delays(trial)
    trial.say(
        f"what was committed was in the copy after {statistics.median(waited):.1f} ms, at most {max(waited):.1f}",
        true=max(waited) < 5000,
    )
    try:
        with psycopg.connect(trial.second) as connection:
            connection.execute("UPDATE synced_matrix SET version = 'x'")
        trial.say("the copy refuses to be written", true=False)
    except psycopg.errors.ReadOnlySqlTransaction:
        trial.say("the copy refuses to be written", true=True)
    replica.stop()
    began = time.monotonic()
    status, _read = trial.open("manager", "/dashboard/")
    trial.say(
        f"copy stopped: dashboard {status} from the database itself, {time.monotonic() - began:.1f} s",
        true=status == 200,
    )
    replica.start(SETTINGS)
    trial.app.extensions["read_copy_away_until"] = 0.0
    found = trial.open("manager", "/dashboard/")
    trial.say("copy started again, half a minute later: read again", true=found == (200, True))


@contextmanager
def servers(programs: Path) -> Iterator[tuple[Postgres, Replica, Path]]:
    with tempfile.TemporaryDirectory(prefix="fund-replica-") as made:
        folder = Path(made)
        folder.chmod(0o755)
        first, second = Postgres(folder / "first", programs), Replica(folder / "second", programs)
        first.make()
        first.start(SETTINGS)
        first.create_database()
        try:
            yield first, second, folder / "instance"
        finally:
            second.stop()
            first.stop()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--programs", type=Path, default=wheel_programs(), help="folder of PostgreSQL's programs")
    chosen = parser.parse_args()
    compile_catalogue()
    build_assets(ASSETS)
    with servers(chosen.programs) as (first, second, folder):
        prepare(
            create_app(
                {"DATABASE_URL": first.address, "INSTANCE_DIR": str(folder), "FUND_ENV": "testing", "DEMO": True}
            )
        )
        second.follow(first)
        second.start(SETTINGS)
        until(lambda: not late(first.address, second.address))
        trial = Trial(first.address, second.address, folder)
        attempt(trial, second)
        return 1 if trial.failed else 0


if __name__ == "__main__":
    sys.exit(main())
