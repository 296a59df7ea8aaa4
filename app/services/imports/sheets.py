"""The description of an imported file: its columns and words; and its rows, read by it."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from flask_babel import gettext

from app.domain.values.errors import RuleBroken
from app.domain.values.text import N_
from app.services.imports.columns import Column
from app.services.imports.files import SourceRow, Unreadable
from app.services.imports.readers import Reading
from app.services.imports.words import keys_of, match_key
from app.ui.labels import explain

SAME_HEADINGS = N_("The headings “%(one)s” and “%(two)s” mean the same. Keep one of the two columns.")
LONGEST_HEADING = 60  # characters that a refusal repeats
# Columns that many tables have and nobody expects us to keep.
PASSED_OVER = frozenset(
    map(
        match_key,
        # The last two are ours, of the workbook with the rows to be corrected.
        ("ลำดับ", "ลำดับที่", "ที่", "หมายเหตุ", "No.", "Note", "Remarks", "What to correct", "สิ่งที่ต้องแก้ไข"),
    )
)


@dataclass(slots=True)
class Row:
    """A row of a file: its values, and what is wrong with it, by column."""

    number: int
    values: dict[str, Any] = field(default_factory=dict)
    problems: list[tuple[str, RuleBroken]] = field(default_factory=list)

    def refuse(self, column: str, template: str, **values: object) -> None:
        """Note what is wrong in a column."""
        self.problems.append((column, RuleBroken(template, **values)))

    def check(self, column: str, rule: Callable[..., object], *values: object) -> None:
        """Hold values to a rule of the domain; its refusal stands in the column it names, else in this one."""
        try:
            rule(*values)
        except RuleBroken as refusal:
            self.problems.append((refusal.field or column, refusal))

    @property
    def wrong(self) -> set[str]:
        """Columns in which something is wrong."""
        return {column for column, _refusal in self.problems}

    def require(self, columns: Collection[Column]) -> None:
        """Refuse empty cells of the columns that may not be; a cell that is wrong already is not empty."""
        wrong = self.wrong
        for column in columns:
            if column.missing and column.name not in self.values and column.name not in wrong:
                self.refuse(column.name, column.missing)


AnyRow = TypeVar("AnyRow", bound=Row)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A kind of file: its columns in the template's order, and its words.

    Args:
        title: what its rows are; the name of the template's sheet.
        no_rows: what is said of a file that has none.
        needed_for: heading of the template's list of what is needed.
    """

    title: str
    columns: tuple[Column, ...]
    no_rows: str
    needed_for: str = N_("Needed")

    @property
    def needed(self) -> list[Column]:
        return [column for column in self.columns if column.missing]

    def headings(self, names: Collection[str]) -> list[str]:
        """The labels of these columns in the reader's language."""
        labels = {column.name: column.label for column in self.columns}
        return [gettext(labels[name]) for name in names]

    def listed(self) -> list[tuple[str, bool]]:
        """Every column's heading, and whether it is needed."""
        return [(gettext(column.label), bool(column.missing)) for column in self.columns]

    def told(self, row: Row) -> list[tuple[str, str]]:
        """What is wrong with a row, as (heading, words)."""
        headings = self.headings([name for name, _refusal in row.problems])
        return list(zip(headings, (explain(refusal) for _name, refusal in row.problems), strict=True))

    def find(self, rows: Sequence[SourceRow]) -> dict[str, Column]:
        """Return which column each heading means, as far as it means one.

        Raises:
            RuleBroken: there are no rows.
        """
        if not rows:
            raise RuleBroken(self.no_rows)
        meanings = {key: column for column in self.columns for key in keys_of(column.label, column.name, *column.words)}
        return {each: meanings[key] for each in headings_of(rows) if (key := match_key(each)) in meanings}

    def lacking(self, found: Mapping[str, Column]) -> list[str]:
        """Return the columns that are needed and that no heading means."""
        present = {column.name for column in found.values()}
        return [column.name for column in self.needed if column.name not in present]

    def read(
        self, rows: Sequence[SourceRow], found: Mapping[str, Column], kind: type[AnyRow], today: date
    ) -> list[AnyRow]:
        """Read the cells under the headings that were found; what is wrong stands in each row."""
        reading = Reading(today)
        return [_read(source, found, kind, reading) for source in rows]


def _read(source: SourceRow, found: Mapping[str, Column], kind: type[AnyRow], reading: Reading) -> AnyRow:
    row = kind(source.number)
    for heading, cell in source.cells:
        if cell is None or heading not in found:
            continue
        column = found[heading]
        if isinstance(cell, Unreadable):
            row.problems.append((column.name, cell.refusal()))
            continue
        try:
            row.values[column.name] = column.check(column.reader.read(cell, reading))
        except RuleBroken as refusal:
            row.problems.append((column.name, refusal))
    return row


def refuse_doubles(rows: Sequence[SourceRow], found: Mapping[str, Column]) -> None:
    """Raise ``RuleBroken`` when two headings of the file mean the same column."""
    first: dict[str, str] = {}
    for heading in filter(found.__contains__, headings_of(rows)):
        name = found[heading].name
        if name in first:
            raise RuleBroken(SAME_HEADINGS, one=first[name][:LONGEST_HEADING], two=heading[:LONGEST_HEADING])
        first[name] = heading


def unknown_headings(rows: Sequence[SourceRow], found: Mapping[str, Column]) -> list[str]:
    """Return the headings that mean no column, and the letters of cells below no heading."""
    headings = headings_of(rows)
    unknown = [each for each in headings if each not in found and match_key(each) not in PASSED_OVER]
    return unknown + sorted({each for row in rows for each, _cell in row.cells} - set(headings))


def headings_of(rows: Sequence[SourceRow]) -> list[str]:
    """Return the file's headings in their order."""
    return [heading for heading, _cell in rows[0].cells]
