"""The special programmes of past years, with the windows and envelopes their announcements gave."""

from datetime import date
from decimal import Decimal

from app.demo.programme_kinds import covid, disaster, informal_debt, kings_wisdom, quality_of_life
from app.demo.terms import Programme, million, news

TOP_UP_ASSUMED = (
    "opens_on",
    "closes_on",
    "envelope",
    "ceiling",
    "longest_term_months",
    "annual_rate",
    "purpose_th",
    "member_rate",
)

TOP_UP = Programme(
    key="top-up-2566",
    name_th="โครงการเงินกู้เติมสุขเพื่อยกระดับคุณภาพชีวิตแรงงาน ปีงบประมาณ 2566",
    name_en="Top-up loan to raise workers' quality of life, fiscal year 2023",
    opens_on=date(2022, 10, 1),
    closes_on=date(2023, 9, 30),
    envelope=million("100"),
    ceiling=million("20"),
    longest_term_months=60,
    annual_rate=Decimal("0.0200"),
    rate_note="ร้อยละ 2.00 ต่อปี (ข้อสมมติ)",
    purpose_th="ยกระดับคุณภาพชีวิตของสมาชิก",
    status="closed",
    assumed=TOP_UP_ASSUMED,
    source=news(73433),
    remark_th="ที่เผยแพร่มีเพียงยอดรวม 7 สหกรณ์ 100,000,000 บาท เฉลี่ยเกิน 10 ล้านบาท วงเงินต่อสหกรณ์จึงต้องสูงกว่านั้น",
)

PAST = (
    kings_wisdom(
        2561,
        date(2018, 1, 15),
        date(2018, 7, 31),
        assumed=("longest_term_months",),
        source=news(9379, 10227, 14560),
        remark="ข่าวหนึ่งระบุวันปิดรับ 31 มกราคม 2561 ข่าวภายหลังระบุ 31 กรกฎาคม 2561 จึงใช้วันหลัง",
    ),
    kings_wisdom(
        2562,
        date(2018, 10, 1),
        date(2019, 7, 31),
        assumed=("opens_on", "envelope", "longest_term_months"),
        source=news(18046),
    ),
    kings_wisdom(
        2563,
        date(2019, 12, 25),
        date(2020, 7, 31),
        assumed=("opens_on", "closes_on"),
        source=news(25116, 25165),
    ),
    covid(
        2564,
        date(2020, 10, 1),
        date(2021, 7, 31),
        assumed=("opens_on", "purpose_th"),
        source=f"{news(41805)} ; https://www.gcc.go.th/?p=22006",
    ),
    covid(
        2566,
        date(2022, 10, 1),
        date(2023, 7, 31),
        assumed=("opens_on", "closes_on", "envelope", "purpose_th"),
        source=news(73433),
    ),
    disaster(
        2565,
        date(2021, 10, 1),
        date(2022, 9, 30),
        envelope="80",
        status="closed",
        assumed=("opens_on", "closes_on"),
        remark="เริ่มเดือนตุลาคม 2564 ไม่พบวันที่แน่นอน",
    ),
    disaster(
        2567,
        date(2023, 10, 1),
        date(2024, 9, 30),
        envelope="30",
        status="closed",
        assumed=("opens_on", "closes_on", "envelope"),
        remark="วงเงินรวมทุกโครงการของปีงบประมาณ 2567 คือ 80 ล้านบาท ส่วนแบ่งของโครงการนี้ไม่พบ",
    ),
    disaster(
        2568,
        date(2025, 4, 1),
        date(2025, 9, 30),
        envelope="80",
        status="closed",
        assumed=("opens_on", "closes_on", "envelope"),
        remark="เปิดอีกครั้งเดือนเมษายน 2568 หลังเหตุแผ่นดินไหว",
    ),
    informal_debt(
        2567,
        date(2023, 12, 20),
        date(2024, 5, 31),
        status="closed",
        assumed=("opens_on",),
        remark="ประกาศเดือนธันวาคม 2566 ไม่พบวันเปิดรับที่แน่นอน",
    ),
    quality_of_life(
        2565,
        date(2022, 1, 1),
        date(2022, 3, 31),
        status="closed",
        assumed=(),
        remark="ปิดรับเมื่อครบกำหนดหรือวงเงินหมด แล้วแต่เหตุใดเกิดก่อน ประกาศมีผลใช้บังคับวันที่ 2 มกราคม 2565",
    ),
    TOP_UP,
)
