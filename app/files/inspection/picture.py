"""Opens a JPEG or PNG picture fully and refuses one that is not whole, too large or carries more."""

import io
import re
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from PIL import Image

from app.domain.file_kinds import FileKind
from app.domain.values.errors import RuleBroken
from app.domain.values.text import N_
from app.files.inspection.picture_tail import harmless_behind_jpeg, harmless_behind_png
from app.files.picture_limits import MOST_PIXELS_KEPT, MOST_PIXELS_SCANNED, MOST_PIXELS_TAKEN, MOST_SCANS

DAMAGED = N_("This picture is damaged or not complete. Save or photograph it again and attach the new one.")
TOO_MANY_PIXELS = N_(
    "This picture has more than %(limit)s million pixels. Set the camera or the scanner to fewer, or take a picture "
    "of the picture on the screen, and attach that."
)
AFTER_END = N_(
    "There is other data after the end of this picture. Save it as a new picture or as PDF, or take a screenshot of "
    "it, and attach that."
)
MOVING = N_("This is a moving picture. Save it as a still picture and attach that.")
TOO_COMPLEX = N_("This picture is built in too many layers to check. Save it as a new picture and attach that.")

MOST_PARTS = 20_000  # chunks or segments; writers of small ones make some thousands of a large picture
_PIECE = 2**20
_SAMPLES = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}  # of a pixel, by the PNG's kind of colour
# The seven passes of an interlaced PNG: first column and row, steps to the next ones.
_INTERLACED = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # markers that state a size
_SCAN, _END, _FILL = 0xDA, 0xD9, 0xFF
_NEXT_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
# Pillow's own limit, process-wide: it warns above this, which would be told to nobody, and refuses above twice of it.
Image.MAX_IMAGE_PIXELS = MOST_PIXELS_TAKEN
# A telephone says so when it writes several pictures into one file.
_SEVERAL = (b"MPF\0", b"http://ns.google.com/photos/1.0/container/", b"http://ns.adobe.com/hdr-gain-map/1.0/")
_PARSER_ERRORS = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    LookupError,
    OverflowError,
    struct.error,
    zlib.error,
)


def _open(content: bytes, kind: FileKind) -> Image.Image:
    return Image.open(io.BytesIO(content), formats=[kind.name])


@contextmanager
def _reading() -> Iterator[None]:
    """Turn what a parser says of a picture into ours."""
    try:
        yield
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise RuleBroken(TOO_MANY_PIXELS, limit=MOST_PIXELS_TAKEN // 10**6) from bomb
    except _PARSER_ERRORS as damage:
        raise RuleBroken(DAMAGED) from damage


def _check_pixels(pixels: int) -> None:
    if pixels > MOST_PIXELS_TAKEN:
        raise RuleBroken(TOO_MANY_PIXELS, limit=MOST_PIXELS_TAKEN // 10**6)


def png_chunks(content: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Yield the name, start and end of every chunk up to the last. Raises RuleBroken when they stop early."""
    position = 8
    for _chunk in range(MOST_PARTS):
        if position + 12 > len(content):
            raise RuleBroken(DAMAGED)
        length, name = struct.unpack_from(">I4s", content, position)
        start, position = position, position + 12 + length
        if position > len(content):
            raise RuleBroken(DAMAGED)
        yield name, start, position
        if name == b"IEND":
            return
    raise RuleBroken(TOO_COMPLEX)


def _png_end(content: bytes) -> int:
    """Return where the last chunk ends. Raises RuleBroken when the picture moves."""
    end = 0
    for name, _start, after in png_chunks(content):
        if name == b"acTL":
            raise RuleBroken(MOVING)
        end = after
    return end


def _png_data(content: bytes) -> Iterator[memoryview]:
    view = memoryview(content)
    for name, start, end in png_chunks(content):
        if name == b"IDAT":
            yield view[start + 8 : end - 4]


def _png_size(width: int, height: int, bits: int, *, interlaced: bool) -> int:
    """How many bytes the pixels of a PNG unpack to: each row has a byte in front of it."""
    passes = _INTERLACED if interlaced else ((0, 0, 1, 1),)
    size = 0
    for left, top, across, down in passes:
        columns, rows = -(-(width - left) // across), -(-(height - top) // down)
        if columns > 0 and rows > 0:
            size += rows * (1 + -(-columns * bits // 8))
    return size


def _unpack_png(content: bytes) -> None:
    """Unpack every pixel, a piece at a time; the sums over the chunks say that they are the right ones."""
    width, height, depth, colour, interlaced = struct.unpack_from(">IIBBxxB", content, 16)
    missing = _png_size(width, height, depth * _SAMPLES[colour], interlaced=bool(interlaced))
    inflater = zlib.decompressobj()
    for data in _png_data(content):
        packed: bytes | memoryview = data
        while packed and missing > 0:
            unpacked = len(inflater.decompress(packed, _PIECE))
            missing -= unpacked
            packed = inflater.unconsumed_tail
            if not unpacked and inflater.eof:
                break
    if missing > 0:
        raise RuleBroken(DAMAGED)


def jpeg_segments(content: bytes, start: int = 0) -> Iterator[tuple[int, int, int]]:
    """Yield the marker, start and end of every segment of the picture at ``start``, a scan with its data, to its end.

    Raises RuleBroken when the picture is not whole. Thumbnails inside segments do not count.
    """
    position, scans, pixels = start + 2, 0, 0
    for _segment in range(MOST_PARTS):
        marker, length = _segment_at(content, position)
        if marker == _FILL:
            position += 1
            continue
        pixels = max(pixels, _pixels_stated(content, position, marker))
        began, position = position, position + 2 + length
        if marker == _SCAN:
            scans += 1
            if scans > MOST_SCANS or scans * pixels > MOST_PIXELS_SCANNED:
                raise RuleBroken(TOO_COMPLEX)
            position = _end_of_scan(content, position)
        yield marker, began, position
        if marker == _SCAN and content[position + 1] == _END:
            yield _END, position, position + 2
            return
    raise RuleBroken(TOO_COMPLEX)


def _segment_at(content: bytes, position: int) -> tuple[int, int]:
    """Return the marker at a position and how long its segment says it is; of a fill byte the length means nothing."""
    if position + 4 > len(content) or content[position] != 0xFF:
        raise RuleBroken(DAMAGED)
    marker, length = struct.unpack_from(">BH", content, position + 1)
    if marker != _FILL and (marker < 0xC0 or 0xD0 <= marker <= 0xD9 or length < 2):
        raise RuleBroken(DAMAGED)
    return marker, length


def _pixels_stated(content: bytes, position: int, marker: int) -> int:
    if marker not in _FRAMES or position + 9 > len(content):
        return 0
    height, width = struct.unpack_from(">HH", content, position + 5)
    _check_pixels(height * width)
    return int(height * width)


def _end_of_scan(content: bytes, position: int) -> int:
    following = _NEXT_MARKER.search(content, position)
    if following is None:
        raise RuleBroken(DAMAGED)
    return following.start()


def _jpeg_end(content: bytes, start: int) -> int:
    return max(end for _marker, _began, end in jpeg_segments(content, start))


def inspect_png(content: bytes) -> FileKind:
    """Refuse a PNG that is damaged, too large, moving, or followed by another file."""
    if not harmless_behind_png(content[_png_end(content) :]):
        raise RuleBroken(AFTER_END)
    with _reading(), _open(content, FileKind.PNG) as picture:
        _check_pixels(picture.width * picture.height)
        picture.verify()
        _unpack_png(content)
    return FileKind.PNG


def inspect_jpeg(content: bytes) -> FileKind:
    """Refuse a JPEG that is damaged, too large, or followed by anything but what telephones write there.

    One that will be made smaller is decoded then, by a process of its own.
    """
    end = _jpeg_end(content, 0)
    several = any(sign in content[:end] for sign in _SEVERAL)
    while several and content.startswith(b"\xff\xd8\xff", end):
        end = _jpeg_end(content, end)
    if not harmless_behind_jpeg(content[end:]):
        raise RuleBroken(AFTER_END)
    with _reading(), _open(content, FileKind.JPEG) as picture:
        pixels = picture.width * picture.height
        _check_pixels(pixels)
        if pixels <= MOST_PIXELS_KEPT:
            # Decodes everything at an eighth of the size: as strict, with a fraction of the memory.
            picture.draft(picture.mode, (1, 1))
            picture.load()
    return FileKind.JPEG
