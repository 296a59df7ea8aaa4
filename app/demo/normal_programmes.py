"""The fund's standing loan, one programme a fiscal year; only the terms of fiscal year 2567 were published."""

from datetime import date
from decimal import Decimal

from app.demo.terms import Programme, RateStep, million, news
from app.domain.values.calendar import from_be

SHORT_RATE = Decimal("0.0275")
LONG_RATE = Decimal("0.0300")
PUBLISHED_YEAR = 2567
OPEN_YEAR = 2570
FIRST_YEAR = 2562
LAST_YEAR = 2571

# Fiscal year 2567 shared 80 million baht with two other programmes, 50 of them for one of these: 30 are left.
ENVELOPES = {2567: million("30")}
USUAL_ENVELOPE = million("150")

ASSUMED_EVERY_YEAR = ("envelope", "purpose_th", "member_rate")
ASSUMED_OTHER_YEARS = ("opens_on", "closes_on", "ceiling", "longest_term_months", "annual_rate", "rate_steps")


def _status(year: int) -> str:
    if year == OPEN_YEAR:
        return "open"
    return "draft" if year > OPEN_YEAR else "closed"


def _normal(year: int) -> Programme:
    published = year == PUBLISHED_YEAR
    remark = "" if published else f"เงื่อนไขยกมาจากกรณีปกติของปีงบประมาณ {PUBLISHED_YEAR} ซึ่งเป็นปีล่าสุดที่พบการเผยแพร่"
    return Programme(
        key=f"normal-{year}",
        name_th=f"โครงการเงินกู้กองทุนเพื่อผู้ใช้แรงงาน กรณีปกติ ปีงบประมาณ {year}",
        name_en=f"Labour Fund normal loan, fiscal year {from_be(year)}",
        opens_on=date(year - 544, 10, 1),
        closes_on=date(year - 543, 9, 30),
        envelope=ENVELOPES.get(year, USUAL_ENVELOPE),
        ceiling=million("30"),
        longest_term_months=60,
        annual_rate=LONG_RATE,
        rate_steps=(RateStep("term", 12, SHORT_RATE), RateStep("term", 60, LONG_RATE)),
        rate_note="ระยะสั้นไม่เกิน 12 เดือน ร้อยละ 2.75 ต่อปี ระยะยาว 13–60 เดือน ร้อยละ 3.00 ต่อปี",
        purpose_th="ให้สมาชิกกู้เพื่อใช้จ่ายที่จำเป็น ปลดเปลื้องหนี้สิน และพัฒนาคุณภาพชีวิต",
        status=_status(year),
        assumed=ASSUMED_EVERY_YEAR if published else ASSUMED_EVERY_YEAR + ASSUMED_OTHER_YEARS,
        source=news(73765, 81709, 81750, 82711),
        remark_th=remark,
    )


NORMAL = tuple(_normal(year) for year in range(FIRST_YEAR, LAST_YEAR + 1))
