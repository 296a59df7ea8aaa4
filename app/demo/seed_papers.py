"""Attaches small files to the demonstration's applications: one scanned-looking page for each kind of document."""

import io
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from pathlib import Path

import fontpkg_sarabun
from PIL import Image, ImageDraw, ImageFont

from app.demo import programmes
from app.demo.document_types import HANDLING, documents_of
from app.demo.loan_rows import Application
from app.demo.loans import APPLICATIONS
from app.demo.seed_accounts import Accounts
from app.demo.seed_registers import Registers
from app.demo.stories import ASKED_FOR, steps_of
from app.domain.file_kinds import FileKind
from app.domain.papers import Validity
from app.domain.states import HOLDS_MONEY, State
from app.domain.values.calendar import BANGKOK, bangkok_day
from app.extensions import db
from app.files.store import document_store
from app.models.applications import LoanApplication
from app.models.documents import Document

FILES_TH = {
    "loan-form": "แบบคำขอกู้เงินกองทุน",
    "board-minutes": "รายงานการประชุมคณะกรรมการดำเนินการ",
    "general-meeting-minutes": "รายงานการประชุมใหญ่",
    "registrar-approval": "หนังสือเห็นชอบวงเงินกู้ยืม",
    "financial-statements": "งบการเงินและรายงานของผู้สอบบัญชี",
    "registration": "ใบสำคัญรับจดทะเบียนสหกรณ์",
    "disaster-evidence": "ประกาศเขตพื้นที่ประสบภัย",
}
PHOTOGRAPHED = frozenset({"disaster-evidence"})
BEGUN = ("loan-form", "board-minutes")
# The approved loan and the begun draft that belong to demonstration sign-ins.
FINISHED_KEY, BEGUN_KEY = "past-1", "open-05"

NOT_REAL_TH = "เอกสารตัวอย่างสำหรับการสาธิต ไม่ใช่เอกสารจริง"
PAGE = (827, 1169)  # A4 at 100 dots an inch
DOTS = 100.0
BEFORE_SENDING = timedelta(minutes=20)
AFTERNOON = time(14, 5)
FONT = Path(fontpkg_sarabun.__file__).parent / "files" / "Sarabun-Regular.ttf"


def add_papers(rows: dict[str, LoanApplication], registers: Registers, accounts: Accounts) -> None:
    """Store every file under a key of its own and add its row.

    Raises:
        StoreUnavailable: the store is away; the transaction must not be committed.
    """
    contents = {code: _content(code) for code in FILES_TH}
    store = document_store()
    for application in APPLICATIONS:
        row = rows[application.key]
        for code, at in _attached(application):
            stored = store.put(contents[code])
            document = Document(
                cooperative_id=row.cooperative_id,
                application=row,
                document_type=registers.document_types[code],
                file_name=f"{FILES_TH[code]}{_kind(code).extensions[0]}",
                kind=_kind(code).value,
                size=stored.size,
                sha256=stored.sha256,
                storage_key=stored.key,
                # Made on the day it was attached, so that no sign-in meets a paper without its day.
                issued_on=bangkok_day(at) if HANDLING[code].validity is not Validity.ALWAYS else None,
                uploaded_at=at,
                uploaded_by=accounts.applicant(application.cooperative),
            )
            db.session.add(document)
    db.session.flush()


def _attached(application: Application) -> Iterator[tuple[str, datetime]]:
    """Yield each document's code and when it was attached."""
    steps = steps_of(application)
    if application.key == BEGUN_KEY:
        at = datetime.combine(application.moved_on, AFTERNOON, BANGKOK)
        yield from ((code, at) for code in BEGUN)
    if application.key != FINISHED_KEY and State(application.status) not in HOLDS_MONEY:
        return
    for asked in documents_of(programmes.BY_KEY[application.programme]):
        if asked.required:
            yield asked.document, steps[0].at - BEFORE_SENDING
    for step in steps:
        if step.move.name == "answer":
            yield ASKED_FOR[application.key], step.at - BEFORE_SENDING


def _kind(code: str) -> FileKind:
    return FileKind.PNG if code in PHOTOGRAPHED else FileKind.PDF


def _content(code: str) -> bytes:
    # One bit a dot, as office scanners do: a page takes a few thousand bytes.
    page = Image.new("1", PAGE, 1)
    draw = ImageDraw.Draw(page)
    middle = PAGE[0] // 2
    draw.rectangle((60, 80, PAGE[0] - 60, PAGE[1] - 80), outline=0, width=2)
    draw.text((middle, 180), FILES_TH[code], font=ImageFont.truetype(str(FONT), 32), fill=0, anchor="mm")
    draw.text((middle, 240), NOT_REAL_TH, font=ImageFont.truetype(str(FONT), 24), fill=0, anchor="mm")
    target = io.BytesIO()
    page.save(target, _kind(code).value.upper(), **({"resolution": DOTS} if _kind(code) is FileKind.PDF else {}))
    return target.getvalue()
