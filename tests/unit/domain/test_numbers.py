"""Numbers as people type them; which messages they get is tried with the fields."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.values.errors import RuleBroken
from app.domain.values.lengths import refuse_longer
from app.domain.values.numbers import (
    BAHT_AFTER,
    BAHT_BEFORE,
    LONGEST_NUMBER,
    MONTHS,
    PER_CENT_AFTER,
    PER_CENT_BEFORE,
    Typed,
    read_number,
    unit_named,
)


def number(text: str) -> Typed:
    return Typed(number=Decimal(text))


def meant(text: str) -> Typed:
    return Typed(meant=Decimal(text))


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("10,000,000.-", number("10000000")),
        ("1,000,-", number("1000")),
        ("5,000 บาทถ้วน", number("5000")),
        ("เป็นเงิน ๕,๐๐๐.๕๐ บ.", number("5000.50")),
        ("THB 5,000", number("5000")),
        ("\u20115", number("-5")),
        ("-", Typed()),
        ("", Typed()),
        ("บาท", Typed()),
        ("5,00", Typed()),
        ("5 ล้าน", meant("5000000")),
        ("1.5ล้านบาท", meant("1500000")),
        ("5 ล้าน 2 แสน 3 หมื่น 4 พัน 5 ร้อย 6", meant("5234506")),
        ("5 ล้าน 5 ล้าน", Typed()),
        ("5 แสน 2 ล้าน", Typed()),
        ("5 6 ล้าน", meant("56000000")),  # a blank separates thousands, as in 5 000
        ("-5 ล้าน", Typed()),
        ("1" * LONGEST_NUMBER, number("1" * LONGEST_NUMBER)),
        ("1" * LONGEST_NUMBER + "1", Typed()),
        ("5" + " " * LONGEST_NUMBER, number("5")),
    ],
)
def test_an_amount_is_read_or_asked_back(typed: str, read: Typed) -> None:
    assert read_number(typed, before=BAHT_BEFORE, after=BAHT_AFTER) == read


@pytest.mark.parametrize("typed", ["ร้อยละ 5", "อัตราร้อยละ ๕ ต่อปี", "5 %", "5 เปอร์เซ็นต์", "5 per cent a year"])
def test_a_rate_is_read_with_its_words(typed: str) -> None:
    read = read_number(typed, before=PER_CENT_BEFORE, after=PER_CENT_AFTER)

    assert read == number("5")


def test_only_the_unit_asked_for_is_left_out() -> None:
    assert read_number("12 เดือน", after=MONTHS) == number("12")
    assert read_number("12 ปี", after=MONTHS) == Typed()
    assert read_number("12 เดือน") == Typed()


@given(st.text(max_size=80))
def test_whatever_is_typed_is_read_or_not(typed: str) -> None:
    read = read_number(typed, before=BAHT_BEFORE, after=BAHT_AFTER)

    assert read.number is None or read.meant is None


def test_a_text_may_be_as_long_as_the_limit_and_no_longer() -> None:
    refuse_longer("ก" * 2000, 2000)

    with pytest.raises(RuleBroken, match="1 characters too long: at most 2,000"):
        refuse_longer("ก" * 2001, 2000)


@pytest.mark.parametrize(
    ("label", "word"),
    [("Longest term (months)", "เดือน"), ("Members who benefit", "คน"), ("Largest file (MB)", "mb"), ("Position", None)],
)
def test_a_label_names_its_unit(label: str, word: str | None) -> None:
    assert next(iter(unit_named(label)), None) == word
