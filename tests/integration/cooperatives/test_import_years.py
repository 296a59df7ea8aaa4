"""Yearly figures from a file: all rows or none, each problem at its row and column, within the person's reach."""

import io
import re
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from openpyxl import Workbook, load_workbook
from sqlalchemy import func, select

from app.extensions import db
from app.models.cooperatives import Cooperative, FinancialYear
from app.services.cooperatives.import_years import YEARS
from tests import make
from tests.client import FundClient
from tests.forms import fill_in, page

SignIn = Callable[[str], FundClient]
PATH = "/financial-years/import/"


def headings(app: Flask) -> list[str]:
    return [make.in_thai(app, column.label) for column in YEARS.columns]


def send(client: FundClient, rows: list[list[Any]], name: str = "years.xlsx", mode: str = "all") -> str:
    book = Workbook()
    for row in rows:
        book.active.append(row)  # type: ignore[union-attr]
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    form = {"csrf_token": client.token(PATH), "file": (file, name), "mode": mode}
    answer = client.post(PATH, data=form, content_type="multipart/form-data")
    assert answer.status_code == 200
    return page(answer)


def confirmed(client: FundClient, text: str) -> str:
    """The page after its changes were confirmed, if it asked for that; the file is not chosen again."""
    if "ยืนยันการแก้ไขและบันทึก" not in text:
        return text
    return page(fill_in(client, PATH, seen=text))


def registration(app: Flask, place: str) -> str:
    with make.rows(app):
        rows = (
            select(Cooperative.registration_no).join(Cooperative.province).where(Cooperative.province.has(code=place))
        )
        return str(db.session.scalars(rows.order_by(Cooperative.id)).first())


def years(app: Flask) -> int:
    with make.rows(app):
        return db.session.scalar(select(func.count(FinancialYear.id))) or 0


def test_good_rows_are_added_and_changed(demo_app: Flask, client_for: SignIn) -> None:
    number = registration(demo_app, make.CHONBURI)
    before = years(demo_app)
    rows = [
        [number, 2562, "๑,๐๐๐", "40,000,000.25", 6000000, 0, "-12.50", "ดีมาก"],
        [number, 2568, 900, 1, 1, 1, 1, None],
    ]

    client = client_for("officer1")
    text = confirmed(client, send(client, [headings(demo_app), *rows]))

    assert make.in_thai(demo_app, "The rows are stored") in text
    assert years(demo_app) == before + 1
    with make.rows(demo_app):
        owner = Cooperative.registration_no == number
        row = db.session.scalars(select(FinancialYear).join(Cooperative).where(owner, FinancialYear.year == 2562)).one()
        assert (row.members, row.share_capital, row.profit) == (1000, Decimal("40000000.25"), Decimal("-12.50"))
        assert row.control_class == "1"


def test_a_file_is_read_as_the_screen_reads(demo_app: Flask, client_for: SignIn) -> None:
    number = registration(demo_app, make.CHONBURI)
    row = [number, "พ.ศ. 2562", "1,000 คน", "40,000,000.-", "6,000,000 บาทถ้วน", "0", "๑๒.๕๐ บาท", None]

    client = client_for("officer1")
    text = confirmed(client, send(client, [headings(demo_app), row]))

    assert make.in_thai(demo_app, "The rows are stored") in text


def stored_year(app: Flask, number: str, year: int = 2562) -> tuple[int, str | None]:
    with make.rows(app):
        owner = Cooperative.registration_no == number
        row = db.session.scalars(select(FinancialYear).join(Cooperative).where(owner, FinancialYear.year == year)).one()
        return row.members, row.control_class


def test_a_change_is_shown_from_old_to_new_and_counts_once_it_is_confirmed(demo_app: Flask, client_for: SignIn) -> None:
    number, client = registration(demo_app, make.CHONBURI), client_for("officer1")
    confirmed(client, send(client, [headings(demo_app), [number, 2562, 1000, 40, 6, 0, 1, "2"]]))

    text = send(client, [headings(demo_app), [number, 2562, 1200, 40, 6, 0, 1, "2"]])

    assert stored_year(demo_app, number) == (1000, "2")
    assert re.search(r"<del>.*?1,000.*?</del> →\s*<ins>.*?1,200", text, re.DOTALL)
    confirmed(client, text)
    assert stored_year(demo_app, number) == (1200, "2")


def test_another_file_than_was_looked_at_is_shown_first(demo_app: Flask, client_for: SignIn) -> None:
    number, client = registration(demo_app, make.CHONBURI), client_for("officer1")
    confirmed(client, send(client, [headings(demo_app), [number, 2562, 1000, 40, 6, 0, 1, "2"]]))
    shown = send(client, [headings(demo_app), [number, 2562, 1200, 40, 6, 0, 1, "2"]])
    with make.rows(demo_app):
        owner = Cooperative.registration_no == number
        year = db.session.scalars(select(FinancialYear).join(Cooperative).where(owner, FinancialYear.year == 2562))
        year.one().members = 1100
        db.session.commit()

    again = confirmed(client, shown)

    assert stored_year(demo_app, number) == (1100, "2")
    assert re.search(r"<del>.*?1,100.*?</del> →\s*<ins>.*?1,200", again, re.DOTALL)


@pytest.mark.parametrize("left_out", ["the column", "the cell"])
def test_what_a_file_leaves_out_stays_as_it_is(demo_app: Flask, client_for: SignIn, left_out: str) -> None:
    number, client = registration(demo_app, make.CHONBURI), client_for("officer1")
    confirmed(client, send(client, [headings(demo_app), [number, 2562, 1000, 40, 6, 0, 1, "2"]]))
    columns = 7 if left_out == "the column" else 8

    text = send(client, [headings(demo_app)[:columns], [number, 2562, 1300, 40, 6, 0, 1, None][:columns]])
    confirmed(client, text)

    assert stored_year(demo_app, number) == (1300, "2")


def test_an_error_in_a_column_that_may_stay_empty_erases_nothing(demo_app: Flask, client_for: SignIn) -> None:
    number, client = registration(demo_app, make.CHONBURI), client_for("officer1")
    confirmed(client, send(client, [headings(demo_app), [number, 2562, 1000, 40, 6, 0, 1, "2"]]))

    text = send(client, [headings(demo_app), [number, 2562, 1400, 40, 6, 0, 1, "#N/A"]])

    assert "Excel แสดงข้อผิดพลาด #N/A" in text
    assert stored_year(demo_app, number) == (1000, "2")


def test_a_heading_that_stands_twice_is_refused(demo_app: Flask, client_for: SignIn) -> None:
    number = registration(demo_app, make.CHONBURI)
    twice = [*headings(demo_app), headings(demo_app)[2] + " "]

    text = send(client_for("officer1"), [twice, [number, 2562, 1, 1, 1, 1, 1, None, 2]])

    assert "มีความหมายเดียวกัน" in text
    assert 'id="file-error"' in text


def test_the_rows_to_be_corrected_come_back_as_a_workbook(demo_app: Flask, client_for: SignIn) -> None:
    number, client = registration(demo_app, make.CHONBURI), client_for("officer1")
    good, bad = [number, 2561, 900, 1, 1, 1, 1, None], [number, 2562, "มาก", 40.5, 6, 0, 1, "=1+1"]
    text = send(client, [headings(demo_app), good, bad])

    answer = fill_in(client, PATH, seen=text, wanted="rows")

    sheet = load_workbook(io.BytesIO(answer.data)).worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert answer.headers["Content-Disposition"] == 'attachment; filename="rows-to-correct.xlsx"'
    assert rows[0] == [*headings(demo_app), "สิ่งที่ต้องแก้ไข"]
    assert len(rows) == 2
    assert rows[1][:6] == [number, 2562, "มาก", 40.5, 6, 0]
    assert headings(demo_app)[2] in rows[1][-1]
    # Corrected, it is imported as it is.
    sheet["C2"], sheet["H2"] = 950, "3"
    corrected = [[cell.value for cell in row] for row in sheet.iter_rows()]
    confirmed(client, send(client, corrected))
    assert stored_year(demo_app, number) == (950, "3")


@pytest.mark.parametrize("typed", [2025, "2025"])
def test_a_year_of_the_other_era_is_asked_back(demo_app: Flask, client_for: SignIn, typed: Any) -> None:
    number = registration(demo_app, make.CHONBURI)

    text = send(client_for("officer1"), [headings(demo_app), [number, typed, 1, 1, 1, 1, 1, None]])

    assert "2025 เป็นปี ค.ศ. หมายถึง พ.ศ. 2568 ใช่หรือไม่" in text


def test_an_empty_needed_cell_is_told_in_thai(demo_app: Flask, client_for: SignIn) -> None:
    number = registration(demo_app, make.CHONBURI)

    text = send(client_for("officer1"), [headings(demo_app), [number, 2562, 1, 1, 1, None, 1, None]])

    assert "จำเป็นต้องกรอกช่องนี้" in text
    assert "This field is required" not in text


@pytest.mark.parametrize(
    ("place", "value"), [(0, "ไม่มี"), (1, 1999), (2, "มาก"), (3, "-1"), (4, None), (6, "1.005"), (7, "9")]
)
def test_one_bad_cell_stops_the_file_and_is_named(demo_app: Flask, client_for: SignIn, place: int, value: Any) -> None:
    number = registration(demo_app, make.CHONBURI)
    good = [number, 2562, 1000, 40, 6, 0, 1, "1"]
    bad = [number, 2560, 1000, 40, 6, 0, 1, "1"]
    bad[place] = value
    before = years(demo_app)

    text = send(client_for("officer1"), [headings(demo_app), good, bad])

    assert years(demo_app) == before
    assert f"<strong>{headings(demo_app)[place]}</strong>" in text
    numbers = [re.findall(r'<td class="num" data-label="[^"]+">(\d+)</td>', rows) for rows in text.split("<tbody>")[1:]]
    assert numbers == [["3"], ["2"]]  # to be corrected, and good


def test_the_good_rows_of_a_file_are_stored_when_that_is_chosen(demo_app: Flask, client_for: SignIn) -> None:
    number = registration(demo_app, make.CHONBURI)
    before, client = years(demo_app), client_for("officer1")
    rows = [headings(demo_app), [number, 2562, 900, 1, 1, 1, 1, None], [number, 2568, "มาก", 1, 1, 1, 1, None]]

    send(client, rows, mode="check")
    checked = years(demo_app)
    send(client, rows, mode="good")

    assert (checked, years(demo_app)) == (before, before + 1)


def test_the_template_has_the_headings_that_are_read(demo_app: Flask, client_for: SignIn) -> None:
    answer = client_for("officer1").get(f"{PATH}template.xlsx")

    first = next(load_workbook(io.BytesIO(answer.data)).worksheets[0].iter_rows(values_only=True))
    assert list(first) == headings(demo_app)


def test_another_office_s_cooperative_is_not_there(demo_app: Flask, client_for: SignIn) -> None:
    number = registration(demo_app, make.PATHUM_THANI)
    before = years(demo_app)

    text = send(client_for("officer1"), [headings(demo_app), [number, 2562, 1000, 40, 6, 0, 1, None]])

    words = "No cooperative has this registration number. Correct it, or add the cooperative first."
    assert make.in_thai(demo_app, words) in text
    assert years(demo_app) == before


def test_a_year_twice_and_missing_columns_are_refused(demo_app: Flask, client_for: SignIn) -> None:
    number = registration(demo_app, make.CHONBURI)
    row = [number, 2562, 1000, 40, 6, 0, 1, None]
    client = client_for("officer1")
    before = years(demo_app)

    twice = send(client, [headings(demo_app), row, row])
    short = send(client, [headings(demo_app)[:3], row[:3]])

    assert make.in_thai(demo_app, "This year stands in the file twice. Remove one row.") in twice
    assert headings(demo_app)[6] in short
    assert years(demo_app) == before


def test_a_year_that_has_not_ended_is_refused_in_a_file_and_on_the_screen(demo_app: Flask, client_for: SignIn) -> None:
    number = registration(demo_app, make.CHONBURI)
    year = datetime.now(UTC).year + 543 + 1
    before = years(demo_app)
    client = client_for("officer1")
    with make.rows(demo_app):
        owner = db.session.scalars(select(Cooperative.id).where(Cooperative.registration_no == number)).one()

    sent = send(client, [headings(demo_app), [number, year, 1000, 40, 6, 0, 1, None]])
    figures = {"members": "10", "share_capital": "1", "reserve": "1", "debts": "0", "profit": "1"}
    typed = fill_in(client, "/financial-years/add", cooperative=str(owner), year=str(year), **figures)

    for text in (sent, page(typed)):
        assert f"ปีบัญชี {year} ยังไม่สิ้นสุด" in text
    assert years(demo_app) == before
