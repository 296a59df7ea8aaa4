"""Dates, amounts and numbers as people read them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from flask import Flask
from flask_babel import Babel, force_locale

from app.domain.values.calendar import BuddhistYear
from app.domain.values.errors import RuleBroken
from app.domain.values.labels import LabelledEnum
from app.domain.values.text import Name
from app.ui import formatting as shown
from app.ui.labels import choices, explain, labelled
from tests.client import seen

DAY = date(2026, 11, 20)  # a Friday


class Kind(LabelledEnum):
    SAVINGS = "savings", "Savings cooperative"
    CREDIT_UNION = "credit_union", "Credit union"


@contextmanager
def reader_of(language: str) -> Iterator[None]:
    app = Flask(__name__)
    Babel(app, default_locale="th")
    with app.test_request_context(), force_locale(language):
        yield


@pytest.mark.parametrize(
    ("style", "thai", "english"),
    [
        ("short", "20 พ.ย. 2569", "20 Nov 2026"),
        ("long", "20 พฤศจิกายน 2569", "20 November 2026"),
        ("full", "วันศุกร์ที่ 20 พฤศจิกายน 2569", "Friday 20 November 2026"),
    ],
)
def test_a_date_is_shown_in_the_readers_language(style: shown.DateStyle, thai: str, english: str) -> None:
    with reader_of("th"):
        assert seen(shown.be_date(DAY, style)) == thai
    with reader_of("en"):
        assert seen(shown.be_date(DAY, style)) == english


def test_outside_a_request_the_language_is_thai() -> None:
    assert seen(shown.be_date(DAY)) == "20 พ.ย. 2569"


def test_nothing_is_a_dash() -> None:
    empty = [shown.be_date(None), shown.be_datetime(None), shown.baht(None), shown.million(None), shown.percent(None)]
    empty += [shown.count(None), shown.tax_number(None), shown.phone_number(""), labelled(None)]

    assert set(empty) == {"–"}


def test_a_stored_moment_is_shown_in_bangkok_time() -> None:
    # 03:12 UTC is 10:12 in Bangkok; 17:30 UTC is already the next day there.
    assert seen(shown.be_datetime(datetime(2026, 11, 20, 3, 12, tzinfo=UTC))) == "20 พ.ย. 2569 10:12 น."
    assert seen(shown.be_datetime(datetime(2026, 11, 20, 3, 12))) == "20 พ.ย. 2569 10:12 น."
    assert seen(shown.be_datetime(datetime(2026, 12, 31, 17, 30, tzinfo=UTC))) == "1 ม.ค. 2570 00:30 น."
    assert seen(shown.be_date(datetime(2026, 12, 31, 17, 30, tzinfo=UTC))) == "1 ม.ค. 2570"
    with reader_of("en"):
        assert seen(shown.be_datetime(datetime(2026, 11, 20, 3, 12, tzinfo=UTC))) == "20 Nov 2026 10:12"


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (Decimal("5000000"), "5,000,000.00"),
        (0, "0.00"),
        (Decimal("0.005"), "0.01"),
        (Decimal("-1234.5"), "-1,234.50"),
        (Decimal("9999999999999.99"), "9,999,999,999,999.99"),
    ],
)
def test_baht_have_separators_and_two_decimals(amount: Decimal | int, text: str) -> None:
    assert shown.baht(amount) == text


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (Decimal("5000000"), "ห้าล้านบาทถ้วน"),
        (Decimal("21.50"), "ยี่สิบเอ็ดบาทห้าสิบสตางค์"),
        (Decimal("0.01"), "หนึ่งสตางค์"),
        (0, "ศูนย์บาทถ้วน"),
    ],
)
def test_baht_in_words_are_thai(amount: Decimal | int, words: str) -> None:
    assert shown.baht_words(amount) == words


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (Decimal("8000000"), "eight million baht"),
        (Decimal("21.50"), "twenty-one baht and fifty satang"),
        (Decimal("0.01"), "one satang"),
        (0, "zero baht"),
        (Decimal("-2.25"), "minus two baht and twenty-five satang"),
    ],
)
def test_baht_in_words_are_english_for_readers_of_english(amount: Decimal | int, words: str) -> None:
    with reader_of("en"):
        assert shown.baht_words(amount) == words


@pytest.mark.parametrize(
    ("fraction", "text"),
    [("0.0275", "2.75"), ("0.02755", "2.755"), ("0.02", "2.00"), ("0", "0.00"), ("1", "100.00"), ("0.125000", "12.50")],
)
def test_a_rate_shows_two_decimals_and_all_that_count(fraction: str, text: str) -> None:
    assert shown.percent(Decimal(fraction)) == text


def test_counts_and_millions_have_separators() -> None:
    assert shown.count(1234) == "1,234"
    assert shown.million(Decimal("12345678")) == "12.35"  # 12.345678 rounds up
    assert shown.million(2_500_000_000) == "2,500.00"


def test_a_fiscal_year_is_named_in_the_readers_era() -> None:
    assert seen(shown.fiscal_year_label(2570)) == "ปีงบประมาณ 2570"
    with reader_of("en"):
        assert seen(shown.fiscal_year_label(2570)) == "Fiscal year 2027"
        assert shown.year_label(2570) == "2027"
    assert shown.year_label(2570) == "2570"


def test_no_line_ends_inside_a_day_a_time_or_a_compound_word() -> None:
    moment = datetime(2026, 11, 20, 3, 12, tzinfo=UTC)

    assert shown.be_date(DAY).count(shown.KEPT) == 2
    assert shown.be_datetime(moment).split(" ")[1] == f"10:12{shown.KEPT}น."
    assert shown.unbroken("กองทุนเพื่อผู้ใช้แรงงาน ปีงบประมาณ").count("\N{WORD JOINER}") == 5
    assert seen(shown.unbroken("เงินกองทุน ร้อยละ")) == "เงินกองทุน ร้อยละ"
    assert shown.unbroken("กรณีปกติ ปีงบประมาณ 2570").endswith("\N{NO-BREAK SPACE}2570")


def test_a_message_tells_names_and_years_in_the_readers_language() -> None:
    papers = (Name("งบการเงิน", "Statements"), Name("ข้อบังคับ", "Bylaws"))
    refusal = RuleBroken("%(year)s: %(names)s", year=BuddhistYear(2570), names=papers)

    assert explain(refusal) == "2570: งบการเงิน, ข้อบังคับ"
    with reader_of("en"):
        assert explain(refusal) == "2027: Statements, Bylaws"


@pytest.mark.parametrize(("size", "text"), [(512, "512 ไบต์"), (1536, "1.5 KB"), (20 * 2**20, "20.0 MB"), (0, "0 ไบต์")])
def test_a_file_size_is_readable(size: int, text: str) -> None:
    assert seen(shown.file_size(size)) == text


def test_numbers_are_grouped_as_on_paper() -> None:
    assert shown.tax_number("0994000617721") == "0-99-4-000-61772-1"
    assert seen(shown.phone_number("026602180")) == "0 2660 2180"
    assert seen(shown.phone_number("0812345678")) == "08 1234 5678"
    assert seen(shown.phone_number("026602180 ต่อ 801")) == "0 2660 2180 ต่อ 801"
    assert seen(shown.phone_number("026602180-2, 0812345678")) == "0 2660 2180-2, 08 1234 5678"


def test_a_labelled_choice_is_its_code_and_has_a_label() -> None:
    assert Kind.SAVINGS == "savings"
    assert Kind("credit_union") is Kind.CREDIT_UNION
    assert labelled(Kind.SAVINGS) == "Savings cooperative"
    assert choices(Kind) == [("savings", "Savings cooperative"), ("credit_union", "Credit union")]


def test_a_choice_without_a_label_cannot_be_written() -> None:
    with pytest.raises(TypeError, match="no label"):

        class Wrong(LabelledEnum):
            BARE = "bare"


def test_a_refusal_is_explained_with_its_figures() -> None:
    assert explain(RuleBroken("Above %(limit)s baht.", limit="5.00")) == "Above 5.00 baht."
    assert explain(RuleBroken("100% of the documents are missing.")) == "100% of the documents are missing."


@pytest.mark.parametrize(
    ("name", "end"),
    [
        ("สหกรณ์ออมทรัพย์พนักงานโรงงานตัวอย่าง ปทุมธานี 1 จำกัด", " ปทุมธานี 1 จำกัด"),
        ("สหกรณ์ออมทรัพย์พนักงานโรงงานตัวอย่างที่ไม่มีช่องว่าง", ""),
        ("สหกรณ์ ก จำกัด", " ก จำกัด"),
        ("", ""),
    ],
)
def test_a_shortened_name_keeps_the_words_at_its_end(name: str, end: str) -> None:
    assert shown.name_ends(name) == (name.removesuffix(end), end)
