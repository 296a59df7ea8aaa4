"""Cells of an imported file of cooperatives mean what the person meant, or are refused at their column."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from app.services.cooperatives import import_register as importing
from app.services.cooperatives.import_columns import REGISTER
from app.services.imports.reports import RowState
from tests.integration.cooperatives.files_of_cooperatives import (
    GOOD,
    HEADINGS,
    OTHER,
    TAX_ID,
    cooperatives,
    csv_bytes,
    judged,
    stored,
    templates,
    with_cell,
    wrong_columns,
)
from tests.make_files import excel_bytes


@pytest.mark.usefixtures("register")
def test_good_workbook_is_stored() -> None:
    report = judged(excel_bytes(HEADINGS, GOOD, OTHER))

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

    report = judged(excel_bytes(headings[::-1], GOOD[::-1]))

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

    row = judged(excel_bytes(HEADINGS, cells)).rows[0]

    assert wrong_columns(row) == [column]


@pytest.mark.usefixtures("register")
def test_year_end_must_be_a_day_of_its_month() -> None:
    row = judged(excel_bytes([*HEADINGS, "year_end_day", "year_end_month"], [*GOOD, 31, 4])).rows[0]

    assert wrong_columns(row) == ["year_end_day"]


@pytest.mark.usefixtures("register")
@pytest.mark.parametrize("typed", ["กรุงเทพฯ", "กทม.", "Bangkok", "TH-10", "จังหวัดกรุงเทพมหานคร"])
def test_bangkok_needs_its_office(typed: str) -> None:
    without, with_office = judged(
        excel_bytes([*HEADINGS, "office"], [*GOOD[:4], typed, None], [*OTHER[:4], typed, "สสค. กทม. พื้นที่ 1"])
    ).rows

    assert templates(without) == [importing.WHICH_OFFICE]
    assert with_office.problems == []


@pytest.mark.usefixtures("register")
@pytest.mark.parametrize("typed", ["จ.ชลบุรี", "จังหวัด ชลบุรี", "chonburi", "th-20"])
def test_province_is_known_by_any_of_its_names(typed: str) -> None:
    row = judged(excel_bytes(HEADINGS, [*GOOD[:4], typed])).rows[0]

    assert row.problems == []


@pytest.mark.usefixtures("register")
def test_text_that_looks_like_a_formula_stays_text() -> None:
    name = '=HYPERLINK("http://example.com";"x") จำกัด'
    content = csv_bytes([*HEADINGS, "address"], [GOOD[0], name, *GOOD[2:], "+1+1|'cmd'!A1"])

    stored(judged(content, "file.csv"))

    row = cooperatives()[0]
    assert (row.name, row.address) == (name, "+1+1|'cmd'!A1")
