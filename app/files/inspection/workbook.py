"""Refuses workbooks whose reading would take more memory than we have: one far cell, or a long text in every cell.

The reader makes room for every cell up to the last one, and a copy of a shared text for every cell that shows it,
so both are counted before it is asked.
"""

import io
import re
import zipfile
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from xml.sax import SAXException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl

from defusedxml import DefusedXmlException
from defusedxml.sax import parseString

from app.domain.values.errors import RuleBroken
from app.domain.values.text import N_
from app.files.inspection.office_parts import is_xml

LAST_ROW, LAST_COLUMN = 10_000, 100
MOST_ELEMENTS = 1_500_000
LARGEST_UNPACKED = 40 * 2**20  # bytes of all parts that are read
MOST_TEXT = 20_000_000  # characters in all cells

DAMAGED = N_("This Excel file is damaged. Open it in Excel, save it as a new file and choose that.")
TOO_FAR = N_(
    "A sheet reaches to cell %(cell)s. Delete the rows and columns after your rows, also those that look empty, "
    "save the file and choose it again."
)
TOO_MUCH = N_("There is more in this file than we can read. Keep only the sheet with the cooperatives, or split it.")

_PLACE = re.compile("([A-Z]{1,3})([0-9]{1,7})", re.IGNORECASE)


@dataclass(slots=True)
class SheetNotes:
    """What a reader of values does not tell of a sheet; rows and columns count from 1."""

    errors: dict[tuple[int, int], str] = field(default_factory=dict)  # what Excel shows in these cells
    not_worked_out: set[tuple[int, int]] = field(default_factory=set)  # formulas without a value
    hidden: set[int] = field(default_factory=set)  # rows


def check_extent(content: bytes) -> dict[str, SheetNotes]:
    """Return what is to be known of every sheet, by its name; ``content`` is already known to unzip.

    Raises:
        RuleBroken: a sheet is larger than can be read.
    """
    extent = _Extent()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for part in archive.infolist():
            extent.read(part.filename, archive.read(part))
    extent.check_text()
    return extent.notes_by_name()


def _whole(text: str) -> int:
    """Return a number of at most eight digits, 0 for anything else."""
    digits = text.strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 9 else 0


def column_letters(place: int) -> str:
    """What Excel calls a column; the first has place 0."""
    before, last = divmod(place, 26)
    return (column_letters(before - 1) if before else "") + chr(ord("A") + last)


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


class _Extent(ContentHandler):
    """Meets every cell where the reader will see it."""

    def __init__(self) -> None:
        super().__init__()
        self._unpacked = self._elements = 0
        self._row = self._column = 1
        self._shared_lengths: list[int] = []  # characters of each shared text, in their order
        self._shown: Counter[str] = Counter()  # how often each shared text is shown, by its number
        self._own_text = 0  # characters written in the cells themselves
        self._part = ""
        self._in_shared = self._shows_shared = self._collecting = False
        self._text = self._value = self._kind = ""
        self._formula = False
        self._cell = (0, 0)
        self._notes: dict[str, SheetNotes] = defaultdict(SheetNotes)  # by the sheet's part
        self._own = SheetNotes()
        self._names: dict[str, str] = {}  # of sheets, by the keys of relations
        self._targets: dict[str, str] = {}  # parts, by the keys of relations

    def notes_by_name(self) -> dict[str, SheetNotes]:
        return {name: self._notes[self._targets.get(key, "")] for key, name in self._names.items()}

    def read(self, name: str, data: bytes) -> None:
        """Count one part. Only a part with cells, or one that is XML by name or start, can be read as a sheet."""
        drawing = name.casefold().endswith(".vml")  # Excel's own are often not well formed
        if b"sheetData" not in data and (drawing or not is_xml(name, data)):
            return
        self._unpacked += len(data)
        if self._unpacked > LARGEST_UNPACKED:
            raise RuleBroken(TOO_MUCH)
        self._row = self._column = 1
        self._part, self._own = name, self._notes[name.casefold()]
        texts_before = len(self._shared_lengths)
        try:
            parseString(data, self, forbid_dtd=True)
        except (DefusedXmlException, SAXException, LookupError, ValueError) as damage:
            raise RuleBroken(DAMAGED) from damage
        if texts_before and len(self._shared_lengths) > texts_before:
            raise RuleBroken(DAMAGED)  # two lists of shared texts: which one counts is anybody's guess

    def check_text(self) -> None:
        """Add up what all cells show."""
        lengths = dict(enumerate(self._shared_lengths))
        shared = sum(lengths.get(_whole(number), 0) * times for number, times in self._shown.items())
        if shared + self._own_text > MOST_TEXT:
            raise RuleBroken(TOO_MUCH)

    def startElement(self, name: str, attrs: AttributesImpl) -> None:
        self._elements += 1
        if self._elements > MOST_ELEMENTS:
            raise RuleBroken(TOO_MUCH)
        match name.rpartition(":")[2]:
            case "row":
                self._row = _whole(attrs.get("r", "")) or self._row
                if attrs.get("hidden", "") in ("1", "true"):
                    self._own.hidden.add(self._row)
            case "c":
                self._start_cell(attrs.get("r", ""))
                self._kind = attrs.get("t", "")
                self._shows_shared = self._kind == "s"
                self._value, self._formula = "", False
            case "f":
                self._formula = True
            case "sheet":
                self._name_sheet(attrs)
            case "Relationship":
                self._point(attrs)
            case "si":
                self._in_shared = True
                self._shared_lengths.append(0)
            case "v" | "t":
                self._text, self._collecting = "", True

    def characters(self, content: str) -> None:
        if self._collecting:
            self._text += content

    def endElement(self, name: str) -> None:
        match name.rpartition(":")[2]:
            case "row":
                self._row, self._column = self._row + 1, 1
            case "si":
                self._in_shared = False
            case "c":
                self._end_cell()
            case "v" | "t":
                self._end_text()

    def _start_cell(self, place: str) -> None:
        found = _PLACE.fullmatch(place)
        if place and not found:
            raise RuleBroken(DAMAGED)
        row, column = (int(found[2]), _column_number(found[1])) if found else (self._row, self._column)
        if row > LAST_ROW or column > LAST_COLUMN:
            raise RuleBroken(TOO_FAR, cell=f"{column_letters(column - 1)}{row}")
        self._cell, self._column = (row, column), column + 1

    def _end_cell(self) -> None:
        if self._kind == "e":
            self._own.errors[self._cell] = self._value or "#N/A"
        elif self._formula and not self._value and self._kind != "str":  # a text may be empty
            self._own.not_worked_out.add(self._cell)

    def _name_sheet(self, attrs: AttributesImpl) -> None:
        key = next((value for name, value in attrs.items() if name.rpartition(":")[2] == "id" and ":" in name), "")
        if key:
            self._names[key] = attrs.get("name", "")

    def _point(self, attrs: AttributesImpl) -> None:
        """Note where a relation of the workbook leads to; relations of sheets have keys of their own."""
        if not self._part.casefold().endswith("/_rels/workbook.xml.rels"):
            return
        folder, target = self._part.rpartition("_rels/")[0], attrs.get("Target", "")
        part = target.lstrip("/") if target.startswith("/") else folder + target.removeprefix("./")
        self._targets[attrs.get("Id", "")] = part.casefold()

    def _end_text(self) -> None:
        self._value = self._text
        if self._in_shared:
            self._shared_lengths[-1] += len(self._text)
        elif self._shows_shared:
            self._shown[self._text] += 1
        else:
            self._own_text += len(self._text)
        self._collecting = False
