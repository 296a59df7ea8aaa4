"""Thai text as people mean it: digits, spelling slips of the keyboard, search and dictionary order."""

import re
import unicodedata

ARABIC, THAI = "0123456789", "๐๑๒๓๔๕๖๗๘๙"
_TO_ARABIC = str.maketrans(THAI, ARABIC)

# Zero-width spaces and joiners, soft hyphen, byte-order mark, and the marks that turn the writing direction.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_SARA_AM, _SARA_AM_PARTS = "\u0e33", "\u0e4d\u0e32"
_TONE_AFTER_SARA_AM = re.compile("\u0e4d\u0e32([\u0e48-\u0e4b]+)")
_MARKS = re.compile("[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]{2,}")
_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\uff0d", "-"))
_LEADING_VOWEL = re.compile("([\u0e40-\u0e44])([\u0e01-\u0e2e])")

# Marks above a syllable decide only between words that are otherwise the same, in this order (Unicode CLDR, th).
_SECONDARY = {mark: str(weight) for weight, mark in enumerate("\u0e4e\u0e4c\u0e47\u0e48\u0e49\u0e4a\u0e4b", start=1)}
_NO_MARK = "0"
_VOWELS_ROUND_A_CONSONANT = frozenset("\u0e31\u0e34\u0e35\u0e36\u0e37\u0e38\u0e39\u0e3a\u0e4d")
_REPEAT_AND_SHORTENING = frozenset("\u0e46\u0e2f")
_LEVELS = "!"  # sorts before every digit and letter, so a shorter word stands before a longer one


def arabic_digits(text: str) -> str:
    """Return ``text`` with ๐–๙ written as 0–9."""
    return text.translate(_TO_ARABIC)


def dashes(text: str) -> str:
    """Return ``text`` with every kind of hyphen, dash and minus as the one of the keyboard."""
    return text.translate(_DASHES)


def _mark_rank(mark: str) -> int:
    """Return where a mark stands: vowel signs, then tones and ็ ์, then NIKHAHIT, which begins a SARA AM."""
    if mark == "\u0e4d":
        return 2
    return 0 if mark < "\u0e47" else 1


def _in_order(marks: re.Match[str]) -> str:
    # A mark typed twice prints as one and hides the difference from the eye, so it is kept once.
    return "".join(dict.fromkeys(sorted(marks.group(), key=_mark_rank)))


def normalise(text: str) -> str:
    """Return one spelling for what looks the same on the screen.

    Unicode NFC; NIKHAHIT + AA and slipped tones become SARA AM in typing order (นํ้า -> น้ำ); เเ becomes แ;
    vowel signs stand before tones; invisible characters go; whitespace of any kind is one space, none at the ends.
    """
    text = unicodedata.normalize("NFC", _INVISIBLE.sub("", text))
    text = text.replace(_SARA_AM, _SARA_AM_PARTS)
    text = _TONE_AFTER_SARA_AM.sub("\\1" + _SARA_AM_PARTS, text)
    text = _MARKS.sub(_in_order, text).replace(_SARA_AM_PARTS, _SARA_AM)
    text = unicodedata.normalize("NFC", text.replace("เเ", "แ"))
    return " ".join(text.split())


def search_key(text: str) -> str:
    """Return what to store beside a text, and what to make of a query, so that the two meet."""
    return arabic_digits(normalise(text).casefold())


def sort_key(text: str) -> str:
    """Return a key that puts texts in the order of the Royal Institute's dictionary.

    Compare keys by code point (``COLLATE "C"`` on PostgreSQL; SQLite and Python do so anyway). A vowel written before
    its consonant counts after it; tones and ็ ์ decide only between equal words; spaces, punctuation, ๆ and ฯ do not
    count.
    """
    letters: list[str] = []
    marks: list[str] = []
    for char in _LEADING_VOWEL.sub(r"\2\1", search_key(text)):
        if char in _SECONDARY:
            marks.append(_SECONDARY[char])
        elif _counts(char):
            letters.append(char)
            marks.append(_NO_MARK)
    secondary = "".join(marks).rstrip(_NO_MARK)
    return "".join(letters) + (_LEVELS + secondary if secondary else "")


def _counts(char: str) -> bool:
    return (char.isalnum() and char not in _REPEAT_AND_SHORTENING) or char in _VOWELS_ROUND_A_CONSONANT
