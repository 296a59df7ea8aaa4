"""Before there is an account: where one may apply and why not, and figures that are carried through the sign-in."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.models.programmes import LoanProgramme, ProgrammeCriterion
from tests import make
from tests.client import FundClient
from tests.conftest import PASSWORD
from tests.forms import page

ANSWERS = {
    "kind": "savings",
    "province": "TH-20",
    "years": "10",
    "amount": "1,000,000",
    "months": "12",
    "beneficiaries": "50",
    "guarantors": "15",
    "arrears": "0",
}


def asked(client: FundClient, **changes: str) -> str:
    return page(client.get("/may-we-borrow/", query_string=ANSWERS | changes))


@pytest.fixture
def normal(demo_app: Flask) -> int:
    with make.rows(demo_app):
        return db.session.scalars(select(LoanProgramme.id).where(LoanProgramme.key == "normal-2570")).one()


def test_the_answer_names_the_programmes_or_the_reasons_by_their_own_figures(
    visitor: FundClient, demo_app: Flask, normal: int
) -> None:
    good, refused = asked(visitor), asked(visitor, amount="900,000,000")
    with make.rows(demo_app):
        criterion = db.session.scalars(
            select(ProgrammeCriterion).where(
                ProgrammeCriterion.programme_id == normal, ProgrammeCriterion.kind == "years_registered"
            )
        ).one()
        key = criterion.id
        kept, criterion.figure, criterion.severity = (criterion.figure, criterion.severity), 11, "block"
        db.session.commit()
    changed = asked(visitor)
    with make.rows(demo_app):
        again: Any = db.session.get(ProgrammeCriterion, key)
        again.figure, again.severity = kept
        db.session.commit()

    assert "ท่านยื่นคำขอได้ใน" in good
    assert f"/apply/new?programme={normal}&amount=1000000&months=12" in good
    assert "ท่านยังยื่นคำขอไม่ได้" in refused
    assert f"/apply/new?programme={normal}&" not in changed
    assert "11 ปี" in changed


@pytest.mark.parametrize(
    ("changes", "kept"),
    [
        ({"kind": "bank"}, "error-summary"),
        ({"province": "TH-99"}, "error-summary"),
        ({"amount": "มาก"}, 'value="มาก"'),
        ({"months": "0"}, "error-summary"),
        ({"arrears": "-1"}, 'value="-1"'),
    ],
)
def test_a_wrong_answer_is_told_at_its_question(visitor: FundClient, changes: dict[str, str], kept: str) -> None:
    text = asked(visitor, **changes)

    assert kept in text
    assert "error-summary" in text


def test_the_start_page_asks_the_first_question_and_brings_its_answer(visitor: FundClient) -> None:
    assert 'name="kind"' in visitor.text("/")
    text = visitor.text("/may-we-borrow/?kind=credit_union")

    assert '<option selected value="credit_union">' in text
    assert "error-summary" not in text


def test_figures_are_carried_through_the_sign_in_and_checked_again(demo_app: Flask, normal: int) -> None:
    client = FundClient(demo_app)
    figures = {"programme": str(normal), "amount": "3,000,000", "months": "12"}
    link = f"/apply/new?programme={normal}&amount=3000000&months=12"
    assert link in page(client.get("/quote/", query_string=figures))
    to_sign_in = client.get(link).headers["Location"]
    answer = client.send(to_sign_in, {"username": "coop2", "password": PASSWORD}, page=to_sign_in)

    assert answer.headers["Location"].endswith(link)
    text = client.text(link)
    for filled in (f'<option selected value="{normal}">', 'value="3,000,000.00"', 'value="12"'):
        assert filled in text
    assert 'aria-invalid="true"' not in text
    assert 'aria-invalid="true"' in client.text(link.replace("months=12", "months=61"))
