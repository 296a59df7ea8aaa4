"""What PostgreSQL does for the statements of a page: which tables it goes through, and how many rows it reads."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from flask import Flask
from sqlalchemy import event

from app.extensions import db

# Tables that grow with applications and with what people do, for ever; what is set up once grows with the country.
GROWING = frozenset(
    {
        "loan_application", "document", "status_change", "decision", "document_request", "document_verdict",
        "envelope_entry", "kept_board", "notice", "outbox_mail", "audit_event",
    }
)  # fmt: skip
# Counting up to the cap reads so many rows of a list and, of some, the application each belongs to.
MOST_READ = 18_000
# So many rows an index scan may leave out each time: it tells of them all, wanted or not, and each is read.
MOST_LEFT_OUT = 2_000
# So many rows lie in a few pages, which PostgreSQL reads quicker than any index.
FEW = 500

Statement = tuple[str, Any]


@contextmanager
def statements(app: Flask) -> Iterator[list[Statement]]:
    """The statements that read, with their values, while the block runs."""
    found: list[Statement] = []

    def note(_connection: object, _cursor: object, statement: str, parameters: Any, *_rest: object) -> None:
        if statement.startswith(("SELECT", "WITH")):
            found.append((statement, parameters))

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)


@dataclass(frozen=True, slots=True)
class Reading:
    """One step of a plan that reads a growing table: how many rows, and how many of those for nothing."""

    step: str
    table: str
    rows: int
    left_out: int
    times: int

    @property
    def fault(self) -> str:
        walked = self.step == "Index Scan" and self.left_out > MOST_LEFT_OUT * self.times
        if walked or self.rows > MOST_READ or ("Seq Scan" in self.step and self.left_out > FEW):
            return f"{self.step} of {self.table}, {self.rows} rows, {self.left_out} of them left out"
        return ""


def faults(connection: psycopg.Connection, statement: Statement) -> list[str]:
    """What is wrong with the plan of a statement, in words."""
    text, parameters = statement
    row = connection.execute(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {text}", parameters).fetchone()  # type: ignore[call-overload]
    assert row is not None
    return [reading.fault for reading in _readings(row[0][0]["Plan"]) if reading.fault]


def _readings(node: dict[str, Any]) -> Iterator[Reading]:
    table = node.get("Relation Name")
    if table in GROWING:
        left_out = node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0)
        times = node["Actual Loops"]
        rows = round((node["Actual Rows"] + left_out) * times)
        yield Reading(node["Node Type"], table, rows, round(left_out * times), times)
    for child in node.get("Plans", ()):
        yield from _readings(child)
