"""How dates, amounts and numbers look to people, in Thai unless the reader chose English."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Literal

from flask import current_app, has_app_context
from flask_babel import gettext

from app.domain.values.calendar import (
    BANGKOK,
    ENGLISH_MONTHS,
    ENGLISH_MONTHS_SHORT,
    ENGLISH_WEEKDAYS,
    THAI_MONTHS,
    THAI_MONTHS_SHORT,
    THAI_WEEKDAYS,
    BuddhistYear,
    from_be,
    to_be,
)
from app.domain.values.identifiers import is_example_phone
from app.domain.values.money import to_satang
from app.ui.labels import NOTHING
from app.ui.language import in_english

Amount = Decimal | int
DateStyle = Literal["short", "long", "full"]
MILLION = 1_000_000
KIBI = 1024
# Between what is read as one: a day's parts, a time and its unit.
KEPT = "\N{NO-BREAK SPACE}"
_JOINED = {
    word.replace(" ", ""): word.replace(" ", "\N{WORD JOINER}")
    for word in ("กอง ทุน", "แรง งาน", "ผู้ ใช้", "ปี งบ ประมาณ", "ดอก เบี้ย", "ร้อย ละ")
}
_COMPOUND = re.compile("|".join(_JOINED))
_NOT_BROKEN = re.compile(r"(?<=ปีงบประมาณ) (?=\d{4})|(?<=\S) (?=(?:\d{1,3} )?จำกัด)")  # a year, the end of a name
SHOWN_END = 24  # letters: the place, the number and "จำกัด", as in "ปทุมธานี 1 จำกัด"


def month_names(*, short: bool = False) -> tuple[str, ...]:
    """Return the twelve names, January first."""
    return _months(in_english(), short)


def _months(english: bool, short: bool) -> tuple[str, ...]:
    if english:
        return ENGLISH_MONTHS_SHORT if short else ENGLISH_MONTHS
    return THAI_MONTHS_SHORT if short else THAI_MONTHS


def month_name(number: int | None) -> str:
    """Return a month's full name; 1 is January."""
    return NOTHING if number is None else month_names()[number - 1]


def be_date(day: date | None, style: DateStyle = "short") -> str:
    """Return 20 พ.ย. 2569 (short), 20 พฤศจิกายน 2569 (long) or วันศุกร์ที่ 20 พฤศจิกายน 2569 (full).

    No line ends inside the day. English readers see the Gregorian year. A moment is first turned to Bangkok's day.
    """
    if day is None:
        return NOTHING
    return day_in(in_english(), _in_bangkok(day) if isinstance(day, datetime) else day, style)


def day_in(english: bool, day: date, style: DateStyle = "short") -> str:
    """The same for a language looked up beforehand, once for a long table."""
    month = _months(english, style == "short")[day.month - 1]
    text = KEPT.join((str(day.day), month, str(day.year if english else to_be(day.year))))
    if style != "full":
        return text
    return f"{ENGLISH_WEEKDAYS[day.weekday()]} {text}" if english else f"วัน{THAI_WEEKDAYS[day.weekday()]}ที่ {text}"


def be_datetime(moment: datetime | None) -> str:
    """Return 20 พ.ย. 2569 10:12 น. in Bangkok's time; a moment without a zone is UTC, as stored."""
    return NOTHING if moment is None else moment_in(in_english(), moment)


def moment_in(english: bool, moment: datetime) -> str:
    """The same for a language looked up beforehand, once for a list."""
    local = _in_bangkok(moment)
    return f"{day_in(english, local)} {local:%H:%M}" + ("" if english else f"{KEPT}น.")


def _in_bangkok(moment: datetime) -> datetime:
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(BANGKOK)


def fiscal_year_label(be: int) -> str:
    """Return ปีงบประมาณ 2570, or Fiscal year 2027 for English readers."""
    return f"Fiscal year{KEPT}{from_be(be)}" if in_english() else f"ปีงบประมาณ{KEPT}{be}"


def unbroken(text: Any) -> str:
    """A name or heading whose compound words, year and last words no browser breaks: their dictionaries differ."""
    return _COMPOUND.sub(lambda found: _JOINED[found[0]], _NOT_BROKEN.sub(KEPT, str(text)))


def year_label(be: int) -> str:
    """Return 2570, or 2027 for English readers: of a year that stands alone, as in a choice."""
    return BuddhistYear(be).shown(english=in_english())


def name_ends(name: str) -> tuple[str, str]:
    """Split a name so that what tells it from its like, its end, stays when only the beginning can be shortened.

    The end is the last words that fit into ``SHOWN_END`` letters; of one long word nothing is kept, for Thai is not
    cut without a dictionary.
    """
    words = name.split(" ")
    kept = len(words)
    while kept > 1 and len(" ".join(words[kept - 1 :])) <= SHOWN_END:
        kept -= 1
    return " ".join(words[:kept]), "".join(f" {word}" for word in words[kept:])


def years_in_words(be: Iterable[int]) -> str:
    """Return พ.ศ. 2574, 2575, or 2031, 2032 for English readers; empty for none."""
    if in_english():
        return ", ".join(str(from_be(year)) for year in be)
    years = ", ".join(str(year) for year in be)
    return f"พ.ศ. {years}" if years else ""


def baht(amount: Amount | None) -> str:
    """Return 5,000,000.00: always two decimals, no unit."""
    return NOTHING if amount is None else f"{to_satang(Decimal(amount)):,.2f}"


def baht_words(amount: Amount) -> str:
    """Return the amount in words: ห้าล้านบาทถ้วน, or five million baht for English readers."""
    # Here, because it brings every language it knows: a tenth of a second at each start.
    from num2words import num2words

    exact = to_satang(Decimal(amount))
    if not in_english():
        return str(num2words(exact, lang="th", to="currency", currency="THB"))
    baht_, satang = divmod(int(abs(exact) * 100), 100)
    parts = [f"{num2words(number)} {unit}" for number, unit in ((baht_, "baht"), (satang, "satang")) if number]
    return ("minus " if exact < 0 else "") + (" and ".join(parts) or "zero baht")


def million(amount: Amount | None) -> str:
    """Return baht as millions with two decimals, no unit: 12,345,678 -> 12.35."""
    return NOTHING if amount is None else f"{to_satang(Decimal(amount) / MILLION):,.2f}"


def percent(fraction: Decimal | None) -> str:
    """Return a fraction as per cent, at least two decimals and all that count: 0.0275 -> 2.75, no sign."""
    if fraction is None:
        return NOTHING
    whole, _, decimals = f"{fraction * 100:,f}".partition(".")
    return f"{whole}.{decimals.rstrip('0').ljust(2, '0')}"


def figure(value: Decimal | None) -> str:
    """Return a figure without needless zeros: 1.500000 -> 1.5."""
    return NOTHING if value is None else f"{value.normalize():f}"


def count(number: int | None) -> str:
    """Return 1,234."""
    return NOTHING if number is None else f"{number:,}"


def file_size(size: int) -> str:
    """Return bytes as people read them: 512 ไบต์, 1.5 KB, 20.0 MB (1 KB is 1,024 bytes, as the upload limit counts)."""
    if size < KIBI:
        return f"{size}{KEPT}" + ("bytes" if in_english() else "ไบต์")
    return f"{size / KIBI:,.1f}{KEPT}KB" if size < KIBI**2 else f"{size / KIBI**2:,.1f}{KEPT}MB"


def tax_number(digits: str | None) -> str:
    """Return a juristic person's 13 digits in their printed groups: 0-99-4-000-61772-1."""
    if not digits:
        return NOTHING
    return "-".join((digits[:1], digits[1:3], digits[3:4], digits[4:7], digits[7:12], digits[12:]))


def phone_number(stored: str | None) -> str:
    """Return stored numbers in official groups: 0 2660 2180, 08 1234 5678; further lines stay: 0 2660 2180-2.

    A demonstration says of its own numbers that they are examples.
    """
    if not stored:
        return NOTHING
    return ", ".join(_marked_phone(one) for one in stored.split(", "))


def _marked_phone(one: str) -> str:
    grouped = _grouped_phone(one)
    if not (has_app_context() and current_app.config["DEMO"] and is_example_phone(one)):
        return grouped
    mark = gettext("example number")
    return f"{grouped} ({mark})"


def _grouped_phone(one: str) -> str:
    number, space, extension = one.partition(" ")
    bare, hyphen, further = number.partition("-")
    grouped = KEPT.join((bare[:-8], bare[-8:-4], bare[-4:]))
    return f"{grouped}{hyphen}{further}{space}{extension}"
