"""Which spellings of a heading or of a choice mean the same, and the words people may know one by."""

import re

from flask_babel import force_locale, gettext

from app.domain.values.thai import search_key
from app.ui.language import LANGUAGES

_PUNCTUATION = re.compile(r"[\s.,:;*_/()“”\"'\-]+")


def match_key(text: str) -> str:
    """Return what makes two spellings of a heading or a name the same: no spaces, punctuation, case, Thai digits."""
    return _PUNCTUATION.sub("", search_key(text))


def keys_of(label: str, *spellings: str) -> set[str]:
    """Return what a label is found by: its words in every language, and further spellings."""
    words = {label, *spellings}
    for language in LANGUAGES:
        with force_locale(language):
            words.add(gettext(label))
    return set(map(match_key, words))
