"""Guarantors, and what became of them, in words: label, before and after as people read them."""

from collections.abc import Iterable

from flask_babel import gettext

from app.domain.cooperatives import Board, BoardChange, Guarantor
from app.domain.values.text import N_
from app.models.base import labels_of
from app.models.cooperatives import BoardMember
from app.ui.formatting import be_date

FIELDS = ("full_name", "position", "term_starts_on", "term_ends_on")
DAYS = frozenset({"term_starts_on", "term_ends_on"})
NOT_THERE = N_("not on the board")
GONE = N_("left the board")
TERM = N_("%(position)s, term %(starts)s to %(ends)s")

Lines = list[tuple[str, str, str]]


def value_of(guarantor: Guarantor, name: str) -> str:
    """One value of a guarantor as people read it."""
    value = getattr(guarantor, name)
    return be_date(value) if name in DAYS else str(value)


def rows_of(board: Board) -> list[tuple[str, ...]]:
    """Name, position and the term's two days of each guarantor."""
    return [tuple(value_of(each, name) for name in FIELDS) for each in board]


def in_one_line(guarantor: Guarantor) -> str:
    """Position and term."""
    return gettext(
        TERM,
        position=guarantor.position,
        starts=value_of(guarantor, "term_starts_on"),
        ends=value_of(guarantor, "term_ends_on"),
    )


def lines_of(change: BoardChange) -> Lines:
    """(label, before, after) of each value that differs; one line for who came or left."""
    before, now = change.before, change.now
    name = (before or change.guarantor).full_name
    if before is None or now is None:
        return [
            (
                name,
                gettext(NOT_THERE) if before is None else in_one_line(before),
                gettext(GONE) if now is None else in_one_line(now),
            )
        ]
    labels = labels_of(BoardMember)
    pairs = ((field, value_of(before, field), value_of(now, field)) for field in FIELDS)
    return [(f"{name}: {gettext(labels[field])}", old, new) for field, old, new in pairs if old != new]


def all_lines(changes: Iterable[BoardChange]) -> Lines:
    """The lines of several changes."""
    return [line for change in changes for line in lines_of(change)]
