"""Forty demonstration cooperatives: eight named in public news, the rest plainly invented."""

import csv
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import geothai
from stdnum.th import pin

from app.demo.terms import million

ROWS = Path(__file__).with_name("cooperatives.csv")

CEILING_YEAR = 2570
BOARD_TERM = (date(2026, 1, 15), date(2028, 1, 14))
BOARD_POSITIONS = (
    "ประธานกรรมการ",
    "รองประธานกรรมการ",
    "เลขานุการ",
    "เหรัญญิก",
    "กรรมการคนที่ 1",
    "กรรมการคนที่ 2",
    "กรรมการคนที่ 3",
)

# Debts to all lenders may reach this many times share capital and reserve.
LEVERAGE = {"savings": Decimal("1.5"), "credit_union": Decimal(5)}

NAMED_NOTE_TH = (
    "ชื่อสหกรณ์และเงินกู้มาจากข่าวที่เผยแพร่ ส่วนเลขทะเบียน เลขประจำตัว ที่อยู่ จำนวนสมาชิก ฐานะการเงิน และสำนักงานที่รับผิดชอบ เป็นข้อสมมติ"
)
INVENTED_NOTE_TH = "สหกรณ์ตัวอย่าง ไม่มีอยู่จริง ข้อมูลทั้งหมดเป็นข้อสมมติ"


@dataclass(frozen=True, slots=True)
class BoardMember:
    """One of the operating board; the name is a role, never a person's."""

    name_th: str
    position_th: str
    term_from: date
    term_to: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Cooperative:
    """A cooperative with its address, its accounts and its board."""

    key: str
    name_th: str
    name_en: str
    named_in_public: bool
    registration_no: str
    cooperative_code: str
    tax_id: str
    kind: str  # savings | credit_union
    workplace: str  # establishment | state_enterprise
    address_line: str
    sub_district: str
    district: str
    province: str  # ISO code, "TH-20"
    postcode: str
    phone: str
    email: str
    members: int
    share_capital: Decimal
    reserve: Decimal
    annual_borrowing_ceiling: Decimal
    ceiling_fiscal_year: int
    ordinary_rate: Decimal  # a fraction
    year_ends_day: int
    year_ends_month: int
    registered_on: date
    office: str
    manager_th: str
    board: tuple[BoardMember, ...]
    note_th: str

    @property
    def leverage_limit(self) -> Decimal:
        """Return the most this cooperative may owe to all lenders together, in baht."""
        return LEVERAGE[self.kind] * (self.share_capital + self.reserve)


class Place(NamedTuple):
    """A sub-district with what belongs to it."""

    sub_district: str
    district: str
    province: str
    postcode: str


def _tax_id(number: int) -> str:
    body = f"0994999000{number:02}"
    return body + pin.calc_check_digit(body)


def _board(number: int) -> tuple[BoardMember, ...]:
    return tuple(BoardMember(f"{position} สหกรณ์ที่ {number}", position, *BOARD_TERM) for position in BOARD_POSITIONS)


def _phone(number: int, province: str) -> str:
    # As identifiers.phone stores a number, so that saving the record unchanged changes nothing.
    return f"02000{number:04}" if province == "TH-10" else f"090000{number:04}"


def _place(code: str) -> Place:
    sub_district, district = geothai.subdistrict(code), geothai.district(code[:4])
    if sub_district is None or district is None:
        raise LookupError(f"no sub-district {code}")
    return Place(sub_district.name_th, district.name_th, f"TH-{code[:2]}", sub_district.postal_codes[0])


def _cooperative(number: int, row: dict[str, str]) -> Cooperative:
    place = _place(row["sub_district_code"])
    named = row["source"] == "news"
    share_capital, reserve = million(row["share_millions"]), million(row["reserve_millions"])
    day, month = row["year_ends"].split("/")
    return Cooperative(
        key=row["key"],
        name_th=row["name_th"],
        name_en=row["name_en"],
        named_in_public=named,
        registration_no=f"ตย.{number:04}/{row['registered_be']}",
        cooperative_code=f"99990000{number:05}",
        tax_id=_tax_id(number),
        kind=row["kind"],
        workplace=row["workplace"],
        address_line=f"เลขที่ {number}",
        sub_district=place.sub_district,
        district=place.district,
        province=place.province,
        postcode=place.postcode,
        phone=_phone(number, place.province),
        email=f"{row['key']}@example.or.th",
        members=int(row["members"]),
        share_capital=share_capital,
        reserve=reserve,
        annual_borrowing_ceiling=share_capital + reserve,
        ordinary_rate=Decimal(row["ordinary_rate_percent"]) / 100,
        ceiling_fiscal_year=CEILING_YEAR,
        year_ends_day=int(day),
        year_ends_month=int(month),
        registered_on=date(int(row["registered_be"]) - 543, 1 + number % 12, 1 + number % 28),
        office=row["office"],
        manager_th=f"ผู้จัดการ สหกรณ์ที่ {number}",
        board=_board(number),
        note_th=NAMED_NOTE_TH if named else INVENTED_NOTE_TH,
    )


def _read() -> tuple[Cooperative, ...]:
    with ROWS.open(encoding="utf-8", newline="") as lines:
        return tuple(_cooperative(number, row) for number, row in enumerate(csv.DictReader(lines), start=1))


COOPERATIVES = _read()
BY_KEY = {cooperative.key: cooperative for cooperative in COOPERATIVES}
