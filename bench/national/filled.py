"""A filled database, made when it is missing and kept when wanted."""

import argparse
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.national.filling import add_floor, fill
from bench.national.postgres import FILLING, SERVICE, Postgres, wheel_programs
from bench.national.product import migrate, prepare_database

RECORD = "filled.json"


@dataclass(frozen=True, slots=True)
class Filled:
    """A database that answers: where, what its processes hang on, and how many applications were put in."""

    address: str
    pid: int
    rows: int
    instance: Path


def options(program: str, about: str | None) -> argparse.ArgumentParser:
    """What every measurement on a filled database is told: how many rows, where they are kept, whose PostgreSQL."""
    parser = argparse.ArgumentParser(prog=program, description=about)
    parser.add_argument(
        "--rows", type=int, default=10_000, help="applications: 10000, 100000, 1000000 or another number"
    )
    parser.add_argument("--keep", type=Path, help="folder of the filled database; made when missing, used again")
    parser.add_argument(
        "--programs", type=Path, default=wheel_programs(), help="folder of another PostgreSQL's programs"
    )
    return parser


@contextmanager
def filled(folder: Path, rows: int, programs: Path) -> Iterator[Filled]:
    """The database in ``folder`` with ``rows`` applications; filled first unless it is.

    Raises:
        SystemExit: the folder holds another number of rows, or a filling that was not finished.
    """
    record = folder / RECORD
    known = json.loads(record.read_text(encoding="utf-8")) if record.exists() else None
    if known is None and (folder / "data").exists():
        raise SystemExit(f"{folder} holds a database whose filling was not finished; remove it or name another")
    if known is not None and known["rows"] != rows:
        raise SystemExit(f"{folder} holds {known['rows']:,} applications, not {rows:,}")
    server = Postgres(folder, Path(known["programs"]) if known else programs)
    instance = folder / "instance"
    if known is None:
        _fill(server, rows, instance)
        record.write_text(json.dumps({"rows": rows, "programs": str(programs)}), encoding="utf-8")
    server.start(SERVICE)
    try:
        for line in migrate(server.address, instance):
            print(line, flush=True)
        add_floor(server.address)
        yield Filled(server.address, server.pid, rows, instance)
    finally:
        server.stop()


def _fill(server: Postgres, rows: int, instance: Path) -> None:
    began = time.monotonic()

    def say(text: str) -> None:
        print(f"{time.monotonic() - began:7.1f} s  {text}", flush=True)

    server.make()
    server.start(FILLING)
    try:
        server.create_database()
        prepare_database(server.address, instance)
        say("migrated, with the demonstration")
        fill(server.address, rows, say)
    finally:
        server.stop()
