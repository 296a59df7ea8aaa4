"""The kinds of special programme the fund has announced, each with the terms it was announced with."""

from datetime import date
from decimal import Decimal

from app.demo.terms import ELIGIBLE_TH, Programme, RateStep, million, news
from app.domain.values.calendar import from_be

KINGS_WISDOM_TH = "โครงการเงินกู้เพื่อวิถีแห่งคุณภาพชีวิตที่ดีตามศาสตร์พระราชา"
KINGS_WISDOM_EN = "Loan for a good quality of life after the King's wisdom"
COVID_TH = "โครงการเงินกู้เพื่อบรรเทาผลกระทบจากสถานการณ์การแพร่ระบาดของโรคติดเชื้อไวรัสโคโรนา 2019 (โควิด-19)"
COVID_EN = "Loan to relieve the effects of COVID-19"
DISASTER_TH = "โครงการเงินกู้เพื่อบรรเทาผลกระทบจากภัยพิบัติทางธรรมชาติ"
DISASTER_EN = "Natural disaster relief loan"
DEBT_TH = "โครงการเงินกู้สร้างสุข ปลดทุกข์หนี้นอกระบบ"
DEBT_EN = "Loan to clear informal debt"

REPAY_DEBT_TH = "ปลดเปลื้องหนี้นอกระบบ หนี้บัตรเครดิต และพัฒนารายได้ของสมาชิก"
REPAIR_TH = "ซ่อมแซมที่อยู่อาศัยและฟื้นฟูอาชีพของสมาชิกที่ประสบภัยพิบัติทางธรรมชาติ"
CLEAR_DEBT_TH = "ให้สมาชิกชำระหนี้นอกระบบหรือลงทุนประกอบอาชีพเสริม"
SIDE_JOB_TH = "ให้สมาชิกลงทุนประกอบอาชีพเสริม"
COVID_USE_TH = "บรรเทาความเดือดร้อนของสมาชิกที่ได้รับผลกระทบจากโรคโควิด-19"
DISASTER_ELIGIBLE_TH = "สถานประกอบกิจการอยู่ในพื้นที่ประสบภัย หรือสหกรณ์มีสมาชิกที่มีภูมิลำเนาในพื้นที่ประสบภัย"
MONTHLY_TH = "ชำระเงินต้นพร้อมดอกเบี้ยเป็นรายเดือน"

# How 0.50 rises to 1.50 per cent was not found; a step a year is our reading.
DEBT_RATES = (
    RateStep("month", 12, Decimal("0.0050")),
    RateStep("month", 24, Decimal("0.0100")),
    RateStep("month", 36, Decimal("0.0150")),
)
DEBT_RATE_NOTE = (
    "ร้อยละ 0.50–1.50 ต่อปี ปลอดดอกเบี้ย 3 เดือนแรกสำหรับสหกรณ์ที่ไม่เคยกู้เงินกองทุน "
    "(ข้อสมมติ: ปีที่ 1 ร้อยละ 0.50 ปีที่ 2 ร้อยละ 1.00 ปีที่ 3 ร้อยละ 1.50)"
)


def kings_wisdom(
    year: int, opens_on: date, closes_on: date, *, assumed: tuple[str, ...], source: str, remark: str = ""
) -> Programme:
    return Programme(
        key=f"kings-wisdom-{year}",
        name_th=f"{KINGS_WISDOM_TH} ปีงบประมาณ {year}",
        name_en=f"{KINGS_WISDOM_EN}, fiscal year {from_be(year)}",
        opens_on=opens_on,
        closes_on=closes_on,
        envelope=million("50"),
        ceiling=million("10"),
        longest_term_months=60,
        annual_rate=Decimal("0.0200"),
        rate_note="ร้อยละ 2.00 ต่อปี",
        purpose_th=REPAY_DEBT_TH,
        member_income_cap=Decimal(35_000) if year < 2563 else None,
        status="closed",
        assumed=assumed,
        source=source,
        remark_th=remark,
    )


def covid(year: int, opens_on: date, closes_on: date, *, assumed: tuple[str, ...], source: str) -> Programme:
    return Programme(
        key=f"covid-{year}",
        name_th=f"{COVID_TH} ปีงบประมาณ {year}",
        name_en=f"{COVID_EN}, fiscal year {from_be(year)}",
        opens_on=opens_on,
        closes_on=closes_on,
        envelope=million("50"),
        ceiling=million("10"),
        longest_term_months=18,
        annual_rate=Decimal("0.0100"),
        rate_note=f"ร้อยละ 1.00 ต่อปี {MONTHLY_TH}",
        purpose_th=COVID_USE_TH,
        member_rate_cap=None,
        member_rate_discount=Decimal("0.0175"),
        status="closed",
        assumed=assumed,
        source=source,
    )


def disaster(
    year: int, opens_on: date, closes_on: date, *, envelope: str, status: str, assumed: tuple[str, ...], remark: str
) -> Programme:
    """Return the natural disaster programme of a fiscal year; its rate, ceiling and term never changed in print."""
    return Programme(
        key=f"disaster-{year}",
        name_th=f"{DISASTER_TH} ปีงบประมาณ {year}",
        name_en=f"{DISASTER_EN}, fiscal year {from_be(year)}",
        opens_on=opens_on,
        closes_on=closes_on,
        envelope=million(envelope),
        ceiling=million("20"),
        longest_term_months=60,
        annual_rate=Decimal("0.0200"),
        rate_note=f"ร้อยละ 2.00 ต่อปี {MONTHLY_TH}",
        purpose_th=REPAIR_TH,
        eligible_th=f"{ELIGIBLE_TH} และ{DISASTER_ELIGIBLE_TH}",
        needs_disaster_evidence=True,
        status=status,
        assumed=assumed,
        source=news(47031, 73765, 81709, 95159, 95166),
        remark_th=remark,
    )


def informal_debt(
    year: int, opens_on: date, closes_on: date, *, status: str, assumed: tuple[str, ...], remark: str
) -> Programme:
    """Return the informal debt programme of a fiscal year."""
    return Programme(
        key=f"informal-debt-{year}",
        name_th=f"{DEBT_TH} ปีงบประมาณ {year}",
        name_en=f"{DEBT_EN}, fiscal year {from_be(year)}",
        opens_on=opens_on,
        closes_on=closes_on,
        envelope=million("50"),
        ceiling=million("15"),
        longest_term_months=36,
        annual_rate=Decimal("0.0050"),
        rate_steps=DEBT_RATES,
        rate_note=DEBT_RATE_NOTE,
        interest_free_months=3,
        purpose_th=CLEAR_DEBT_TH,
        member_loan_cap=Decimal(100_000),
        status=status,
        assumed=("ceiling", "longest_term_months", "rate_steps", "member_rate", *assumed),
        source=news(76636, 76516, 81709, 81750),
        remark_th=remark,
    )


def quality_of_life(
    year: int, opens_on: date, closes_on: date, *, status: str, assumed: tuple[str, ...], remark: str
) -> Programme:
    """Return the side-job programme of a fiscal year; only that of 2565 was published."""
    return Programme(
        key=f"quality-of-life-{year}",
        name_th=f"โครงการเงินกู้เพื่อพัฒนาคุณภาพชีวิตแรงงาน ปีงบประมาณ {year}",
        name_en=f"Loan for workers' quality of life, fiscal year {from_be(year)}",
        opens_on=opens_on,
        closes_on=closes_on,
        envelope=million("50"),
        ceiling=million("10"),
        longest_term_months=36,
        annual_rate=Decimal("0.0050"),
        rate_note=f"ร้อยละ 0.50 ต่อปี {MONTHLY_TH}",
        purpose_th=SIDE_JOB_TH,
        member_rate_cap=None,
        member_rate_discount=Decimal("0.0225"),
        member_loan_cap=Decimal(100_000),
        status=status,
        assumed=assumed,
        source=news(50124, 49734, 49809),
        remark_th=remark,
    )
