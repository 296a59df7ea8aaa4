"""Files that are no tables of cooperatives, or mean harm, are refused with words."""

import io

import pytest
from openpyxl import Workbook

from app.domain.values.errors import RuleBroken
from app.files.inspection import workbook as workbook_extent
from app.services.imports import files
from app.services.imports.files import read_rows
from tests.integration.cooperatives.files_of_cooperatives import (
    GOOD,
    HEADINGS,
    HOSTILE,
    OTHER,
    csv_bytes,
    far_cell,
    refusal_of,
)
from tests.make_files import excel_bytes


def test_rows_keep_their_numbers_when_blank_rows_stand_between() -> None:
    rows = read_rows(excel_bytes([], HEADINGS, [], GOOD, ["  "], OTHER), "file.xlsx")

    assert [row.number for row in rows] == [4, 6]


def test_first_visible_sheet_is_read() -> None:
    book = Workbook()
    book.worksheets[0].sheet_state = "hidden"
    book.create_sheet("สหกรณ์").append(HEADINGS)
    book.worksheets[1].append(GOOD)
    target = io.BytesIO()
    book.save(target)

    rows = read_rows(target.getvalue(), "file.xlsx")

    assert rows[0].cells[0] == ("เลขทะเบียน", "1/2530")


def test_too_many_rows_are_refused() -> None:
    content = csv_bytes(HEADINGS, *[GOOD] * (files.MOST_ROWS + 1))

    with pytest.raises(RuleBroken) as refusal:
        read_rows(content, "file.csv")

    assert refusal.value.template == files.TOO_MANY_ROWS


@pytest.mark.usefixtures("register")
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_file_is_refused_with_words(name: str) -> None:
    assert refusal_of(*HOSTILE[name])


@pytest.mark.parametrize("cell", ["E10000", "CV2"])
def test_sheet_may_reach_as_far_as_we_say(cell: str) -> None:
    rows = read_rows(far_cell(cell.encode()), "file.xlsx")

    assert rows[0].number == 2


def test_far_cell_is_named() -> None:
    with pytest.raises(RuleBroken) as refusal:
        read_rows(far_cell(b"E10001"), "file.xlsx")

    assert refusal.value.template == workbook_extent.TOO_FAR
    assert refusal.value.values == {"cell": "E10001"}
