"""How a cell of an imported file becomes a value: the screen's own rules, and what Excel does to texts."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import force_locale, gettext
from sqlalchemy import select
from sqlalchemy.orm import selectinload
from wtforms import Form
from wtforms.validators import StopValidation, ValidationError

from app.domain import identifiers
from app.domain.calendar import month_number, parse_thai_date, parse_typed_date
from app.domain.cooperatives import CooperativeKind
from app.domain.errors import RuleBroken
from app.domain.labels import LabelledEnum
from app.domain.text import N_
from app.domain.thai import arabic_digits, search_key
from app.extensions import db
from app.models.cooperatives import CooperativeStatus, Workplace
from app.models.places import Office, Province
from app.services.cooperatives.import_file import Cell
from app.ui.fields import BahtField, PercentField, ThaiTextField, WholeNumberField
from app.ui.language import LANGUAGES

BECAME_A_DATE = N_("Excel has turned this into a date. Set the column's format to “Text” and type it again.")
NOT_IN_LIST = N_("“%(typed)s” is not known. Write one of: %(choices)s.")
NO_PROVINCE = N_("There is no province called “%(typed)s”. Write its Thai or English name, or its code such as TH-20.")
NO_OFFICE = N_("There is no office called “%(typed)s”. Copy its name from the template's sheet of allowed values.")
RATE_TOO_LOW = N_(
    "%(rate)s per cent a year is too low. Write 6.25 for 6.25 per cent, in a cell not formatted as a percentage."
)

YES, NO = N_("Yes"), N_("No")
_YES_NO = {True: ("เคย", "y", "1", "true"), False: ("ไม่เคย", "n", "0", "false")}
LOWEST_RATE = Decimal("0.005")  # a lower one is a percentage written as a fraction
_PUNCTUATION = re.compile(r"[\s.,:;*_/()“”\"'\-]+")
_PROVINCE_WORD = re.compile("^(?:จังหวัด|จ(?=\\.))")
_BANGKOK_SHORT = ("กรุงเทพ", "กรุงเทพฯ", "กทม.")
_SPELLINGS: dict[LabelledEnum, tuple[str, ...]] = {
    CooperativeKind.SAVINGS: ("ออมทรัพย์", "สหกรณ์ออมทรัพย์"),
    CooperativeKind.CREDIT_UNION: ("เครดิตยูเนี่ยน", "สหกรณ์เครดิตยูเนี่ยน", "เครดิตยูเนียน", "สหกรณ์เครดิตยูเนียน"),
    Workplace.ESTABLISHMENT: ("สถานประกอบกิจการ", "สถานประกอบการ"),
    Workplace.STATE_ENTERPRISE: ("รัฐวิสาหกิจ",),
    CooperativeStatus.ACTIVE: ("ดำเนินการ", "ดำเนินกิจการ", "ใช้งาน", "ปกติ"),
    CooperativeStatus.SUSPENDED: ("ระงับ", "ระงับชั่วคราว"),
    CooperativeStatus.CLOSED: ("เลิก", "เลิกกิจการ", "ปิด", "ปิดแล้ว"),
}


def match_key(text: str) -> str:
    """Return what makes two spellings of a heading or a name the same: no spaces, punctuation, case, Thai digits."""
    return _PUNCTUATION.sub("", search_key(text))


def in_every_language(label: str) -> set[str]:
    """Return the words people may know ``label`` by."""
    words = {label}
    for language in LANGUAGES:
        with force_locale(language):
            words.add(gettext(label))
    return words


class TypedFields(Form):
    """The screen's own fields, so that a file and a screen understand the same."""

    text = ThaiTextField()
    members = WholeNumberField()
    share_capital = BahtField()
    reserve = BahtField()
    borrowing_ceiling = BahtField()
    fund_arrears = BahtField()
    ordinary_rate = PercentField()


@dataclass(slots=True)
class Lookups:
    """What cells are compared with, read once for a file."""

    today: date
    provinces: dict[str, Province]
    offices: dict[str, Office]
    choices: dict[type[LabelledEnum], dict[str, LabelledEnum]]
    typed: TypedFields = field(default_factory=TypedFields)


def load_lookups(today: date) -> Lookups:
    """Read the places and the words for every choice."""
    provinces = db.session.scalars(
        select(Province).options(selectinload(Province.offices).selectinload(Office.provinces))
    ).all()
    offices = db.session.scalars(select(Office).options(selectinload(Office.provinces)).where(Office.active)).all()
    by_name = {match_key(name): row for row in provinces for name in (row.code, row.name, row.name_en)}
    bangkok = next((row for row in provinces if row.code == "TH-10"), None)
    if bangkok:
        by_name |= {match_key(name): bangkok for name in _BANGKOK_SHORT}
    return Lookups(
        today=today,
        provinces=by_name,
        offices={match_key(n): row for row in offices for n in (row.name_en, row.short_name, row.name, row.code)},
        choices={kind: _choices(kind) for kind in (CooperativeKind, Workplace, CooperativeStatus)},
    )


def _choices(kind: type[LabelledEnum]) -> dict[str, LabelledEnum]:
    return {
        match_key(word): member
        for member in kind
        for word in {member.value, *in_every_language(member.label), *_SPELLINGS[member]}
    }


Reader = Callable[[Cell, Lookups], Any]

# ---- readers: a cell that is not empty becomes a value, or RuleBroken says what to do


def _typed(cell: Cell, lookups: Lookups, name: str) -> Any:
    """Return what the screen's field ``name`` makes of the cell."""
    if isinstance(cell, date):
        raise RuleBroken(BECAME_A_DATE)
    own = lookups.typed[name]
    try:
        own.data = own.read(f"{cell:f}" if isinstance(cell, Decimal) else cell)
        own.check_bounds()
    except (ValidationError, StopValidation) as refusal:
        raise RuleBroken(str(refusal)) from refusal  # already in the reader's language
    return own.data


def read_text(cell: Cell, lookups: Lookups) -> str:
    return str(_typed(cell, lookups, "text"))


def read_registration_no(cell: Cell, lookups: Lookups) -> str:
    return arabic_digits(read_text(cell, lookups))


def read_name(cell: Cell, lookups: Lookups) -> str:
    return identifiers.cooperative_name(read_text(cell, lookups))


def read_cooperative_code(cell: Cell, lookups: Lookups) -> str:
    return identifiers.cooperative_code(read_text(cell, lookups))


def read_postcode(cell: Cell, lookups: Lookups) -> str:
    return identifiers.postcode(read_text(cell, lookups))


def read_tax_id(cell: Cell, lookups: Lookups) -> str:
    """Every one begins with 0, which Excel drops from a number; the check digit tells whether it was that."""
    text = read_text(cell, lookups)
    return identifiers.tax_id(text.zfill(13) if isinstance(cell, Decimal) and len(text) == 12 else text)


def read_phone(cell: Cell, lookups: Lookups) -> str:
    text = read_text(cell, lookups)
    return identifiers.phone(f"0{text}" if isinstance(cell, Decimal) and not text.startswith("0") else text)


def read_email(cell: Cell, lookups: Lookups) -> str:
    return identifiers.email(read_text(cell, lookups))


def read_day(cell: Cell, lookups: Lookups) -> date:
    """A date cell may hold a Buddhist year as if it were a Gregorian one: Excel does not tell the two apart."""
    if isinstance(cell, date):
        day = parse_thai_date(str(cell.day), str(cell.month), f"{cell.year:04}")
    else:
        day = parse_typed_date(read_text(cell, lookups))
    if day > lookups.today:
        raise RuleBroken(N_("The day lies in the future. Correct the date."))
    return day


def typed_number(name: str) -> Reader:
    def read(cell: Cell, lookups: Lookups) -> Any:
        return _typed(cell, lookups, name)

    return read


def read_rate(cell: Cell, lookups: Lookups) -> Decimal:
    rate: Decimal = _typed(cell, lookups, "ordinary_rate")
    if 0 < rate < LOWEST_RATE:
        raise RuleBroken(RATE_TOO_LOW, rate=f"{rate * 100:f}")
    return rate


def whole_between(lowest: int, highest: int) -> Reader:
    def read(cell: Cell, lookups: Lookups) -> int:
        text = arabic_digits(read_text(cell, lookups))
        number = int(text) if re.fullmatch("[0-9]{1,4}", text) else -1
        if not lowest <= number <= highest:
            raise RuleBroken(N_("Type a number from %(lowest)s to %(highest)s."), lowest=lowest, highest=highest)
        return number

    return read


def read_yes_no(cell: Cell, lookups: Lookups) -> bool:
    typed = match_key(read_text(cell, lookups))
    for answer, label in ((True, YES), (False, NO)):
        if typed in {match_key(word) for word in (*in_every_language(label), *_YES_NO[answer])}:
            return answer
    raise RuleBroken(NOT_IN_LIST, typed=typed[:60], choices=", ".join(gettext(label) for label in (YES, NO)))


def read_month(cell: Cell, lookups: Lookups) -> int:
    number = month_number(read_text(cell, lookups))
    if number is None:
        raise RuleBroken(N_("Write the month as a number from 1 to 12, or its name."))
    return number


def choice(kind: type[LabelledEnum]) -> Reader:
    def read(cell: Cell, lookups: Lookups) -> str:
        typed = read_text(cell, lookups)
        member = lookups.choices[kind].get(match_key(typed))
        if member is None:
            raise RuleBroken(NOT_IN_LIST, typed=typed[:60], choices=", ".join(gettext(each.label) for each in kind))
        return member.value

    return read


def read_province(cell: Cell, lookups: Lookups) -> Province:
    typed = read_text(cell, lookups)
    found = lookups.provinces.get(match_key(typed)) or lookups.provinces.get(match_key(_PROVINCE_WORD.sub("", typed)))
    if found is None:
        raise RuleBroken(NO_PROVINCE, typed=typed[:60])
    return found


def read_office(cell: Cell, lookups: Lookups) -> Office:
    typed = read_text(cell, lookups)
    found = lookups.offices.get(match_key(typed))
    if found is None:
        raise RuleBroken(NO_OFFICE, typed=typed[:60])
    return found
