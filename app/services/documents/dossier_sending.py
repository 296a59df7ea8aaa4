"""Writes a dossier into a file that the server then sends by itself: a slow reader keeps nobody from anything.

What is bounded is how many are written at a time, because that takes a thread, and how much lies on disk until its
readers have taken it. A file goes, and its room with it, when its last byte was sent or the connection ended.
"""

import os
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from io import BufferedRandom, FileIO

from app.domain.values.errors import RuleBroken
from app.domain.values.text import N_
from app.files.store import StoreUnavailable
from app.files.zip_writing import CHUNK, Member, write_zip, zip_length

MOST_AT_ONCE = 2  # dossiers being written; the other threads are kept for everybody else
MOST_WAITING = 4 * 2**30  # bytes of dossiers that their readers have not taken yet
MOST_OF_ONE_PERSON = 3  # dossiers on their way to the same person
KEPT_FREE = 2**29  # bytes of the disk
_being_written = threading.BoundedSemaphore(MOST_AT_ONCE)
BUSY = N_("Other dossiers are being downloaded at the moment. Try again in a few minutes.")


@contextmanager
def turn() -> Iterator[None]:
    """One of the few turns to write a dossier.

    Raises:
        RuleBroken: all turns are taken.
    """
    if not _being_written.acquire(blocking=False):
        raise RuleBroken(BUSY)
    try:
        yield
    finally:
        _being_written.release()


class Room:
    """Which dossiers lie on disk until their readers have taken them: for whom, and of how many bytes."""

    def __init__(self) -> None:
        self._held: list[tuple[int, int]] = []
        # The same thread may come again: a file that nobody took is closed whenever Python finds it.
        self._lock = threading.RLock()

    def take(self, person: int, size: int) -> None:
        """Hold so many bytes for a person; any dossier fits when there is no other.

        Raises:
            RuleBroken: there is no room.
        """
        with self._lock:
            others = self.held()
            too_much = others and sum(each for _whose, each in others) + size > MOST_WAITING
            if too_much or sum(whose == person for whose, _each in others) >= MOST_OF_ONE_PERSON:
                raise RuleBroken(BUSY)
            if shutil.disk_usage(tempfile.gettempdir()).free < size + KEPT_FREE:
                raise RuleBroken(
                    N_("The server has no room for this dossier at the moment. Tell the system administrator.")
                )
            self._held.append((person, size))

    def held(self) -> list[tuple[int, int]]:
        """The persons, and the bytes of each one's dossiers."""
        with self._lock:
            return list(self._held)

    def give_back(self, person: int, size: int) -> None:
        with self._lock:
            self._held.remove((person, size))


room = Room()


class Outgoing(FileIO):
    """A file without a name, gone once it is closed; its room is then given back."""

    def __init__(self, given_back: Callable[[], None]) -> None:
        descriptor, path = tempfile.mkstemp(prefix="dossier-")
        os.unlink(path)
        super().__init__(descriptor, "w+b")
        self._given_back = given_back

    def close(self) -> None:
        if not self.closed:
            super().close()
            self._given_back()


def outgoing(members: Sequence[Member], person: int) -> Outgoing:
    """An empty file for the archive of the members, with the room it will need.

    Raises:
        RuleBroken: there is no room for it.
        StoreUnavailable: no file can be made.
    """
    size = zip_length(members)
    room.take(person, size)
    try:
        return Outgoing(partial(room.give_back, person, size))
    except OSError as failure:
        room.give_back(person, size)
        raise StoreUnavailable("no file can be made for the dossier") from failure


def fill(file: Outgoing, members: Sequence[Member]) -> None:
    """Write the archive, ready to be read from its beginning; takes seconds for a thousand MB.

    Raises:
        StoreUnavailable: the store or the disk fails; the file is closed.
    """
    buffered = BufferedRandom(file, CHUNK)  # without it a full disk could take a part of a piece and say nothing
    try:
        write_zip(buffered, members)
        buffered.flush()
    except BaseException as failure:
        with suppress(OSError):
            buffered.close()  # and with it the file
        if isinstance(failure, OSError):
            raise StoreUnavailable("the dossier cannot be written") from failure
        raise
    buffered.detach().seek(0)
