"""The columns of an imported file of cooperatives, and which heading means which."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext

from app.domain.cooperatives import CooperativeKind
from app.domain.errors import RuleBroken
from app.domain.text import N_
from app.models.base import labels_of
from app.models.cooperatives import Cooperative, CooperativeStatus, Workplace
from app.services.cooperatives.import_cells import (
    Lookups,
    Reader,
    choice,
    in_every_language,
    match_key,
    read_cooperative_code,
    read_day,
    read_email,
    read_month,
    read_name,
    read_office,
    read_phone,
    read_postcode,
    read_province,
    read_rate,
    read_registration_no,
    read_tax_id,
    read_text,
    read_yes_no,
    typed_number,
    whole_between,
)
from app.services.cooperatives.import_file import Cell

LABELS = labels_of(Cooperative)
TABLE = Cooperative.__table__

TOO_LONG = N_("This is longer than %(limit)s characters. Shorten it.")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the file: the cooperative's attribute, its reader, and headings people use besides our label."""

    name: str
    reader: Reader = read_text
    spellings: tuple[str, ...] = ()

    def read(self, cell: Cell, lookups: Lookups) -> Any:
        """Return the value of a cell that is not empty.

        Raises:
            RuleBroken: it cannot be read, is not allowed, or is too long for its column.
        """
        value = self.reader(cell, lookups)
        limit = getattr(TABLE.c[self.name].type, "length", None) if self.name in TABLE.c else None
        if limit and len(value) > limit:
            raise RuleBroken(TOO_LONG, limit=limit)
        return value

    def headings(self) -> set[str]:
        """Return everything that may stand above this column."""
        return {self.name, *in_every_language(LABELS[self.name]), *self.spellings}


COLUMNS = (
    Column("registration_no", read_registration_no, ("เลขทะเบียน", "เลขทะเบียนสหกรณ์", "ทะเบียนเลขที่", "เลขที่ทะเบียน")),
    Column("cooperative_code", read_cooperative_code, ("รหัสสหกรณ์", "รหัสสหกรณ์ 13 หลัก", "เลขประจำตัวสหกรณ์")),
    Column("tax_id", read_tax_id, ("เลขประจำตัวผู้เสียภาษี", "เลขผู้เสียภาษี")),
    Column("name", read_name, ("ชื่อสหกรณ์", "ชื่อ", "ชื่อภาษาไทย")),
    Column("kind", choice(CooperativeKind), ("ประเภท", "ประเภทสหกรณ์")),
    Column("workplace", choice(Workplace), ("ประเภทสถานที่ทำงาน", "สถานที่ทำงาน", "หน่วยงาน")),
    Column("registered_on", read_day, ("วันที่จดทะเบียน", "จดทะเบียนเมื่อ", "วันจดทะเบียน")),
    Column("address", read_text, ("ที่อยู่",)),
    Column("sub_district", read_text, ("ตำบล", "แขวง", "ตำบล/แขวง")),
    Column("district", read_text, ("อำเภอ", "เขต", "อำเภอ/เขต")),
    Column("province", read_province, ("จังหวัด",)),
    Column("postcode", read_postcode, ("รหัสไปรษณีย์",)),
    Column("office", read_office, ("สำนักงานที่รับผิดชอบ", "หน่วยงานที่รับผิดชอบ", "สสค.")),
    Column("phone", read_phone, ("โทรศัพท์", "เบอร์โทร", "เบอร์โทรศัพท์", "หมายเลขโทรศัพท์")),
    Column("email", read_email, ("อีเมล", "อีเมล์", "E-mail")),
    Column("members", typed_number("members"), ("จำนวนสมาชิก", "สมาชิก", "สมาชิก (คน)", "จำนวนสมาชิก (คน)")),
    Column("share_capital", typed_number("share_capital"), ("ทุนเรือนหุ้น", "ทุนเรือนหุ้น (บาท)")),
    Column("reserve", typed_number("reserve"), ("ทุนสำรอง", "ทุนสำรอง (บาท)")),
    Column("borrowing_ceiling", typed_number("borrowing_ceiling"), ("วงเงินกู้ยืมประจำปี", "วงเงินกู้ยืมประจำปี (บาท)")),
    Column("ceiling_fiscal_year", whole_between(2500, 2700), ("ปีของวงเงินกู้ยืม", "ปีของวงเงิน (พ.ศ.)")),
    Column("ordinary_rate", read_rate, ("อัตราดอกเบี้ยเงินกู้สามัญ", "อัตราดอกเบี้ยเงินกู้สามัญ (ร้อยละต่อปี)")),
    Column("year_end_day", whole_between(1, 31), ("วันสิ้นปีบัญชี",)),
    Column("year_end_month", read_month, ("เดือนสิ้นปีบัญชี",)),
    Column("borrowed_before", read_yes_no, ("เคยกู้เงินกองทุน", "เคยกู้เงินกองทุนก่อนใช้ระบบ")),
    Column("fund_arrears", typed_number("fund_arrears"), ("ยอดค้างชำระกองทุน", "ค้างชำระกองทุน (บาท)")),
    Column("arrears_on", read_day, ("ยอดค้างชำระ ณ วันที่",)),
    Column("status", choice(CooperativeStatus), ("สถานะ",)),
)
REQUIRED = ("registration_no", "name", "kind", "workplace", "province")
# Columns that many tables have and nobody expects us to keep.
PASSED_OVER = frozenset(match_key(word) for word in ("ลำดับ", "ลำดับที่", "ที่", "หมายเหตุ", "No.", "Note", "Remarks"))


def columns_under(headings: Collection[str]) -> tuple[dict[str, Column], list[str]]:
    """Return which column each heading means, and the headings that mean none.

    Raises:
        RuleBroken: two headings mean the same column, or none is the registration number.
    """
    meanings = {match_key(word): column for column in COLUMNS for word in column.headings()}
    known = [(heading, meanings[match_key(heading)]) for heading in headings if match_key(heading) in meanings]
    for place, (heading, column) in enumerate(known):
        for other, same in known[:place]:
            if same is column:
                raise RuleBroken(
                    N_("The headings “%(one)s” and “%(two)s” mean the same. Keep one of the two columns."),
                    one=other[:60],
                    two=heading[:60],
                )
    if "registration_no" not in {column.name for _heading, column in known}:
        raise RuleBroken(
            N_("No column is headed “%(heading)s”. Put the template's headings into the first row of the first sheet."),
            heading=gettext(LABELS["registration_no"]),
        )
    unknown = [h for h in headings if match_key(h) not in meanings and match_key(h) not in PASSED_OVER]
    return dict(known), unknown
