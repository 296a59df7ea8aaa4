"""Builds workbooks with what Excel shows and a reader of values does not tell: errors, formulas, hidden rows."""

import io
import re
import zipfile
from collections.abc import Sequence

from tests.make_files import excel_bytes, zipped

CELL = re.compile(rb'<c r="(?P<at>[A-Z]+[0-9]+)"[^>]*?(?:/>|>.*?</c>)', re.DOTALL)


def with_cells(rows: Sequence[Sequence[object]], cells: dict[str, bytes], hidden: Sequence[int] = ()) -> bytes:
    """A workbook of ``rows`` in which some cells, by their places, are written as given, and some rows are hidden."""
    with zipfile.ZipFile(io.BytesIO(excel_bytes(*rows))) as archive:
        parts: dict[str, str | bytes] = {name: archive.read(name) for name in archive.namelist()}
    sheet = bytes(parts["xl/worksheets/sheet1.xml"])  # type: ignore[arg-type]
    sheet = CELL.sub(lambda found: cells.get(found["at"].decode(), found[0]), sheet)
    for number in hidden:
        sheet = sheet.replace(b'<row r="%d"' % number, b'<row r="%d" hidden="1"' % number)
    parts["xl/worksheets/sheet1.xml"] = sheet
    return zipped(parts)


def error_cell(at: str, shown: str = "#N/A") -> dict[str, bytes]:
    return {at: f'<c r="{at}" t="e"><f>VLOOKUP(1,A1:B2,2)</f><v>{shown}</v></c>'.encode()}


def formula_cell(at: str, value: str = "") -> dict[str, bytes]:
    """A formula as a program writes it that does not work it out, or with its value."""
    return {at: f'<c r="{at}"><f>1000+850</f>{f"<v>{value}</v>" if value else ""}</c>'.encode()}


def empty_text_cell(at: str) -> dict[str, bytes]:
    """A formula whose value is a text of no letters."""
    return {at: f'<c r="{at}" t="str"><f>""</f><v></v></c>'.encode()}
