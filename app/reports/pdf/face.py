"""The letter face for drawn PDFs: Sarabun with tone marks at one height above all vowels."""

import io
import tempfile
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from pathlib import Path
from threading import Lock
from typing import Any

WEIGHTS = ("Sarabun-Regular.ttf", "Sarabun-Bold.ttf")
MARK_ON_LETTER, MARK_ON_MARK = 4, 6  # the kinds of tables that say where a mark stands
HARDLY = 5  # thousandths of the letters' size that nobody sees
TONE_ABOVE_A_VOWEL = "uni0E48.small"
_making = Lock()


@cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    folder = tempfile.TemporaryDirectory(prefix="letters-")
    for name in WEIGHTS:
        Path(folder.name, name).write_bytes(_of_one_height(name))
    return folder


def fonts() -> list[str]:
    """Return the folders where Typst finds the face; made once a process."""
    # Of two that are made at once the cache keeps one, and the other goes away while it is drawn from.
    with _making:
        return [_folder().name]


@cache
def known_letters() -> frozenset[int]:
    """Return the code points that the face draws in both weights."""
    from fontTools.ttLib import TTFont

    faces = [TTFont(str(files("fontpkg_sarabun").joinpath("files", name)), lazy=True) for name in WEIGHTS]
    return frozenset.intersection(*(frozenset(face.getBestCmap()) for face in faces))


def _of_one_height(name: str) -> bytes:
    """The face with each tone mark above a vowel, and all marks above a letter, where their glyphs were drawn.

    The face lowers tone marks by up to a twentieth of the letters' size above some vowels, and is off by a thousandth
    here and there. Typst draws what stands lower than its place as a line of its own, and readers put a blank, or a
    line's end, between such a line and the next letter.
    """
    from fontTools.ttLib import TTFont

    font = TTFont(io.BytesIO(files("fontpkg_sarabun").joinpath("files", name).read_bytes()))
    for table in (table for lookup in font["GPOS"].table.LookupList.Lookup for table in lookup.SubTable):
        if table.LookupType == MARK_ON_MARK and TONE_ABOVE_A_VOWEL in table.Mark1Coverage.glyphs:
            tone = table.Mark1Coverage.glyphs.index(TONE_ABOVE_A_VOWEL)
            height = table.Mark1Array.MarkRecord[tone].MarkAnchor.YCoordinate
            _level((record.MarkAnchor for record in table.Mark1Array.MarkRecord), height, HARDLY)
            _level((anchor for record in table.Mark2Array.Mark2Record for anchor in record.Mark2Anchor), height, height)
        if table.LookupType == MARK_ON_LETTER:
            for record in table.MarkArray.MarkRecord:
                anchors = (each.BaseAnchor[record.Class] for each in table.BaseArray.BaseRecord)
                _level(anchors, record.MarkAnchor.YCoordinate, HARDLY)
    target = io.BytesIO()
    font.save(target)
    return target.getvalue()


def _level(anchors: Iterable[Any], height: int, most: int) -> None:
    """Bring places that are at most so far from a height to it."""
    for anchor in anchors:
        if anchor is not None and abs(anchor.YCoordinate - height) <= most:
            anchor.YCoordinate = height
