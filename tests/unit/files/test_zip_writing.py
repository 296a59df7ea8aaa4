"""The archive opens everywhere, and is as long as was said before."""

import io
import struct
import zipfile
from collections.abc import Iterable
from datetime import UTC, datetime
from tempfile import TemporaryFile

import pytest

from app.files.zip_writing import Member, write_zip, zip_length

AT = datetime(2026, 11, 24, 20, 30, 10, tzinfo=UTC)  # already the 25th in Bangkok


def member(path: str, content: bytes) -> Member:
    return Member(path, len(content), AT, lambda: [content[:3], content[3:]])


MEMBERS = [member("index.html", b""), *(member(f"0{n} เอกสาร/01 งบ.pdf", bytes([n]) * 700) for n in range(1, 5))]


def opened(content: bytes) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(content))


def archive(members: Iterable[Member]) -> bytes:
    with TemporaryFile() as file:
        write_zip(file, members)
        file.seek(0)
        return file.read()


def test_the_length_is_known_before_and_every_member_comes_back() -> None:
    content = archive(MEMBERS)

    assert len(content) == zip_length(MEMBERS)
    assert opened(content).testzip() is None
    assert opened(content).read("03 เอกสาร/01 งบ.pdf") == b"\x03" * 700


def test_headers_are_complete_and_thai_names_are_marked_as_utf_8() -> None:
    content = archive(MEMBERS)

    for entry in opened(content).infolist():
        flags, size = struct.unpack("<6xH14xL", content[entry.header_offset :][:26])
        assert entry.flag_bits == flags == (0 if entry.filename.isascii() else 0x800)
        assert size == entry.file_size
        assert entry.compress_type == zipfile.ZIP_STORED
        assert entry.date_time == (2026, 11, 25, 3, 30, 10)


def test_an_archive_above_the_old_limit_takes_the_larger_headers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", 1000)

    content = archive(MEMBERS)

    assert b"PK\x06\x06" in content
    assert len(content) == zip_length(MEMBERS)
    assert opened(content).testzip() is None


def test_a_member_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="3 bytes, not 5"):
        archive([Member("short.pdf", 5, AT, lambda: [b"abc"])])
