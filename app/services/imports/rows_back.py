"""Gives the rows that have to be corrected back as a workbook, with what is wrong in each."""

import io
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from flask_babel import gettext

from app.domain.values.text import N_
from app.services.imports.files import Cell, SourceRow
from app.services.imports.sheets import Row, Sheet, headings_of

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

WHAT_TO_CORRECT = N_("What to correct")
COLUMN_WIDTH, WORDS_WIDTH = 24, 60  # characters


def rows_to_correct(sheet: Sheet, rows: Sequence[SourceRow], judged: Sequence[Row]) -> bytes:
    """The refused rows as they came, under their headings, and at the end of each what is wrong.

    Corrected, it can be imported as it is: the last column is passed over.
    """
    from xlsxwriter import Workbook

    refused = {row.number: row for row in judged if row.problems}
    headings, target = headings_of(rows), io.BytesIO()
    # A cell that begins with "=" is a text of a stranger, not a formula of ours.
    with Workbook(target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        page = book.add_worksheet(gettext(sheet.title))
        text, day = book.add_format({"num_format": "@"}), book.add_format({"num_format": "d/m/yyyy"})
        head, told = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
        page.set_column(0, max(len(headings) - 1, 0), COLUMN_WIDTH, text)
        page.set_column(len(headings), len(headings), WORDS_WIDTH)
        for place, heading in enumerate([*headings, gettext(WHAT_TO_CORRECT)]):
            page.write_string(0, place, heading, head)
        for line, source in enumerate((row for row in rows if row.number in refused), start=1):
            cells = dict(source.cells)
            for place, heading in enumerate(headings):
                _write(page, line, place, cells.get(heading), text, day)
            words = [f"{column}: {problem}" for column, problem in sheet.told(refused[source.number])]
            page.write_string(line, len(headings), "\n".join(words), told)
    return target.getvalue()


def _write(page: "Worksheet", line: int, place: int, cell: Cell, text: "Format", day: "Format") -> None:
    match cell:
        case None:
            return
        case Decimal():
            page.write_number(line, place, float(cell))
        case date():
            page.write_datetime(line, place, datetime(cell.year, cell.month, cell.day), day)
        case _:
            page.write_string(line, place, str(cell), text)
