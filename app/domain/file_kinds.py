"""Which files the fund takes, and what they may be called."""

import math
import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class _KindFacts:
    label: str
    mime: str
    extensions: tuple[str, ...]


class FileKind(StrEnum):
    """A kind of file, decided by its content; the value is what the database keeps."""

    PDF = "pdf"
    JPEG = "jpeg"
    PNG = "png"
    XLSX = "xlsx"
    DOCX = "docx"

    @property
    def label(self) -> str:
        """Short name for people; the same in every language."""
        return _FACTS[self].label

    @property
    def mime(self) -> str:
        """The media type to send the file back with."""
        return _FACTS[self].mime

    @property
    def extensions(self) -> tuple[str, ...]:
        """Name endings this kind may have, with the dot, in small letters; the usual one first."""
        return _FACTS[self].extensions


_OFFICE = "application/vnd.openxmlformats-officedocument"
_FACTS = {
    FileKind.PDF: _KindFacts("PDF", "application/pdf", (".pdf",)),
    FileKind.JPEG: _KindFacts("JPEG", "image/jpeg", (".jpg", ".jpeg", ".jpe", ".jfif")),
    FileKind.PNG: _KindFacts("PNG", "image/png", (".png",)),
    FileKind.XLSX: _KindFacts("Excel (.xlsx)", f"{_OFFICE}.spreadsheetml.sheet", (".xlsx",)),
    FileKind.DOCX: _KindFacts("Word (.docx)", f"{_OFFICE}.wordprocessingml.document", (".docx",)),
}

ALLOWED_KINDS: tuple[FileKind, ...] = tuple(FileKind)
DRAWN_KINDS = frozenset({FileKind.PDF, FileKind.JPEG, FileKind.PNG})  # whose pages we can draw as pictures
LARGEST_FILE = 20 * 2**20  # bytes
LONGEST_FILE_NAME = 120  # characters, with the extension
FALLBACK_FILE_NAME = "document"

_LONGEST_EXTENSION = 10
_BLANK_START = re.compile(r"^[\s.]+")
_BLANK_END = re.compile(r"[\s.]+$")
_DIRECTION_MARKS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
# Thai has them between words; in an ending they would hide what it is.
_INVISIBLE = str.maketrans("", "", "\u00ad\u180e\u200b\u200c\u200d\u2060")
# Controls, lone surrogates (they cannot be written as UTF-8), line and paragraph separators.
_FORBIDDEN_CATEGORIES = frozenset({"Cc", "Cs", "Zl", "Zp"})


def megabytes(size: int) -> str:
    """MB with one decimal, rounded up: a file that is a byte too large has more than the limit."""
    return f"{math.ceil(size * 10 / 2**20) / 10:,.1f}"


def _forbidden(character: str) -> bool:
    return character in _DIRECTION_MARKS or unicodedata.category(character) in _FORBIDDEN_CATEGORIES


def _split_extension(name: str) -> tuple[str, str]:
    """Return (stem, extension with its dot); a long last part is not an extension but a sentence with a full stop."""
    stem, dot, last = name.rpartition(".")
    if not dot or not last or len(last) > _LONGEST_EXTENSION:
        return name, ""
    shown = last.translate(_INVISIBLE)
    return stem, dot + (shown if shown.isascii() else last)


def file_extension(name: str) -> str:
    """Return the ending of ``name`` in small letters with its dot, or "" when it has none."""
    return _split_extension(name)[1].lower()


def clean_file_name(name: str) -> str:
    """Return ``name`` as it may be kept and shown.

    A name in NFC without forbidden characters comes back unchanged up to 120 characters. Folders,
    control characters, direction marks and spaces or full stops at the ends are taken off; a longer
    name loses the end of its stem, never its extension; nothing left gives "document".
    """
    kept = "".join(character for character in name if not _forbidden(character))
    last_part = kept.replace("\\", "/").rpartition("/")[2]
    stem, extension = _split_extension(_BLANK_END.sub("", unicodedata.normalize("NFC", last_part)))
    stem = _BLANK_START.sub("", stem)[: LONGEST_FILE_NAME - len(extension)] or FALLBACK_FILE_NAME
    return _BLANK_END.sub("", stem + extension)


def kind_named(name: str) -> FileKind | None:
    """The kind of ours that a name's ending claims, if it claims one."""
    extension = file_extension(clean_file_name(name))
    return next((kind for kind in FileKind if extension in kind.extensions), None)


def name_for_kind(name: str, kind: FileKind) -> str:
    """Return the clean name with an ending of its kind, so that no computer takes the file for anything else.

    The ending of another kind of ours is put right; any other is taken for a part of the name.
    """
    cleaned = clean_file_name(name)
    claimed = kind_named(cleaned)
    if claimed is kind:
        return cleaned
    stem = cleaned.rpartition(".")[0] if claimed else cleaned
    return clean_file_name(stem + kind.extensions[0])
