"""Makes photographs ready to be kept: upright, without notes such as the place, joined into one PDF."""

import io
import struct
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from PIL import Image

from app.domain.file_kinds import LARGEST_FILE, FileKind
from app.domain.values.errors import RuleBroken
from app.domain.values.text import N_
from app.files.inspection.picture import jpeg_segments, png_chunks
from app.files.picture_limits import MOST_PIXELS_KEPT
from app.files.pictures import page_drawing
from app.files.pictures.page_drawing import PhotoOrder
from app.files.pictures.program import NotDrawn, drawn_by

SECONDS = 20.0  # for one picture
PICTURES = frozenset({FileKind.JPEG, FileKind.PNG})
NOT_JOINED = N_("These pictures could not be joined into one PDF. Attach each of them by itself.")
NOT_REDRAWN = N_(
    "This picture could not be turned or made smaller. Save it upright with another program and attach it again."
)
TOO_LARGE_TOGETHER = N_("Joined into one PDF these pictures have more than %(limit)s MB. Join fewer at a time.")

_ORIENTATION, _UPRIGHT = 0x0112, 1
# What a reader needs to show the picture as it was meant: resolution, colour profile, kind of colours.
_KEPT_SEGMENTS = {0xE0: b"", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}
_NOTES = range(0xE0, 0xF0)
_COMMENT = 0xFE
_LEFT_OUT_OF_PNG = frozenset({b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME"})
_ROOM_FOR_PAGES = 0.95  # of the largest file; the rest is what a PDF has around its pages
_A4 = (72.0 * 210 / 25.4, 72.0 * 297 / 25.4)  # points
_BAD_NOTES = (OSError, SyntaxError, ValueError, KeyError, TypeError, IndexError, struct.error)


def tidy(content: bytes, kind: FileKind) -> bytes:
    """Return an inspected picture upright and freed of notes, at most as large as pictures are kept.

    Its pixels stay as they are unless it has to be turned or made smaller. What stands behind the picture goes: records
    and films of telephones, and of several pictures in one file all but the first, of which the others are copies.
    """
    if kind not in PICTURES:
        return content
    if is_made_smaller(content, kind) or _orientation(content, kind) != _UPRIGHT:
        return _redrawn(content, PhotoOrder(kind.name, LARGEST_FILE, most_pixels=MOST_PIXELS_KEPT))
    return b"".join(_jpeg_without_notes(content) if kind is FileKind.JPEG else _png_without_notes(content))


def is_made_smaller(content: bytes, kind: FileKind) -> bool:
    """Whether an inspected picture has more pixels than are kept."""
    if kind not in PICTURES:
        return False
    with Image.open(io.BytesIO(content), formats=[kind.name]) as picture:
        return picture.width * picture.height > MOST_PIXELS_KEPT


def join(photos: Sequence[tuple[bytes, FileKind]]) -> bytes:
    """Return one PDF with a tidied picture on each A4 page, in the order given.

    If they are too large together, each is drawn at 300 dots an inch or coarser, as its share of the room allows.

    Raises:
        RuleBroken: they cannot be joined, or are too large all the same; that is told at the first page too many.
    """
    import img2pdf

    room = int(LARGEST_FILE * _ROOM_FOR_PAGES)
    share = room // len(photos) if sum(len(content) for content, _kind in photos) > room else None
    pages, size = [], 0
    for content, kind in photos:
        pages.append(_for_page(content, kind, share))
        size += len(pages[-1])
        if size > LARGEST_FILE:
            raise _too_large()
    layout = img2pdf.get_layout_fun(_A4, fit=img2pdf.FitMode.into, auto_orient=True)
    try:
        joined: bytes = img2pdf.convert(pages, layout_fun=layout, rotation=img2pdf.Rotation.none, nodate=True)
    except (img2pdf.ImageOpenError, img2pdf.JpegColorspaceError, img2pdf.NegativeDimensionError, *_BAD_NOTES) as odd:
        raise RuleBroken(NOT_JOINED) from odd
    if len(joined) > LARGEST_FILE:
        raise _too_large()
    return joined


def _too_large() -> RuleBroken:
    return RuleBroken(TOO_LARGE_TOGETHER, limit=LARGEST_FILE // 2**20)


def _orientation(content: bytes, kind: FileKind) -> int:
    try:
        with Image.open(io.BytesIO(content), formats=[kind.name]) as picture:
            found = picture.getexif().get(_ORIENTATION, _UPRIGHT)
    except _BAD_NOTES:  # notes that cannot be read turn nothing
        return _UPRIGHT
    return found if found in range(2, 9) else _UPRIGHT


def _redrawn(content: bytes, order: PhotoOrder) -> bytes:
    """Drawn anew by a process of its own, so that other requests of this one are answered meanwhile."""
    try:
        return drawn_by(Path(page_drawing.__file__), {"task": "photo", **asdict(order)}, [content], SECONDS)
    except NotDrawn as failure:
        raise RuleBroken(NOT_REDRAWN) from failure


def _jpeg_without_notes(content: bytes) -> Iterator[bytes]:
    yield content[:2]
    for marker, start, end in jpeg_segments(content):
        if marker == _COMMENT or (marker in _NOTES and not _kept(marker, content[start + 4 : start + 20])):
            continue
        yield content[start:end]


def _kept(marker: int, beginning: bytes) -> bool:
    return marker in _KEPT_SEGMENTS and beginning.startswith(_KEPT_SEGMENTS[marker])


def _png_without_notes(content: bytes) -> Iterator[bytes]:
    yield content[:8]
    for name, start, end in png_chunks(content):
        if name not in _LEFT_OUT_OF_PNG:
            yield content[start:end]


def _for_page(content: bytes, kind: FileKind, share: int | None) -> bytes:
    """A picture as the PDF can hold it: without see-through parts and, with a share of the room, within it."""
    with Image.open(io.BytesIO(content), formats=[kind.name]) as picture:
        see_through = "A" in picture.getbands() or "transparency" in picture.info
    if not see_through and (share is None or len(content) <= share):
        return content
    return _redrawn(content, PhotoOrder(kind.name, share or LARGEST_FILE, for_page=True, smaller=share is not None))
