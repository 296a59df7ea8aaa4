"""A column added to the description of a file, and to nothing else, is everywhere: tried on a made-up register."""

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_babel import Babel
from openpyxl import load_workbook
from sqlalchemy import Boolean, Date, Integer, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from app.domain.values.errors import RuleBroken
from app.domain.values.labels import LabelledEnum
from app.models.base import labelled
from app.models.types import Money, Rate
from app.services.cooperatives.import_columns import REGISTER
from app.services.imports.columns import Column, column_of
from app.services.imports.files import Cell, read_rows
from app.services.imports.readers import begins_with_zero, reference
from app.services.imports.sheets import Row, Sheet, refuse_doubles, unknown_headings
from app.services.imports.template import template_workbook
from app.views.cooperatives.register import CooperativeView
from tests.make_files import excel_bytes

IMPORTS = Path(__file__).resolve().parents[3] / "app" / "services" / "imports"
TODAY = date(2026, 11, 30)


class Made(LabelledEnum):
    WOOD = "wood", "Of wood"
    STEEL = "steel", "Of steel"


class Base(DeclarativeBase):
    pass


class Boat(Base):
    __tablename__ = "boat"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = labelled("Number of the boat", String(6), unique=True, nullable=False)
    harbour: Mapped[str] = labelled("Harbour", String(20))
    made: Mapped[str] = labelled("Made", String(8), choices=Made, help_text="What the hull is made of")
    price: Mapped[Decimal] = labelled("Price (baht)", Money(), help_text="As paid")
    rate: Mapped[Decimal] = labelled("Rate (per cent)", Rate(), reads={"yearly": True})
    crew: Mapped[int] = labelled("Crew", Integer)
    launched_on: Mapped[date] = labelled("Launched on", Date)
    insured: Mapped[bool] = labelled("Insured", Boolean)


def described(name: str, *words: str, **own: Any) -> Column:
    return column_of(Boat, name, *words, **own)  # type: ignore[arg-type]


BOATS = Sheet(
    title="Boats", no_rows="No boats.", columns=(described("number", "เลขเรือ", missing="Write the boat's number."),)
)
# The column that is added, a cell of it, what that means, and a cell that is refused.
ADDED: tuple[tuple[Column, Cell, object, Cell], ...] = (
    (described("harbour", "ท่าเรือ"), "ท่า หนึ่ง", "ท่า หนึ่ง", "ก" * 21),
    (described("made", "วัสดุ"), "of STEEL", "steel", "ice"),
    (described("price", "ราคา", examples=("1,000.50",)), "๑,๐๐๐.๕๐ บาท", Decimal("1000.50"), "1.005"),
    (described("rate", "อัตรา"), Decimal("6.25"), Decimal("0.0625"), Decimal("0.0625")),
    (described("crew", "ลูกเรือ"), "1,200", 1200, "-1"),
    (described("launched_on", "ลงน้ำเมื่อ"), date(2530, 3, 15), date(1987, 3, 15), "1/1/2580"),
    (described("insured", "ประกัน"), "Yes", True, "perhaps"),
)
NAMES = [column.name for column, *_ in ADDED]


@pytest.fixture(autouse=True)
def words() -> Iterator[None]:
    app = Flask(__name__)
    app.config["LOWEST_LIKELY_RATE"] = Decimal("0.5")
    Babel(app, default_locale="en")
    with app.app_context():
        yield


def boats(column: Column) -> Sheet:
    """The description with one more column: the only thing that differs."""
    return replace(BOATS, columns=(*BOATS.columns, column))


def read(sheet: Sheet, *rows: tuple[Cell, ...]) -> list[Row]:
    found = read_rows(excel_bytes(*rows), "boats.xlsx")
    return sheet.read(found, sheet.find(found), Row, TODAY)


@pytest.mark.parametrize("column", [column for column, *_ in ADDED], ids=NAMES)
def test_added_column_is_found_by_its_label_its_name_and_the_words_people_use(column: Column) -> None:
    for heading in (column.label.upper(), column.name, *column.words):
        rows = read_rows(excel_bytes(("เลขเรือ", heading), ("1", None)), "boats.xlsx")

        assert unknown_headings(rows, BOATS.find(rows)) == [heading]
        assert boats(column).find(rows)[heading] is column


@pytest.mark.parametrize("column", [column for column, *_ in ADDED], ids=NAMES)
def test_added_column_stands_in_the_template(column: Column) -> None:
    before, after = (load_workbook(io.BytesIO(template_workbook(sheet))) for sheet in (BOATS, boats(column)))

    main, allowed, helping = after.worksheets
    assert [cell.value for cell in main[1]] == ["Number of the boat", column.label]
    assert [cell.value for cell in helping[3]] == [column.label, "May stay empty", column.help]
    if column.examples:
        assert main["B2"].value == column.examples[0]
    if column.name == "made":
        assert [cell.value for cell in allowed["A"]] == ["Made", "Of wood", "Of steel"]
        assert [str(rule.sqref) for rule in main.data_validations.dataValidation] == ["B2:B5001"]
    assert [cell.value for cell in before.worksheets[0][1]] == ["Number of the boat"]


@pytest.mark.parametrize(("column", "cell", "value", "_bad"), ADDED, ids=NAMES)
def test_added_column_is_imported(column: Column, cell: Cell, value: object, _bad: Cell) -> None:
    row = read(boats(column), ("number", column.label), ("7", cell))[0]

    assert (row.values, row.problems) == ({"number": "7", column.name: value}, [])


@pytest.mark.parametrize(("column", "_cell", "_value", "bad"), ADDED, ids=NAMES)
def test_added_column_is_named_in_the_report(column: Column, _cell: Cell, _value: object, bad: Cell) -> None:
    sheet = boats(column)

    told = sheet.told(read(sheet, ("number", column.label), ("7", bad))[0])

    assert [heading for heading, _words in told] == [column.label]
    assert told[0][1]


def test_empty_cell_is_told_what_is_needed_and_a_wrong_one_is_not_empty() -> None:
    sheet = boats(described("crew", missing="Write how many."))
    empty, wrong = read(sheet, ("number", "crew"), ("7", None), (None, "many"))

    for row in (empty, wrong):
        row.require(sheet.needed)

    assert sheet.told(empty) == [("Crew", "Write how many.")]
    assert wrong.wrong == {"number", "crew"}
    assert len(wrong.problems) == 2


def test_two_headings_for_one_column_refuse_the_file() -> None:
    rows = read_rows(excel_bytes(("number", "เลขเรือ"), ("7", "8")), "boats.xlsx")

    with pytest.raises(RuleBroken) as refusal:
        refuse_doubles(rows, BOATS.find(rows))

    assert refusal.value.values == {"one": "number", "two": "เลขเรือ"}


def test_file_without_rows_is_refused_in_the_words_of_its_kind() -> None:
    with pytest.raises(RuleBroken, match="No boats"):
        BOATS.find([])


def test_heading_of_a_needed_column_is_missed() -> None:
    rows = read_rows(excel_bytes(("something",), ("7",)), "boats.xlsx")

    assert BOATS.lacking(BOATS.find(rows)) == ["number"]


@pytest.mark.parametrize(
    ("length", "cell", "text"),
    [
        (6, Decimal(12345), "012345"),
        (6, Decimal(1234), "1234"),
        (None, Decimal(12), "012"),
        (6, "12345", "012345"),
        (6, "1234ก", "1234ก"),
    ],
)
def test_zero_that_excel_dropped_is_put_back(length: int | None, cell: Cell, text: str) -> None:
    sheet = replace(BOATS, columns=(described("number", reader=begins_with_zero(length)),))

    assert read(sheet, ("number",), (cell,))[0].values == {"number": text}


def test_rows_to_refer_to_are_looked_up_once_and_known_by_each_name() -> None:
    asked = []

    def harbours() -> list[Boat]:
        asked.append(True)
        return [Boat(number="H-1", harbour="Old Harbour"), Boat(number="H-2", harbour="New Harbour")]

    reader = reference(harbours, "number", "harbour", refusal="“%(typed)s”?", without="port of", also={"H-2": ("NH",)})
    sheet = replace(BOATS, columns=(described("harbour", reader=reader),))
    rows = read(sheet, ("harbour",), ("h 1",), ("port of new harbour",), ("n.h.",), ("nowhere",))

    assert [row.values["harbour"].number for row in rows[:3]] == ["H-1", "H-2", "H-2"]
    assert sheet.told(rows[3]) == [("Harbour", "“nowhere”?")]
    assert len(asked) == 1


def test_machinery_names_no_register() -> None:
    sources = [path.read_text(encoding="utf-8") for path in IMPORTS.glob("*.py")]
    models = {line for source in sources for line in source.splitlines() if "app.models" in line}

    assert models == {"from app.models.types import Money, Rate", "from app.models.audit import AuditKind"}


def test_every_field_of_the_cooperatives_form_can_be_imported() -> None:
    fields = {name for _title, group in CooperativeView.add_fieldsets for name in group["fields"]}

    assert {column.name for column in REGISTER.columns} == fields
