"""Opens a JPEG or PNG picture fully and refuses one that is not whole, too large or carries more."""

import io
import re
import struct
import zlib
from collections.abc import Iterator

from PIL import Image

from app.domain.documents import FileKind
from app.domain.errors import RuleBroken
from app.domain.text import N_

DAMAGED = N_("This picture is damaged or not complete. Save or photograph it again and attach the new one.")
TOO_MANY_PIXELS = N_("This picture has more than %(limit)s million pixels. Make it smaller and attach it again.")
AFTER_END = N_("There is other data after the end of this picture. Save it as a new picture or as PDF and attach that.")
MOVING = N_("This is a moving picture. Save it as a still picture and attach that.")
TOO_COMPLEX = N_("This picture is built in too many layers to check. Save it as a new picture and attach that.")

MOST_PIXELS = 50_000_000
MOST_SCANS = 100  # ordinary progressive pictures have about ten; thousands are made to keep a server busy
_PADDING = b"\0\t\n\r "
_NEXT_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_PARSER_ERRORS = (OSError, SyntaxError, ValueError, EOFError, IndexError, OverflowError, struct.error, zlib.error)


def _open(content: bytes, kind: FileKind) -> Image.Image:
    return Image.open(io.BytesIO(content), formats=[kind.name])


def _decode(content: bytes, kind: FileKind) -> None:
    """Decode every pixel; the size is looked at first, from the header."""
    try:
        with _open(content, kind) as picture:
            _check_pixels(picture.width * picture.height)
            picture.verify()
        with _open(content, kind) as picture:
            # JPEG then decodes everything at an eighth of the size: as strict, with a fraction of the memory.
            picture.draft(picture.mode, (1, 1))
            picture.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise RuleBroken(TOO_MANY_PIXELS, limit=MOST_PIXELS // 10**6) from bomb
    except _PARSER_ERRORS as damage:
        raise RuleBroken(DAMAGED) from damage


def _check_pixels(pixels: int) -> None:
    if pixels > MOST_PIXELS:
        raise RuleBroken(TOO_MANY_PIXELS, limit=MOST_PIXELS // 10**6)


def png_chunks(content: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Yield the name, start and end of every chunk up to the last. Raises RuleBroken when they stop early."""
    position = 8
    while position + 12 <= len(content):
        length, name = struct.unpack_from(">I4s", content, position)
        start, position = position, position + 12 + length
        if position > len(content):
            break
        yield name, start, position
        if name == b"IEND":
            return
    raise RuleBroken(DAMAGED)


def _png_end(content: bytes) -> int:
    """Return where the last chunk ends. Raises RuleBroken when the picture moves."""
    end = 0
    for name, _start, after in png_chunks(content):
        if name == b"acTL":
            raise RuleBroken(MOVING)
        end = after
    return end


def jpeg_segments(content: bytes, start: int = 0) -> Iterator[tuple[int, int, int]]:
    """Yield the marker, start and end of every segment of the picture at ``start``, a scan with its data, to its end.

    Raises RuleBroken when the picture is not whole. Thumbnails inside segments do not count.
    """
    position, scans = start + 2, 0
    while position + 4 <= len(content) and content[position] == 0xFF:
        marker, began = content[position + 1], position
        if marker == 0xFF:  # fill byte
            position += 1
            continue
        length = int.from_bytes(content[position + 2 : position + 4], "big")
        if marker < 0xC0 or 0xD0 <= marker <= 0xD9 or length < 2:
            break
        position += 2 + length
        if marker != 0xDA:
            yield marker, began, position
            continue
        scans += 1
        if scans > MOST_SCANS:
            raise RuleBroken(TOO_COMPLEX)
        following = _NEXT_MARKER.search(content, position)
        if following is None:
            break
        position = following.start()
        yield marker, began, position
        if content[position + 1] == 0xD9:
            yield 0xD9, position, position + 2
            return
    raise RuleBroken(DAMAGED)


def _jpeg_end(content: bytes, start: int) -> int:
    return max(end for _marker, _began, end in jpeg_segments(content, start))


def inspect_png(content: bytes) -> FileKind:
    """Refuse a PNG that is damaged, larger than 50 million pixels, moving, or followed by anything."""
    if content[_png_end(content) :].strip(_PADDING):
        raise RuleBroken(AFTER_END)
    _decode(content, FileKind.PNG)
    return FileKind.PNG


def inspect_jpeg(content: bytes) -> FileKind:
    """Refuse a JPEG that is damaged, larger than 50 million pixels, or followed by anything but more pictures.

    Telephones write several whole pictures into one file and say so in an "MPF" segment.
    """
    end = _jpeg_end(content, 0)
    several = b"MPF\0" in content[:end]
    while several and content.startswith(b"\xff\xd8\xff", end):
        end = _jpeg_end(content, end)
    if content[end:].strip(_PADDING):
        raise RuleBroken(AFTER_END)
    _decode(content, FileKind.JPEG)
    return FileKind.JPEG
