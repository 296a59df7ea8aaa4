"""Reads the rows of an Excel or CSV file; what the rows mean is judged elsewhere."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from app.domain.file_kinds import FileKind, file_extension, megabytes
from app.domain.values.errors import RuleBroken
from app.domain.values.text import N_
from app.domain.values.thai import normalise
from app.files.inspection.inspect import EMPTY, TOO_LARGE, inspect
from app.files.inspection.workbook import DAMAGED, LAST_COLUMN, SheetNotes, check_extent, column_letters

LARGEST_FILE = 10 * 2**20  # bytes
MOST_ROWS = 5_000

NOT_A_TABLE = N_("This is not an Excel (.xlsx) or CSV file. Fill in the template and choose that file.")
OLD_EXCEL = N_(
    "This is an old Excel file (.xls), or one with a password. Take the password off, save it as .xlsx and choose that."
)
NO_SHEET = N_("There is no sheet with cells in this file. Fill in the template and choose that file.")
TOO_MANY_ROWS = N_("There are more than %(limit)s rows. Split the file and import the parts one after the other.")
UNKNOWN_LETTERS = N_("The letters of this file cannot be read. In Excel, save it as .xlsx or “CSV UTF-8”.")
BROKEN_QUOTES = N_("From line %(line)s on, the quotation marks of this CSV file do not match. Save it again as .xlsx.")

_ZIP_START = b"PK"
_OLD_OFFICE_START = b"\xd0\xcf\x11\xe0"
_CSV_NAMES = (".csv", ".tsv", ".txt")
_UTF_16_STARTS = (b"\xff\xfe", b"\xfe\xff")
_MOST_LINES = 100_000
_SEPARATORS = ",;\t"
_SAYS_SEPARATOR = re.compile(r"sep=(\\t|[^\w\s]|\t)", re.IGNORECASE)
_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"})
_CUT_SHORT = re.compile(r"-?[0-9](?:[.,][0-9]+)?E\+[0-9]{1,3}", re.IGNORECASE)
LONGEST_SHOWN = 20  # characters of an error

SHOWS_AN_ERROR = N_("Excel shows the error %(shown)s here. Correct the formula, or type the value itself.")
NOT_WORKED_OUT = N_(
    "There is a formula here that was never worked out. Open the file in Excel, save it and choose it again, or type "
    "the value itself."
)
CUT_SHORT = N_(
    "Excel has cut this number short to %(shown)s. Set the column's format to “Text” or to a number without decimals, "
    "type it again, and save the file anew."
)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A cell that has something in it which is no value."""

    reason: str  # told with what is shown
    shown: str

    def __str__(self) -> str:
        return self.shown

    def refusal(self) -> RuleBroken:
        return RuleBroken(self.reason, shown=self.shown)


# Empty is None. A number or a day comes from an Excel cell that is one; CSV has texts only.
Value = str | Decimal | date | None
Cell = Value | Unreadable


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A row as it stands in the file: its number there, and every cell with its heading."""

    number: int
    cells: tuple[tuple[str, Cell], ...]
    hidden: bool = False  # in Excel, by hand or by a filter


def read_rows(content: bytes, file_name: str) -> list[SourceRow]:
    """Return the rows of the file's first sheet, blank ones left out.

    Raises:
        RuleBroken: the file is empty, too large, damaged, protected, or another kind of file.
    """
    if not content:
        raise RuleBroken(EMPTY)
    if len(content) > LARGEST_FILE:
        raise RuleBroken(TOO_LARGE, size=megabytes(len(content)), limit=megabytes(LARGEST_FILE))
    return list(_under_headings(_table(content, file_name)))


Line = tuple[Sequence[Cell], bool]  # cells, and whether the row is hidden


def _table(content: bytes, file_name: str) -> Iterator[Line]:
    if content.startswith(_OLD_OFFICE_START):
        raise RuleBroken(OLD_EXCEL)
    if content.startswith(_ZIP_START):
        if inspect(content, file_name) is not FileKind.XLSX:
            raise RuleBroken(NOT_A_TABLE)
        return _workbook_table(content)
    if file_extension(file_name) in _CSV_NAMES:
        return ((cells, False) for cells in _csv_table(content))
    raise RuleBroken(NOT_A_TABLE)


def _under_headings(table: Iterator[Line]) -> Iterator[SourceRow]:
    """Yield the rows below the first that is not blank; a column without a heading goes by its letter."""
    headings: list[str] = []
    found = 0
    for number, (cells, hidden) in enumerate(table, start=1):
        if all(cell is None for cell in cells):
            continue
        if not headings:
            headings = [normalise(str(cell)) if cell is not None else "" for cell in cells]
            continue
        found += 1
        if found > MOST_ROWS:
            raise RuleBroken(TOO_MANY_ROWS, limit=f"{MOST_ROWS:,}")
        yield SourceRow(number, tuple(_named(headings, cells)), hidden)


def _named(headings: Sequence[str], cells: Sequence[Cell]) -> Iterator[tuple[str, Cell]]:
    for place in range(max(len(headings), len(cells))):
        heading = headings[place] if place < len(headings) else ""
        cell = cells[place] if place < len(cells) else None
        if heading or cell is not None:
            yield heading or f"({column_letters(place)})", cell


def _workbook_table(content: bytes) -> Iterator[Line]:
    notes = check_extent(content)
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
            sheets = [
                sheet.name
                for sheet in book.sheets_metadata
                if sheet.typ is SheetTypeEnum.WorkSheet and sheet.visible is SheetVisibleEnum.Visible
            ]
            if not sheets:
                raise RuleBroken(NO_SHEET)
            table = book.get_sheet_by_name(sheets[0]).to_python(skip_empty_area=False)
    except (CalamineError, OSError, ValueError) as damage:
        raise RuleBroken(DAMAGED) from damage
    own = notes.get(sheets[0], SheetNotes())
    return (
        ([_cell_of(value, own, (number, place)) for place, value in enumerate(row, start=1)], number in own.hidden)
        for number, row in enumerate(table, start=1)
    )


def _cell_of(value: Any, notes: SheetNotes, place: tuple[int, int]) -> Cell:
    if place in notes.errors:
        return Unreadable(SHOWS_AN_ERROR, notes.errors[place][:LONGEST_SHOWN])
    if place in notes.not_worked_out:
        return Unreadable(NOT_WORKED_OUT, "")
    return _from_excel(value)


def _from_excel(value: Any) -> Value:
    """Return a cell's value; Excel keeps 15 digits of a number, what stands behind is noise."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, (int, float)):
        return Decimal(f"{value:.15g}")
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    return _from_text(str(value))


def _from_text(text: str) -> str | None:
    """Return None for a text of nothing but spaces and invisible characters."""
    return text if text[:1].isalnum() or normalise(text) else None


def _csv_table(content: bytes) -> Iterator[Sequence[Cell]]:
    text, separator = _separated(_decoded(content))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        for record in reader:
            if reader.line_num > _MOST_LINES or len(record) > LAST_COLUMN:
                raise RuleBroken(NOT_A_TABLE)
            yield [_from_csv(value) for value in record]
    except csv.Error as damage:
        raise RuleBroken(BROKEN_QUOTES, line=reader.line_num) from damage


def _separated(text: str) -> tuple[str, str]:
    """The rows and what parts their cells: what Excel's own first line says, or what the first line has most of."""
    first_line, _end, rest = text.lstrip().partition("\n")
    if said := _SAYS_SEPARATOR.fullmatch(first_line.strip('\r\n"')):
        return rest, "\t" if said[1] == "\\t" else said[1]
    return text, max(_SEPARATORS, key=first_line.count)


def _from_csv(text: str) -> Cell:
    """A text; none of what Excel writes into a CSV file for an error, or of a number that it cut short, is a value."""
    shown = text.strip()
    if shown in _ERRORS:
        return Unreadable(SHOWS_AN_ERROR, shown)
    if _CUT_SHORT.fullmatch(shown):
        return Unreadable(CUT_SHORT, shown)
    return _from_text(text)


def _decoded(content: bytes) -> str:
    """Return the text of a CSV file: UTF-8, or the Thai code page that Excel in Thailand still writes."""
    encodings = ("utf-16",) if content.startswith(_UTF_16_STARTS) else ("utf-8-sig", "cp874")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise RuleBroken(UNKNOWN_LETTERS)
