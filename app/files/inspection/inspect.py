"""Decides from its content whether a file may be attached, and says what to do when it may not."""

import io
import re
import zipfile

from app.domain.file_kinds import LARGEST_FILE, FileKind, clean_file_name, file_extension, kind_named, megabytes
from app.domain.values.errors import RuleBroken
from app.domain.values.text import N_
from app.files.inspection.office import inspect_office
from app.files.inspection.other_kinds import words_for
from app.files.inspection.picture import inspect_jpeg, inspect_png

EMPTY = N_("This file is empty. Choose the file again, or make a new copy of it.")
TOO_LARGE = N_(
    "This file is %(size)s MB, above the limit of %(limit)s MB. Scan it at a lower quality, or split it and attach "
    "the parts."
)
NOT_ACCEPTED = N_("We cannot take this kind of file. Attach a PDF, JPEG, PNG, Excel (.xlsx) or Word (.docx) file.")
NAMED_ONLY = N_(
    "This file is damaged, or it is not really a %(kind)s file as its name says. Open it on your computer; if it "
    "opens, save or print it there as %(kind)s and attach that, or ask for it again where you got it."
)
DATA_BEFORE_START = N_(
    "There is other data before the start of this PDF file. Print or save it to a new PDF file and attach that, or "
    "download the file again from where it came."
)
TWO_FILES = N_("Two files are joined in this one. Save it again as a new file, and attach each document by itself.")
WRONG_NAME = N_("The name ends in %(extension)s but the content is %(kind)s. Save it again as %(kind)s, or rename it.")

_CLAIM = re.compile(r"\.(?=.*[a-z])[!-~]+")
# Readers look for a PDF header this far into a file, so other kinds must not carry one there.
_PDF_HEADER_REACH = 1024


def _inspect_pdf(content: bytes) -> FileKind:
    from app.files.inspection.pdf import inspect_pdf

    return inspect_pdf(content)


_STARTS = (
    (b"%PDF-", FileKind.PDF, _inspect_pdf),
    (b"\x89PNG\r\n\x1a\n", FileKind.PNG, inspect_png),
    (b"\xff\xd8\xff", FileKind.JPEG, inspect_jpeg),
    (b"PK\x03\x04", None, inspect_office),
)


def _refuse_unknown(content: bytes, name: str) -> RuleBroken:
    if words := words_for(content):
        return RuleBroken(words)
    if b"%PDF-" in content[:_PDF_HEADER_REACH]:
        return RuleBroken(DATA_BEFORE_START)
    claimed = kind_named(name)
    return RuleBroken(NAMED_ONLY, kind=claimed.label) if claimed else RuleBroken(NOT_ACCEPTED)


def _check_name(name: str, kind: FileKind) -> None:
    """Refuse a name that claims a kind we do not take. Of the kinds we take, another than it is gets put right.

    A name without an extension claims nothing; nor does a full stop before Thai or a number.
    """
    extension = file_extension(clean_file_name(name))
    if _CLAIM.fullmatch(extension) and kind_named(name) is None:
        raise RuleBroken(WRONG_NAME, extension=extension, kind=kind.label)


def _check_not_two_files(content: bytes, kind: FileKind | None) -> None:
    if kind is not FileKind.PDF and b"%PDF-" in content[:_PDF_HEADER_REACH]:
        raise RuleBroken(TWO_FILES)
    if kind is not None and zipfile.is_zipfile(io.BytesIO(content)):
        raise RuleBroken(TWO_FILES)


def inspect(content: bytes, name: str) -> FileKind:
    """Return what ``content`` is after opening it with that kind's parser.

    The content decides; ``name`` may not claim a kind that we do not take. The whole file is read, so this takes up to
    some seconds for the largest ones.

    Raises:
        RuleBroken: empty, too large, not an accepted kind, damaged, joined with something else, protected,
            able to run or fetch something, or called something it is not.
    """
    if not content:
        raise RuleBroken(EMPTY)
    if len(content) > LARGEST_FILE:
        raise RuleBroken(TOO_LARGE, size=megabytes(len(content)), limit=megabytes(LARGEST_FILE))
    for start, kind, inspect_content in _STARTS:
        if content.startswith(start):
            if kind is not None:
                _check_name(name, kind)
                _check_not_two_files(content, kind)
            found = inspect_content(content)
            _check_not_two_files(content, kind)
            _check_name(name, found)
            return found
    raise _refuse_unknown(content, name)
