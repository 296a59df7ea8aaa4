"""Whether a PDF with its writer's slips may be taken all the same: when no reading of it can find anything active.

Readers mend such slips each in its own way, so what one of them skips another may show. Here nothing is read as
objects: the words themselves are looked for, in the whole file and in whatever unpacks in it. Where no such word
stands, no reader can find one.
"""

import re
import zlib

# A name may be written with any of its letters in numbers.
_IN_NUMBERS = re.compile(rb"#([0-9a-fA-F]{2})")
_STREAM = re.compile(rb"stream(?:\r\n|\n|\r)")
_LOOKED_BACK = 20_000  # bytes in front of a stream, where it is described; longer descriptions are nobody's
_LARGEST_UNPACKED = 4 * 2**20  # of one stream
_MOST_UNPACKED = 64 * 2**20  # of all
# What holds objects packed in a way that is not undone here could hold anything.
_HOLDS_OBJECTS = re.compile(rb"/First|/ObjStm")
_IN_ITS_OWN_WAY = re.compile(rb"/Predictor|/Crypt|/LZW|/ASCII|/RunLength|/A85|/AHx|/RL|/F\b")


def words_anywhere(content: bytes, words: re.Pattern[bytes]) -> bool:
    """Whether any of the words stands in the file, or may stand where it cannot be looked into."""
    if b"/Encrypt" in content or words.search(_spelt_out(content)):
        return True
    unpacked = 0
    for start in _STREAM.finditer(content):
        before = _spelt_out(content[max(0, start.start() - _LOOKED_BACK) : start.start()])
        holds_objects = _HOLDS_OBJECTS.search(before)
        found, whole = _unpacked(content, start.end())
        unpacked += len(found)
        if holds_objects and (not whole or _IN_ITS_OWN_WAY.search(before)):
            return True
        if unpacked > _MOST_UNPACKED or words.search(_spelt_out(found)):
            return True
    return False


def _spelt_out(text: bytes) -> bytes:
    return _IN_NUMBERS.sub(lambda found: bytes.fromhex(found[1].decode()), text) if b"#" in text else text


def _unpacked(content: bytes, start: int) -> tuple[bytes, bool]:
    """What is packed there, as far as it goes, and whether it came to its end."""
    inflater = zlib.decompressobj()
    try:
        found = inflater.decompress(memoryview(content)[start:], _LARGEST_UNPACKED)
    except zlib.error:
        return b"", False
    return found, inflater.eof
