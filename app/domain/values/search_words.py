"""The words of a search, each with every spelling in which a record may hold it."""

import re
from itertools import product

from app.domain.values.thai import search_key

MOST_WORDS = 8  # what stands behind is one word more, so that a search asks for few
_AT_A_DIGIT = re.compile("(?<=[\u0e01-\u0e4e])(?=[0-9])")
# How people shorten and spell what the register has in full, in letters as ``search_key`` leaves them.
_SHORT = {
    "จก.": "จำกัด",
    "สอ.": "สหกรณ์ออมทรัพย์",
    "สค.": "สหกรณ์เครดิตยูเนี่ยน",
    "สสค.": "สำนักงานสวัสดิการและคุ้มครองแรงงาน",
}
_SPELT_OTHERWISE = (("เครดิตยูเนียน", "เครดิตยูเนี่ยน"), ("ยูเนียน", "ยูเนี่ยน"))

# One of these spellings.
Word = tuple[str, ...]


def search_words(text: str) -> tuple[Word, ...]:
    """The words of a text, each once; a record is found that holds all of them, in any order."""
    typed = [part for each in search_key(text).split(" ", MOST_WORDS) for part in _parted(each)]
    return tuple(dict.fromkeys(_spellings(each) for each in typed if each))


def _parted(typed: str) -> tuple[str, ...]:
    """สอ.กฟผ. is two words: the short form, and the name behind it."""
    short = next((each for each in _SHORT if typed.startswith(each) and typed != each), "")
    return (short, typed[len(short) :]) if short else (typed,)


def _spellings(typed: str) -> Word:
    """As typed, in full, with the usual spelling, and with a blank before a number: ชลบุรี1 is ชลบุรี 1."""
    full = _SHORT.get(typed, typed)
    usual = next((full.replace(rare, right) for rare, right in _SPELT_OTHERWISE if rare in full), full)
    plain = dict.fromkeys((typed, full, usual))
    blanks = (str, lambda spelling: _AT_A_DIGIT.sub(" ", spelling))
    return tuple(dict.fromkeys(change(each) for each, change in product(plain, blanks)))
