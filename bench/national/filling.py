"""Fills the product's own schema with applications of ten years and all that hangs on them."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import astuple
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import create_engine

from app.extensions import db
from app.figures.folding import sum_up, turn
from bench.national.cooperatives import add_boards, add_cooperatives
from bench.national.courses import steps
from bench.national.indexes import Taken, take_away

UNTIL = "2026-11-28 09:00+07"  # the demonstration's days end here, too
DAYS = 3345
SQL = Path(__file__).parent / "sql"
REGISTERS = ("cooperative", "board_member", "financial_year", "ab_user", "ab_user_role", "membership", "office_post")
# What is filled in one go; a table of a later line reads one of an earlier line.
STAGES = (
    ("loan_application", "document", "status_change"),
    (
        "document_verdict",
        "kept_quote",
        "kept_board",
        "audit_event",
        "envelope_entry",
        "outbox_mail",
        "notice",
        "decision",
        "document_request",
    ),
)
TABLES = (*REGISTERS, *(table for stage in STAGES for table in stage))
AT_ONCE = 2

Say = Callable[[str], None]


@contextmanager
def connected(address: str) -> Iterator[psycopg.Connection]:
    """A connection that looks at no foreign key and runs no trigger, and has room to sort."""
    with psycopg.connect(address, autocommit=True) as connection:
        for setting in ("session_replication_role = replica", "work_mem = '256MB'", "maintenance_work_mem = '1GB'"):
            connection.execute(f"SET {setting}")
        yield connection


def fill(address: str, rows: int, say: Say) -> None:
    """Add ``rows`` applications to a migrated database with the demonstration in it, then check what was added."""
    with connected(address) as connection:
        taken = take_away(connection, TABLES)
        _execute(connection, "scratch")
        connection.execute("INSERT INTO bench.wanted VALUES (%s, %s, %s)", (rows, UNTIL, DAYS))
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO bench.course VALUES (%s, %s, %s, %s, %s, %s, %s)", [astuple(step) for step in steps()]
            )
        add_cooperatives(connection)
        _execute(connection, "registers")
        for table in REGISTERS:
            taken.make_again(connection, table)
        add_boards(connection)
        say("registers")
        _execute(connection, "plan")
        say("plan")
    for stage in STAGES:
        _at_once(address, stage, taken, say)
    with connected(address) as connection:
        connection.execute("DROP SCHEMA bench CASCADE")
        check_words(connection)
    sum_up_figures(address)
    say("kept figures")
    with connected(address) as connection:
        connection.execute("VACUUM (ANALYZE)")
        connection.execute("CHECKPOINT")
    say("vacuumed and checked")


def sum_up_figures(address: str) -> None:
    """Keep the figures of rows that no trigger saw, as a check that mends does."""
    engine = create_engine(address.replace("postgresql://", "postgresql+psycopg://"))
    with turn(engine, waits=True) as connection:
        sum_up(connection)
    engine.dispose()


def _execute(connection: psycopg.Connection, name: str) -> None:
    connection.execute((SQL / f"{name}.sql").read_text(encoding="utf-8"))


def add_floor(address: str) -> None:
    """Make the floor's own tables, unless they are there."""
    with connected(address) as connection:
        if connection.execute("SELECT to_regclass('floor.application')").fetchone() == (None,):
            _execute(connection, "floor")


def _at_once(address: str, tables: tuple[str, ...], taken: Taken, say: Say) -> None:
    """Fill some tables, a few of them at the same time, each with its indexes."""
    failed = threading.Event()

    def one(table: str) -> None:
        if failed.is_set():
            return
        began = time.monotonic()
        try:
            with connected(address) as connection:
                _execute(connection, table)
                filled = time.monotonic()
                taken.make_again(connection, table)
        except psycopg.Error:
            failed.set()
            raise
        say(f"{table}: rows in {filled - began:.0f} s, indexes in {time.monotonic() - filled:.0f} s")

    with ThreadPoolExecutor(AT_ONCE) as pool:
        for done in [pool.submit(one, table) for table in tables]:
            done.result()


def check_words(connection: psycopg.Connection) -> None:
    """Refuse a word in a column of choices that the product does not know: its pages would not open.

    Raises:
        SystemExit: a table holds such a word.
    """
    known = {table.name: table for table in db.metadata.sorted_tables}
    for name in TABLES:
        for column in known[name].columns if name in known else ():
            choices = column.info.get("choices")
            if choices is None:
                continue
            found = sql.SQL("SELECT DISTINCT {} FROM {}").format(sql.Identifier(column.name), sql.Identifier(name))
            strange = {word for (word,) in connection.execute(found)} - {choice.value for choice in choices} - {None}
            if strange:
                raise SystemExit(f"{name}.{column.name}: {sorted(strange)}")
