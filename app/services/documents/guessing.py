"""Which paper a file probably is, by its name and, of a PDF, its text; a guess is shown and can be changed."""

import re
from collections.abc import Iterable

from app.models.document_types import DocumentType

ALIKE = 0.5  # of the file's name that has to be found again in the paper's
AHEAD = 0.1  # how much more than of any other paper
_NOT_A_LETTER = re.compile(r"[\W\d_]+")
_PIECE = 3  # letters


def guess(name: str, text: str, kinds: Iterable[DocumentType]) -> DocumentType | None:
    """The paper whose name the file bears, else the one whose whole name stands in its text; None for a doubt.

    Args:
        text: the beginning of the file's text, where it has one.
    """
    every = list(kinds)
    stem = _letters(name.rpartition(".")[0] or name)
    ranked = sorted(((_alike(stem, kind), kind.id, kind) for kind in every), key=lambda row: (-row[0], row[1]))
    if ranked and ranked[0][0] >= ALIKE and (len(ranked) == 1 or ranked[0][0] - ranked[1][0] >= AHEAD):
        return ranked[0][2]
    squeezed = _letters(text)
    named = [kind for kind in every if any(word and word in squeezed for word in _names(kind))]
    return named[0] if len(named) == 1 else None


def _letters(text: str) -> str:
    return _NOT_A_LETTER.sub("", text.lower().replace("\u0e33", "\u0e4d\u0e32"))


def _names(kind: DocumentType) -> tuple[str, str]:
    return _letters(kind.name), _letters(kind.name_en or "")


def _pieces(text: str) -> set[str]:
    return {text[start : start + _PIECE] for start in range(max(1, len(text) - _PIECE + 1))}


def _alike(stem: str, kind: DocumentType) -> float:
    """How much of the file's name is found again in one of the paper's names, or in its code; 0 to 1."""
    if len(stem) < _PIECE:
        return 0.0
    pieces = _pieces(stem)
    known = (*_names(kind), _letters(kind.code))
    return max(len(pieces & _pieces(each)) / len(pieces) for each in known)
