"""Pages of files as pictures: each is drawn by a process of its own, which a hostile file may crash or keep busy."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path

from app.domain.file_kinds import FileKind
from app.domain.values.errors import RuleBroken
from app.domain.values.text import N_
from app.files.pictures import page_drawing
from app.files.pictures.page_drawing import Order
from app.files.pictures.program import NoRoom, NotDrawn, TooSlow, drawn_by
from app.files.store import document_store
from app.files.turns import Turns

SECONDS = 10.0  # for one page
WAIT_SECONDS = 5.0  # for others to be done: each one who waits holds a thread that could answer people
MOST_LETTERS, WORDS_SECONDS = 2000, 4.0
AT_ONCE = 2  # on this machine, so that neither memory nor those threads run out
PROGRAM = Path(page_drawing.__file__)

UNDRAWABLE = N_("This page cannot be shown here. Download the file and open it on your computer.")
TOO_SLOW = N_("This page takes too long to draw. Download the file and open it on your computer.")
BUSY = N_("Many pages are being drawn just now. Wait a moment and open the page again.")

_places = Turns("page", AT_ONCE)


class CannotShow(RuleBroken):
    """A page cannot be drawn, or not now; the file itself is as it was."""


@lru_cache(maxsize=1000)
def pages_in_store(storage_key: str, kind: FileKind) -> int:
    """How many pages a stored file has; its bytes never change, so it is asked once.

    Raises:
        CannotShow: the file cannot be read as what it is.
        StoreUnavailable: the store is away, or has no such file.
    """
    if kind is not FileKind.PDF:
        return 1
    return int(drawn_by_program(document_store().stream(storage_key), Order(kind=kind.value, page=0)))


def drawn_by_program(content: Iterable[bytes], order: Order) -> bytes:
    """One page of a file as a JPEG, or the number of its pages in digits, made by the drawing program.

    Args:
        content: the file's bytes in pieces; they go through a temporary file, so that our memory stays flat.

    Raises:
        CannotShow: the page cannot be drawn, takes too long, or too many others are being drawn.
    """
    with _a_place():
        try:
            return drawn_by(PROGRAM, {"task": "page", **asdict(order)}, content, SECONDS)
        except TooSlow as slow:
            raise CannotShow(TOO_SLOW) from slow
        except NoRoom as full:
            raise CannotShow(BUSY) from full
        except NotDrawn as failure:
            raise CannotShow(UNDRAWABLE) from failure


def words_of(content: bytes, kind: FileKind) -> str:
    """The beginning of a PDF's text, for guessing which paper it is; empty where none can be read just now."""
    if kind is not FileKind.PDF:
        return ""
    with suppress(CannotShow, NotDrawn), _a_place():
        return drawn_by(PROGRAM, {"task": "words", "most": MOST_LETTERS}, [content], WORDS_SECONDS).decode()
    return ""


@contextmanager
def _a_place() -> Iterator[None]:
    with _places.one(WAIT_SECONDS) as taken:
        if not taken:
            raise CannotShow(BUSY)
        yield
