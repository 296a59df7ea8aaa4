"""The columns of an imported register of cooperatives: one row of this table is all that an import knows of a field."""

from collections.abc import Callable
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.domain.cooperatives import CooperativeKind, check_arrears, check_year_end
from app.domain.values import identifiers
from app.domain.values.text import N_
from app.domain.values.thai import arabic_digits
from app.extensions import db
from app.models.cooperatives import Cooperative, CooperativeStatus, Workplace
from app.models.places import Office, Province
from app.services.imports.columns import column_of
from app.services.imports.readers import MONTH, begins_with_zero, choice, reference, typed, yes_no
from app.services.imports.sheets import Sheet
from app.ui.fields import WholeNumberField

MISSING = N_("This is needed for a cooperative that is not in the register yet. Fill in the cell.")
NO_NUMBER = N_("Every row needs the registration number. Fill in the cell, or delete the row.")
NO_PROVINCE = N_("There is no province called “%(typed)s”. Write its Thai or English name, or its code such as TH-20.")
NO_OFFICE = N_("There is no office called “%(typed)s”. Copy its name from the template's sheet of allowed values.")
NO_ROWS = N_(
    "There are no rows under the headings. The first sheet has the headings in its first row and one cooperative in "
    "each row below."
)
# Beginning of the registration numbers in the template's example rows, which are not there to be stored.
EXAMPLE = "ตัวอย่าง"

_SPELLINGS: dict[str, tuple[str, ...]] = {
    CooperativeKind.SAVINGS: ("ออมทรัพย์", "สหกรณ์ออมทรัพย์"),
    CooperativeKind.CREDIT_UNION: ("เครดิตยูเนี่ยน", "สหกรณ์เครดิตยูเนี่ยน", "เครดิตยูเนียน", "สหกรณ์เครดิตยูเนียน"),
    Workplace.ESTABLISHMENT: ("สถานประกอบกิจการ", "สถานประกอบการ"),
    Workplace.STATE_ENTERPRISE: ("รัฐวิสาหกิจ",),
    CooperativeStatus.ACTIVE: ("ดำเนินการ", "ดำเนินกิจการ", "ใช้งาน", "ปกติ"),
    CooperativeStatus.SUSPENDED: ("ระงับ", "ระงับชั่วคราว"),
    CooperativeStatus.CLOSED: ("เลิก", "เลิกกิจการ", "ปิด", "ปิดแล้ว"),
}


def offices_in_use() -> list[Office]:
    """Offices that take cooperatives, with the provinces they serve."""
    offices = select(Office).where(Office.active).order_by(Office.code).options(selectinload(Office.provinces))
    return list(db.session.scalars(offices))


def _provinces() -> list[Province]:
    offices = selectinload(Province.offices).selectinload(Office.provinces)
    return list(db.session.scalars(select(Province).order_by(Province.name_sort).options(offices)))


_PROVINCE = reference(
    _provinces, "code", "name", "name_en",
    refusal=NO_PROVINCE, shown="name", without=r"จังหวัด|จ(?=\.)",
    also={
        "TH-10": ("กรุงเทพ", "กรุงเทพฯ", "กทม."), "TH-14": ("อยุธยา",), "TH-30": ("โคราช",),
        "TH-84": ("สุราษฏร์ธานี", "สุราษฎ์ธานี"),
    },
)  # fmt: skip
_OFFICE = reference(offices_in_use, "name_en", "short_name", "name", "code", refusal=NO_OFFICE, shown="short_name")
_of = partial(column_of, Cooperative)

# Label, help, choices and length stand at the model's column. The examples are plainly invented; the import refuses
# them by the beginning of their registration numbers.
REGISTER = Sheet(
    title=N_("Cooperatives"),
    no_rows=NO_ROWS,
    needed_for=N_("For a new cooperative"),
    columns=(
        _of(
            "registration_no", "เลขทะเบียน", "เลขทะเบียนสหกรณ์", "ทะเบียนเลขที่", "เลขที่ทะเบียน",
            checks=(arabic_digits,), missing=NO_NUMBER, examples=(f"{EXAMPLE} 0001/2530", f"{EXAMPLE} 0002/2541"),
        ),
        _of(
            "cooperative_code", "รหัสสหกรณ์", "รหัสสหกรณ์ 13 หลัก", "เลขประจำตัวสหกรณ์",
            checks=(identifiers.cooperative_code,), examples=("9999000099901",),
        ),
        _of(
            "tax_id", "เลขประจำตัวผู้เสียภาษี", "เลขผู้เสียภาษี",
            reader=begins_with_zero(13), checks=(identifiers.tax_id,), examples=("0994999000999",),
        ),
        _of(
            "name", "ชื่อสหกรณ์", "ชื่อ", "ชื่อภาษาไทย", checks=(identifiers.cooperative_name,), missing=MISSING,
            examples=(
                "สหกรณ์ออมทรัพย์พนักงานโรงงานตัวอย่าง จำกัด",
                "สหกรณ์เครดิตยูเนี่ยนพนักงานรัฐวิสาหกิจตัวอย่าง จำกัด",
            ),
        ),
        _of(
            "kind", "ประเภท", "ประเภทสหกรณ์", reader=choice(CooperativeKind, _SPELLINGS), missing=MISSING,
            examples=(CooperativeKind.SAVINGS, CooperativeKind.CREDIT_UNION),
        ),
        _of(
            "workplace", "ประเภทสถานที่ทำงาน", "สถานที่ทำงาน", "หน่วยงาน", reader=choice(Workplace, _SPELLINGS),
            missing=MISSING, examples=(Workplace.ESTABLISHMENT, Workplace.STATE_ENTERPRISE),
        ),
        _of("registered_on", "วันที่จดทะเบียน", "จดทะเบียนเมื่อ", "วันจดทะเบียน", examples=("15/3/2530",)),
        _of("address", "ที่อยู่", examples=("เลขที่ 1",)),
        _of("sub_district", "ตำบล", "แขวง", "ตำบล/แขวง", examples=("บางปลาสร้อย",)),
        _of("district", "อำเภอ", "เขต", "อำเภอ/เขต", examples=("เมืองชลบุรี",)),
        _of("province", "จังหวัด", reader=_PROVINCE, missing=MISSING, examples=("ชลบุรี", "กรุงเทพมหานคร")),
        _of("postcode", "รหัสไปรษณีย์", checks=(identifiers.postcode,), examples=("20000",)),
        _of("office", "สำนักงานที่รับผิดชอบ", "หน่วยงานที่รับผิดชอบ", "สสค.", reader=_OFFICE, examples=("", "BKK-01")),
        _of(
            "phone", "โทรศัพท์", "เบอร์โทร", "เบอร์โทรศัพท์", "หมายเลขโทรศัพท์",
            reader=begins_with_zero(), checks=(identifiers.phone,), examples=("0 3800 0000",),
        ),
        _of("email", "อีเมล", "อีเมล์", "E-mail", checks=(identifiers.email,), examples=("example1@example.or.th",)),
        _of("members", "จำนวนสมาชิก", "สมาชิก", "สมาชิก (คน)", "จำนวนสมาชิก (คน)", examples=("1,850", "640")),
        _of("share_capital", "ทุนเรือนหุ้น", "ทุนเรือนหุ้น (บาท)", examples=("62,000,000.00", "14000000")),
        _of("reserve", "ทุนสำรอง", "ทุนสำรอง (บาท)", examples=("9,300,000.00", "1800000.50")),
        _of("borrowing_ceiling", "วงเงินกู้ยืมประจำปี", "วงเงินกู้ยืมประจำปี (บาท)", examples=("71,300,000.00",)),
        _of("ceiling_fiscal_year", "ปีของวงเงินกู้ยืม", "ปีของวงเงิน (พ.ศ.)", examples=("2570",)),
        _of("ordinary_rate", "อัตราดอกเบี้ยเงินกู้สามัญ", "อัตราดอกเบี้ยเงินกู้สามัญ (ร้อยละต่อปี)", examples=("6.25",)),
        _of("year_end_day", "วันสิ้นปีบัญชี", reader=typed(WholeNumberField, minimum=1, maximum=31), examples=("31",)),
        _of("year_end_month", "เดือนสิ้นปีบัญชี", reader=MONTH, examples=("12",)),
        _of(
            "borrowed_before", "เคยกู้เงินกองทุน", "เคยกู้เงินกองทุนก่อนใช้ระบบ",
            reader=yes_no(yes=("เคย",), no=("ไม่เคย",)), examples=("เคย",),
        ),
        _of("fund_arrears", "ยอดค้างชำระกองทุน", "ค้างชำระกองทุน (บาท)", examples=("0.00",)),
        _of("arrears_on", "ยอดค้างชำระ ณ วันที่", examples=("30/9/2569",)),
        _of("status", "สถานะ", reader=choice(CooperativeStatus, _SPELLINGS), examples=(CooperativeStatus.ACTIVE,)),
    ),
)  # fmt: skip

# Pairs of columns that go together, and the rule on them.
PAIRS: tuple[tuple[Callable[..., None], tuple[str, str]], ...] = (
    (check_year_end, ("year_end_day", "year_end_month")),
    (check_arrears, ("fund_arrears", "arrears_on")),
)
