"""The public calculator: figures without signing in, refusals at the fields, Excel and PDF, and the command."""

import io
import json
import re
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import select

from app.extensions import db
from app.files.drawing_turns import BUSY, OF_VISITORS, WAITING
from app.files.turns import Turns
from app.models.programmes import LoanProgramme, ProgrammeStatus
from app.models.transaction import writing
from app.reports import quote_files
from tests import make
from tests.client import FundClient, seen
from tests.forms import page
from tests.pdfs import PutIn

Query = Callable[..., dict[str, str]]


@pytest.fixture
def query(demo_app: Flask) -> Query:
    """What is asked: 3 million over a year under this year's normal programme, changed by what the test is about."""
    with make.rows(demo_app):
        key = db.session.scalars(select(LoanProgramme.id).where(LoanProgramme.key == "normal-2570")).one()
    day = {"paid_out-day": "31", "paid_out-month": "1", "paid_out-year": "2567"}
    return lambda **changes: {"programme": str(key), "amount": "3,000,000", "months": "12", **day, **changes}


def test_anybody_sees_what_a_loan_costs(visitor: FundClient, query: Query) -> None:
    text = page(visitor.get("/quote/", query_string=query()))

    # Worked out by hand for 2.75 per cent a year over actual days: see the unit tests of the schedule.
    for figure in ("44,602.74", "256,554.79", "250,583.90", "31 ม.ค. 2568"):
        assert figure in text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"amount": "30,000,000.01"}, "30,000,000.00"),
        ({"months": "61"}, "60"),
        ({"amount": "มาก"}, 'value="มาก"'),
        ({"programme": "999999"}, "error-summary"),
        ({"programme": "x"}, "error-summary"),
        ({"paid_out-day": "31", "paid_out-month": "2"}, "error-summary"),
        ({"amount": "0.05"}, "0.05"),
    ],
)
def test_what_cannot_be_quoted_is_said_and_what_was_typed_stays(
    visitor: FundClient, query: Query, changes: dict[str, str], said: str
) -> None:
    for path in ("/quote/", "/quote/quote.xlsx", "/quote/quote.pdf"):
        answer = visitor.get(path, query_string=query(**changes))

        assert answer.status_code == 200
        assert answer.mimetype == "text/html"
        assert said in page(answer)


def test_a_bare_page_has_no_errors(visitor: FundClient) -> None:
    assert "error-summary" not in visitor.text("/quote/")


def test_excel_holds_amounts_as_numbers(visitor: FundClient, query: Query) -> None:
    answer = visitor.get("/quote/quote.xlsx", query_string=query())

    rows = list(load_workbook(io.BytesIO(answer.data)).worksheets[0].iter_rows(values_only=True))
    instalments = [row for row in rows if isinstance(row[0], int)]
    assert len(instalments) == 12
    assert Decimal(str(round(sum(row[5] for row in instalments), 2))) == Decimal("44602.74")
    assert instalments[-1][7] == 0


def test_totals_in_excel_are_numbers_of_baht(demo_app: Flask, visitor: FundClient, query: Query) -> None:
    answer = visitor.get("/quote/quote.xlsx", query_string=query())

    sheet = load_workbook(io.BytesIO(answer.data)).worksheets[0]
    found = {row[0].value: row[4] for row in sheet.iter_rows(max_row=7) if row[4].value is not None}
    assert {name: Decimal(str(cell.value)) for name, cell in found.items()} == {
        make.in_thai(demo_app, "Loan"): 3_000_000,
        make.in_thai(demo_app, "Interest altogether"): Decimal("44602.74"),
        make.in_thai(demo_app, "Paid altogether"): Decimal("3044602.74"),
        make.in_thai(demo_app, "First payment"): Decimal("256554.79"),
        make.in_thai(demo_app, "Largest payment"): Decimal("256554.79"),
    }
    assert {(cell.data_type, cell.number_format) for cell in found.values()} == {("n", "#,##0.00")}


def test_excel_says_that_it_is_an_estimate_and_has_days_and_sums(
    demo_app: Flask, visitor: FundClient, query: Query
) -> None:
    answer = visitor.get("/quote/quote.xlsx", query_string=query())

    rows = list(load_workbook(io.BytesIO(answer.data)).worksheets[0].iter_rows())
    first = next(row for row in rows if row[0].value == 1)
    total = next(row for row in rows if row[0].value == make.in_thai(demo_app, "Total"))
    texts = [seen(row[0].value) for row in rows if isinstance(row[0].value, str)]
    # Paid out on 31 January 2024: the first payment falls on the last day of February.
    assert first[1].value == datetime(2024, 2, 29)
    assert [Decimal(str(cell.value)) for cell in total[4:7]] == [3_000_000, Decimal("44602.74"), Decimal("3044602.74")]
    assert texts[0] == make.in_thai(demo_app, "Estimate of instalments")
    assert any("31 มกราคม 2567" in text for text in texts)
    assert texts[-1].startswith("เป็นการประมาณ")
    assert quote(make.in_thai(demo_app, "Estimate of instalments") + ".xlsx") in answer.headers["Content-Disposition"]


def test_pdf_is_one(visitor: FundClient, query: Query) -> None:
    answer = visitor.get("/quote/quote.pdf", query_string=query())

    assert answer.mimetype == "application/pdf"
    assert answer.data.startswith(b"%PDF-")
    assert "attachment" in answer.headers["Content-Disposition"]


def test_pdf_tells_every_sentence_that_was_put_in(
    visitor: FundClient, query: Query, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_in = PutIn(quote_files, monkeypatch)

    drawn = visitor.get("/quote/quote.pdf", query_string=query()).data

    assert "ชำระรวมทั้งสิ้น" in put_in.texts
    assert put_in.untold(drawn) == []


@pytest.mark.parametrize(
    ("key", "months", "start", "interest"),
    [
        ("disaster-2565", 60, "2021-11-30", "508528.70"),
        ("covid-2564", 18, "2021-07-31", "79254.14"),
        ("quality-of-life-2565", 36, "2022-03-31", "77199.31"),
    ],
)
def test_command_prints_the_totals_of_the_fund_s_programmes(
    demo_app: Flask, key: str, months: int, start: str, interest: str
) -> None:
    command = ["fund", "quote", "--programme", key, "--amount", "10000000", "--months", str(months), "--start", start]

    answer = demo_app.test_cli_runner().invoke(args=[*command, "--format", "json"])

    assert json.loads(answer.output)["total_interest"] == interest


def printed(app: Flask, **changes: str) -> Any:
    """What the command prints for ten million over a year, changed by what the test is about."""
    asked = {"programme": "covid-2564", "amount": "10000000", "months": "12", "start": "2024-01-31", **changes}
    arguments = [part for name, value in asked.items() for part in (f"--{name}", value)]
    return app.test_cli_runner().invoke(args=["fund", "quote", *arguments])


NO_AMOUNT = "ไม่ใช่จำนวนเงิน"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"programme": "nothing"}, "ไม่มีโครงการที่ใช้รหัส nothing"),
        ({"amount": "many"}, f"many {NO_AMOUNT}"),
        ({"amount": "99e9"}, f"99e9 {NO_AMOUNT}"),
        ({"amount": "1e999999"}, NO_AMOUNT),
        ({"amount": "NaN"}, NO_AMOUNT),
        ({"amount": "Infinity"}, NO_AMOUNT),
        ({"amount": "-1"}, NO_AMOUNT),
        ({"amount": "0"}, NO_AMOUNT),
        ({"amount": "0.00"}, NO_AMOUNT),
        ({"amount": "1.005"}, NO_AMOUNT),
        ({"amount": "๕๐๐๐๐"}, NO_AMOUNT),
        ({"amount": "10,000,000"}, NO_AMOUNT),
        ({"amount": ""}, NO_AMOUNT),
        ({"amount": "9" * 13}, "บาท"),
        ({"amount": "0.05"}, "0.05 บาท"),
        ({"months": "361"}, "361 เดือน"),
        ({"months": "0"}, "0 เดือน"),
        ({"months": "๑๒"}, "๑๒ เดือน"),
        ({"start": "2567-01-31"}, "2024-01-31"),
        ({"start": "2567-02-29"}, "2024-02-29"),
        ({"start": "0001-01-01"}, "2024-01-31"),
        ({"start": "2023-02-29"}, "2023-02-29"),
        ({"start": "31/01/2567"}, "31/01/2567"),
    ],
)
def test_command_says_what_is_wrong_in_thai(demo_app: Flask, changes: dict[str, str], said: str) -> None:
    answer = printed(demo_app, **changes)

    assert answer.exit_code == 1
    assert isinstance(answer.exception, SystemExit)
    assert said in seen(answer.output)
    assert not re.search("[A-Za-z]", answer.output.removeprefix("Error: ").replace(next(iter(changes.values())), ""))


def test_command_quotes_a_draft(demo_app: Flask) -> None:
    with make.rows(demo_app), writing():
        programme = db.session.scalars(select(LoanProgramme).where(LoanProgramme.key == "covid-2564")).one()
        programme.status = ProgrammeStatus.DRAFT
        db.session.commit()

    assert printed(demo_app).exit_code == 0


def test_command_prints_columns_that_stand_below_each_other(demo_app: Flask) -> None:
    lines = printed(demo_app, programme="disaster-2565", months="60", start="2021-11-30").output.splitlines()

    ends = [match.end() for match in re.finditer(r"no\.|due on|days|rate %|principal|interest|balance", lines[0])]
    for line in lines[1:-1]:
        cells = [match.end() for match in re.finditer(r"\S+", line)]
        # The days stand left, everything else right.
        assert cells[:1] + cells[2:] == ends[:1] + ends[2:]
        assert re.fullmatch(r" +[0-9]+ [0-9]{4}-[0-9]{2}-[0-9]{2} .*", line)
    assert [match.end() for match in re.finditer(r"\S+", lines[-1])] == [ends[0], ends[4], ends[5]]
    assert lines[-1].split() == ["sum", "10,000,000.00", "508,528.70"]


def test_while_other_visitors_draw_one_is_asked_back_and_whoever_is_signed_in_is_not(
    demo_app: Flask, visitor: FundClient, query: Query
) -> None:
    officer = FundClient(demo_app)
    officer.enter("officer1")
    with ExitStack() as others:
        with demo_app.app_context():
            for name, most in (("visitors-drawing", OF_VISITORS), ("visitors-drawing-waits", WAITING)):
                for _other in range(most):
                    assert others.enter_context(Turns(name, most).one())

        answer = visitor.get("/quote/quote.pdf", query_string=query())
        whole = visitor.get("/quote/", query_string=query())
        theirs = officer.get("/quote/quote.pdf", query_string=query())

    assert answer.status_code == 503
    assert theirs.mimetype == "application/pdf"
    assert answer.headers["Retry-After"] == "3"
    assert make.in_thai(demo_app, BUSY) in page(answer)
    assert "44,602.74" in page(answer)  # what was typed is kept
    assert whole.status_code == 200
    assert visitor.get("/quote/quote.pdf", query_string=query()).status_code == 200


def test_a_day_that_is_past_is_told_beside_the_table(demo_app: Flask, visitor: FundClient, query: Query) -> None:
    past = make.in_thai(demo_app, "The day of the pay-out is past. Check the year, or leave the day empty for today.")

    unsaid = dict.fromkeys(("paid_out-day", "paid_out-month", "paid_out-year"), "")

    assert past in page(visitor.get("/quote/", query_string=query()))
    assert past not in page(visitor.get("/quote/", query_string=query(**unsaid)))
