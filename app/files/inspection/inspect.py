"""Decides from its content whether a file may be attached, and says what to do when it may not."""

import io
import re
import zipfile

from app.domain.file_kinds import LARGEST_FILE, FileKind, clean_file_name, file_extension
from app.domain.values.errors import RuleBroken
from app.domain.values.text import N_
from app.files.inspection.office import inspect_office
from app.files.inspection.picture import inspect_jpeg, inspect_png

EMPTY = N_("This file is empty. Choose the file again, or make a new copy of it.")
TOO_LARGE = N_(
    "This file is %(size)s MB, above the limit of %(limit)s MB. "
    "Scan it at a lower quality, or split it and attach the parts."
)
NOT_ACCEPTED = N_("We cannot take this kind of file. Attach a PDF, JPEG, PNG, Excel (.xlsx) or Word (.docx) file.")
OLD_OFFICE = N_(
    "This is an old Office file, or one with a password. Take the password off and save it as .xlsx, .docx or PDF."
)
HEIC = N_(
    "This is a picture in the HEIC format of newer phones. Save it as JPEG, or set the phone's camera to the most "
    "compatible format and take it again."
)
DATA_BEFORE_START = N_("There is other data before the start of this PDF file. Print or save it to a new PDF file.")
TWO_FILES = N_("Two files are joined in this one. Save it again as a new file, and attach each document by itself.")
WRONG_NAME = N_("The name ends in %(extension)s but the content is %(kind)s. Save it again as %(kind)s, or rename it.")

_CLAIM = re.compile(r"\.(?=.*[a-z])[!-~]+")
# Readers look for a PDF header this far into a file, so other kinds must not carry one there.
_PDF_HEADER_REACH = 1024
_OLD_OFFICE_START = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# A box of a length, its kind, and the brand of the pictures in it.
_HEIC_START = re.compile(rb".{4}ftyp(?:hei[cxms]|hev[cx]|mif1|msf1|avif)", re.DOTALL)


def _inspect_pdf(content: bytes) -> FileKind:
    from app.files.inspection.pdf import inspect_pdf

    return inspect_pdf(content)


_STARTS = (
    (b"%PDF-", FileKind.PDF, _inspect_pdf),
    (b"\x89PNG\r\n\x1a\n", FileKind.PNG, inspect_png),
    (b"\xff\xd8\xff", FileKind.JPEG, inspect_jpeg),
    (b"PK\x03\x04", None, inspect_office),
)


def _megabytes(size: int) -> str:
    return f"{size / 2**20:,.1f}"


def _refuse_unknown(content: bytes) -> RuleBroken:
    if content.startswith(_OLD_OFFICE_START):
        return RuleBroken(OLD_OFFICE)
    if _HEIC_START.match(content):
        return RuleBroken(HEIC)
    if b"%PDF-" in content[:_PDF_HEADER_REACH]:
        return RuleBroken(DATA_BEFORE_START)
    return RuleBroken(NOT_ACCEPTED)


def _check_name(name: str, kind: FileKind) -> None:
    """A name without an extension claims nothing, so it is accepted; nor does a full stop before Thai or a number."""
    extension = file_extension(clean_file_name(name))
    if _CLAIM.fullmatch(extension) and extension not in kind.extensions:
        raise RuleBroken(WRONG_NAME, extension=extension, kind=kind.label)


def _check_not_two_files(content: bytes, kind: FileKind | None) -> None:
    if kind is not FileKind.PDF and b"%PDF-" in content[:_PDF_HEADER_REACH]:
        raise RuleBroken(TWO_FILES)
    if kind is not None and zipfile.is_zipfile(io.BytesIO(content)):
        raise RuleBroken(TWO_FILES)


def inspect(content: bytes, name: str) -> FileKind:
    """Return what ``content`` is after opening it with that kind's parser.

    The content decides; ``name`` may only agree with it. The whole file is read, so this takes up to
    some seconds for the largest ones.

    Raises:
        RuleBroken: empty, too large, not an accepted kind, damaged, joined with something else, protected,
            able to run or fetch something, or called something it is not.
    """
    if not content:
        raise RuleBroken(EMPTY)
    if len(content) > LARGEST_FILE:
        raise RuleBroken(TOO_LARGE, size=_megabytes(len(content)), limit=_megabytes(LARGEST_FILE))
    for start, kind, inspect_content in _STARTS:
        if content.startswith(start):
            if kind is not None:
                _check_name(name, kind)
            _check_not_two_files(content, kind)
            found = inspect_content(content)
            _check_name(name, found)
            return found
    raise _refuse_unknown(content)
