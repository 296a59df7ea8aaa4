"""The shape of a demonstration programme, and the sentence that owns up to its assumed values."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.domain.values.money import to_satang

NEWS = "https://www.thaigov.go.th/news/contents/details/"

ASSUMABLE = {
    "name_th": "ชื่อโครงการ",
    "opens_on": "วันเปิดรับคำขอ",
    "closes_on": "วันปิดรับคำขอ",
    "envelope": "วงเงินโครงการ",
    "ceiling": "วงเงินกู้สูงสุดต่อสหกรณ์",
    "longest_term_months": "ระยะเวลาส่งชำระคืน",
    "annual_rate": "อัตราดอกเบี้ย",
    "rate_steps": "ขั้นอัตราดอกเบี้ย",
    "purpose_th": "วัตถุประสงค์",
    "member_rate": "อัตราดอกเบี้ยที่คิดกับสมาชิก",
    "member_loan_cap": "วงเงินกู้ต่อสมาชิก",
    "documents": "รายการเอกสารแนบ",
}

# No published list of documents was found for any programme.
ALWAYS_ASSUMED = ("documents",)

ELIGIBLE_TH = (
    "สหกรณ์ออมทรัพย์หรือสหกรณ์เครดิตยูเนี่ยนในสถานประกอบกิจการหรือรัฐวิสาหกิจ ทั้งรายเก่าและรายใหม่ "
    "โดยคณะกรรมการดำเนินการทั้งคณะและผู้ปฏิบัติหน้าที่ผู้จัดการเป็นผู้ค้ำประกัน"
)


@dataclass(frozen=True, slots=True)
class RateStep:
    """One rate of several: it holds up to a month, counted by the loan's term or by the age of the loan."""

    basis: str  # "term": the whole loan, by its length; "month": the instalments up to that month
    up_to_month: int
    annual_rate: Decimal  # a fraction; 0.0275 is 2.75 per cent


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """A loan programme's terms; ``assumed`` names the fields no source states."""

    key: str
    name_th: str
    name_en: str
    opens_on: date
    closes_on: date
    envelope: Decimal
    ceiling: Decimal
    longest_term_months: int
    annual_rate: Decimal  # the main rate, a fraction
    purpose_th: str
    status: str  # draft | open | closed
    assumed: tuple[str, ...]
    source: str
    notification_no: str | None = None  # none was found for any programme
    notification_date: date | None = None
    rate_steps: tuple[RateStep, ...] = ()
    rate_note: str = ""
    eligible_th: str = ELIGIBLE_TH
    interest_free_months: int = 0  # only for a cooperative that never borrowed from the fund
    member_rate_cap: Decimal | None = Decimal("0.05")
    member_rate_discount: Decimal | None = None  # at least this far below the cooperative's ordinary-loan rate
    member_loan_cap: Decimal | None = None
    member_income_cap: Decimal | None = None  # baht a month
    needs_disaster_evidence: bool = False
    remark_th: str = ""

    @property
    def member_rate_rule_th(self) -> str:
        """Say in Thai what the cooperative may charge its members."""
        if self.member_rate_discount is not None:
            gap = f"{self.member_rate_discount * 100:.2f}"
            return f"อัตราดอกเบี้ยที่คิดกับสมาชิกต้องต่ำกว่าอัตราดอกเบี้ยเงินกู้สามัญของสหกรณ์ไม่น้อยกว่าร้อยละ {gap} ต่อปี"
        if self.member_rate_cap is not None:
            return f"อัตราดอกเบี้ยที่คิดกับสมาชิกไม่เกินร้อยละ {self.member_rate_cap * 100:.2f} ต่อปี"
        return "ไม่กำหนด"

    @property
    def note_th(self) -> str:
        """Say in Thai which of the values are assumptions, so that no reader takes them for published ones."""
        labels = [ASSUMABLE[field] for field in (*self.assumed, *ALWAYS_ASSUMED)]
        note = f"ข้อสมมติ: {' / '.join(labels)} ไม่พบในแหล่งข้อมูลที่เผยแพร่ โปรดตรวจกับประกาศก่อนใช้จริง"
        return f"{note} {self.remark_th}".strip()


def million(amount: str) -> Decimal:
    """Turn "7.5" (million baht) into baht."""
    return to_satang(Decimal(amount) * 1_000_000)


def news(*numbers: int) -> str:
    """Return the addresses of Government House news items."""
    return " ; ".join(f"{NEWS}{number}" for number in numbers)
