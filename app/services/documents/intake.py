"""What is done with a file before it belongs to anything: looked into, a photograph tidied, its pages counted."""

import io
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import PurePath

from PIL import Image

from app.domain.file_kinds import FileKind, clean_file_name, name_for_kind
from app.domain.values.errors import RuleBroken
from app.domain.values.text import N_
from app.files.inspection.inspect import inspect
from app.files.picture_limits import MOST_JOINED, MOST_PIXELS_JOINED
from app.files.pictures.photos import PICTURES, is_made_smaller, join, tidy

PICTURES_ONLY = N_("Only pictures (JPEG, PNG) can be joined. Attach this file by itself.")


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file that was found good, as it will be kept."""

    name: str
    kind: FileKind
    content: bytes
    pages: int | None
    made_smaller: bool = False


def look_into(content: bytes, name: str) -> Incoming:
    """Inspect a file and make it ready to be kept; needs no database, and takes up to some seconds.

    Raises:
        RuleBroken: the file is refused, with the reason.
    """
    kind = inspect(content, name)
    ready = _ready(tidy(content, kind), name_for_kind(name, kind), kind)
    return replace(ready, made_smaller=is_made_smaller(content, kind))


def look_into_photos(photos: Sequence[tuple[bytes, str]]) -> Incoming:
    """Inspect pictures and join them, in their order, into one PDF named after the first.

    Raises:
        RuleBroken: a file is refused, or is no picture; the message begins with its name.
    """
    _refuse_too_many(photos)
    tidied = []
    for content, name in photos:
        kind = inspect(content, name)
        if kind not in PICTURES:
            raise RuleBroken(PICTURES_ONLY)
        tidied.append((tidy(content, kind), kind))
    joined = join(tidied)
    name = clean_file_name(PurePath(clean_file_name(photos[0][1])).stem + ".pdf")
    return _ready(joined, name, inspect(joined, name))


def _refuse_too_many(photos: Sequence[tuple[bytes, str]]) -> None:
    """Refuse before anything is drawn: each picture takes up to some seconds, during which others wait."""
    pixels = 0
    for content, _name in photos:
        with (
            suppress(OSError, ValueError, SyntaxError, Image.DecompressionBombError),
            Image.open(io.BytesIO(content), formats=[kind.name for kind in PICTURES]) as picture,
        ):
            pixels += picture.width * picture.height
    if len(photos) > MOST_JOINED or pixels > MOST_PIXELS_JOINED:
        raise RuleBroken(
            N_(
                "At most %(most)s pictures of %(million)s million pixels altogether are joined at a time. Choose fewer."
            ),
            most=MOST_JOINED,
            million=MOST_PIXELS_JOINED // 10**6,
        )


def _ready(content: bytes, name: str, kind: FileKind) -> Incoming:
    return Incoming(name, kind, content, _pages(content, kind))


def _pages(content: bytes, kind: FileKind) -> int | None:
    """How many pages there are to look at; None for what has none before it is printed."""
    if kind in PICTURES:
        return 1
    if kind is not FileKind.PDF:
        return None
    from pikepdf import Pdf

    with Pdf.open(io.BytesIO(content)) as pdf:
        return len(pdf.pages)
