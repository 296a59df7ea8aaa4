"""The fifteen documents an application may need, and which programme asks for which; both lists are assumptions."""

from dataclasses import dataclass

from app.demo.terms import Programme
from app.domain.papers import Validity

LIST_NOTE_TH = "ข้อสมมติ: ไม่พบรายการเอกสารแนบที่กองทุนเผยแพร่ รายการนี้เทียบเคียงจากกองทุนอื่นและแก้ไขได้"


@dataclass(frozen=True, slots=True)
class DocumentType:
    """A document an applicant attaches."""

    code: str
    name_th: str
    name_en: str
    help_th: str


@dataclass(frozen=True, slots=True)
class Handling:
    """Why a paper is asked for and how it is handled; every figure is an assumption."""

    purpose_th: str
    validity: Validity = Validity.ALWAYS
    valid_months: int | None = None
    reusable: bool = False
    identity: bool = False
    has_figures: bool = False
    most_files: int | None = None
    retention_years: int = 10  # as accounts are kept


HANDLING = {
    "loan-form": Handling("ยืนยันว่าผู้มีอำนาจลงนามขอกู้จริงและรับรองข้อมูลในคำขอ"),
    "board-minutes": Handling("แสดงว่าคณะกรรมการมีมติให้กู้ตามจำนวนและระยะเวลาที่ขอ", Validity.MONTHS, 6),
    "general-meeting-minutes": Handling("แสดงวงเงินกู้ยืมหรือค้ำประกันที่ประชุมใหญ่กำหนด", Validity.FISCAL_YEAR, reusable=True),
    "registrar-approval": Handling("ยืนยันว่านายทะเบียนเห็นชอบวงเงินของปีนี้", Validity.FISCAL_YEAR, reusable=True),
    "financial-statements": Handling("ใช้พิจารณาฐานะการเงินและความสามารถชำระคืน", has_figures=True, most_files=6),
    "trial-balance": Handling("แสดงฐานะการเงินล่าสุดก่อนยื่นคำขอ", Validity.MONTHS, 3, has_figures=True),
    "registration": Handling("ยืนยันว่าสหกรณ์จดทะเบียนแล้วและเป็นสหกรณ์เดียวกับผู้ขอ", reusable=True, most_files=2),
    "bylaws": Handling("แสดงอำนาจกู้ยืมและวิธีให้สมาชิกกู้", reusable=True),
    "guarantors": Handling("แสดงผู้ค้ำประกันเงินกู้และวาระการดำรงตำแหน่ง", identity=True),
    "member-list": Handling("แสดงว่าสมาชิกต้องการเงินกู้จริงและรวมเป็นจำนวนที่ขอ", identity=True),
    "spending-plan": Handling("แสดงว่าเงินกู้จะใช้ทำอะไรและชำระคืนจากรายได้ใด"),
    "ordinary-rate-notice": Handling("ใช้ตรวจอัตราดอกเบี้ยที่จะคิดกับสมาชิก", Validity.FISCAL_YEAR, reusable=True),
    "bank-book": Handling("ใช้โอนเงินกู้เข้าบัญชีที่ถูกต้อง", reusable=True, most_files=2),
    "power-of-attorney": Handling("แสดงว่าผู้ดำเนินการแทนมีอำนาจ", identity=True),
    "disaster-evidence": Handling("แสดงว่าสมาชิกอยู่ในพื้นที่ที่โครงการช่วยเหลือ"),
}


@dataclass(frozen=True, slots=True)
class ProgrammeDocument:
    """One programme asks for one document."""

    programme: str
    document: str
    required: bool
    note_th: str = LIST_NOTE_TH


DOCUMENT_TYPES = (
    DocumentType(
        "loan-form",
        "แบบคำขอกู้เงินกองทุนเพื่อผู้ใช้แรงงาน",
        "Loan application form",
        "แบบคำขอที่ผู้มีอำนาจลงนามของสหกรณ์ลงนามแล้วทุกหน้า",
    ),
    DocumentType(
        "board-minutes",
        "รายงานการประชุมคณะกรรมการดำเนินการที่มีมติให้กู้เงิน",
        "Board minutes resolving to borrow",
        "ต้องระบุจำนวนเงิน ระยะเวลา และวัตถุประสงค์ พร้อมรายชื่อกรรมการที่เข้าประชุม",
    ),
    DocumentType(
        "general-meeting-minutes",
        "รายงานการประชุมใหญ่ที่กำหนดวงเงินกู้ยืมหรือค้ำประกันประจำปี",
        "General meeting minutes setting the annual borrowing ceiling",
        "เฉพาะวาระที่กำหนดวงเงินกู้ยืมหรือค้ำประกันของปีบัญชีปัจจุบัน",
    ),
    DocumentType(
        "registrar-approval",
        "หนังสือนายทะเบียนสหกรณ์เห็นชอบวงเงินกู้ยืมหรือค้ำประกันประจำปี",
        "Registrar's approval of the annual borrowing ceiling",
        "ต้องเป็นของปีบัญชีปัจจุบัน และวงเงินคงเหลือไม่น้อยกว่าจำนวนที่ขอกู้",
    ),
    DocumentType(
        "financial-statements",
        "งบการเงินและรายงานของผู้สอบบัญชี",
        "Financial statements and auditor's report",
        "ปีบัญชีล่าสุดอย่างน้อย 1 ปี หากมีครบ 3 ปีจะช่วยให้พิจารณาได้เร็วขึ้น",
    ),
    DocumentType(
        "trial-balance",
        "งบทดลองเดือนล่าสุด",
        "Latest monthly trial balance",
        "เดือนล่าสุดก่อนวันยื่นคำขอ",
    ),
    DocumentType(
        "registration",
        "ใบสำคัญรับจดทะเบียนสหกรณ์",
        "Cooperative registration certificate",
        "ฉบับปัจจุบันที่แสดงชื่อและเลขทะเบียนตรงกับคำขอ",
    ),
    DocumentType(
        "bylaws",
        "ข้อบังคับสหกรณ์และระเบียบว่าด้วยการให้เงินกู้",
        "Bylaws and lending rules",
        "ฉบับที่ใช้บังคับอยู่ในวันยื่นคำขอ",
    ),
    DocumentType(
        "guarantors",
        "รายชื่อและตำแหน่งคณะกรรมการดำเนินการและผู้จัดการ (ผู้ค้ำประกัน)",
        "Board members and manager (the guarantors)",
        "ไม่ต้องแนบสำเนาบัตรประชาชน หากแนบโปรดปิดบังเลขประจำตัวและข้อมูลที่ไม่จำเป็น",
    ),
    DocumentType(
        "member-list",
        "รายชื่อสมาชิกผู้แสดงความจำนงขอกู้",
        "Members who wish to borrow",
        "ระบุจำนวนเงินและวัตถุประสงค์ของแต่ละคน โปรดไม่ใส่เลขประจำตัวประชาชน",
    ),
    DocumentType(
        "spending-plan",
        "แผนการใช้เงินกู้และแผนการชำระคืน",
        "Spending and repayment plan",
        "แสดงรายได้ที่จะใช้ชำระคืนแต่ละเดือนตลอดระยะเวลากู้",
    ),
    DocumentType(
        "ordinary-rate-notice",
        "ประกาศอัตราดอกเบี้ยเงินกู้สามัญของสหกรณ์",
        "Notice of the ordinary-loan rate",
        "ใช้ตรวจโครงการที่กำหนดให้คิดดอกเบี้ยสมาชิกต่ำกว่าเงินกู้สามัญ",
    ),
    DocumentType(
        "bank-book",
        "สำเนาหน้าสมุดบัญชีเงินฝากของสหกรณ์",
        "First page of the cooperative's bank book",
        "บัญชีในชื่อสหกรณ์ที่ใช้รับเงินกู้ เห็นชื่อและเลขที่บัญชีชัดเจน",
    ),
    DocumentType(
        "power-of-attorney",
        "หนังสือมอบอำนาจ",
        "Power of attorney",
        "เฉพาะกรณีให้ผู้อื่นดำเนินการแทนผู้มีอำนาจลงนาม",
    ),
    DocumentType(
        "disaster-evidence",
        "หลักฐานพื้นที่ประสบภัย",
        "Evidence of the disaster area",
        "ประกาศเขตพื้นที่ประสบภัย หรือรายชื่อสมาชิกที่มีภูมิลำเนาในพื้นที่",
    ),
)

DISASTER_DOCUMENT = "disaster-evidence"
REQUIRED = frozenset(
    {
        "loan-form",
        "board-minutes",
        "general-meeting-minutes",
        "registrar-approval",
        "financial-statements",
        "registration",
    }
)


def documents_of(programme: Programme) -> tuple[ProgrammeDocument, ...]:
    """Return the documents a programme asks for, in the order an applicant reads them."""
    asked = [
        kind.code for kind in DOCUMENT_TYPES if kind.code != DISASTER_DOCUMENT or programme.needs_disaster_evidence
    ]
    required = REQUIRED | {DISASTER_DOCUMENT}
    return tuple(ProgrammeDocument(programme.key, code, code in required) for code in asked)
