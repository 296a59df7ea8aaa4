"""What the log tells of a fault, and what it never tells."""

import errno
import json
import logging
import smtplib
import sys
from collections.abc import Iterator

import pytest
import structlog
from psycopg import errors as postgres
from sqlalchemy.exc import IntegrityError, OperationalError

from app.files.store import StoreUnavailable
from app.logs import lines
from app.logs.causes import cause_of, where_of

SECRET = "S3cret-Pa55"


def raised(error: Exception, cause: BaseException | None = None) -> Exception:
    try:
        raise error from cause
    except Exception as caught:
        return caught


@pytest.fixture
def in_production() -> Iterator[None]:
    handlers = logging.root.handlers
    lines.configure("production")
    yield
    lines.configure("testing")
    logging.root.handlers = handlers


def test_a_known_fault_is_told_with_the_message_of_whoever_noticed_it() -> None:
    refused = postgres.OperationalError('connection to server at "10.0.0.7", port 5432 failed: Connection refused')

    assert cause_of(raised(OperationalError("SELECT 1", {}, refused))) == (
        'sqlalchemy.OperationalError < psycopg.OperationalError: connection to server at "10.0.0.7", port 5432 '
        "failed: Connection refused"
    )


def test_the_store_tells_why_it_is_away() -> None:
    gone = raised(StoreUnavailable("the document store cannot be used"), OSError(28, "No space left", "/a/file"))

    assert cause_of(gone) == "StoreUnavailable: the document store cannot be used < OSError: ENOSPC"


@pytest.mark.parametrize(
    "error",
    [
        ValueError(f"สมชาย {SECRET}"),
        KeyError(SECRET),
        IntegrityError("INSERT", {"name": SECRET}, postgres.UniqueViolation(f"Key (name)=({SECRET}) exists")),
        smtplib.SMTPRecipientsRefused({f"{SECRET}@example.org": (550, b"no")}),
        OperationalError("SELECT 1", {}, postgres.OperationalError(f"postgresql://fund:{SECRET}@db/fund is away")),
        OperationalError("SELECT 1", {}, postgres.OperationalError(f"bad conninfo password={SECRET} host=db")),
    ],
)
def test_no_value_and_no_secret_is_told(error: Exception) -> None:
    assert SECRET not in cause_of(raised(error))


def test_errors_that_name_each_other_are_told_once() -> None:
    one, other = ValueError(), TypeError()
    one.__cause__, other.__cause__ = other, one

    assert cause_of(one) == "ValueError < TypeError"


def test_places_are_those_of_the_code_without_its_folder() -> None:
    with pytest.raises(ValueError, match="Expecting") as caught:
        json.loads("{")

    assert all("site-packages" not in place and str(sys.prefix) not in place for place in where_of(caught.value))


@pytest.mark.usefixtures("in_production")
def test_a_line_in_production_is_one_json_object_without_locals(capsys: pytest.CaptureFixture[str]) -> None:
    password = SECRET
    try:
        raise RuntimeError(password)
    except RuntimeError:
        structlog.get_logger().exception("job_failed", job="mail")

    told = json.loads(capsys.readouterr().err)
    assert {"time", "level", "event", "job", "cause", "where"} == set(told)
    assert (told["level"], told["event"], told["cause"]) == ("error", "job_failed", "RuntimeError")
    assert SECRET not in json.dumps(told)


def test_a_librarys_line_is_told_in_the_same_shape_without_what_was_filled_in() -> None:
    try:
        raise ValueError(SECRET)
    except ValueError:
        given = sys.exc_info()
    record = logging.LogRecord("sqlalchemy.pool", logging.ERROR, "x", 1, "Exception of %s", (SECRET,), given)

    told = json.loads(lines.LibraryLines(readable=False).format(record))
    assert (told["event"], told["logger"], told["level"]) == ("Exception of %s", "sqlalchemy.pool", "error")
    assert SECRET not in json.dumps(told)


class FullDisk:
    def write(self, _line: str) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")


def test_a_log_that_cannot_be_written_stops_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", FullDisk())

    lines.Output().msg("a line")


def test_readable_lines_bring_no_library_of_colours(capsys: pytest.CaptureFixture[str]) -> None:
    lines.configure("testing")
    try:
        raise RuntimeError("why")
    except RuntimeError:
        structlog.get_logger().exception("job_failed", job="mail")

    told = capsys.readouterr().err
    assert "job_failed job=mail" in told
    assert "RuntimeError: why" in told
    assert "locals" not in told
    assert "\x1b" not in told
