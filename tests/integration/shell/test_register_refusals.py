"""What a register does not take is said at its field, and what was typed is kept."""

import re

import pytest
from flask import Flask
from sqlalchemy import select

from app.domain.values.identifiers import ONE_DIGIT_WRONG, THIRTEEN_DIGITS
from app.extensions import db
from app.models.cooperatives import BoardMember, Cooperative
from app.models.programmes import LoanProgramme
from tests import make
from tests.forms import fill_in, page
from tests.integration.shell.registers import REGISTERS, SignIn, addition, count, first_id


def wrong_digit(number: str) -> str:
    return number[:-1] + str((int(number[-1]) + 1) % 10)


BAD: list[tuple[str, str, str]] = [
    ("tax_id", wrong_digit(make.tax_number(99002)), ONE_DIGIT_WRONG),
    ("tax_id", "123", THIRTEEN_DIGITS),
    ("name", "สหกรณ์ออมทรัพย์ไม่มีคำท้าย", "Type the full registered name of the cooperative; it ends with “จำกัด”."),
    ("postcode", "1040", "A postcode has five digits, for example 10400."),
    ("email", "office@", "Type one e-mail address, for example office@example.or.th."),
    ("members", "ร้อยคน", "Type a whole number in digits, for example 1,200."),
    ("members", "1.5", "Type a whole number in digits, for example 1,200."),
    ("share_capital", "1.234", "Type at most two digits after the point, for example 5,000,000.50."),
    ("phone", "1", "Type a Thai telephone number of 9 or 10 digits, beginning with 0, such as 0 2660 2180."),
]


def error_at(text: str, field: str) -> str:
    """The message beside a field."""
    found = re.search(rf'id="{field}-error">(.*?)</div>', text, re.DOTALL)
    return found[1] if found else ""


@pytest.mark.parametrize(("field", "typed", "message"), BAD)
def test_bad_value_is_explained_at_its_field_and_kept(
    demo_app: Flask, client_for: SignIn, field: str, typed: str, message: str
) -> None:
    register = next(register for register in REGISTERS if register.model is Cooperative)
    good = addition(demo_app, register)
    before = count(demo_app, Cooperative)

    answer = fill_in(client_for("fund"), "/cooperatives/add", **{**good, "district": "เมืองพิมพ์ไว้", field: typed})

    text = page(answer)
    assert answer.status_code in (200, 422)
    assert make.in_thai(demo_app, message) in error_at(text, field)
    assert f'value="{typed}"' in text
    assert 'value="เมืองพิมพ์ไว้"' in text
    assert f'href="#{field}"' in text
    assert count(demo_app, Cooperative) == before


def test_registration_number_of_another_is_refused(demo_app: Flask, client_for: SignIn) -> None:
    register = next(register for register in REGISTERS if register.model is Cooperative)
    with make.rows(demo_app):
        taken = db.session.scalars(select(Cooperative.registration_no).order_by(Cooperative.id)).first()

    answer = fill_in(
        client_for("fund"), "/cooperatives/add", **{**addition(demo_app, register), "registration_no": taken}
    )

    said = "This value is already used by another record. Check it, or open that record."
    assert make.in_thai(demo_app, said) in error_at(page(answer), "registration_no")


def test_registration_number_of_a_row_out_of_reach_is_not_taken(demo_app: Flask, client_for: SignIn) -> None:
    with make.rows(demo_app):
        mine = db.session.scalars(select(Cooperative).where(Cooperative.office == make.office())).first()
        theirs = db.session.scalars(
            select(Cooperative.registration_no).where(Cooperative.office == make.office(make.PATHUM_THANI))
        ).first()
        assert mine is not None
        key = mine.id

    fill_in(client_for("officer1"), f"/cooperatives/edit/{key}", registration_no=theirs)

    with make.rows(demo_app):
        assert db.session.get_one(Cooperative, key).registration_no != theirs


@pytest.mark.parametrize(
    ("day", "month", "year"), [("31", "2", "2560"), ("29", "2", "2568"), ("๓๑", "4", "๒๕๖๐"), ("0", "1", "2560")]
)
def test_day_that_does_not_exist_is_refused_at_its_field(
    demo_app: Flask, client_for: SignIn, day: str, month: str, year: str
) -> None:
    key = first_id(demo_app, Cooperative)
    typed = {"registered_on-day": day, "registered_on-month": month, "registered_on-year": year}

    answer = fill_in(client_for("fund"), f"/cooperatives/edit/{key}", **typed)

    text = page(answer)
    assert error_at(text, "registered_on")
    assert f'value="{day}"' in text
    assert f'value="{year}"' in text


def test_leap_day_of_a_buddhist_year_is_a_day(demo_app: Flask, client_for: SignIn) -> None:
    key = first_id(demo_app, Cooperative)
    typed = {"registered_on-day": "29", "registered_on-month": "2", "registered_on-year": "2567"}

    answer = fill_in(client_for("fund"), f"/cooperatives/edit/{key}", **typed)

    assert answer.status_code == 302
    with make.rows(demo_app):
        assert str(db.session.get_one(Cooperative, key).registered_on) == "2024-02-29"


def test_office_that_does_not_serve_the_province_is_refused(demo_app: Flask, client_for: SignIn) -> None:
    register = next(register for register in REGISTERS if register.model is Cooperative)
    with make.rows(demo_app):
        other = make.office(make.PATHUM_THANI)
        key, name = other.id, other.short_name

    answer = fill_in(client_for("fund"), "/cooperatives/add", **{**addition(demo_app, register), "office": str(key)})

    said = "%(office)s does not serve %(province)s. Choose the office of that province, or the central division."
    text = page(answer)
    assert make.in_thai(demo_app, said, office=name, province="ชลบุรี") in text
    assert 'value="ใหม่ 1/2569"' in text
    assert count(demo_app, Cooperative, registration_no="ใหม่ 1/2569") == 0


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"closes_on-year": "2568"}, "The programme closes before it opens. Correct one of the two dates."),
        ({"ceiling": "0"}, "Envelope and ceiling must be above zero."),
    ],
)
def test_odd_terms_of_a_programme_are_refused(
    demo_app: Flask, client_for: SignIn, typed: dict[str, str], message: str
) -> None:
    register = next(register for register in REGISTERS if register.model is LoanProgramme)

    answer = fill_in(client_for("fund"), "/programmes/add", **{**addition(demo_app, register), **typed})

    assert make.in_thai(demo_app, message) in page(answer)
    assert 'value="new-2570"' in page(answer)
    assert count(demo_app, LoanProgramme, key="new-2570") == 0


def test_board_term_does_not_end_before_it_starts(demo_app: Flask, client_for: SignIn) -> None:
    register = next(register for register in REGISTERS if register.model is BoardMember)
    typed = {**addition(demo_app, register), "term_ends_on-year": "2560"}

    answer = fill_in(client_for("fund"), "/board/add", **typed)

    assert make.in_thai(demo_app, "The term ends before it starts. Correct one of the two dates.") in page(answer)


def test_empty_form_names_every_field_that_must_be_filled(client_for: SignIn) -> None:
    client = client_for("fund")

    text = page(client.send("/cooperatives/add", page="/cooperatives/add"))

    for field in ("name", "registration_no", "kind", "workplace", "province", "office"):
        assert error_at(text, field), field


@pytest.mark.parametrize(("day", "stored"), [("30", False), ("29", True)])
def test_year_end_is_a_day_of_its_month(demo_app: Flask, client_for: SignIn, day: str, stored: bool) -> None:
    key = first_id(demo_app, Cooperative)

    answer = fill_in(client_for("fund"), f"/cooperatives/edit/{key}", year_end_day=day, year_end_month="2")

    refusal = make.in_thai(demo_app, "This month has no day %(day)s. Correct the day or the month.", day=day)
    assert (refusal in error_at(page(answer), "year_end_day")) is not stored
    with make.rows(demo_app):
        row = db.session.get_one(Cooperative, key)
        assert ((row.year_end_day, row.year_end_month) == (int(day), 2)) is stored


def test_month_of_the_year_end_is_a_name(demo_app: Flask, client_for: SignIn) -> None:
    key = first_id(demo_app, Cooperative)
    client = client_for("fund")
    fill_in(client, f"/cooperatives/edit/{key}", year_end_day="31", year_end_month="3")

    assert '<option selected value="3">มีนาคม</option>' in client.text(f"/cooperatives/edit/{key}")
    assert "<dd>มีนาคม</dd>" in client.text(f"/cooperatives/show/{key}")
    refused = page(fill_in(client, f"/cooperatives/edit/{key}", year_end_month="13"))
    assert make.in_thai(demo_app, "Choose one from the list.") in error_at(refused, "year_end_month")


def test_lists_keep_days_on_one_line_and_give_names_room(client_for: SignIn) -> None:
    text = client_for("fund").text("/programmes/list/")

    assert '<th scope="row" class="name"' in text
    assert '<td class="day"' in text
    assert '<td class="num"' in text
