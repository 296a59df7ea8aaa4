"""Writes a dossier into a file that the server then sends by itself: a slow reader keeps nobody from anything.

What is bounded is how many are written at a time, because that takes a thread, and how much lies on disk until its
readers have taken it. A file goes, and its room with it, when its last byte was sent or the connection ended.
"""

import os
import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from io import BufferedRandom, FileIO
from pathlib import Path

from app.domain.values.errors import RuleBroken
from app.domain.values.text import N_
from app.files.store import StoreUnavailable
from app.files.turns import Held, Turns, alone, names_held, turns_folder
from app.files.zip_writing import CHUNK, Member, write_zip, zip_length

MOST_AT_ONCE = 2  # dossiers being written; the other threads are kept for everybody else
MOST_WAITING = 4 * 2**30  # bytes of dossiers that their readers have not taken yet
MOST_OF_ONE_PERSON = 3  # dossiers on their way to the same person
KEPT_FREE = 2**29  # bytes of the disk
_being_written = Turns("dossier", MOST_AT_ONCE)
BUSY = N_("Other dossiers are being downloaded at the moment. Try again in a few minutes.")


@contextmanager
def turn() -> Iterator[None]:
    """One of the few turns to write a dossier.

    Raises:
        RuleBroken: all turns are taken.
    """
    with _being_written.one() as taken:
        if not taken:
            raise RuleBroken(BUSY)
        yield


def take_room(person: int, size: int) -> Held:
    """Hold so many bytes of this machine's disk for a person; any dossier fits when there is no other.

    Raises:
        RuleBroken: there is no room.
    """
    with _looked_at() as (folder, others):
        too_much = others and sum(each for _whose, each in others) + size > MOST_WAITING
        if too_much or sum(whose == person for whose, _each in others) >= MOST_OF_ONE_PERSON:
            raise RuleBroken(BUSY)
        if shutil.disk_usage(tempfile.gettempdir()).free < size + KEPT_FREE:
            raise RuleBroken(
                N_("The server has no room for this dossier at the moment. Tell the system administrator.")
            )
        return Held(folder / f"{person}-{size}-{uuid.uuid4().hex}")


def on_their_way() -> list[tuple[int, int]]:
    """Dossiers on this machine's disk that their readers have not taken yet: for whom, and how many bytes."""
    with _looked_at() as (_folder, held):
        return held


@contextmanager
def _looked_at() -> Iterator[tuple[Path, list[tuple[int, int]]]]:
    """The folder of what is held and all that is, while nobody else takes room."""
    folder = turns_folder() / "dossiers"
    folder.mkdir(mode=0o700, exist_ok=True)
    with alone(folder.with_suffix(".lock")):
        held = [name.split("-") for name in names_held(folder)]
        yield folder, [(int(person), int(size)) for person, size, _name in held]


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
    room = take_room(person, zip_length(members))
    try:
        return Outgoing(room.close)
    except OSError as failure:
        room.close()
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
