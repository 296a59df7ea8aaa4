"""Where terms that contradict themselves are refused: on the line of a file, at the field of a form."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask_babel import force_locale
from sqlalchemy import select

from app.extensions import db
from app.files.yaml_reading import LineRefused
from app.models.programmes import LoanProgramme
from app.models.transaction import writing
from app.services.programmes.yaml_file import exported, imported
from app.ui.labels import explain
from tests import make
from tests.client import FundClient
from tests.forms import fill_in, page
from tests.programme_files import as_another

SignIn = Callable[[str], FundClient]

RATES = """rates:
  - shortest_term: 1
    longest_term: 24
    from_month: 1
    annual_rate: 0.02
  - annual_rate: 0.03
    shortest_term: 12
    longest_term: null
    from_month: 1"""


def programme() -> LoanProgramme:
    return db.session.scalars(select(LoanProgramme).where(LoanProgramme.key == "normal-2570")).one()


def as_a_file() -> str:
    """This year's normal programme as the file of another one."""
    return as_another(exported(programme()))


@pytest.mark.parametrize(
    ("name", "written", "line", "said"),
    [
        ("closes_on", "closes_on: 2026-09-30", "closes_on: 2026-09-30", "วันปิดรับคำขออยู่ก่อนวันเปิดรับคำขอ"),
        ("opens_on", "opens_on: 2026-02-30", "opens_on: 2026-02-30", "2026-02-30"),
        ("opens_on", "opens_on: 2569-10-01", "opens_on: 2569-10-01", "2569-10-01"),
        ("longest_term", "longest_term: 1:30", "longest_term: 1:30", "1:30"),
        ("longest_term", "longest_term: 010", "longest_term: 010", "010"),
        ("longest_term", "longest_term: 0x10", "longest_term: 0x10", "0x10"),
        ("free_months", "free_months: 61", "free_months: 61", "61"),
        ("ceiling", "ceiling: 900000000", "ceiling: 900000000", "900,000,000.00"),
        ("waiting_list", "waiting_list: !!bool maybe", "waiting_list: !!bool maybe", "maybe"),
        ("rates", RATES, "    from_month: 1", "1"),
        ("rates", RATES.replace("longest_term: null", "longest_term: 11"), "    longest_term: 11", "11"),
        ("rates", RATES.replace("0.03", "0.0300001"), "  - annual_rate: 0.0300001", "0.0300001"),
        ("kinds", "kinds: []", "kinds: []", "สหกรณ์"),
        ("ceiling", "ceiling: 30000000\n  ceiling: 20000000", "ceiling: 20000000", "ceiling"),
    ],
)
def test_a_file_is_refused_with_the_very_line_of_the_value(
    demo_app: Flask, name: str, written: str, line: str, said: str
) -> None:
    with make.rows(demo_app), writing(), force_locale("th"):
        text = re.sub(rf"^  {name}:.*\n(?:  [- ] .*\n)*", f"  {written}\n", as_a_file(), flags=re.M)
        with pytest.raises(LineRefused) as refused:
            imported(text.encode())
        shown = explain(refused.value)

    # Where two lines read alike, the later one is refused.
    wanted = max(number for number, row in enumerate(text.splitlines(), 1) if row.strip() == line.strip())
    assert refused.value.line == wanted
    assert said in shown


@pytest.mark.parametrize("number", ["12", "089", "010", "0x10", "1:30", "2569-10-01", "1e3", "yes", "~", "+7"])
def test_a_text_that_looks_like_a_number_comes_back_as_text(demo_app: Flask, number: str) -> None:
    with make.rows(demo_app), writing():
        row = programme()
        row.notification_no = number
        text = as_another(exported(row))

        assert imported(text.encode()).notification_no == number


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"closes_on-day": "30", "closes_on-month": "9", "closes_on-year": "2569"}, "closes_on"),
        ({"ceiling": "150,000,000.01"}, "ceiling"),
        ({"free_months": "61"}, "free_months"),
        ({"on_lending_rule": "absolute_cap", "on_lending_figure": ""}, "on_lending_rule"),
    ],
)
def test_a_programme_s_form_says_it_at_the_field(
    demo_app: Flask, client_for: SignIn, typed: dict[str, str], field: str
) -> None:
    with make.rows(demo_app):
        key = programme().id
    client = client_for("admin")

    for more in ({}, {"dry_run": "y"}):
        answer = fill_in(client, f"/programmes/edit/{key}", **typed, **more)

        assert answer.status_code == 200
        assert re.findall(r'id="([a-z_]+)-error"', page(answer)) == [field]


def test_a_term_with_another_name_on_the_form_is_found_there(demo_app: Flask, client_for: SignIn) -> None:
    with make.rows(demo_app):
        key = programme().id
    nobody = {"savings_may_apply": [], "credit_unions_may_apply": []}

    answer = fill_in(client_for("admin"), f"/programmes/edit/{key}", **nobody)

    assert re.findall(r'id="([a-z_]+)-error"', page(answer)) == ["savings_may_apply"]


def test_a_part_s_form_says_at_the_field_what_is_its_own(demo_app: Flask, client_for: SignIn) -> None:
    with make.rows(demo_app):
        key = programme().id
    rate = {"programme": str(key), "annual_rate": "2.50", "shortest_term": "1", "longest_term": "60", "from_month": "1"}

    answer = fill_in(client_for("fund"), "/programme-rates/add", **rate, why="ทดสอบ")

    assert re.findall(r'id="([a-z_]+)-error"', page(answer)) == ["from_month"]


def test_what_is_wrong_elsewhere_in_the_programme_stands_above_the_form_of_a_part(
    demo_app: Flask, client_for: SignIn
) -> None:
    with make.rows(demo_app), writing():
        row = programme()
        row.free_months, row.longest_term_months, key = 10, 9, row.id
        db.session.commit()
    level = {"programme": str(key), "body": "board", "up_to": "1,000,000"}

    answer = fill_in(client_for("fund"), "/approval-levels/add", **level, why="ทดสอบ")

    assert answer.status_code == 200
    assert "error-summary" in page(answer)
    assert re.findall(r'id="([a-z_]+)-error"', page(answer)) == []
