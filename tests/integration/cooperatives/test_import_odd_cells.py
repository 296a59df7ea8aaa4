"""What Excel shows as an error, has not worked out, has cut short or hides is told, never taken for empty."""

import io
from decimal import Decimal

import pytest
from flask import Flask
from openpyxl import Workbook

from app.extensions import db
from app.models.places import Province
from app.services.imports import files
from app.services.imports.files import Unreadable, read_rows
from tests.integration.cooperatives.files_of_cooperatives import (
    GOOD,
    HEADINGS,
    OTHER,
    TAX_ID,
    csv_bytes,
    judged,
    templates,
    wrong_columns,
)
from tests.make_imports import empty_text_cell, error_cell, formula_cell, with_cells

ROWS = [[*HEADINGS, "สมาชิก"], [*GOOD, 1], [*OTHER, 2]]


def cell(content: bytes, heading: str = "สมาชิก", row: int = 0) -> object:
    return dict(read_rows(content, "file.xlsx")[row].cells)[heading]


@pytest.mark.parametrize("shown", ["#N/A", "#REF!", "#DIV/0!"])
def test_an_error_is_wrong_in_its_cell(register: Flask, shown: str) -> None:
    first, second = judged(with_cells(ROWS, error_cell("F2", shown))).rows

    assert wrong_columns(first) == ["members"]
    assert templates(first) == [files.SHOWS_AN_ERROR]
    assert str(first.problems[0][1].values["shown"]) == shown
    assert wrong_columns(second) == []


def test_a_formula_that_was_never_worked_out_is_wrong_in_its_cell(register: Flask) -> None:
    first, _second = judged(with_cells(ROWS, formula_cell("F2"))).rows

    assert (wrong_columns(first), templates(first)) == (["members"], [files.NOT_WORKED_OUT])


def test_a_formula_with_its_value_is_read(register: Flask) -> None:
    assert cell(with_cells(ROWS, formula_cell("F2", "1850"))) == Decimal(1850)


def test_a_formula_whose_value_is_an_empty_text_is_empty(register: Flask) -> None:
    first, _second = judged(with_cells(ROWS, empty_text_cell("F2"))).rows

    assert first.problems == []
    assert "members" not in first.values


def test_an_error_in_a_column_that_is_not_ours_harms_nothing(register: Flask) -> None:
    rows = [[*HEADINGS, "ช่องอื่น"], [*GOOD, 1]]

    assert judged(with_cells(rows, error_cell("F2"))).refused == []


def test_an_error_of_a_csv_file_is_wrong_in_its_cell(register: Flask) -> None:
    (row,) = judged(csv_bytes([*HEADINGS, "สมาชิก"], [*GOOD, "#N/A"]), "a.csv").rows

    assert templates(row) == [files.SHOWS_AN_ERROR]


@pytest.mark.parametrize(("heading", "written"), [("เลขผู้เสียภาษี", "9.94E+11"), ("ทุนเรือนหุ้น", "1.5e+07")])
def test_a_number_that_excel_cut_short_is_not_taken(register: Flask, heading: str, written: str) -> None:
    (row,) = judged(csv_bytes([*HEADINGS, heading], [*GOOD, written]), "a.csv").rows

    assert templates(row) == [files.CUT_SHORT]


def test_the_zero_that_a_csv_file_lost_is_put_back(register: Flask) -> None:
    (row,) = judged(csv_bytes([*HEADINGS, "เลขผู้เสียภาษี"], [*GOOD, TAX_ID.removeprefix("0")]), "a.csv").rows

    assert row.values["tax_id"] == TAX_ID


@pytest.mark.parametrize(("line", "separator"), [("sep=;", ";"), ("SEP=|", "|"), ('"sep=,"', ","), ("sep=\t", "\t")])
def test_the_line_by_which_excel_names_the_separator_is_no_heading(register: Flask, line: str, separator: str) -> None:
    content = f"{line}\r\n".encode() + csv_bytes(HEADINGS, GOOD, separator=separator)

    (row,) = judged(content, "a.csv").rows

    assert row.problems == []
    assert row.name == GOOD[1]


def test_hidden_rows_are_known(register: Flask) -> None:
    rows = read_rows(with_cells(ROWS, {}, hidden=[3]), "file.xlsx")

    assert [row.hidden for row in rows] == [False, True]
    assert judged(with_cells(ROWS, {}, hidden=[3])).hidden == 1


def test_the_first_sheet_that_is_shown_is_read_with_its_own_errors() -> None:
    book = Workbook()
    hidden, shown = book.worksheets[0], book.create_sheet("ทะเบียน")
    hidden.sheet_state = "hidden"
    for sheet, value in ((hidden, 1), (shown, "#N/A")):
        sheet.append([*HEADINGS, "สมาชิก"])
        sheet.append([*GOOD, value])
    target = io.BytesIO()
    book.save(target)

    assert cell(target.getvalue()) == Unreadable(files.SHOWS_AN_ERROR, "#N/A")


@pytest.mark.parametrize(
    ("written", "meant"), [("อยุธยา", "พระนครศรีอยุธยา"), ("จ.โคราช", "นครราชสีมา"), ("สุราษฏร์ธานี", "สุราษฎร์ธานี")]
)
def test_provinces_are_known_by_the_names_people_write(register: Flask, written: str, meant: str) -> None:
    (row,) = judged(csv_bytes(HEADINGS, [*GOOD[:4], written], separator="\t"), "a.tsv").rows

    assert db.session.get_one(Province, row.values["province_id"]).name == meant
