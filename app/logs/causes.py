"""Why something failed, in one line that tells no value: known faults by their messages, others by their kinds."""

import errno
import re
import smtplib
from collections.abc import Iterator
from pathlib import Path
from traceback import extract_tb

ROOT = Path(__file__).resolve().parents[2]
LONGEST = 300  # characters of a message
DEEPEST = 6  # causes of causes
FRAMES = 6
# Libraries and rooms of ours whose errors tell of machines, and never of what people wrote.
_OF_MACHINES = ("app.files.store", "app.files.clamd", "app.services.jobs.expiry", "obstore.")
_DRIVERS = ("psycopg", "sqlite3")
# What a driver says of a fault of its own; of a fault in the data it would repeat them.
_DRIVERS_TELL = frozenset({"OperationalError", "InternalError", "InterfaceError"})
_SECRET = re.compile(r"(://[^:/@\s]*:)[^@\s]+(@)|((?:password|secret|token|signature)\w*\s*[=:]\s*)\S+", re.IGNORECASE)


def cause_of(error: BaseException) -> str:
    """The error and what it came from, outermost first."""
    return " < ".join(_in_words(each) for each in _chain(error))


def where_of(error: BaseException) -> list[str]:
    """The innermost places in the code, outermost first."""
    frames = list(extract_tb(error.__traceback__))[-FRAMES:]
    return [f"{_shortened(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames]


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: list[int] = []
    found: BaseException | None = error
    while found is not None and id(found) not in seen and len(seen) < DEEPEST:
        seen.append(id(found))
        yield found
        # SQLAlchemy keeps what the driver raised beside itself.
        before = found.__cause__ or (None if found.__suppress_context__ else found.__context__)
        found = getattr(found, "orig", None) or before


def _in_words(error: BaseException) -> str:
    kind, message = type(error), _message(error)
    name = (
        kind.__qualname__ if kind.__module__.split(".")[0] in ("builtins", "app") else f"{_origin(kind)}{kind.__name__}"
    )
    return f"{name}: {message}" if message else name


def _origin(kind: type[BaseException]) -> str:
    return f"{kind.__module__.split('.')[0]}."


def _message(error: BaseException) -> str:
    """What may be told of the error; nothing when that might be what somebody typed, sent or is called."""
    if isinstance(error, smtplib.SMTPResponseException):
        return str(error.smtp_code)
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return ", ".join(sorted({str(code) for code, _words in error.recipients.values()}))
    module = type(error).__module__
    if isinstance(error, OSError) and not module.startswith(_OF_MACHINES):
        return errno.errorcode.get(error.errno or 0, "") or ("timed out" if isinstance(error, TimeoutError) else "")
    told_by_driver = module.startswith(_DRIVERS) and _kind_of_driver(error)
    if told_by_driver or module.startswith(_OF_MACHINES):
        return _tidy(str(error))
    return ""


def _kind_of_driver(error: BaseException) -> bool:
    return any(kind.__name__ in _DRIVERS_TELL for kind in type(error).__mro__)


def _tidy(message: str) -> str:
    return _SECRET.sub(r"\1\3***\2", " ".join(message.split()))[:LONGEST]


def _shortened(path: str) -> str:
    found = Path(path)
    if found.is_relative_to(ROOT / "app"):
        return str(found.relative_to(ROOT))
    return "/".join(found.parts[-2:])
