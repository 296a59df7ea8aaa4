"""Long tables of one shape: the row is drawn once, by its template, and filled for every line."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import gettext
from markupsafe import Markup, escape

from app.domain.schedule import Instalment
from app.ui.formatting import baht, day_in, percent
from app.ui.language import in_english

SLOT = "\N{OBJECT REPLACEMENT CHARACTER}"
_BETWEEN = "\0"


def filled(pattern: Markup, lines: Iterable[Sequence[str]]) -> Markup:
    """The pattern once for every line of cells, the n-th ``SLOT`` giving way to the n-th cell.

    Raises:
        ValueError: a line has more or fewer cells than the pattern has slots.
    """
    first, *pieces = str(pattern).split(SLOT)
    drawn: list[str] = []
    for line in lines:
        drawn.append(first)
        for cell, piece in zip(_escaped(line), pieces, strict=True):
            drawn += (cell, piece)
    return Markup("".join(drawn))  # noqa: S704  the pattern is a template's, and each cell is escaped


def drawn(pattern: Markup, lines: Iterable[Sequence[Any]]) -> Markup:
    """The pattern once for every line, each number between two ``SLOT`` giving way to the cell of that place."""
    parts = str(pattern).split(SLOT)
    first, pieces = parts[0], tuple(zip(map(int, parts[1::2]), parts[2::2], strict=True))
    found: list[str] = []
    for line in lines:
        cells = _escaped(line)
        found.append(first)
        for place, piece in pieces:
            found += (cells[place], piece)
    return Markup("".join(found))  # noqa: S704  the pattern is a template's, and each cell is escaped


def _escaped(line: Sequence[Any]) -> Sequence[str]:
    """Cells as HTML; those that are plain texts all at once, since each call costs more than its letters."""
    if all(type(cell) is str for cell in line):
        cells = str(escape(_BETWEEN.join(line))).split(_BETWEEN)
        if len(cells) == len(line):
            return cells
    return [str(escape(cell)) for cell in line]


def slot(place: int) -> str:
    """What stands in a pattern for the cell of a place."""
    return f"{SLOT}{place}{SLOT}"


def days_off_note() -> str:
    """What every instalment table says of due days on which offices are closed."""
    return gettext(
        "A due day on a Saturday, a Sunday or a holiday stays where it is: an assumption, because no rule was found."
    )


def instalment_cells(rows: Iterable[Instalment]) -> list[tuple[str, ...]]:
    """The instalments as texts: number, day, days, rate, principal, interest, payment, still owed."""
    english = in_english()
    return [
        (
            str(row.number),
            day_in(english, row.due_on),
            str(row.days),
            percent(row.annual_rate),
            baht(row.principal),
            baht(row.interest),
            baht(row.total),
            baht(row.balance),
        )
        for row in rows
    ]
