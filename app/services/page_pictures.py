"""Pages of files as pictures: each is drawn by a process of its own, which a hostile file may crash or keep busy."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from threading import BoundedSemaphore

from app.domain.documents import FileKind
from app.domain.errors import RuleBroken
from app.domain.text import N_
from app.services import page_drawing
from app.services.opening import document_store
from app.services.page_drawing import Order

SECONDS = 12  # for one page
WAIT_SECONDS = 20  # for others to be done
AT_ONCE = 2  # so that neither memory nor the threads that answer people run out
PROGRAM = Path(page_drawing.__file__)

UNDRAWABLE = N_("This page cannot be shown here. Download the file and open it on your computer.")
TOO_SLOW = N_("This page takes too long to draw. Download the file and open it on your computer.")
BUSY = N_("Many pages are being drawn just now. Wait a moment and open the page again.")

_places = BoundedSemaphore(AT_ONCE)


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
    return int(drawn_by_program(document_store().get(storage_key), Order(kind=kind.value, page=0)))


@contextmanager
def _a_place() -> Iterator[None]:
    if not _places.acquire(timeout=WAIT_SECONDS):
        raise CannotShow(BUSY)
    try:
        yield
    finally:
        _places.release()


def drawn_by_program(content: bytes, order: Order) -> bytes:
    """One page of a file as a JPEG, or the number of its pages in digits, by the drawing program.

    Raises:
        CannotShow: the page cannot be drawn, takes too long, or too many others are being drawn.
    """
    line = json.dumps({**asdict(order), "seconds": SECONDS}).encode() + b"\n"
    with _a_place():
        try:
            # -I and no environment: neither our settings nor our secrets are there for a file to find.
            done = subprocess.run(
                [sys.executable, "-I", str(PROGRAM)],
                input=line + content,
                capture_output=True,
                timeout=SECONDS,
                env={},
                check=False,
            )
        except subprocess.TimeoutExpired as slow:
            raise CannotShow(TOO_SLOW) from slow
    if done.returncode != 0:
        raise CannotShow(UNDRAWABLE)
    return done.stdout
