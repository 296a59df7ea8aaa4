"""Six thousand cooperatives with names, in provinces as unequal as they are."""

import hashlib
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import accumulate
from typing import Any

import psycopg

from app.domain.cooperatives import Board, Guarantor, pack_board
from app.domain.values.thai import search_key, sort_key

FIRST, LAST = 1001, 6960
CAPITAL = "TH-10"
INDUSTRIAL = frozenset({"ชลบุรี", "สมุทรปราการ", "ระยอง", "ปทุมธานี", "นนทบุรี", "นครราชสีมา", "เชียงใหม่"})
KINDS = ("สหกรณ์ออมทรัพย์พนักงาน", "สหกรณ์ออมทรัพย์", "สหกรณ์ออมทรัพย์ลูกจ้าง", "สหกรณ์เครดิตยูเนี่ยน")
TRADES = (
    "การไฟฟ้า", "โรงงานทอผ้า", "ไทยเหล็กกล้า", "ยานยนต์", "อิเล็กทรอนิกส์", "โรงพยาบาล", "ท่าเรือ", "ปิโตรเคมี",
    "อาหารแช่แข็ง", "การประปา", "รถไฟ", "เซรามิก",
)  # fmt: skip
COLUMNS = (
    "id", "registration_no", "cooperative_code", "tax_id", "name", "kind", "workplace", "registered_on", "address",
    "sub_district", "district", "province_id", "postcode", "office_id", "phone", "email", "members", "share_capital",
    "reserve", "borrowing_ceiling", "ceiling_fiscal_year", "ordinary_rate", "borrowed_before", "year_end_day",
    "year_end_month", "status", "search_text", "name_sort", "version",
)  # fmt: skip


def _chance(*parts: object) -> float:
    return int.from_bytes(hashlib.sha256(repr(parts).encode()).digest()[:4]) / 2**32


def _weight(code: str, name: str) -> float:
    if code == CAPITAL:
        return 12
    return 4 if name in INDUSTRIAL else 0.5 + _chance("province", code)


def _row(key: int, province_id: int, province: str, office_id: int) -> tuple[Any, ...]:
    number = key - 1000
    registration, code, tax = f"ส.{number:05}/2540", f"8{number:012}", f"{994_000_000_000 + number:013}"
    name = f"{KINDS[number % 4]}{TRADES[number * 7 % 12]}{province} {number} จำกัด"
    return (
        key, registration, code, tax, name, "credit_union" if number % 4 == 3 else "savings",
        "state_enterprise" if number % 5 == 0 else "establishment", date(1980, 1, 1) + timedelta(number * 3 % 14_000),
        f"เลขที่ {number}", "ในเมือง", "เมือง", province_id, f"{10_000 + province_id * 100:05}", office_id,
        f"02{number:07}", f"coop{key}@example.or.th", 50 + number * 37 % 20_000, 10_000_000 + number * 10_000,
        1_000_000 + number * 1000, 50_000_000, 2570, "0.0625", number % 3 == 0, 31, 12, "active",
        search_key(f"{name} {registration} {code} {tax}"), sort_key(name), 1,
    )  # fmt: skip


def _rows(provinces: list[tuple[int, str, str, list[int]]]) -> Iterator[tuple[Any, ...]]:
    bounds = list(accumulate(_weight(code, name) for _id, code, name, _offices in provinces))
    for key in range(FIRST, LAST + 1):
        drawn = _chance("cooperative", key) * bounds[-1]
        chosen = next(index for index, bound in enumerate(bounds) if drawn < bound)
        province_id, _code, name, offices = provinces[chosen]
        yield _row(key, province_id, name, offices[key % len(offices)])


def add_cooperatives(connection: psycopg.Connection) -> None:
    """Copy the cooperatives into their table."""
    provinces = connection.execute(
        "SELECT p.id, p.code, p.name, array_agg(o.id ORDER BY o.id) FROM province p JOIN office_province s"
        " ON s.province_id = p.id JOIN office o ON o.id = s.office_id WHERE o.active AND o.kind <> 'central'"
        " GROUP BY p.id ORDER BY p.id"
    ).fetchall()
    command = f"COPY cooperative ({', '.join(COLUMNS)}) FROM STDIN"
    with connection.cursor().copy(command) as copy:
        for row in _rows(provinces):
            copy.write_row(row)


def add_boards(connection: psycopg.Connection) -> None:
    """Pack every cooperative's board beside the plan, as the applications that were sent keep it."""
    boards: dict[int, Board] = {}
    for owner, *values in connection.execute(
        "SELECT cooperative_id, id, full_name, position, term_starts_on, term_ends_on FROM board_member ORDER BY id"
    ):
        boards[owner] = (*boards.get(owner, ()), Guarantor(*values))
    connection.execute("CREATE TABLE bench.board (cooperative_id int PRIMARY KEY, content bytea)")
    with connection.cursor().copy("COPY bench.board FROM STDIN") as copy:
        for owner, board in boards.items():
            copy.write_row((owner, pack_board(board)))
