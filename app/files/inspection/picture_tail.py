"""What stands behind a picture: records of telephones, a short film, remains of the picture before it was cut.

It is never kept. It is told apart from files that somebody put behind a picture, who would miss them.
"""

import re
import struct

_PADDING = b"\0\t\n\r "
_MOST_STRAY = 2  # bytes, of careless writers
_FILM = re.compile(rb".{4}ftyp", re.DOTALL)  # motion photographs of Google, Xiaomi and others
_SAMSUNG_END = b"SEFT"
_SAMSUNG_DIRECTORY = b"SEFH"
_ONEPLUS_END = b"jxrs"
_VIVO = re.compile(rb"vivo\{")
_HUAWEI_END = re.compile(rb"LIVE_[0-9]{1,12} *$")
_PNG_END = b"\0\0\0\0IEND\xaeB`\x82"


def harmless_behind_jpeg(tail: bytes) -> bool:
    """Whether a telephone wrote it, or it is next to nothing."""
    if len(tail.strip(_PADDING)) <= _MOST_STRAY:
        return True
    whole = tail.rstrip(_PADDING)
    return bool(
        _FILM.match(tail)
        or _VIVO.match(tail)
        or _HUAWEI_END.search(whole[-64:])
        or _is_samsung(whole)
        or _is_oneplus(whole)
    )


def harmless_behind_png(tail: bytes) -> bool:
    """Whether it is what programs for cutting pictures leave of the larger file that was there before."""
    rest = tail.rstrip(_PADDING)
    return len(tail.strip(_PADDING)) <= _MOST_STRAY or (rest.endswith(_PNG_END) and not tail.startswith(b"\x89PNG"))


def _is_samsung(tail: bytes) -> bool:
    """The end states how long its directory is, which begins with a mark of its own."""
    if not tail.endswith(_SAMSUNG_END) or len(tail) < 20:
        return False
    (length,) = struct.unpack_from("<I", tail, len(tail) - 8)
    return tail.startswith(_SAMSUNG_DIRECTORY, max(0, len(tail) - 8 - length))


def _is_oneplus(tail: bytes) -> bool:
    if not tail.endswith(_ONEPLUS_END) or len(tail) < 10:
        return False
    (length,) = struct.unpack_from("<I", tail, len(tail) - 8)
    return tail.startswith(b"{", max(0, len(tail) - 8 - length))
