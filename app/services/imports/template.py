"""Makes the workbook people fill in to import rows, from the description of its columns."""

import io
from typing import TYPE_CHECKING

from flask_babel import force_locale, gettext

from app.domain.values.labels import LabelledEnum
from app.domain.values.text import N_
from app.files.inspection.workbook import column_letters
from app.services.imports.columns import Column
from app.services.imports.files import MOST_ROWS
from app.services.imports.sheets import Sheet
from app.ui.language import DEFAULT

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

ALLOWED_SHEET, HELP_SHEET = N_("Allowed values"), N_("About the columns")
COLUMN_WIDTH = 24  # characters


def template_workbook(sheet: Sheet) -> bytes:
    """Return an Excel file with Thai headings, example rows, what may be written, and what each column means."""
    from xlsxwriter import Workbook

    target = io.BytesIO()
    with force_locale(DEFAULT), Workbook(target, {"in_memory": True, "strings_to_formulas": False}) as book:
        head = book.add_format({"bold": True, "text_wrap": True, "bg_color": "#f1f7f4", "bottom": 1, "valign": "top"})
        # Text cells: Excel would drop the 0 a tax number begins with, and turn 1/2530 into a date.
        text = book.add_format({"num_format": "@"})
        names = (sheet.title, ALLOWED_SHEET, HELP_SHEET)
        main, allowed, helping = (book.add_worksheet(gettext(name)) for name in names)
        _write_rows(main, sheet, head, text)
        _offer_choices(main, allowed, sheet, head)
        _explain_columns(helping, sheet, head)
    return target.getvalue()


def _write_rows(main: "Worksheet", sheet: Sheet, head: "Format", text: "Format") -> None:
    main.set_column(0, len(sheet.columns) - 1, COLUMN_WIDTH, text)
    main.freeze_panes(1, 0)
    for place, column in enumerate(sheet.columns):
        main.write_string(0, place, gettext(column.label), head)
        for number, example in enumerate(column.examples, start=1):
            if example:
                main.write_string(number, place, _shown(example), text)


def _shown(example: str) -> str:
    return gettext(example.label) if isinstance(example, LabelledEnum) else example


def _offer_choices(main: "Worksheet", allowed: "Worksheet", sheet: Sheet, head: "Format") -> None:
    """Write the lists, fixed ones first, and let Excel offer them where they are to be filled in."""
    places = {column.name: place for place, column in enumerate(sheet.columns)}
    lists = [(column, column.reader.offered()) for column in sorted(sheet.columns, key=_of_rows)]
    offered = [(column, values) for column, values in lists if values]
    allowed.set_column(0, max(len(offered) - 1, 0), COLUMN_WIDTH)
    for at, (column, values) in enumerate(offered):
        allowed.write_string(0, at, gettext(column.label), head)
        for number, value in enumerate(values, start=1):
            allowed.write_string(number, at, value)
        letter = column_letters(at)
        source = f"='{allowed.get_name()}'!${letter}$2:${letter}${len(values) + 1}"
        # A warning only: codes and other spellings are understood, too.
        rule = {"validate": "list", "source": source, "error_type": "information"}
        main.data_validation(1, places[column.name], MOST_ROWS, places[column.name], rule)


def _of_rows(column: Column) -> bool:
    return column.reader.of_rows


def _explain_columns(helping: "Worksheet", sheet: Sheet, head: "Format") -> None:
    helping.set_column(0, 2, COLUMN_WIDTH * 2)
    for place, title in enumerate((N_("Column"), sheet.needed_for, N_("What to write"))):
        helping.write_string(0, place, gettext(title), head)
    for number, column in enumerate(sheet.columns, start=1):
        helping.write_string(number, 0, gettext(column.label))
        helping.write_string(number, 1, gettext("Needed") if column.missing else gettext("May stay empty"))
        helping.write_string(number, 2, gettext(column.help) if column.help else "")
