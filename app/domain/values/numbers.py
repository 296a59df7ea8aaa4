"""Numbers as people type them: separators, Thai digits, units, the marks of whole baht, and multiples in words."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from app.domain.values.thai import arabic_digits, dashes, normalise

LONGEST_NUMBER = 60  # what stands behind cannot make a number, and long text makes matching slow

# Separators every three digits, or none: 1,00.123 is more likely a slip than a number.
_PLAIN = r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?"
_NUMBER = re.compile(f"-?{_PLAIN}")
_MULTIPLES = {
    "ล้าน": 10**6, "แสน": 10**5, "หมื่น": 10**4, "พัน": 10**3, "ร้อย": 10**2, "million": 10**6, "thousand": 10**3,
}  # fmt: skip
_PIECE = re.compile(f"({_PLAIN})({'|'.join(_MULTIPLES)})?")

BAHT_BEFORE = ("จำนวนเงิน", "จำนวน", "เป็นเงิน", "฿", "บาท", "thb")
BAHT_AFTER = ("ถ้วน", "บาท", "บ.", "฿", ".-", ",-", "-", "baht", "thb")
PER_CENT_BEFORE = ("อัตรา", "ร้อยละ", "%")
PER_CENT_AFTER = ("ต่อปี", "%", "เปอร์เซ็นต์", "เปอร์เซนต์", "ayear", "peryear", "percent")
MONTHS = ("เดือน", "months", "month")
PEOPLE = ("คน", "ราย", "persons", "people", "members")
YEARS = ("ปี", "years", "year")
DAYS = ("วัน", "days", "day")
FILES = ("ไฟล์", "ฉบับ", "files", "file")
PAGES = ("หน้าที่", "หน้า", "page", "pages")
MEGABYTES = ("mb", "เมกะไบต์")

_UNIT_OF_WORD: dict[str, tuple[str, ...]] = {
    "month": MONTHS, "months": MONTHS, "members": PEOPLE, "years": YEARS, "day": DAYS, "days": DAYS, "files": FILES,
    "page": PAGES, "pages": PAGES, "mb": MEGABYTES,
}  # fmt: skip


def unit_named(label: str) -> tuple[str, ...]:
    """The unit that the English label of a field names: Longest term (months) -> เดือน and its other words."""
    words = re.findall("[a-z]+", label.casefold())
    return next((_UNIT_OF_WORD[word] for word in words if word in _UNIT_OF_WORD), ())


@dataclass(frozen=True, slots=True)
class Typed:
    """What a typed number is; or, for one with a multiple in words (5 ล้าน), what it is likely to mean.

    Both are None for what is no number.
    """

    number: Decimal | None = None
    meant: Decimal | None = None


def read_number(typed: str, *, before: Collection[str] = (), after: Collection[str] = ()) -> Typed:
    """Read one number; the words ``before`` and ``after`` it belong to its unit and are left out.

    A multiple in words is not taken as read: whoever writes 5 ล้าน may mean a number to the satang.
    """
    text = dashes(arabic_digits(normalise(typed[:LONGEST_NUMBER]))).replace(" ", "").casefold()
    if len(typed) > LONGEST_NUMBER and normalise(typed[LONGEST_NUMBER:]):
        return Typed()
    text = _bare(text, before, after)
    if _NUMBER.fullmatch(text):
        return Typed(number=Decimal(text.replace(",", "")))
    return Typed(meant=_multiplied(text))


def _bare(text: str, before: Collection[str], after: Collection[str]) -> str:
    left = ""
    while text != left:
        left = text
        for word in before:
            text = text.removeprefix(word)
        for word in after:
            text = text.removesuffix(word)
    return text


def _multiplied(text: str) -> Decimal | None:
    """5ล้าน2แสน -> 5,200,000; the multiples fall, and at least one is there."""
    total, last, place = Decimal(0), None, 0
    while place < len(text):
        piece = _PIECE.match(text, place)
        if piece is None:
            return None
        multiple = _MULTIPLES.get(piece[2] or "", 1)
        if last is not None and multiple >= last:
            return None
        total, last, place = total + Decimal(piece[1].replace(",", "")) * multiple, multiple, piece.end()
    return total if last is not None else None
