"""Writes a ZIP file while it is being sent, holding one member at a time in a temporary file.

A member is held until its checksum is known, so that its header is complete: every unpacker can read the archive from
the front, and a member that cannot be read in full ends the archive before any of it was sent. Nothing is packed: what
goes in is packed already, and so the length is known beforehand.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from tempfile import TemporaryFile
from typing import IO
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from app.domain.calendar import BANGKOK

CHUNK = 256 * 2**10
EARLIEST = (1980, 1, 1, 0, 0, 0)
READABLE = 0o100644 << 16


@dataclass(frozen=True, slots=True)
class Member:
    """A file of the archive: its path, size in bytes, moment, and what gives its bytes."""

    path: str
    size: int
    at: datetime
    content: Callable[[], Iterable[bytes]]


class _Held:
    """What the archive's writer takes for a file: keeps what was written since the last release, outside of memory."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._before = 0

    def write(self, data: bytes) -> int:
        return self._file.write(data)

    def tell(self) -> int:
        return self._before + self._file.tell()

    def seek(self, offset: int, _whence: int = 0) -> int:
        return self._before + self._file.seek(offset - self._before)

    def flush(self) -> None:
        """Nothing is kept back."""

    def release(self) -> Iterator[bytes]:
        length = self._file.tell()
        self._file.seek(0)
        while piece := self._file.read(CHUNK):
            yield piece
        self._file.seek(0)
        self._file.truncate()
        self._before += length


class _Counted:
    """The same without the bytes: only counts them."""

    def __init__(self) -> None:
        self._at = 0

    def write(self, data: bytes) -> int:
        self._at += len(data)
        return len(data)

    def pass_over(self, size: int) -> None:
        self._at += size

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, _whence: int = 0) -> int:
        self._at = offset
        return offset

    def flush(self) -> None:
        """Nothing is kept back."""


def _entry(member: Member) -> ZipInfo:
    local = member.at.astimezone(BANGKOK)
    entry = ZipInfo(member.path, max(local.timetuple()[:6], EARLIEST))
    entry.compress_type = ZIP_STORED
    entry.external_attr = READABLE
    entry.file_size = member.size
    return entry


def zip_length(members: Sequence[Member]) -> int:
    """How many bytes ``zip_pieces`` gives for the same members."""
    counted = _Counted()
    with ZipFile(counted, "w") as archive:  # type: ignore[call-overload]
        for member in members:
            entry = _entry(member)
            with archive.open(entry, "w"):
                counted.pass_over(member.size)
            entry.file_size = entry.compress_size = member.size
    return counted.tell()


def zip_pieces(members: Iterable[Member]) -> Iterator[bytes]:
    """Yield the archive's bytes.

    Raises:
        ValueError: a member is not as long as it said.
        OSError: there is no room for a temporary file.
    """
    with TemporaryFile(prefix="archive-") as file:
        held = _Held(file)
        with ZipFile(held, "w") as archive:  # type: ignore[call-overload]
            for member in members:
                _add(archive, member)
                yield from held.release()
        yield from held.release()


def _add(archive: ZipFile, member: Member) -> None:
    entry = _entry(member)
    with archive.open(entry, "w") as target:
        for piece in member.content():
            target.write(piece)
    if entry.file_size != member.size:
        raise ValueError(f"a member has {entry.file_size} bytes, not {member.size}")
