"""Long tables of one shape: the row is drawn once, by its template, and filled for every line."""

from collections.abc import Iterable, Sequence

from markupsafe import Markup, escape

from app.domain.schedule import Instalment
from app.ui.formatting import baht, day_in, in_english, percent

SLOT = "\N{OBJECT REPLACEMENT CHARACTER}"


def filled(pattern: Markup, lines: Iterable[Sequence[str]]) -> Markup:
    """The pattern once for every line of cells, the n-th ``SLOT`` giving way to the n-th cell.

    Raises:
        ValueError: a line has more or fewer cells than the pattern has slots.
    """
    first, *pieces = str(pattern).split(SLOT)
    drawn: list[str] = []
    for line in lines:
        drawn.append(first)
        for cell, piece in zip(str(escape(SLOT.join(line))).split(SLOT), pieces, strict=True):
            drawn += (cell, piece)
    return Markup("".join(drawn))  # noqa: S704  the pattern is a template's, and each cell is escaped


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
