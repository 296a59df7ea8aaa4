"""Writes a ZIP file whose length is known beforehand: nothing is packed, because what goes in is packed already.

A member's header is completed once its checksum is known, so that every unpacker can read the archive from the front.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import IO, cast
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from app.domain.values.calendar import BANGKOK

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


class _Counted:
    """What the archive's writer takes for a file: only counts the bytes."""

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
    """How many bytes ``write_zip`` writes for the same members."""
    counted = _Counted()
    with ZipFile(cast(IO[bytes], counted), "w") as archive:
        for member in members:
            entry = _entry(member)
            with archive.open(entry, "w"):
                counted.pass_over(member.size)
            entry.file_size = entry.compress_size = member.size
    return counted.tell()


def write_zip(file: IO[bytes], members: Iterable[Member]) -> None:
    """Write the archive into an empty file.

    Raises:
        ValueError: a member is not as long as it said.
    """
    with ZipFile(file, "w") as archive:
        for member in members:
            _add(archive, member)


def _add(archive: ZipFile, member: Member) -> None:
    entry = _entry(member)
    with archive.open(entry, "w") as target:
        for piece in member.content():
            target.write(piece)
    if entry.file_size != member.size:
        raise ValueError(f"a member has {entry.file_size} bytes, not {member.size}")
