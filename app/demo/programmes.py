"""Every demonstration programme: past ones as announced, and those of the open fiscal year as assumptions."""

from datetime import date

from app.demo.normal_programmes import NORMAL
from app.demo.past_programmes import PAST
from app.demo.programme_kinds import disaster, informal_debt, quality_of_life
from app.demo.terms import Programme

CARRIED_TH = "เงื่อนไขทั้งหมดยกมาจากโครงการล่าสุดที่พบการเผยแพร่ ไม่ใช่ประกาศของปีงบประมาณ 2570"
CARRIED = ("opens_on", "closes_on", "envelope", "ceiling", "longest_term_months", "annual_rate", "member_rate")
# The informal debt programme marks these of its own accord.
CARRIED_DEBT = ("opens_on", "closes_on", "envelope", "annual_rate", "purpose_th", "member_loan_cap")

CURRENT = (
    disaster(
        2570,
        date(2026, 10, 1),
        date(2027, 9, 30),
        envelope="80",
        status="open",
        assumed=(*CARRIED, "purpose_th"),
        remark=CARRIED_TH,
    ),
    informal_debt(
        2570,
        date(2026, 10, 1),
        date(2027, 9, 30),
        status="open",
        assumed=CARRIED_DEBT,
        remark=CARRIED_TH,
    ),
    quality_of_life(
        2570,
        date(2027, 1, 4),
        date(2027, 3, 31),
        status="open",
        assumed=(*CARRIED, "purpose_th", "member_loan_cap"),
        remark=f"ยังไม่ถึงวันเปิดรับคำขอ {CARRIED_TH}",
    ),
)

PROGRAMMES: tuple[Programme, ...] = (*PAST, *NORMAL, *CURRENT)
BY_KEY = {programme.key: programme for programme in PROGRAMMES}
