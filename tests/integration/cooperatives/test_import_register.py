"""Importing cooperatives from Excel and CSV files."""

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal

import pytest
from flask import Flask
from flask_babel import force_locale, gettext
from openpyxl import Workbook, load_workbook
from sqlalchemy import func, select

from app.domain.values.errors import RuleBroken
from app.extensions import db
from app.files.inspection import workbook as workbook_extent
from app.models.audit import AuditEvent, AuditKind
from app.models.cooperatives import Cooperative
from app.security.scope import unscoped
from app.services.cooperatives import import_register as importing
from app.services.cooperatives.import_columns import REGISTER
from app.services.cooperatives.import_register import JudgedRow, Report, RowState, judge, store
from app.services.imports import files
from app.services.imports.files import read_rows
from app.services.imports.template import template_workbook
from tests.client import FundClient
from tests.make_files import docx_bytes, pdf_bytes, zipped
from tests.make_hostile_files import OLE, encrypted_zip, lying_zip, swollen_xlsx

TODAY = date(2026, 11, 20)
PAGE = "/cooperatives/import/"
HEADINGS = ["เลขทะเบียน", "ชื่อสหกรณ์", "ประเภท", "ประเภทสถานที่ทำงาน", "จังหวัด"]
GOOD = ["1/2530", "สหกรณ์ออมทรัพย์ หนึ่ง จำกัด", "ออมทรัพย์", "สถานประกอบกิจการ", "ชลบุรี"]
OTHER = ["2/2530", "สหกรณ์เครดิตยูเนี่ยน สอง จำกัด", "เครดิตยูเนี่ยน", "รัฐวิสาหกิจ", "ระยอง"]
TAX_ID = "0994000000014"

Row = Sequence[object]


def xlsx(*rows: Row) -> bytes:
    book = Workbook()
    for row in rows:
        book.worksheets[0].append(list(row))
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def csv_bytes(*rows: Row, encoding: str = "utf-8", separator: str = ",") -> bytes:
    target = io.StringIO()
    csv.writer(target, delimiter=separator).writerows(rows)
    return target.getvalue().encode(encoding)


def judged(content: bytes, name: str = "file.xlsx") -> Report:
    return judge(read_rows(content, name), today=TODAY)


def with_cell(heading: str, value: object) -> JudgedRow:
    """The one row of a file that is good but for one more column."""
    return judged(xlsx([*HEADINGS, heading], [*GOOD, value])).rows[0]


def stored(report: Report, *, good_only: bool = False) -> int:
    number = store(report, good_only=good_only, file_name="file.xlsx")
    db.session.commit()
    return number


def wrong_columns(row: JudgedRow) -> list[str]:
    return [column for column, _refusal in row.problems]


def templates(row: JudgedRow) -> list[str]:
    return [refusal.template for _column, refusal in row.problems]


def refusal_of(content: bytes, name: str = "file.xlsx") -> str:
    with pytest.raises(RuleBroken) as refusal:
        judged(content, name)
    return refusal.value.template


def cooperatives() -> list[Cooperative]:
    return list(db.session.scalars(select(Cooperative).order_by(Cooperative.registration_no)))


@pytest.fixture
def register(app: Flask) -> Iterator[Flask]:
    with app.app_context(), unscoped():
        yield app


# ---- good files


@pytest.mark.usefixtures("register")
def test_good_workbook_is_stored() -> None:
    report = judged(xlsx(HEADINGS, GOOD, OTHER))

    number = stored(report)

    assert number == 2
    first, second = cooperatives()
    assert (first.name, first.kind, first.workplace, first.status) == (GOOD[1], "savings", "establishment", "active")
    assert (first.province.code, first.office.code) == ("TH-20", "TH-20")
    assert (second.kind, second.workplace, second.province.code) == ("credit_union", "state_enterprise", "TH-21")
    assert first.search_text


@pytest.mark.usefixtures("register")
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp874", "tis-620", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_csv_is_read_in_every_encoding_excel_writes(encoding: str, separator: str) -> None:
    content = csv_bytes(HEADINGS, GOOD, encoding=encoding, separator=separator)

    report = judged(content, "file.csv")

    assert report.rows[0].state is RowState.NEW
    assert report.rows[0].name == GOOD[1]


@pytest.mark.usefixtures("register")
@pytest.mark.parametrize("words", [0, 1, 2])
def test_headings_are_found_in_any_language_and_order(words: int) -> None:
    names = ["registration_no", "name", "kind", "workplace", "province"]
    english = [column.label.upper() for column in REGISTER.needed]
    headings = [names, english, HEADINGS][words]

    report = judged(xlsx(headings[::-1], GOOD[::-1]))

    assert report.rows[0].state is RowState.NEW
    assert report.unknown_headings == []


# By name, so that a column that is added later moves none of them.
FILLED = {
    "registration_no": "1/2530",
    "cooperative_code": "9999000000001",
    "tax_id": TAX_ID,
    "name": GOOD[1],
    "kind": "credit_union",
    "workplace": "state_enterprise",
    "registered_on": "๑๕ มี.ค. ๒๕๓๐",
    "address": "เลขที่ 1",
    "sub_district": "บางปลาสร้อย",
    "district": "เมืองชลบุรี",
    "province": "Chon Buri",
    "postcode": "๒๐๐๐๐",
    "office": "TH-20",
    "phone": "+66 38 000 000",
    "email": "one@example.or.th",
    "members": "1,850",
    "share_capital": "๖๒,๐๐๐,๐๐๐.๒๕",
    "reserve": "9300000",
    "borrowing_ceiling": "71,300,000 บาท",
    "ceiling_fiscal_year": "2570",
    "ordinary_rate": "6.25",
    "year_end_day": "31",
    "year_end_month": "ธันวาคม",
    "borrowed_before": "เคย",
    "fund_arrears": "1,250.50",
    "arrears_on": "30/9/2569",
    "status": "suspended",
}


@pytest.mark.usefixtures("register")
def test_every_column_of_the_register_can_be_filled() -> None:
    headings = [column.name for column in REGISTER.columns]
    content = csv_bytes(headings, [FILLED.get(name, "") for name in headings])

    stored(judged(content, "file.csv"))

    row = cooperatives()[0]
    assert (row.cooperative_code, row.tax_id, row.registered_on) == ("9999000000001", TAX_ID, date(1987, 3, 15))
    assert (row.postcode, row.phone, row.members) == ("20000", "038000000", 1850)
    assert (row.share_capital, row.reserve) == (Decimal("62000000.25"), Decimal(9_300_000))
    assert (row.borrowing_ceiling, row.ceiling_fiscal_year) == (Decimal(71_300_000), 2570)
    assert (row.ordinary_rate, row.year_end_day, row.year_end_month) == (Decimal("0.0625"), 31, 12)
    assert (row.borrowed_before, row.fund_arrears, row.arrears_on) == (True, Decimal("1250.50"), date(2026, 9, 30))
    assert (row.status, row.office.code, row.address) == ("suspended", "TH-20", "เลขที่ 1")


# ---- what Excel does to cells


@pytest.mark.usefixtures("register")
@pytest.mark.parametrize(
    ("column", "value", "expected"),
    [
        ("tax_id", 994000000014, TAX_ID),
        ("tax_id", float(994000000014), TAX_ID),
        ("tax_id", "๐๙๙๔๐๐๐๐๐๐๐๑๔", TAX_ID),
        ("cooperative_code", 9999000000001.0, "9999000000001"),
        ("phone", 38000000, "038000000"),
        ("postcode", 20000.0, "20000"),
        ("members", 1850.0, 1850),
        ("share_capital", 0.1 + 0.2, Decimal("0.3")),
        ("share_capital", 9999999999999.99, Decimal("9999999999999.99")),
        ("registered_on", datetime(1987, 3, 15), date(1987, 3, 15)),
        ("registered_on", datetime(2530, 3, 15), date(1987, 3, 15)),
        ("registered_on", "15/3/2530", date(1987, 3, 15)),
        ("ordinary_rate", 6.25, Decimal("0.0625")),
    ],
)
def test_cell_means_what_the_person_meant(column: str, value: object, expected: object) -> None:
    row = with_cell(column, value)

    assert row.problems == []
    assert row.values[column] == expected


@pytest.mark.usefixtures("register")
@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("tax_id", "0994000000015"),
        ("tax_id", "1234567890121"),
        ("tax_id", 99400000001),
        ("cooperative_code", "123"),
        ("registered_on", "31/2/2530"),
        ("registered_on", 32000),
        ("registered_on", datetime(2531 + 1, 2, 29)),
        ("registered_on", "1/1/2580"),
        ("address", datetime(2026, 3, 15)),
        ("address", "ก" * 301),
        ("address", "กข\x7f"),
        ("members", "1.5"),
        ("members", -1),
        ("share_capital", "1.234"),
        ("share_capital", 10**14),
        ("ordinary_rate", 0.0625),
        ("year_end_day", 32),
        ("year_end_month", "13"),
        ("ceiling_fiscal_year", 2026),
        ("email", "one@two@three"),
        ("phone", "12"),
        ("postcode", "2000"),
        ("status", "ไม่ทราบ"),
        ("office", "ไม่มีที่นี่"),
        ("office", "TH-21"),
    ],
)
def test_wrong_cell_is_reported_at_its_column(column: str, value: object) -> None:
    row = with_cell(column, value)

    assert row.state is RowState.REFUSED
    assert wrong_columns(row) == [column]


@pytest.mark.usefixtures("register")
@pytest.mark.parametrize(
    ("place", "value", "column"),
    [
        (0, "", "registration_no"),
        (1, "สหกรณ์ออมทรัพย์ หนึ่ง", "name"),
        (1, "", "name"),
        (2, "ธนาคาร", "kind"),
        (3, "", "workplace"),
        (4, "ดาวอังคาร", "province"),
    ],
)
def test_needed_cell_is_reported_once(place: int, value: str, column: str) -> None:
    cells = [*GOOD[:place], value, *GOOD[place + 1 :]]

    row = judged(xlsx(HEADINGS, cells)).rows[0]

    assert wrong_columns(row) == [column]


@pytest.mark.usefixtures("register")
def test_year_end_must_be_a_day_of_its_month() -> None:
    row = judged(xlsx([*HEADINGS, "year_end_day", "year_end_month"], [*GOOD, 31, 4])).rows[0]

    assert wrong_columns(row) == ["year_end_day"]


@pytest.mark.usefixtures("register")
@pytest.mark.parametrize("typed", ["กรุงเทพฯ", "กทม.", "Bangkok", "TH-10", "จังหวัดกรุงเทพมหานคร"])
def test_bangkok_needs_its_office(typed: str) -> None:
    without, with_office = judged(
        xlsx([*HEADINGS, "office"], [*GOOD[:4], typed, None], [*OTHER[:4], typed, "สสค. กทม. พื้นที่ 1"])
    ).rows

    assert templates(without) == [importing.WHICH_OFFICE]
    assert with_office.problems == []


@pytest.mark.usefixtures("register")
@pytest.mark.parametrize("typed", ["จ.ชลบุรี", "จังหวัด ชลบุรี", "chonburi", "th-20"])
def test_province_is_known_by_any_of_its_names(typed: str) -> None:
    row = judged(xlsx(HEADINGS, [*GOOD[:4], typed])).rows[0]

    assert row.problems == []


@pytest.mark.usefixtures("register")
def test_text_that_looks_like_a_formula_stays_text() -> None:
    name = '=HYPERLINK("http://example.com";"x") จำกัด'
    content = csv_bytes([*HEADINGS, "address"], [GOOD[0], name, *GOOD[2:], "+1+1|'cmd'!A1"])

    stored(judged(content, "file.csv"))

    row = cooperatives()[0]
    assert (row.name, row.address) == (name, "+1+1|'cmd'!A1")


# ---- duplicates and updates


@pytest.mark.usefixtures("register")
def test_rows_with_one_registration_number_are_all_refused() -> None:
    same = ["๑ / ๒๕๓๐", *OTHER[1:]]

    report = judged(xlsx(HEADINGS, GOOD, same))

    assert [templates(row) for row in report.rows] == [[importing.TWICE_IN_FILE]] * 2
    assert report.rows[0].problems[0][1].values["rows"] == "2, 3"


@pytest.mark.usefixtures("register")
def test_registration_numbers_that_differ_in_a_stroke_are_different() -> None:
    report = judged(xlsx(HEADINGS, ["11/2530", *GOOD[1:]], ["1/12530", *OTHER[1:]]))

    assert report.count(RowState.NEW) == 2


@pytest.mark.usefixtures("register")
def test_tax_number_of_another_cooperative_is_refused() -> None:
    stored(judged(xlsx([*HEADINGS, "tax_id"], [*GOOD, TAX_ID])))

    row = judged(xlsx([*HEADINGS, "tax_id"], [*OTHER, TAX_ID])).rows[0]

    assert templates(row) == [importing.USED_BY_OTHER]
    assert row.problems[0][1].values["name"] == GOOD[1]


@pytest.mark.usefixtures("register")
def test_known_registration_number_changes_that_cooperative() -> None:
    stored(judged(xlsx([*HEADINGS, "members", "address"], [*GOOD, 100, "เลขที่ 1"])))

    report = judged(xlsx(["registration_no", "members", "address"], ["๑/๒๕๓๐", 120, None]))
    number = stored(report)

    assert number == 1
    assert report.rows[0].state is RowState.CHANGED
    own = cooperatives()[0]
    assert (own.members, own.address, own.name, own.version) == (120, "เลขที่ 1", GOOD[1], 2)


@pytest.mark.usefixtures("register")
def test_change_is_in_the_audit_trail_with_both_values() -> None:
    stored(judged(xlsx([*HEADINGS, "members"], [*GOOD, 100])))

    stored(judged(xlsx(["registration_no", "members"], ["1/2530", 120])))

    event = db.session.scalars(select(AuditEvent).where(AuditEvent.kind == AuditKind.CHANGED)).one()
    assert (event.before, event.after) == ({"members": 100}, {"members": 120})


@pytest.mark.usefixtures("register")
def test_same_file_again_changes_nothing() -> None:
    content = xlsx([*HEADINGS, "share_capital", "ordinary_rate"], [*GOOD, 1_000_000.5, 6.25])
    stored(judged(content))

    report = judged(content)

    assert [row.state for row in report.rows] == [RowState.UNCHANGED]
    assert stored(report) == 0


@pytest.mark.usefixtures("register")
def test_moving_to_a_province_moves_to_its_office() -> None:
    stored(judged(xlsx(HEADINGS, GOOD)))

    stored(judged(xlsx(["registration_no", "province"], ["1/2530", "ระยอง"])))

    assert cooperatives()[0].office.code == "TH-21"


# ---- storing all, some, or nothing


@pytest.mark.usefixtures("register")
def test_nothing_is_stored_unless_all_rows_are_good() -> None:
    report = judged(xlsx(HEADINGS, GOOD, [*OTHER[:4], "ดาวอังคาร"]))

    with pytest.raises(RuleBroken) as refusal:
        store(report, good_only=False, file_name="file.xlsx")
    db.session.commit()

    assert refusal.value.values == {"refused": "1", "count": "2"}
    assert cooperatives() == []


@pytest.mark.usefixtures("register")
def test_good_rows_are_stored_when_chosen() -> None:
    report = judged(xlsx(HEADINGS, GOOD, [*OTHER[:4], "ดาวอังคาร"]))

    number = stored(report, good_only=True)

    assert number == 1
    assert [row.registration_no for row in cooperatives()] == ["1/2530"]


@pytest.mark.usefixtures("register")
def test_file_without_a_good_row_is_refused_also_when_good_rows_are_chosen() -> None:
    report = judged(xlsx(HEADINGS, [*OTHER[:4], "ดาวอังคาร"]))

    with pytest.raises(RuleBroken):
        store(report, good_only=True, file_name="file.xlsx")


@pytest.mark.usefixtures("register")
def test_import_is_one_event_beside_one_for_each_row() -> None:
    store(judged(xlsx(HEADINGS, GOOD, OTHER)), good_only=False, file_name="ทะเบียน.xlsx", person_note="กสส.")
    db.session.commit()

    counted = db.session.execute(select(AuditEvent.kind, func.count()).group_by(AuditEvent.kind))
    kinds = {kind: number for kind, number in counted}
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.kind == AuditKind.IMPORTED)).one()
    assert kinds == {"created": 2, "imported": 1}
    assert (event.entity, event.entity_id, event.cooperative_id) == ("cooperative", None, None)
    assert event.after == {
        "file": "ทะเบียน.xlsx", "note": "กสส.", "new": 2, "changed": 0, "unchanged": 0, "refused": 0,
    }  # fmt: skip


# ---- headings


@pytest.mark.usefixtures("register")
def test_unknown_heading_is_reported_and_holds_everything_back() -> None:
    report = judged(xlsx([*HEADINGS, "ทุนสำรองง", "ลำดับ", None], [*GOOD, 5, 1, "x"]))

    assert report.unknown_headings == ["ทุนสำรองง", "(H)"]
    with pytest.raises(RuleBroken):
        store(report, good_only=False, file_name="file.xlsx")
    assert stored(report, good_only=True) == 1


@pytest.mark.usefixtures("register")
def test_missing_headings_are_reported_and_refuse_new_cooperatives() -> None:
    report = judged(xlsx(HEADINGS[:2], GOOD[:2]))

    assert report.missing_columns == ["kind", "workplace", "province"]
    assert wrong_columns(report.rows[0]) == ["kind", "workplace", "province"]


@pytest.mark.usefixtures("register")
@pytest.mark.parametrize("headings", [["ก", "ข"], ["เลขทะเบียน", "registration_no"]])
def test_headings_that_cannot_be_understood_refuse_the_file(headings: list[str]) -> None:
    assert refusal_of(xlsx(headings, ["1", "2"]))


# ---- the template


@pytest.mark.usefixtures("register")
def test_template_comes_back_with_its_examples_as_the_only_fault() -> None:
    report = judged(template_workbook(REGISTER))

    assert (report.unknown_headings, report.missing_columns) == ([], [])
    assert [templates(row) for row in report.rows] == [[importing.EXAMPLE_ROW]] * 2


@pytest.mark.usefixtures("register")
def test_template_has_the_words_of_the_screens_and_text_cells() -> None:
    sheet = load_workbook(io.BytesIO(template_workbook(REGISTER))).worksheets[0]

    with force_locale("th"):
        assert [cell.value for cell in sheet[1]] == [gettext(column.label) for column in REGISTER.columns]
    assert {cell.data_type for cell in sheet[2] if cell.value is not None} == {"s"}
    assert {cell.number_format for cell in sheet[2] if cell.value is not None} == {"@"}


# ---- bad and hostile files


def test_rows_keep_their_numbers_when_blank_rows_stand_between() -> None:
    rows = read_rows(xlsx([], HEADINGS, [], GOOD, ["  "], OTHER), "file.xlsx")

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


def changed_sheet(content: bytes, old: bytes, new: bytes) -> bytes:
    """The workbook with ``old`` replaced in its first sheet."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts: dict[str, str | bytes] = {part: archive.read(part) for part in archive.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"]
    assert isinstance(sheet, bytes)
    assert old in sheet
    return zipped({**parts, "xl/worksheets/sheet1.xml": sheet.replace(old, new)})


def far_cell(place: bytes) -> bytes:
    return changed_sheet(xlsx(HEADINGS, GOOD), b'r="E2"', b'r="' + place + b'"')


def cells_without_places() -> bytes:
    return changed_sheet(xlsx(["a"], ["b"]), b"</sheetData>", b"<row>" + b"<c/>" * 20_000 + b"</row></sheetData>")


def one_long_text_everywhere() -> bytes:
    """A text of 30,000 letters shown by a thousand cells."""
    return xlsx(*[["ก" * 30_000] * 50] * 20)


HOSTILE = {
    "empty": (b"", "file.xlsx"),
    "too large": (b"x" * (files.LARGEST_FILE + 1), "file.csv"),
    "text called xlsx": (b"hello", "file.xlsx"),
    "pdf": (pdf_bytes(), "file.pdf"),
    "pdf called csv": (pdf_bytes(), "file.csv"),
    "word": (docx_bytes(), "file.docx"),
    "word called xlsx": (docx_bytes(), "file.xlsx"),
    "old excel": (OLE, "file.xls"),
    "old excel called xlsx": (OLE, "file.xlsx"),
    "cut off": (xlsx(HEADINGS, GOOD)[:-200], "file.xlsx"),
    "start only": (b"PK\x03\x04", "file.xlsx"),
    "encrypted zip": (encrypted_zip(), "file.xlsx"),
    "lying zip": (lying_zip(), "file.xlsx"),
    "zip bomb": (swollen_xlsx(200), "file.xlsx"),
    "plain zip": (zipped({"a.txt": "b"}), "file.xlsx"),
    "xlsx called csv": (xlsx(HEADINGS, GOOD), "file.csv"),
    "no cells": (xlsx(), "file.xlsx"),
    "headings only": (xlsx(HEADINGS), "file.xlsx"),
    "headings only in csv": (csv_bytes(HEADINGS), "file.csv"),
    "last possible cell": (far_cell(b"XFD1048576"), "file.xlsx"),
    "far row": (far_cell(b"E1048576"), "file.xlsx"),
    "far column": (far_cell(b"XFD2"), "file.xlsx"),
    "impossible cell": (far_cell(b"ZZZZ99999999"), "file.xlsx"),
    "cell zero": (far_cell(b"A0"), "file.xlsx"),
    "cells without places": (cells_without_places(), "file.xlsx"),
    "one text everywhere": (one_long_text_everywhere(), "file.xlsx"),
    "zeros": (b"\0" * 1000, "file.csv"),
    "open quotation mark": ('เลขทะเบียน\n"1/2530\n'.encode(), "file.csv"),
    "one endless field": (b"registration_no\n" + b"a" * 200_000, "file.csv"),
    "letters of no encoding": (b"registration_no\n\xff\xfc\xdb", "file.csv"),
    "many columns": (csv_bytes(["a"] * 200, ["b"] * 200), "file.csv"),
    "many lines": (b"registration_no\n" + b"\n" * 200_000, "file.csv"),
}


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


# ---- the page


def send(client: FundClient, content: bytes, name: str = "file.xlsx", mode: str = "all") -> str:
    form = {"file": (io.BytesIO(content), name), "mode": mode, "note": "ทดสอบ"}
    answer = client.send(PAGE, form, page=PAGE, content_type="multipart/form-data")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def names_in(app: Flask) -> set[str]:
    with app.app_context(), unscoped():
        return {row.name for row in cooperatives()}


@pytest.mark.parametrize("username", ["fund", "admin"])
def test_page_stores_a_good_file(client_for: Callable[[str], FundClient], demo_app: Flask, username: str) -> None:
    page = send(client_for(username), xlsx(HEADINGS, GOOD, OTHER))

    assert {GOOD[1], OTHER[1]} <= names_in(demo_app)
    assert re.search(r'href="/cooperatives/show/\d+"[^>]*>' + re.escape(GOOD[1]), page)


@pytest.mark.parametrize(("mode", "expected"), [("all", False), ("good", True), ("check", False)])
def test_page_does_with_bad_rows_what_was_chosen(
    client_for: Callable[[str], FundClient], demo_app: Flask, mode: str, expected: bool
) -> None:
    page = send(client_for("fund"), xlsx(HEADINGS, GOOD, [*OTHER[:4], "<b>ดาวอังคาร"]), mode=mode)

    assert (GOOD[1] in names_in(demo_app)) is expected
    assert "&lt;b&gt;ดาวอังคาร" in page
    assert "<b>ดาวอังคาร" not in page


def test_page_only_checks_when_that_was_chosen(client_for: Callable[[str], FundClient], demo_app: Flask) -> None:
    send(client_for("fund"), xlsx(HEADINGS, GOOD), mode="check")

    assert GOOD[1] not in names_in(demo_app)


@pytest.mark.parametrize("name", ["empty", "old excel", "zip bomb", "last possible cell", "zeros", "no cells"])
def test_page_tells_at_the_field_what_is_wrong_with_a_file(client_for: Callable[[str], FundClient], name: str) -> None:
    page = send(client_for("fund"), *HOSTILE[name])

    assert 'id="file-error"' in page
    assert 'href="#file"' in page


def test_page_without_a_file_asks_for_one(client_for: Callable[[str], FundClient]) -> None:
    client = client_for("fund")

    answer = client.send(PAGE, {"mode": "all"}, page=PAGE)

    assert 'id="file-error"' in answer.get_data(as_text=True)


def test_template_is_sent_as_a_workbook(client_for: Callable[[str], FundClient]) -> None:
    answer = client_for("fund").get(f"{PAGE}template.xlsx")

    assert answer.status_code == 200
    assert load_workbook(io.BytesIO(answer.data)).worksheets[0].max_row == 3


@pytest.mark.parametrize("username", ["coop1", "officer1", "finance", "committee1", "manager", "auditor"])
@pytest.mark.parametrize("path", [PAGE, f"{PAGE}template.xlsx"])
def test_others_may_not_import(client_for: Callable[[str], FundClient], username: str, path: str) -> None:
    assert client_for(username).get(path).status_code in {302, 403, 404}
