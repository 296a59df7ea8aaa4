"""What a chart is: its rows, its drawings, the columns of its table and its words, in one object."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.reports.criteria import Choice
from app.reports.still import Still

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of figures: where each row keeps its value, what it is called, and how people see it."""

    key: str
    heading: str
    shown: Callable[[Any], str]


@dataclass(frozen=True, slots=True)
class Legend:
    """A colour that the drawing's own legend does not explain."""

    colour: str
    words: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture of a chart's rows.

    Args:
        key: names its place on the page and its specification among the data.
        spoken: what a screen reader says in its place.
        spec: its specification from the rows, each with the ``url`` of its list; here money may become a float.
        still: the same as the page brings it by itself; without one its place is empty until the script has drawn.
        style: a class of the style sheet, where it needs more room than others.
    """

    key: str
    heading: str
    spoken: str
    spec: Callable[[list[Row]], dict[str, Any]]
    still: Callable[[list[Row]], Still] | None = None
    style: str = ""
    legend: Legend | None = None


def _every(_row: Row) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Chart:
    """One subject of the dashboard, as a table and, if it has any, as drawings. All words are English for ``gettext``.

    Args:
        key: its name, unique.
        place: where it stands among the others, lowest first.
        title: what a page or a file with this chart alone is called.
        heading: what its table is called among other tables.
        row_heading: what a row is.
        row_name: the name of a row in the reader's language.
        rows: the rows within the signed-in person's scope, money as Decimal.
        opens: what narrows the list of applications to those a row counts.
        in_table: whether a row stands in the table; drawings have all rows.
        summed: whether the columns' sums stand below the table.
        note: a line below the table, from all rows.
    """

    key: str
    place: int
    title: str
    heading: str
    row_heading: str
    row_name: Callable[[Row], str]
    rows: Callable[[Choice], list[Row]]
    opens: Callable[[Row], dict[str, Any]]
    columns: tuple[Column, ...]
    drawings: tuple[Drawing, ...] = ()
    in_table: Callable[[Row], bool] = _every
    summed: bool = False
    note: Callable[[list[Row]], str] | None = None

    def table_rows(self, rows: list[Row]) -> list[Row]:
        """Those of the rows that stand in the table."""
        return [row for row in rows if self.in_table(row)]

    def sums(self, rows: list[Row]) -> Row | None:
        """The figures below the table, if it has any."""
        return {column.key: sum(row[column.key] for row in rows) for column in self.columns} if self.summed else None
