"""Refuses a PDF that is small on disk and large in memory: bulky outside its streams, or with streams that swell."""

import zlib
from collections.abc import Iterable, Iterator
from itertools import takewhile
from secrets import randbelow
from typing import Any

from pikepdf import Array, Name, Object, Stream

from app.domain.values.errors import RuleBroken
from app.domain.values.text import N_

TOO_COMPLEX = N_("This PDF file has too many parts to check. Scan it or print it to a new PDF file, and attach that.")
SWELLS = N_("This PDF file unpacks to more than we can check. Print it to a new PDF file, or scan it, and attach that.")

MOST_PIXELS = 200_000_000  # of one picture: a scan of the largest sheets is about 140 million
LARGEST_UNPACKED = 256 * 2**20  # bytes of all streams but pictures

# A token of two bytes takes about 160 in memory. Tokens are parted by these; of random bytes they are a sixteenth.
_DELIMITERS = b"\0\t\n\f\r ()<>[]{}/%"
_OTHER_BYTES = bytes(set(range(256)) - set(_DELIMITERS))
_MOST_DELIMITERS = 2_000_000
_MOST_DELIMITERS_A_BYTE = 0.1
_BLOCK = 4096
_ONE_BLOCK_OF = 16
_PIECE = 64 * 2**10
_FLATE = ("/FlateDecode", "/Fl")


def refuse_bulk(content: bytes) -> None:
    """Raise ``RuleBroken`` when parsing would take too much memory.

    One block of sixteen is counted, chosen at random, so that nobody knows where to hide the rest.
    """
    if len(content) < _MOST_DELIMITERS:
        return
    stride = _BLOCK * _ONE_BLOCK_OF
    counted = 0
    for start in range(0, len(content), stride):
        place = start + _BLOCK * randbelow(_ONE_BLOCK_OF)
        counted += len(content[place : place + _BLOCK].translate(None, _OTHER_BYTES))
    if counted * _ONE_BLOCK_OF > _MOST_DELIMITERS + _MOST_DELIMITERS_A_BYTE * len(content):
        raise RuleBroken(TOO_COMPLEX)


class Parsed:
    """Counts what parsing has left in memory; object streams hold much more than their bytes on disk."""

    def __init__(self) -> None:
        self._counted = 0

    def add(self, text: bytes) -> None:
        """Count one object, as it is written. Raises ``RuleBroken`` when it was one too many."""
        self._counted += len(text.translate(None, _OTHER_BYTES))
        if self._counted > 2 * _MOST_DELIMITERS:  # spaces stand around every word in this writing
            raise RuleBroken(TOO_COMPLEX)


class Unpacking:
    """Adds up what the streams of one file unpack to.

    Pictures are judged by the size they state: readers unpack no more of one than that.
    """

    def __init__(self) -> None:
        self._total = 0
        self._pictures: set[tuple[int, int]] = set()
        self._drawn: set[tuple[int, int]] = set()

    def meet(self, node: Object, entries: dict[str, Any]) -> None:
        """Look at one dictionary or stream. Raises ``RuleBroken`` when it unpacks to too much."""
        if "/Contents" in entries:
            contents = entries["/Contents"]
            named = list(contents) if isinstance(contents, Array) else [contents]
            self._drawn.update(each.objgen for each in named if isinstance(each, Stream))
        if not isinstance(node, Stream):
            return
        if entries.get("/Subtype") == Name.Image:
            self._pictures.add(node.objgen)
            _check_picture(entries)
            return
        pieces: Iterable[bytes] = [node.read_raw_bytes()]
        for _filter in _leading_flates(entries.get("/Filter")):
            pieces = self._unpacked(pieces)
        for _piece in pieces:
            pass

    def finish(self) -> None:
        """A page may not be drawn from what says that it is a picture."""
        if self._pictures & self._drawn:
            raise RuleBroken(SWELLS)

    def _unpacked(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        inflater = zlib.decompressobj()
        for packed in pieces:
            while packed and not inflater.eof:
                try:
                    unpacked = inflater.decompress(packed, _PIECE)
                except zlib.error:
                    return  # as far as it goes: readers show what they can
                self._total += len(unpacked)
                if self._total > LARGEST_UNPACKED:
                    raise RuleBroken(SWELLS)
                yield unpacked
                packed = inflater.unconsumed_tail


def _leading_flates(named: Any) -> list[str]:
    names = [str(name) for name in named] if isinstance(named, Array) else [str(named)]
    return list(takewhile(_FLATE.__contains__, names))


def _check_picture(entries: dict[str, Any]) -> None:
    try:
        pixels = int(entries.get("/Width", 0)) * int(entries.get("/Height", 0))
    except (TypeError, ValueError, OverflowError):
        return  # no number: no reader shows it
    if pixels > MOST_PIXELS:
        raise RuleBroken(SWELLS)
