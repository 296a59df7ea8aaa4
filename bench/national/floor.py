"""The floor: a few lines of WSGI and SQL that answer the questions of some pages, plainly and as well as can be.

``simple`` counts, joins and skips rows as everybody writes it at first; ``tuned`` goes by key over tables of its own
with an index for each question (``sql/floor.sql``). Nobody signs in, nothing is narrowed, and the page is a bare table.
"""

import html
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import psycopg

ROWS = 25
_SHOWN = "a.id, a.number, a.cooperative_name, {programme}, a.amount_asked, a.amount_approved, a.status, a.submitted_at"
_SIMPLE = (
    "FROM loan_application a JOIN loan_programme p ON p.id = a.programme_id"
    " JOIN cooperative c ON c.id = a.cooperative_id WHERE a.submitted_at IS NOT NULL AND {where}"
)
Statements = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """What a page is asked, as conditions of both floors; ``{...}`` is a place of the filled database.

    ``tally`` says which rows of the tuned floor's counts are those of the question; empty: nothing is counted there.
    """

    simple: str = "true"
    tuned: str = "true"
    order: str = "a.id DESC"
    offset: str = "0"
    tally: str = ""
    searches: bool = False

    def simple_statements(self) -> Statements:
        joined = _SIMPLE.format(where=self.simple)
        shown = _SHOWN.format(programme="p.name")
        page = f"SELECT {shown} {joined} ORDER BY {self.order} LIMIT {ROWS} OFFSET {self.offset}"
        office = "JOIN cooperative c ON c.id = a.cooperative_id" if "c." in self.simple else ""
        counted = f"SELECT count(*) FROM loan_application a {office} WHERE a.submitted_at IS NOT NULL AND {self.simple}"  # noqa: S608  this module's words
        return counted, page

    def tuned_statements(self) -> Statements:
        shown = _SHOWN.format(programme="a.programme_name")
        found = f"SELECT * FROM floor.application a WHERE {self.tuned}"  # noqa: S608  this module's words
        if self.searches:
            # Without the fence the planner walks the key and reads everything when few rows are found.
            return (f"WITH a AS MATERIALIZED ({found}) SELECT {shown} FROM a ORDER BY {self.order} LIMIT {ROWS}",)  # noqa: S608  this module's words
        counted = f"SELECT sum(applications) FROM floor.tally a WHERE {self.tally}"  # noqa: S608  this module's words
        page = f"SELECT {shown} FROM floor.application a WHERE {self.tuned} ORDER BY {self.order} LIMIT {ROWS}"  # noqa: S608  this module's words
        return (*((counted,) if self.tally else ()), page)


QUESTIONS = {
    "list": Question(tally="true"),
    "office": Question("c.office_id = {office}", "a.office_id = {office}", tally="office_id = {office}"),
    "deep": Question(offset="{half}", tuned="a.id < {middle}", tally="true"),
    "office_deep": Question(
        "c.office_id = {office}", "a.office_id = {office} AND a.id < {middle}", offset="{office_half}",
        tally="office_id = {office}",
    ),
    "filter": Question(
        "a.status = 'approved' AND c.province_id = {province}", "a.status = 'approved' AND a.province_id = {province}",
        "a.amount_asked DESC, a.id DESC", tally="status = 'approved' AND province_id = {province}",
    ),
    "office_filter": Question(
        "a.status = 'approved' AND c.office_id = {office}", "a.status = 'approved' AND a.office_id = {office}",
        "a.amount_asked DESC, a.id DESC", tally="status = 'approved' AND office_id = {office}",
    ),
    "year": Question(
        "a.decided_fiscal_year = {year} AND a.programme_id = {programme}",
        "a.decided_fiscal_year = {year} AND a.programme_id = {programme}",
        tally="decided_fiscal_year = {year} AND programme_id = {programme}",
    ),
    "by_amount": Question(order="a.amount_asked DESC, a.id DESC", tally="true"),
    "by_name": Question(order="a.cooperative_name, a.id", tally="true"),
    "number": Question(
        "a.search_text LIKE '%{number}%'", "a.digits LIKE '%{digits}%' AND a.number LIKE '%{number}%'", searches=True
    ),
    "name": Question("a.search_text LIKE '%{name}%'", "a.search_text LIKE '%{name}%'", searches=True),
}  # fmt: skip
_ONE = (
    "SELECT a.id, a.number, a.status, a.amount_asked, a.purpose, c.name, p.name FROM loan_application a"
    " JOIN cooperative c ON c.id = a.cooperative_id JOIN loan_programme p ON p.id = a.programme_id WHERE a.id = {one}",
    "SELECT move, origin, target, at, reason FROM status_change WHERE application_id = {one} ORDER BY id",
    "SELECT id, file_name, size, uploaded_at FROM document WHERE application_id = {one} AND removed_at IS NULL",
)
_EVENTS = "SELECT id, at, kind, entity, entity_id, summary FROM audit_event"
_BY_PROVINCE = (
    "SELECT v.name, count(*), sum(a.amount_approved), count(DISTINCT a.cooperative_id) FROM loan_application a"
    " JOIN cooperative c ON c.id = a.cooperative_id JOIN province v ON v.id = c.province_id"
    " WHERE a.status = 'approved' GROUP BY v.name ORDER BY 3 DESC"
)
SIMPLE: dict[str, Statements] = {name: question.simple_statements() for name, question in QUESTIONS.items()} | {
    "one": _ONE,
    "chart": (_BY_PROVINCE,),
    "audit": ("SELECT count(*) FROM audit_event", f"{_EVENTS} ORDER BY id DESC LIMIT {ROWS} OFFSET 0"),
}
TUNED: dict[str, Statements] = {name: question.tuned_statements() for name, question in QUESTIONS.items()} | {
    "one": _ONE,
    "chart": ("SELECT name, sum(loans), sum(amount) FROM floor.province GROUP BY name ORDER BY 3 DESC",),
    "audit": (f"{_EVENTS} ORDER BY id DESC LIMIT {ROWS}",),
}


class Floor:
    """A WSGI application of both floors; each thread keeps a connection."""

    def __init__(self, address: str, places: dict[str, Any]) -> None:
        self.address = address
        self.statements = {
            f"/{kind}/{name}": tuple(text.format(**places) for text in texts)
            for kind, questions in (("simple", SIMPLE), ("tuned", TUNED))
            for name, texts in questions.items()
        }
        self.own = threading.local()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        connection = self._connection()
        parts = []
        for statement in self.statements[environ["PATH_INFO"]]:
            rows = connection.execute(statement).fetchall()
            parts += ["<table>", *map(_line, rows), "</table>"]
        body = "".join(parts).encode()
        start_response("200 OK", [("Content-Type", "text/html"), ("Content-Length", str(len(body)))])
        return [body]

    def _connection(self) -> psycopg.Connection:
        if not hasattr(self.own, "connection"):
            self.own.connection = psycopg.connect(self.address, autocommit=True)
        connection: psycopg.Connection = self.own.connection
        return connection


def _line(row: tuple[Any, ...]) -> str:
    return "<tr>" + "".join(f"<td>{html.escape(str(cell))}</td>" for cell in row) + "</tr>"
