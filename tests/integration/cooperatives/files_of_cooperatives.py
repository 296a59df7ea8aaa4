"""Files of cooperatives to import, good and hostile, and what the import makes of them."""

import csv
import io
import zipfile
from collections.abc import Sequence
from datetime import date

import pytest
from sqlalchemy import select

from app.domain.values.errors import RuleBroken
from app.extensions import db
from app.models.cooperatives import Cooperative
from app.services.cooperatives.import_register import CooperativeRow, judge, store
from app.services.imports import files
from app.services.imports.files import read_rows
from app.services.imports.reports import JudgedRow, Report, RowState, Storing
from tests import make
from tests.make_files import docx_bytes, excel_bytes, pdf_bytes, zipped
from tests.make_hostile_files import OLE, encrypted_zip, lying_zip, swollen_xlsx

TODAY = date(2026, 11, 20)
HEADINGS = ["เลขทะเบียน", "ชื่อสหกรณ์", "ประเภท", "ประเภทสถานที่ทำงาน", "จังหวัด"]
GOOD = ["1/2530", "สหกรณ์ออมทรัพย์ หนึ่ง จำกัด", "ออมทรัพย์", "สถานประกอบกิจการ", "ชลบุรี"]
OTHER = ["2/2530", "สหกรณ์เครดิตยูเนี่ยน สอง จำกัด", "เครดิตยูเนี่ยน", "รัฐวิสาหกิจ", "ระยอง"]
TAX_ID = "0994000000014"

Row = Sequence[object]


def csv_bytes(*rows: Row, encoding: str = "utf-8", separator: str = ",") -> bytes:
    target = io.StringIO()
    csv.writer(target, delimiter=separator).writerows(rows)
    return target.getvalue().encode(encoding)


def judged(content: bytes, name: str = "file.xlsx") -> Report[CooperativeRow]:
    return judge(read_rows(content, name), TODAY)


def with_cell(heading: str, value: object) -> JudgedRow:
    """The one row of a file that is good but for one more column."""
    return judged(excel_bytes([*HEADINGS, heading], [*GOOD, value])).rows[0]


def stored(report: Report[CooperativeRow], *, good_only: bool = False) -> int:
    """How many cooperatives were added or changed."""
    number = report.count(RowState.NEW) + report.count(RowState.CHANGED)
    store(report, Storing("file.xlsx", make.AT, good_only=good_only))
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


def changed_sheet(content: bytes, old: bytes, new: bytes) -> bytes:
    """The workbook with ``old`` replaced in its first sheet."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts: dict[str, str | bytes] = {part: archive.read(part) for part in archive.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"]
    assert isinstance(sheet, bytes)
    assert old in sheet
    return zipped({**parts, "xl/worksheets/sheet1.xml": sheet.replace(old, new)})


def far_cell(place: bytes) -> bytes:
    return changed_sheet(excel_bytes(HEADINGS, GOOD), b'r="E2"', b'r="' + place + b'"')


def cells_without_places() -> bytes:
    return changed_sheet(
        excel_bytes(["a"], ["b"]), b"</sheetData>", b"<row>" + b"<c/>" * 20_000 + b"</row></sheetData>"
    )


def one_long_text_everywhere() -> bytes:
    """A text of 30,000 letters shown by a thousand cells."""
    return excel_bytes(*[["ก" * 30_000] * 50] * 20)


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
    "cut off": (excel_bytes(HEADINGS, GOOD)[:-200], "file.xlsx"),
    "start only": (b"PK\x03\x04", "file.xlsx"),
    "encrypted zip": (encrypted_zip(), "file.xlsx"),
    "lying zip": (lying_zip(), "file.xlsx"),
    "zip bomb": (swollen_xlsx(200), "file.xlsx"),
    "plain zip": (zipped({"a.txt": "b"}), "file.xlsx"),
    "xlsx called csv": (excel_bytes(HEADINGS, GOOD), "file.csv"),
    "no cells": (excel_bytes(), "file.xlsx"),
    "headings only": (excel_bytes(HEADINGS), "file.xlsx"),
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
