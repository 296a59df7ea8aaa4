"""Blank forms for some of the demonstration's document types, each plainly marked as made up."""

import io
from datetime import datetime
from pathlib import Path

import fontpkg_sarabun
from PIL import Image, ImageDraw, ImageFont

from app.demo.seed_registers import Registers
from app.domain.file_kinds import FileKind
from app.extensions import db
from app.files.store import document_store
from app.models.document_types import DocumentExample

# By document type: the heading, then what is filled in on each line.
FORMS_TH = {
    "loan-form": (
        "แบบคำขอกู้เงินกองทุนเพื่อผู้ใช้แรงงาน",
        ("ชื่อสหกรณ์", "เลขทะเบียน", "โครงการเงินกู้", "จำนวนเงินที่ขอกู้ (บาท)", "ระยะเวลา (เดือน)", "วัตถุประสงค์",
         "ผู้มีอำนาจลงนาม", "วันที่"),
    ),
    "guarantors": (
        "รายชื่อคณะกรรมการดำเนินการและผู้จัดการ (ผู้ค้ำประกัน)",
        ("ชื่อสหกรณ์", "1. ชื่อ ตำแหน่ง วันครบวาระ", "2.", "3.", "4.", "5.", "ผู้รับรองรายชื่อ", "วันที่"),
    ),
    "spending-plan": (
        "แผนการใช้เงินกู้และแผนการชำระคืน",
        ("ชื่อสหกรณ์", "จำนวนเงินที่ขอกู้ (บาท)", "ใช้เงินกู้เพื่อ", "จำนวนสมาชิกที่ได้กู้", "รายได้ที่ใช้ชำระคืนต่อเดือน (บาท)", "ผู้จัดทำ", "วันที่"),
    ),
}  # fmt: skip
FILE_NAME_TH = "แบบฟอร์ม {heading}.pdf"
NOT_REAL_TH = "แบบฟอร์มตัวอย่างสำหรับการสาธิต ไม่ใช่แบบของทางราชการ"

PAGE = (827, 1169)  # A4 at 100 dots an inch
DOTS = 100.0
MARGIN, FIRST_LINE, LINE = 80, 330, 80  # dots
FONT = Path(fontpkg_sarabun.__file__).parent / "files" / "Sarabun-Regular.ttf"


def add_examples(registers: Registers, at: datetime) -> None:
    """Store every blank form and add its row.

    Raises:
        StoreUnavailable: the store is away; the transaction must not be committed.
    """
    store = document_store()
    for code, (heading, lines) in FORMS_TH.items():
        stored = store.put(_page(heading, lines))
        db.session.add(
            DocumentExample(
                document_type=registers.document_types[code],
                file_name=FILE_NAME_TH.format(heading=heading),
                kind=FileKind.PDF.value,
                size=stored.size,
                sha256=stored.sha256,
                storage_key=stored.key,
                uploaded_at=at,
            )
        )
    db.session.flush()


def _page(heading: str, lines: tuple[str, ...]) -> bytes:
    page = Image.new("1", PAGE, 1)
    draw = ImageDraw.Draw(page)
    big, small = (ImageFont.truetype(str(FONT), size) for size in (28, 22))
    draw.text((PAGE[0] // 2, 130), heading, font=big, fill=0, anchor="mm")
    draw.text((PAGE[0] // 2, 190), NOT_REAL_TH, font=small, fill=0, anchor="mm")
    for number, line in enumerate(lines):
        low = FIRST_LINE + number * LINE
        draw.text((MARGIN, low), line, font=small, fill=0, anchor="ls")
        start = MARGIN + int(draw.textlength(line, font=small)) + 15
        draw.line((start, low + 4, PAGE[0] - MARGIN, low + 4), fill=0)
    target = io.BytesIO()
    page.save(target, "PDF", resolution=DOTS)
    return target.getvalue()
