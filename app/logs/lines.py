"""How the log is written: JSON in production, readable elsewhere, and the same for the libraries' own lines."""

import json
import logging
import os
import sys
from collections.abc import MutableMapping
from contextlib import suppress
from datetime import UTC, datetime
from traceback import format_exception
from typing import Any

import structlog

from app.logs.causes import cause_of, where_of
from app.logs.process import named
from app.logs.requests import about_request

Line = MutableMapping[str, Any]
FIRST = ("time", "level", "event")
PRODUCTION = "production"
# The page's own line tells of the fault; the framework would print it once more, with what was asked of the database.
TOLD_ALREADY = ("flask_appbuilder.api",)


class Output:
    """Writes lines where the system's own program collects them; a log that cannot be written stops nobody's work."""

    def msg(self, line: str) -> None:
        with suppress(OSError, ValueError):
            sys.stderr.write(line + "\n")
            sys.stderr.flush()

    debug = info = warning = error = critical = exception = msg


class LibraryLines(logging.Formatter):
    """A library's line in the shape of ours."""

    def __init__(self, *, readable: bool) -> None:
        super().__init__()
        self._readable = readable

    def format(self, record: logging.LogRecord) -> str:
        line: Line = {"event": _words(record), "logger": record.name, "level": record.levelname.lower()}
        if record.exc_info:
            line["exc_info"] = record.exc_info
        for each in (_of_request, _timed, _explained if not self._readable else _traced):
            line = each(None, "", line)
        return _in_words(None, "", line) if self._readable else _as_json(None, "", line)


def configure(env: str) -> None:
    """Write the log of this process as the environment needs it."""
    readable = env != PRODUCTION
    structlog.configure(
        processors=[
            _of_request,
            structlog.processors.add_log_level,
            _timed,
            _traced if readable else _explained,
            _in_words if readable else _as_json,
        ],
        logger_factory=lambda *_given: Output(),
    )
    for name in TOLD_ALREADY:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    if env != "testing":  # pytest has handlers of its own
        handler = logging.StreamHandler()
        handler.setFormatter(LibraryLines(readable=readable))
        logging.root.handlers = [handler]


def _words(record: logging.LogRecord) -> str:
    """The message; beside an error only its pattern, for what is filled in may be what the error was about."""
    if not record.exc_info:
        return record.getMessage()
    return record.msg if isinstance(record.msg, str) else type(record.msg).__name__


def _of_request(_logger: Any, _method: str, line: Line) -> Line:
    return {**about_request(), **named(), **line}


def _timed(_logger: Any, _method: str, line: Line) -> Line:
    line["time"] = datetime.now(UTC).isoformat(timespec="milliseconds")
    return line


def _raised(line: Line) -> BaseException | None:
    given = line.pop("exc_info", None)
    if given is True:
        return sys.exc_info()[1]
    return given[1] if isinstance(given, tuple) else given


def _explained(_logger: Any, _method: str, line: Line) -> Line:
    error = _raised(line)
    return line if error is None else {**line, "cause": cause_of(error), "where": where_of(error)}


def _traced(_logger: Any, _method: str, line: Line) -> Line:
    """For who writes the code: the whole trace, without the values of variables."""
    error = _raised(line)
    return line if error is None else {**line, "trace": "".join(format_exception(error)).rstrip()}


def _as_json(_logger: Any, _method: str, line: Line) -> str:
    first = {name: line.pop(name) for name in FIRST if name in line}
    return json.dumps({**first, **line}, ensure_ascii=False, default=str)


def _in_words(_logger: Any, _method: str, line: Line) -> str:
    first = " ".join(str(line.pop(name)) for name in FIRST if name in line)
    trace = line.pop("trace", "")
    rest = " ".join(f"{name}={value}" for name, value in line.items())
    return os.linesep.join(part for part in (f"{first} {rest}".rstrip(), trace) if part)
