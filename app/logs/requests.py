"""The number of a request, by which its lines, its answer and its mails are found; and a line for each answer."""

import re
import secrets
import time
from collections.abc import Callable, Iterable
from typing import Any

import structlog
from flask import Flask, has_request_context, request

from app.logs.counts import Counts
from app.logs.process import process_number

log = structlog.get_logger()

ID, BEGAN, PERSON = "fund.request_id", "fund.began", "fund.person"
HEADER = "X-Request-Id"
GIVEN = re.compile(r"[A-Za-z0-9._-]{8,64}")
# Asked for all day long; their lines would hide those of people.
QUIET = ("/assets/", "/health/", "/ready/")
Start = Callable[..., Any]


def request_id() -> str:
    """The number of the request under way; nothing outside of one."""
    return str(request.environ.get(ID, "")) if has_request_context() else ""


def about_request() -> dict[str, Any]:
    """What a line says of the request it was written in."""
    if not has_request_context():
        return {}
    person = request.environ.get(PERSON)
    return {"request": request_id(), **({} if person is None else {"person": person}), "route": route()}


def note_person(person_id: int) -> None:
    """Let the lines of the request under way say whose it is."""
    request.environ[PERSON] = person_id


def route() -> str:
    """The pattern of the address, without what was filled in."""
    return str(request.url_rule) if request.url_rule is not None else ""


class Numbered:
    """Gives every request its number, puts it into the answer's head, and writes a line for the answer."""

    def __init__(self, inner: Any, *, believe: bool, counts: Counts) -> None:
        self._inner, self._believe, self._counts = inner, believe, counts

    def __call__(self, asked: dict[str, Any], start_response: Start, /) -> Iterable[bytes]:
        given = asked.get("HTTP_X_REQUEST_ID", "") if self._believe else ""
        number = given if GIVEN.fullmatch(given) else secrets.token_hex(5).upper()
        asked[ID], asked[BEGAN] = number, time.perf_counter()

        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            self._tell_of_answer(int(status[:3]), asked)
            return start_response(status, [*headers, (HEADER, number)], *more)

        answer: Iterable[bytes] = self._inner(asked, start)
        return answer

    def _tell_of_answer(self, status: int, asked: dict[str, Any]) -> None:
        took = time.perf_counter() - asked[BEGAN]
        self._counts.add(process_number(), route() if has_request_context() else "", status, took)
        if status >= 400 or not asked.get("PATH_INFO", "").startswith(QUIET):
            method = asked.get("REQUEST_METHOD", "")
            log.info("answered", method=method, status=status, milliseconds=round(took * 1000, 1))


def bind_requests(app: Flask) -> None:
    """Number the application's requests; to be called after whatever else stands before it."""
    app.jinja_env.globals["request_id"] = request_id
    counts = Counts([str(rule) for rule in app.url_map.iter_rules()], app.config["FUND_PROCESSES"])
    app.extensions["answer_counts"] = counts
    inner: Any = app.wsgi_app
    believe = bool(app.config["PROXY_COUNT"])
    app.wsgi_app = Numbered(inner, believe=believe, counts=counts)  # type: ignore[assignment, method-assign]
