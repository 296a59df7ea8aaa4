"""Form fields: what they understand, what they refuse, and that what was typed stays."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask, current_app
from flask_babel import Babel
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from app.domain.values.identifiers import tax_id
from app.domain.values.labels import LabelledEnum
from app.domain.values.numbers import MONTHS, PEOPLE
from app.domain.values.thai import normalise
from app.ui.fields import (
    BahtField,
    ChoiceField,
    FundForm,
    Longest,
    PercentField,
    ThaiDateField,
    ThaiTextArea,
    ThaiTextField,
    WholeNumberField,
    YearField,
    follows,
)
from tests.client import seen

HOSTILE = ["\x00", "5\x005", "1" * 20, "1" * 5000, "1e9", "NaN", "Infinity", "-inf", "٣", "³", "\ud800", "<b>", "0x10"]


class Kind(LabelledEnum):
    SAVINGS = "savings", "Savings cooperative"
    CREDIT_UNION = "credit_union", "Credit union <b>"


class LoanForm(FundForm):
    start = ThaiDateField("Start", [Optional()])
    amount = BahtField("Amount", [Optional()])
    rate = PercentField("Rate", [Optional()])
    members = WholeNumberField("Members", [Optional()])
    name = ThaiTextField("Name", [Optional()])
    reason = ThaiTextArea("Reason", [Optional()])
    kind = ChoiceField("Kind", [Optional()], enum=Kind)


class RequiredForm(FundForm):
    start = ThaiDateField("Start", [InputRequired()])
    amount = BahtField("Amount", [DataRequired()])
    members = WholeNumberField("Members", [InputRequired()])
    name = ThaiTextField("Name", [InputRequired()])
    kind = ChoiceField("Kind", [DataRequired()], enum=Kind)


@pytest.fixture(autouse=True, scope="module")
def request_context() -> Iterator[None]:
    app = Flask(__name__)
    app.config.update(WTF_CSRF_ENABLED=False, SECRET_KEY="only a test", LOWEST_LIKELY_RATE=Decimal("0.5"))
    Babel(app, default_locale="th")
    with app.test_request_context():
        yield


def sent(form: type[FundForm] = LoanForm, **typed: Any) -> Any:
    """Return the validated form; ``start_day`` is the box ``start-day``."""
    filled = form(MultiDict({name.replace("_", "-"): value for name, value in typed.items()}))
    filled.validate()
    return filled


def date_sent(day: Any, month: Any, year: Any, form: type[FundForm] = LoanForm) -> Any:
    return sent(form, start_day=day, start_month=month, start_year=year).start


# Dates


@pytest.mark.parametrize("boxes", [("15", "3", "2569"), ("15", "3", "2026"), ("๑๕", "๓", "๒๕๖๙")])
def test_a_date_is_understood_in_either_era_and_digits(boxes: tuple[str, str, str]) -> None:
    field = date_sent(*boxes)

    assert (field.data, field.errors) == (date(2026, 3, 15), [])
    assert seen(field.echo) == "วันอาทิตย์ที่ 15 มีนาคม 2569"
    assert field.boxes == ("15", "3", "2569")


@pytest.mark.parametrize("typed", ["15/3/2569", "2026-03-15", "๑๕ มี.ค. ๒๕๖๙"])
def test_a_date_is_understood_in_one_piece_or_in_the_first_box(typed: str) -> None:
    assert sent(start=typed).start.data == date(2026, 3, 15)
    assert date_sent(typed, "", "").data == date(2026, 3, 15)


def test_a_leap_day_is_a_day() -> None:
    assert date_sent("29", "02", "2567").data == date(2024, 2, 29)


def test_a_day_that_does_not_exist_is_refused_and_stays_in_the_boxes() -> None:
    field = date_sent("29", "02", "2568")

    assert field.data is None
    assert field.errors == ["February 2568 has 28 days. Correct the day, the month or the year."]
    assert field.boxes == ("29", "02", "2568")
    assert field.echo == ""


@pytest.mark.parametrize("form", [LoanForm, RequiredForm])
def test_the_clear_message_stands_whether_or_not_the_day_is_required(form: type[FundForm]) -> None:
    assert date_sent("15", "", "2569", form).errors == ["Choose the month as well."]


def test_a_blank_day_is_nothing_when_optional_and_refused_when_required() -> None:
    assert (date_sent("", "", "").data, date_sent("", " ", "").errors) == (None, [])
    assert date_sent("", " ", "", RequiredForm).errors == ["This field is required."]
    assert sent(RequiredForm).start.errors == ["This field is required."]


def test_blank_boxes_clear_a_stored_day() -> None:
    form = LoanForm(
        MultiDict({"start-day": "", "start-month": "", "start-year": ""}), data={"start": date(2026, 3, 15)}
    )

    assert form.start.data is None


def test_a_stored_day_stays_when_the_boxes_were_not_sent() -> None:
    form = LoanForm(MultiDict({"amount": "5"}), data={"start": date(2026, 3, 15)})

    assert form.start.data == date(2026, 3, 15)
    assert form.start.boxes == ("15", "3", "2569")


def test_a_day_outside_the_bounds_is_refused_with_the_bound_and_stays() -> None:
    form = LoanForm(MultiDict({"start-day": "1", "start-month": "3", "start-year": "2026"}))
    form.start.earliest = date(2026, 3, 15)

    assert not form.validate()
    assert seen(form.start.errors[0]) == "Enter 15 มีนาคม 2569 or a later day."
    assert form.start.boxes == ("1", "3", "2026")

    form.start.earliest, form.start.latest = None, date(2026, 2, 28)
    assert not form.validate()
    assert seen(form.start.errors[0]) == "Enter 28 กุมภาพันธ์ 2569 or an earlier day."


@pytest.mark.parametrize("typed", [*HOSTILE, ["1", "2"], [["1"]], None, 15, {"a": "b"}])
def test_no_date_box_can_break_the_page(typed: Any) -> None:
    for boxes in ((typed, "3", "2569"), ("15", typed, "2569"), ("15", "3", typed), (typed, typed, typed)):
        field = date_sent(*boxes)

        assert field.data is None or isinstance(field.data, date)
        str(field()).encode()


@given(st.text(max_size=12), st.text(max_size=12), st.text(max_size=12))
def test_whatever_is_typed_as_a_date_is_a_day_or_an_error(day: str, month: str, year: str) -> None:
    field = date_sent(day, month, year)

    assert field.data or field.errors or not any(map(normalise, (day, month, year)))
    str(field()).encode()


def test_the_three_boxes_are_labelled_controls() -> None:
    html = date_sent("29", "2", "2568")(aria_describedby="start-hint start-error", class_="form-control")

    assert html.startswith('<div class="date-boxes" data-understood="day">')
    assert '<label for="start">Day</label>' in html
    assert '<label for="start-month">Month</label><select' in html
    assert '<label for="start-year">Year (B.E.)</label>' in html
    assert html.count('inputmode="numeric"') == 2
    assert html.count('aria-describedby="start-hint start-error"') == 3
    assert html.count('aria-invalid="true"') == 3
    assert '<option selected value="2">กุมภาพันธ์</option>' in html
    assert 'name="start-day"' in html
    assert 'value="29"' in html
    assert 'name="start-year"' in html
    assert 'value="2568"' in html


def test_an_understood_day_is_echoed_beneath_the_boxes() -> None:
    assert '<p class="date-echo" id="start-echo" aria-live="polite">วันอาทิตย์ที่ 15 มีนาคม 2569</p>' in seen(
        date_sent("15", "3", "2026")()
    )


def test_what_was_typed_is_escaped() -> None:
    html = date_sent('"><script>', "<b>", "'><i>")()

    assert "<script>" not in html
    assert "<b>" not in html
    assert "<i>" not in html


# Numbers


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("5,000,000.50", "5000000.50"),
        ("๕,๐๐๐", "5000"),
        ("5000", "5000"),
        (" 5 000 ", "5000"),
        ("5,000 บาท", "5000"),
        ("฿5,000", "5000"),
        ("10,000,000.-", "10000000"),
        ("1000.-", "1000"),
        ("๕,๐๐๐,๐๐๐.–", "5000000"),
        ("5,000,000 บาทถ้วน", "5000000"),
        ("จำนวน 5,000,000.25 บาท", "5000000.25"),
        ("0", "0"),
        ("-0", "0"),
        ("9,999,999,999,999.99", "9999999999999.99"),
    ],
)
def test_an_amount_is_read_as_people_type_it(typed: str, stored: str) -> None:
    field = sent(amount=typed).amount

    assert field.errors == []
    assert str(field.data) == stored


@pytest.mark.parametrize("typed", ["1,00.123", "1,00", "5,00,000", "1.234", "1.", "ห้าล้าน", "5 000x", "--5", *HOSTILE])
def test_what_is_no_amount_is_refused_and_stays(typed: str) -> None:
    field = sent(amount=typed).amount

    assert field.errors
    assert field.errors[0].endswith(("5,000,000.50.", "baht or less."))
    assert field._value() == typed.replace("\x00", "").replace("\ud800", "")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("5 ล้าน", "5,000,000.00"),
        ("5 ล้านบาท", "5,000,000.00"),
        ("๑.๕ ล้าน", "1,500,000.00"),
        ("5 ล้าน 2 แสนบาทถ้วน", "5,200,000.00"),
        ("300 million", "300,000,000.00"),
    ],
)
def test_a_multiple_in_words_is_asked_back_and_can_be_taken(typed: str, meant: str) -> None:
    field = sent(amount=typed).amount

    assert (field.data, field.errors, field.offer) == (None, [f"Do you mean {meant} baht?"], meant)
    assert field._value() == typed
    assert sent(amount=field.offer).amount.errors == []


@pytest.mark.parametrize("typed", ["5 ล้าน 5 ล้าน", "ล้าน", "5 แสน 2 ล้าน", "5 ล้านห้า"])
def test_multiples_that_make_no_number_are_not_guessed(typed: str) -> None:
    assert (sent(amount=typed).amount.data, sent(amount=typed).amount.offer) == (None, "")


def test_a_negative_amount_is_refused_unless_allowed() -> None:
    assert sent(amount="-5").amount.errors == ["Enter 0.00 baht or more."]

    class Adjustment(FundForm):
        amount = BahtField("Amount", minimum=Decimal(-10))

    assert sent(Adjustment, amount="\u22125").amount.data == Decimal(-5)


def test_an_amount_above_a_limit_set_on_the_form_is_refused_with_the_limit() -> None:
    form = LoanForm(MultiDict({"amount": "15000000"}))
    form.amount.maximum = Decimal(10_000_000)

    assert not form.validate()
    assert form.amount.errors == ["Enter 10,000,000.00 baht or less."]
    assert 'value="15000000"' in form.amount()


def test_the_largest_amount_is_what_the_database_holds() -> None:
    assert sent(amount="10,000,000,000,000.00").amount.errors == ["Enter 9,999,999,999,999.99 baht or less."]


def test_a_stored_amount_is_shown_with_separators() -> None:
    html = LoanForm(data={"amount": Decimal("5000000.5")}).amount()

    assert 'value="5,000,000.50"' in html
    assert 'inputmode="decimal"' in html
    assert "aria-invalid" not in html


@given(st.decimals(min_value=0, max_value=Decimal("9999999999999.99"), places=2))
def test_an_amount_shown_is_read_back_as_the_same(amount: Decimal) -> None:
    shown_as = LoanForm(data={"amount": amount}).amount._value()

    assert sent(amount=shown_as).amount.data == amount


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("2.75", "0.0275"),
        ("๒.๗๕ %", "0.0275"),
        ("100", "1.00"),
        ("2.7555", "0.027555"),
        ("ร้อยละ 5", "0.05"),
        ("ร้อยละ ๕ ต่อปี", "0.05"),
        ("5 เปอร์เซ็นต์", "0.05"),
    ],
)
def test_a_rate_typed_per_cent_is_stored_as_a_fraction(typed: str, stored: str) -> None:
    assert str(sent(rate=typed).rate.data) == stored


def test_a_stored_rate_is_shown_per_cent() -> None:
    assert LoanForm(data={"rate": Decimal("0.0275")}).rate._value() == "2.75"


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ("100.01", "Enter 100.00 per cent or less."),
        ("-1", "Enter 0.00 per cent or more."),
        ("2.75555", "Type at most four digits after the point, for example 2.75."),
        ("%", "Type the rate in per cent, for example 2.75."),
    ],
)
def test_a_wrong_rate_is_answered_with_what_to_do(typed: str, error: str) -> None:
    assert sent(rate=typed).rate.errors == [error]


@pytest.mark.parametrize(("typed", "stored"), [("1,234", 1234), ("๑๒", 12), ("007", 7)])
def test_a_whole_number_is_read(typed: str, stored: int) -> None:
    assert sent(members=typed).members.data == stored


class UnitForm(FundForm):
    months = WholeNumberField("Months", [Optional()], grouped=False, unit=MONTHS)
    people = WholeNumberField("People", [Optional()], unit=PEOPLE)
    year = YearField("Year", [Optional()])
    rate = PercentField("Rate", [Optional()], yearly=True)


def test_the_unit_that_a_field_asks_for_may_be_typed() -> None:
    form = sent(UnitForm, months="12 เดือน", people="๑,๒๐๐ คน")

    assert (form.months.data, form.people.data) == (12, 1200)
    assert (form.months.echo, form.people.echo) == ("12 เดือน", "1,200 คน")


def test_another_unit_is_not_taken_for_it() -> None:
    assert sent(UnitForm, months="2 ปี").months.errors == ["Type a whole number in digits, for example 12."]


@pytest.mark.parametrize("typed", ["2568", "๒๕๖๘", "68", "พ.ศ. 2568", "ปี 2568", "ปีงบประมาณ พ.ศ. 2568"])
def test_a_year_of_the_buddhist_era_is_read(typed: str) -> None:
    assert sent(UnitForm, year=typed).year.data == 2568


def test_a_year_of_the_common_era_is_asked_back_where_the_buddhist_one_is_meant() -> None:
    field = sent(UnitForm, year="2025").year

    assert field.errors == ["2025 is a year of the Common Era. Do you mean 2568 of the Buddhist Era?"]
    assert field.offer == "2568"


def test_the_bounds_of_a_year_are_told_without_separators() -> None:
    assert sent(UnitForm, year="2499").year.errors == ["Enter the year 2500 or a later one."]


def test_a_yearly_rate_written_as_a_fraction_is_asked_back() -> None:
    field = sent(UnitForm, rate="0.05").rate

    assert (field.errors, field.offer) == (["0.05 per cent a year is too low. Do you mean 5.00 per cent?"], "5.00")
    assert sent(UnitForm, rate="0").rate.data == 0


def test_what_rate_is_asked_back_is_a_setting_and_stands_beside_the_field(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(current_app.config, "LOWEST_LIKELY_RATE", Decimal(2))
    field = sent(UnitForm, rate="1.99").rate

    assert field.offer == "199.00"
    assert field.description == "A rate below 2.00 per cent a year is asked back (assumed figure)."
    monkeypatch.setitem(current_app.config, "LOWEST_LIKELY_RATE", Decimal(0))
    field = sent(UnitForm, rate="0.01").rate
    assert (field.errors, field.description) == ([], "")


def test_a_day_in_a_year_with_543_added_twice_offers_the_likely_day() -> None:
    field = date_sent("31", "1", "3110")

    assert field.errors == ["There is no year 3110 here. Do you mean 2567?"]
    assert field.offer == "31/1/2567"


@pytest.mark.parametrize("typed", ["1.5", "-1", "2147483648", "สิบ", *HOSTILE])
def test_what_is_no_whole_number_is_refused(typed: str) -> None:
    assert len(sent(members=typed).members.errors) == 1


def test_zero_counts_as_an_answer() -> None:
    assert sent(RequiredForm, members="0").members.errors == []


@pytest.mark.parametrize("typed", ["", "   ", "\u200b", ["x"], None, 5])
def test_a_required_field_is_not_satisfied_by_what_shows_nothing(typed: Any) -> None:
    form = RequiredForm(MultiDict([(name, typed) for name in ("amount", "members", "name", "kind")]))

    assert not form.validate()
    assert {name: errors for name, errors in form.errors.items() if name != "start"} == {
        name: ["This field is required."] for name in ("amount", "members", "name", "kind")
    }


def test_a_required_amount_that_cannot_be_read_keeps_its_clear_message() -> None:
    assert sent(RequiredForm, amount="1,00.123").amount.errors == [
        "Type the amount in digits, for example 5,000,000.50."
    ]


# Text and choices


def test_text_is_stored_in_one_spelling() -> None:
    assert sent(name="  น\u0e4d\u0e49าตาล\u200b \n ทราย ").name.data == "น้ำตาล ทราย"


def test_a_text_area_keeps_its_lines() -> None:
    assert sent(reason="\r\n เเรก \r\n\r\nสอง  \r\n").reason.data == "แรก\n\nสอง"


@pytest.mark.parametrize("typed", ["a\x00b", "a\x1bb", "a\x85b", "a\ud800b", "a\uffffb"])
def test_text_with_control_characters_is_refused(typed: str) -> None:
    form = sent(name=typed, reason=typed)

    assert form.name.errors
    assert form.name.errors == form.reason.errors
    assert 'value="ab"' in form.name()


def test_text_after_an_error_is_escaped() -> None:
    assert "<b>" not in sent(name="<b>\x00").name()


def test_a_text_above_the_limit_stays_whole_and_is_told_by_how_much() -> None:
    class Letter(FundForm):
        body = ThaiTextArea("Body", [Longest(2000)])

    field = sent(Letter, body="ก" * 2500).body

    assert field.errors == ["The text is 500 characters too long: at most 2,000. Shorten it."]
    assert "ก" * 2500 in field()
    assert "maxlength" not in field()


def test_a_rule_of_the_domain_is_a_validator_and_stores_its_spelling() -> None:
    class TaxForm(FundForm):
        tax_id = ThaiTextField("Tax number", [follows(tax_id)])

    right = TaxForm(MultiDict({"tax_id": "๐-๙๙-๔-๐๐๐-๖๑๗๗๒-๑"}))
    wrong = TaxForm(MultiDict({"tax_id": "0994000617723"}))

    assert right.validate()
    assert right.tax_id.data == "0994000617721"
    assert not wrong.validate()
    assert wrong.tax_id.errors[0].startswith("One or more digits")
    assert wrong.tax_id._value() == "0994000617723"


def test_a_choice_starts_empty_and_is_stored_as_the_member() -> None:
    assert LoanForm().kind.data is None
    assert '<option selected value="">' in LoanForm().kind()
    assert sent(kind="savings").kind.data is Kind.SAVINGS
    assert LoanForm(data={"kind": "credit_union"}).kind.data is Kind.CREDIT_UNION
    assert '<option selected value="credit_union">Credit union &lt;b&gt;' in sent(kind="credit_union").kind()


@pytest.mark.parametrize("typed", ["SAVINGS", *HOSTILE])
def test_a_choice_that_is_not_in_the_list_is_refused(typed: str) -> None:
    field = sent(kind=typed).kind

    assert (field.data, field.errors) == (None, ["Choose one from the list."])
    str(field()).encode()


# WTForms' own messages


class UpperCase:
    """A catalogue whose translation is the same text in capitals."""

    def ugettext(self, message: str) -> str:
        return message.upper()

    def ungettext(self, singular: str, plural: str, number: int) -> str:
        return singular.upper().replace("%(MIN)D", "%(min)d")


def test_the_built_in_messages_come_from_our_catalogue(monkeypatch: pytest.MonkeyPatch) -> None:
    class Short(FundForm):
        name = ThaiTextField("Name", [InputRequired(), Length(min=5)])

    monkeypatch.setattr("flask_babel.Domain.get_translations", lambda _domain: UpperCase())

    assert sent(Short, name="").name.errors == ["THIS FIELD IS REQUIRED."]
    assert sent(Short, name="abc").name.errors == ["FIELD MUST BE AT LEAST 5 CHARACTER LONG."]
