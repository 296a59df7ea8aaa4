"""Importing cooperatives from Excel and CSV files: which rows change what, and what is stored."""

import io

import pytest
from flask_babel import force_locale, gettext
from openpyxl import load_workbook
from sqlalchemy import func, select

from app.domain.values.errors import RuleBroken
from app.extensions import db
from app.models.audit import AuditEvent, AuditKind
from app.services.cooperatives import import_register as importing
from app.services.cooperatives.import_columns import REGISTER
from app.services.cooperatives.import_register import store
from app.services.imports.reports import RowState, Storing
from app.services.imports.template import template_workbook
from tests import make
from tests.integration.cooperatives.files_of_cooperatives import (
    GOOD,
    HEADINGS,
    OTHER,
    TAX_ID,
    cooperatives,
    judged,
    refusal_of,
    stored,
    templates,
    wrong_columns,
)
from tests.make_files import excel_bytes

# ---- duplicates and updates


@pytest.mark.usefixtures("register")
def test_rows_with_one_registration_number_are_all_refused() -> None:
    same = ["๑ / ๒๕๓๐", *OTHER[1:]]

    report = judged(excel_bytes(HEADINGS, GOOD, same))

    assert [templates(row) for row in report.rows] == [[importing.TWICE_IN_FILE]] * 2
    assert report.rows[0].problems[0][1].values["rows"] == "2, 3"


@pytest.mark.usefixtures("register")
def test_registration_numbers_that_differ_in_a_stroke_are_different() -> None:
    report = judged(excel_bytes(HEADINGS, ["11/2530", *GOOD[1:]], ["1/12530", *OTHER[1:]]))

    assert report.count(RowState.NEW) == 2


@pytest.mark.usefixtures("register")
def test_tax_number_of_another_cooperative_is_refused() -> None:
    stored(judged(excel_bytes([*HEADINGS, "tax_id"], [*GOOD, TAX_ID])))

    row = judged(excel_bytes([*HEADINGS, "tax_id"], [*OTHER, TAX_ID])).rows[0]

    assert templates(row) == [importing.USED_BY_OTHER]
    assert row.problems[0][1].values["name"] == GOOD[1]


@pytest.mark.usefixtures("register")
def test_known_registration_number_changes_that_cooperative() -> None:
    stored(judged(excel_bytes([*HEADINGS, "members", "address"], [*GOOD, 100, "เลขที่ 1"])))

    report = judged(excel_bytes(["registration_no", "members", "address"], ["๑/๒๕๓๐", 120, None]))
    number = stored(report)

    assert number == 1
    assert report.rows[0].state is RowState.CHANGED
    own = cooperatives()[0]
    assert (own.members, own.address, own.name, own.version) == (120, "เลขที่ 1", GOOD[1], 2)


@pytest.mark.usefixtures("register")
def test_change_is_in_the_audit_trail_with_both_values() -> None:
    stored(judged(excel_bytes([*HEADINGS, "members"], [*GOOD, 100])))

    stored(judged(excel_bytes(["registration_no", "members"], ["1/2530", 120])))

    event = db.session.scalars(select(AuditEvent).where(AuditEvent.kind == AuditKind.CHANGED)).one()
    assert (event.before, event.after) == ({"members": 100}, {"members": 120})


@pytest.mark.usefixtures("register")
def test_same_file_again_changes_nothing() -> None:
    content = excel_bytes([*HEADINGS, "share_capital", "ordinary_rate"], [*GOOD, 1_000_000.5, 6.25])
    stored(judged(content))

    report = judged(content)

    assert [row.state for row in report.rows] == [RowState.UNCHANGED]
    assert stored(report) == 0


@pytest.mark.usefixtures("register")
def test_moving_to_a_province_moves_to_its_office() -> None:
    stored(judged(excel_bytes(HEADINGS, GOOD)))

    stored(judged(excel_bytes(["registration_no", "province"], ["1/2530", "ระยอง"])))

    assert cooperatives()[0].office.code == "TH-21"


# ---- storing all, some, or nothing


@pytest.mark.usefixtures("register")
def test_nothing_is_stored_unless_all_rows_are_good() -> None:
    report = judged(excel_bytes(HEADINGS, GOOD, [*OTHER[:4], "ดาวอังคาร"]))

    with pytest.raises(RuleBroken) as refusal:
        store(report, Storing("file.xlsx", make.AT))
    db.session.commit()

    assert refusal.value.values == {"refused": "1", "count": "2"}
    assert cooperatives() == []


@pytest.mark.usefixtures("register")
def test_good_rows_are_stored_when_chosen() -> None:
    report = judged(excel_bytes(HEADINGS, GOOD, [*OTHER[:4], "ดาวอังคาร"]))

    number = stored(report, good_only=True)

    assert number == 1
    assert [row.registration_no for row in cooperatives()] == ["1/2530"]


@pytest.mark.usefixtures("register")
def test_file_without_a_good_row_is_refused_also_when_good_rows_are_chosen() -> None:
    report = judged(excel_bytes(HEADINGS, [*OTHER[:4], "ดาวอังคาร"]))

    with pytest.raises(RuleBroken):
        store(report, Storing("file.xlsx", make.AT, good_only=True))


@pytest.mark.usefixtures("register")
def test_import_is_one_event_beside_one_for_each_row() -> None:
    store(judged(excel_bytes(HEADINGS, GOOD, OTHER)), Storing("ทะเบียน.xlsx", make.AT, note="กสส."))
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
    report = judged(excel_bytes([*HEADINGS, "ทุนสำรองง", "ลำดับ", None], [*GOOD, 5, 1, "x"]))

    assert report.unknown_headings == ["ทุนสำรองง", "(H)"]
    with pytest.raises(RuleBroken):
        store(report, Storing("file.xlsx", make.AT))
    assert stored(report, good_only=True) == 1


@pytest.mark.usefixtures("register")
def test_missing_headings_are_reported_and_refuse_new_cooperatives() -> None:
    report = judged(excel_bytes(HEADINGS[:2], GOOD[:2]))

    assert report.missing_columns == ["kind", "workplace", "province"]
    assert wrong_columns(report.rows[0]) == ["kind", "workplace", "province"]


@pytest.mark.usefixtures("register")
@pytest.mark.parametrize("headings", [["ก", "ข"], ["เลขทะเบียน", "registration_no"]])
def test_headings_that_cannot_be_understood_refuse_the_file(headings: list[str]) -> None:
    assert refusal_of(excel_bytes(headings, ["1", "2"]))


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
