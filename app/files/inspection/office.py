"""Opens an Excel or Word file part by part and refuses what can run, fetch, hide or swell."""

import io
import stat
import struct
import zipfile
import zlib

from app.domain.file_kinds import FileKind
from app.domain.values.errors import RuleBroken
from app.domain.values.text import N_
from app.files.inspection.office_parts import (
    CARRIES_FILES,
    DAMAGED,
    MACROS,
    TOO_LARGE,
    PartReader,
    is_xml,
)

LOCKED = N_("This Office file is protected by a password. Save a copy without it and attach that.")
DATA_AROUND = N_("There is other data before or after this Office file. Save it as a new file and attach that.")
BINARY = N_(
    "This is an Excel workbook in the binary format (.xlsb). In Excel choose Save As, “Excel Workbook (.xlsx)”, and "
    "attach that."
)
ARCHIVE = N_("This is an archive of files (ZIP, RAR, 7z or the like). Unpack it and attach each document by itself.")
NOT_OFFICE = N_("This is not an Excel (.xlsx) or Word (.docx) file. Save it as one of these or as PDF and attach that.")

MOST_PARTS = 2_000
LARGEST_UNPACKED = 100 * 2**20
LARGEST_UNPACKED_INSIDE = 10 * 2**20  # for a workbook behind a chart
MOST_FILES_INSIDE = 10
MOST_RATIO = 150  # repetitive sheets reach about 60, deflate itself ends near 1,030
_RATIO_COUNTS_FROM = 2**20

_OLE_START = b"\xd0\xcf\x11\xe0"
_ZIP_START = b"PK\x03\x04"
_ENTRY_START = b"PK\x01\x02"
_END_RECORD = b"PK\x05\x06"
_END_RECORD_SIZE = 22
_PADDING = b"\0\t\n\r "
_LOCAL_HEADER = struct.Struct("<4s22xHH")
_ENCRYPTED, _UTF_8 = 0x1, 0x800
_CONTENT_TYPES, _OPEN_DOCUMENT = "[content_types].xml", "mimetype"
# What reading a damaged zip ends in; OverflowError comes from places in it beyond what a file can have.
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    OSError,
    OverflowError,
    ValueError,
)
_MAIN_TYPES = {
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": FileKind.XLSX,
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml": FileKind.DOCX,
}


def _check_sizes(parts: list[zipfile.ZipInfo], largest: int) -> None:
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > largest:
        raise RuleBroken(TOO_LARGE)
    for part in parts:
        if part.file_size > _RATIO_COUNTS_FROM and part.file_size > MOST_RATIO * part.compress_size:
            raise RuleBroken(TOO_LARGE)


def _check_names(parts: list[zipfile.ZipInfo]) -> None:
    if any(part.external_attr >> 16 and stat.S_ISLNK(part.external_attr >> 16) for part in parts):
        raise RuleBroken(DAMAGED)
    names = [part.orig_filename for part in parts]
    if len({name.casefold() for name in names}) < len(names):
        raise RuleBroken(DAMAGED)
    for name in names:
        if name.startswith("/") or "\\" in name or "\0" in name or ".." in name.split("/"):
            raise RuleBroken(DAMAGED)


def _list_parts(content: bytes, largest: int) -> list[zipfile.ZipInfo]:
    """Return the parts the zip declares, once its outline can be trusted."""
    end = content.rfind(_END_RECORD)
    if end >= 0 and content[end + _END_RECORD_SIZE :].strip(_PADDING):
        raise RuleBroken(DATA_AROUND)
    # The standard reader makes an object of every entry before anybody can count them.
    if content.count(_ENTRY_START) > MOST_PARTS * (1 + MOST_FILES_INSIDE):
        raise RuleBroken(TOO_LARGE)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = archive.infolist()
    names = {part.filename.casefold() for part in parts}
    if _CONTENT_TYPES not in names:
        raise RuleBroken(NOT_OFFICE if _OPEN_DOCUMENT in names else ARCHIVE)
    if min(part.header_offset for part in parts):
        raise RuleBroken(DATA_AROUND)
    if any(part.flag_bits & _ENCRYPTED for part in parts):
        raise RuleBroken(LOCKED)
    _check_sizes(parts, largest)
    _check_names(parts)
    return parts


def _unpack(content: bytes, part: zipfile.ZipInfo) -> bytes:
    """Return a part's bytes, which must be exactly as long as declared.

    The standard reader stops at the declared size and says nothing when the packed data goes on,
    where another reader would go on too.
    """
    start, name_length, extra_length = _LOCAL_HEADER.unpack_from(content, part.header_offset)
    first = part.header_offset + _LOCAL_HEADER.size + name_length + extra_length
    packed = content[first : first + part.compress_size]
    if part.compress_type == zipfile.ZIP_DEFLATED:
        inflater = zlib.decompressobj(-zlib.MAX_WBITS)
        unpacked = inflater.decompress(packed, part.file_size + 1)
        whole = inflater.eof and not inflater.unused_data
    else:
        unpacked, whole = packed, part.compress_type == zipfile.ZIP_STORED
    named = content[part.header_offset + _LOCAL_HEADER.size :][:name_length]
    if named != part.orig_filename.encode("utf-8" if part.flag_bits & _UTF_8 else "cp437"):
        raise RuleBroken(DAMAGED)  # one reader would take it for another part than the next does
    if start != _ZIP_START or not whole or len(unpacked) != part.file_size or zlib.crc32(unpacked) != part.CRC:
        raise RuleBroken(DAMAGED)
    return unpacked


def _check_inside(name: str, data: bytes) -> None:
    if name.casefold().endswith("vbaproject.bin"):
        raise RuleBroken(MACROS)
    if data.startswith((_OLE_START, b"MZ")):
        raise RuleBroken(CARRIES_FILES)


def _read_parts(content: bytes, *, inside: bool) -> PartReader:
    reader = PartReader()
    files_inside = 0
    parts = _list_parts(content, LARGEST_UNPACKED_INSIDE if inside else LARGEST_UNPACKED)
    for part in parts:
        data = _unpack(content, part)
        _check_inside(part.filename, data)
        if data.startswith(_ZIP_START):
            files_inside += 1
            if inside or files_inside > MOST_FILES_INSIDE:
                raise RuleBroken(CARRIES_FILES)
            _inspect(data, inside=True)
        elif is_xml(part.filename, data):
            reader.read(part.filename, data)
    reader.check_endings(part.filename for part in parts)
    return reader


def _inspect(content: bytes, *, inside: bool) -> FileKind:
    try:
        reader = _read_parts(content, inside=inside)
    except _DAMAGE as damage:
        raise RuleBroken(DAMAGED) from damage
    kind = _MAIN_TYPES.get(reader.main_type())
    if reader.is_binary_workbook():
        raise RuleBroken(BINARY)
    if kind is None:
        raise RuleBroken(NOT_OFFICE)
    return kind


def inspect_office(content: bytes) -> FileKind:
    """Return whether a zip is an Excel or a Word file, by its main part's declared type.

    A workbook inside (behind a chart) is looked at the same way; nothing may be inside that one.

    Raises:
        RuleBroken: damaged, protected, too large unpacked, another kind of zip, or with macros, DDE, embedded
            programs, contents fetched from elsewhere, or a DOCTYPE.
    """
    return _inspect(content, inside=False)
