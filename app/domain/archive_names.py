"""Names inside an archive that every computer can unpack."""

import re

from app.domain.file_kinds import clean_file_name, file_extension

# UTF-16 units, as Windows counts: the whole path stays below 200, and 80 Thai letters below the 255 bytes of Linux.
LONGEST_FOLDER = 72
LONGEST_NAME = 80
REPLACED = re.compile(r'[<>:"/\\|?*\x00-\x1f]')
# Devices of Windows, with any ending.
DEVICES = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?=\.|$)", re.IGNORECASE)


def safe_folder(name: str, longest: int = LONGEST_FOLDER) -> str:
    """A folder's name without what Windows refuses: reserved characters and names, full stops and spaces at the end."""
    return _undeviced(_cut(_plain(name), longest))


def safe_name(name: str, longest: int = LONGEST_NAME) -> str:
    """The same for a file; a long one loses the end of its stem, never its extension."""
    plain = _plain(name)
    extension = file_extension(plain)
    stem = plain[: len(plain) - len(extension)] if extension else plain
    return _undeviced(_cut(stem, longest - len(extension)) + plain[len(plain) - len(extension) :])


def numbered(place: int, of: int, name: str) -> str:
    """The name with its place in front, so that names sort in order and no two are the same: 01, 02 … or 001, 002 …."""
    return f"{place:0{max(2, len(str(of)))}} {name}"


def _plain(name: str) -> str:
    return clean_file_name(REPLACED.sub("-", name))


def _cut(text: str, longest: int) -> str:
    """As much as fits: up to a space if one is in its second half, for Thai words are not told apart otherwise."""
    if _units(text) <= longest:
        return text.rstrip(" .") or "-"
    while _units(text) > longest:
        text = text[:-1]
    words, space, _rest = text.rpartition(" ")
    text = words if space and len(words) > len(text) / 2 else _whole_letters(text)
    return text.rstrip(" .") or "-"


def _whole_letters(text: str) -> str:
    """Without a vowel at the end that stands before its letter."""
    return text.rstrip("เแโใไ")


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _undeviced(name: str) -> str:
    return f"-{name}" if DEVICES.match(name) else name
