"""Copies SQLite's database while it is in use, and puts a copy in its place when nobody uses it."""

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import NullPool, create_engine
from sqlalchemy.engine import Connection

from app.commands.backup.manifest import NotDone

FILE = "database.sqlite"
SECONDS = 30.0
BESIDE = ("-wal", "-shm", "-journal")


def _opened(path: Path) -> sqlite3.Connection:
    """A connection to a file that is there already."""
    return sqlite3.connect(f"file:{quote(str(path))}?mode=rw", uri=True, timeout=SECONDS, isolation_level=None)


@contextmanager
def copied(source: Path, target: Path) -> Iterator[Connection]:
    """Copy a database as it is at one moment, while others read and write it; gives a connection to the copy.

    Raises:
        NotDone: the copy is no whole database.
    """
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    with closing(_opened(source)) as original, closing(_opened(target)) as copy:
        original.backup(copy)
        # Of one file: without this it would grow a log beside it whenever it is looked at.
        copy.execute("PRAGMA journal_mode=DELETE")
        if copy.execute("PRAGMA integrity_check").fetchone() != ("ok",):
            raise NotDone(f"{source}: the database is damaged, and so is a copy of it; restore an earlier backup")
    with _connected(target) as connection:
        yield connection


@contextmanager
def _connected(path: Path) -> Iterator[Connection]:
    engine = create_engine(f"sqlite:///{path}", poolclass=NullPool)
    with engine.connect() as connection:
        yield connection


def put_back(source: Path, target: Path, change: Callable[[Connection], None]) -> None:
    """Put a copy in the place of a database that nobody has open, with a change that is made before it counts.

    Raises:
        NotDone: somebody has it open.
    """
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    new = target.with_name(f"{target.name}.restoring")
    shutil.copyfile(source, new)
    with _connected(new) as connection:
        change(connection)
        connection.commit()
    _synced(new)
    _refuse_in_use(target)
    # A log of the old database beside the new one would be played into it.
    for ending in BESIDE:
        target.with_name(target.name + ending).unlink(missing_ok=True)
    new.replace(target)
    _synced(target.parent)


def _refuse_in_use(path: Path) -> None:
    if not path.exists():
        return
    try:
        with closing(_opened(path)) as connection:
            connection.execute("PRAGMA busy_timeout=2000")
            # Only who is alone may end the log; everybody else who has the database open keeps it from ending.
            connection.execute("PRAGMA journal_mode=DELETE").fetchone()
    except sqlite3.OperationalError as refusal:
        if refusal.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise NotDone(f"{path} is in use; stop the server and the worker first, nothing was changed") from refusal
    except sqlite3.DatabaseError:
        return  # damaged: what a restore is for


def _synced(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
