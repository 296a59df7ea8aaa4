"""Copies PostgreSQL's database by ``pg_dump`` and puts a copy back by ``pg_restore``, which come with PostgreSQL."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile

from psycopg.conninfo import make_conninfo
from sqlalchemy import column, func, select, table
from sqlalchemy.engine import Connection, Engine

from app.commands.backup.manifest import NotDone

FILE = "database.dump"
# Whatever else is open keeps a table locked: after so long the restore is given up, and nothing was changed.
LOCK_WAIT = "30s"
AT_ONCE = (
    "--clean",
    "--if-exists",
    "--no-owner",
    "--no-privileges",
    "--single-transaction",
    "--exit-on-error",
)
_activity = table("pg_stat_activity", column("pid"), column("datname"), column("backend_type"))
_locks = table("pg_locks", column("pid"), column("locktype"))


def program(name: str, folder: str) -> str:
    """The path of one of PostgreSQL's programs.

    Raises:
        NotDone: it is not there.
    """
    found = shutil.which(name, path=folder or None)
    if found is None:
        where = folder or "PATH"
        raise NotDone(
            f"{name} was not found in {where}; install PostgreSQL's client programs, of the server's version or newer, "
            "or say by PG_PROGRAMS in which folder they are"
        )
    return found


@contextmanager
def copied(engine: Engine, target: Path, programs: str) -> Iterator[Connection]:
    """Copy a database as it is at one moment, while others read and write it; gives a connection that sees the same."""
    dump = program("pg_dump", programs)
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        snapshot = connection.scalar(select(func.pg_export_snapshot()))
        _run(engine, [dump, "-Fc", f"--snapshot={snapshot}", f"--file={target}", f"--dbname={_address(engine)}"])
        target.chmod(0o600)
        yield connection
        connection.rollback()


def put_back(engine: Engine, source: Path, programs: str) -> None:
    """Replace all tables by those of a copy, all at once or not at all.

    Raises:
        NotDone: somebody has the database open, or it is refused.
    """
    restore = program("pg_restore", programs)
    _refuse_in_use(engine)
    with NamedTemporaryFile("w", encoding="utf-8", suffix=".list") as wanted:
        wanted.write(_contents(engine, restore, source))
        wanted.flush()
        _run(engine, [restore, *AT_ONCE, f"--use-list={wanted.name}", f"--dbname={_address(engine)}", str(source)])


def _contents(engine: Engine, restore: str, source: Path) -> str:
    """What is to be put back: not the extensions that are there, which often only the server's owner may replace."""
    listed = _run(engine, [restore, "--list", str(source)])
    with engine.connect() as connection:
        names: list[str] = list(connection.scalars(select(column("extname")).select_from(table("pg_extension"))))
    there = [f"EXTENSION {mark}{name}" for name in names for mark in ("- ", "")]
    return "".join(f"{line}\n" for line in listed.splitlines() if not any(each in line for each in there))


def _refuse_in_use(engine: Engine) -> None:
    """Whoever else is connected; who holds the database's turn for this restore is not."""
    ours = select(_locks.c.pid).where(_locks.c.locktype == "advisory")
    others = select(func.count()).where(
        _activity.c.datname == func.current_database(),
        _activity.c.backend_type == "client backend",
        _activity.c.pid != func.pg_backend_pid(),
        _activity.c.pid.not_in(ours),
    )
    with engine.connect() as connection:
        number = connection.scalar(others)
    if number:
        raise NotDone(
            f"the database is in use by {number} connections; stop the server and the worker first, nothing was changed"
        )


def _address(engine: Engine) -> str:
    """The database's address without its password, which other people of the machine could read from a command."""
    (_, named) = engine.dialect.create_connect_args(engine.url)
    return make_conninfo(**{name: value for name, value in named.items() if name not in ("password", "context")})


def _run(engine: Engine, command: list[str]) -> str:
    given = {**os.environ, "PGOPTIONS": f"-c lock_timeout={LOCK_WAIT}", "LC_MESSAGES": "C"}
    if engine.url.password is not None:
        given["PGPASSWORD"] = str(engine.url.password)
    done = subprocess.run(command, env=given, capture_output=True, text=True, check=False)
    if done.returncode:
        # Its first line says what is wrong, the next ones the details; the last ones repeat how it was called.
        said = "; ".join(done.stderr.split("\n")[:3]).strip("; ") or "it said nothing"
        raise NotDone(f"{Path(command[0]).name} failed: {said}")
    return done.stdout
