"""Reads figures and searches from the copy of the database, when there is one and it answers.

A copy follows the database with a little delay: no page that must show what the person has just done reads it. Who the
person is and what the person may open is always read from the database itself.
"""

import time
from collections.abc import Callable
from typing import TypeVar

import structlog
from flask import current_app
from sqlalchemy.exc import ProgrammingError

from app.extensions import READ_COPY, reading_copy
from app.logs.causes import cause_of
from app.models.away import UNAVAILABLE

log = structlog.get_logger()

T = TypeVar("T")
# Long enough that a copy that is away costs few people a wait, short enough that nobody has to tell when it is back.
AWAY_SECONDS = 30.0
# Also tables that the copy does not have yet: right after an upgrade it is still being told of them.
UNREADABLE = (*UNAVAILABLE, ProgrammingError)


def from_copy(read: Callable[[], T]) -> T:
    """What ``read`` returns from the copy, else from the database itself; it only reads, and may be called twice."""
    away_until = current_app.extensions.get("read_copy_away_until", 0.0)
    if READ_COPY not in current_app.config.get("SQLALCHEMY_BINDS", {}) or time.monotonic() < away_until:
        return read()
    token = reading_copy.set(True)
    try:
        return read()
    except UNREADABLE as failure:
        current_app.extensions["read_copy_away_until"] = time.monotonic() + AWAY_SECONDS
        log.warning("read_copy_away", cause=cause_of(failure), read_instead="the database itself")
    finally:
        reading_copy.reset(token)
    return read()
