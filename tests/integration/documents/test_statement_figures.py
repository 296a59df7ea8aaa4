"""Figures read off a statement on the desk go to the cooperative's yearly figures, with the page they stand on."""

import html
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.domain.roles import Role
from app.domain.states import State
from app.extensions import db
from app.models.applications import LoanApplication
from app.models.audit import AuditEvent
from app.models.cooperatives import FinancialYear
from app.models.documents import Document
from tests import make
from tests.client import FundClient
from tests.place import signed_in

YEAR = 2568  # has ended whatever the day: the accounting year of the test's cooperative ends on 31 March
TYPED = {
    "year": str(YEAR),
    "version": "0",
    "members": "๑,๒๐๐",
    "share_capital": "10,000,000.00",
    "reserve": "1,000,000.50",
    "debts": "0",
    "profit": "-5,000.25",
    "control_class": "2",
    "page": "4",
}


@dataclass
class Statement:
    """A financial statement on the desk, and the people around it."""

    app: Flask
    key: int
    file: str
    cooperative: int

    def browser(self, username: str = "officer") -> FundClient:
        return signed_in(self.app, username)

    def send(self, client: FundClient, **values: str) -> TestResponse:
        form = {f"figures-{name}": value for name, value in {**TYPED, **values}.items()}
        return client.send(f"/desk/{self.key}/{self.file}/figures", form)

    def row(self) -> FinancialYear | None:
        with make.rows(self.app):
            found = db.session.scalar(select(FinancialYear))
            db.session.expunge_all()
            return found

    def record(self, **values: Any) -> int:
        figures = {"members": 900, "share_capital": 1, "reserve": 1, "debts": 1, "profit": 1, **values}
        with make.rows(self.app):
            row = FinancialYear(cooperative_id=self.cooperative, year=YEAR, **figures)
            db.session.add(row)
            db.session.flush()
            return row.version


@pytest.fixture
def statement(app: Flask) -> Statement:
    with make.rows(app):
        cooperative = make.cooperative(year_end_day=31, year_end_month=3)
        make.person(Role.PREPARER, of=cooperative, username="preparer")
        make.person(Role.PREPARER, of=make.cooperative(), username="stranger")
        make.person(Role.PROVINCIAL_OFFICER, username="officer")
        make.person(Role.MANAGER, username="manager")
        make.person(Role.ADMINISTRATOR, username="administrator")
        row = make.application(State.IN_REVIEW, of=cooperative)
        row.programme.documents[0].document_type.has_figures = True
        file = db.session.scalars(select(Document.public_id)).one()
        return Statement(app, row.id, file, cooperative.id)


def text(answer: TestResponse) -> str:
    return html.unescape(answer.get_data(as_text=True))


def test_figures_are_stored_with_their_page_and_in_the_audit_trail(statement: Statement) -> None:
    officer = statement.browser()
    assert f'name="figures-year" value="{YEAR}"' in text(
        officer.get(f"/desk/{statement.key}/{statement.file}?year={YEAR}")
    )

    answer = statement.send(officer)

    row = statement.row()
    assert answer.status_code == 302
    assert row is not None
    assert (row.year, row.members, row.share_capital) == (YEAR, 1200, Decimal(10_000_000))
    assert (row.reserve, row.debts, row.profit) == (Decimal("1000000.50"), Decimal(0), Decimal("-5000.25"))
    assert (row.control_class, row.document_page) == ("2", 4)
    with make.rows(statement.app):
        assert db.session.get_one(Document, row.document_id).public_id == statement.file
        event = db.session.scalars(select(AuditEvent).where(AuditEvent.entity == "financial_year")).one()
        assert event.after is not None
        assert event.after["document_page"] == 4


def test_other_figures_are_shown_before_they_are_replaced(statement: Statement) -> None:
    version = str(statement.record())
    officer = statement.browser()

    told = statement.send(officer, version=version)

    page = text(told)
    row = statement.row()
    assert told.status_code == 409
    assert make.in_thai(statement.app, "What would change") in page
    assert "900" in page
    assert "1,200" in page
    assert row is not None
    assert (row.members, row.document_id) == (900, None)

    assert statement.send(officer, version=version, replace="y").status_code == 302
    row = statement.row()
    assert row is not None
    assert row.members == 1200


def test_same_figures_only_get_their_page(statement: Statement) -> None:
    officer = statement.browser()
    statement.send(officer, page="")

    answer = statement.send(officer, version="1", page="7")

    row = statement.row()
    assert answer.status_code == 302
    assert row is not None
    assert row.document_page == 7


def test_figures_saved_meanwhile_are_told(statement: Statement) -> None:
    statement.record()

    answer = statement.send(statement.browser(), version="0", replace="y")

    row = statement.row()
    assert answer.status_code == 409
    assert make.in_thai(statement.app, "What would change") in text(answer)
    assert "-5,000.25" in text(answer)
    assert row is not None
    assert row.members == 900


@pytest.mark.parametrize(
    "values",
    [{"members": ""}, {"share_capital": "สิบ"}, {"year": "9999"}, {"year": "x"}, {"page": "0"}, {"control_class": "9"}],
)
def test_what_cannot_be_stored_is_refused_and_kept(statement: Statement, values: dict[str, str]) -> None:
    answer = statement.send(statement.browser(), **values)

    assert answer.status_code in (409, 422)
    assert "-5,000.25" in text(answer)
    assert statement.row() is None


def test_page_beyond_the_files_last_is_refused(statement: Statement) -> None:
    with make.rows(statement.app):
        db.session.scalars(select(Document)).one().pages = 3

    answer = statement.send(statement.browser())

    assert answer.status_code == 409
    assert statement.row() is None


@pytest.mark.parametrize("username", ["preparer", "stranger", "manager"])
def test_others_neither_see_the_form_nor_store_anything(statement: Statement, username: str) -> None:
    client = statement.browser(username)

    assert "figures-members" not in text(client.get(f"/desk/{statement.key}/{statement.file}"))
    assert statement.send(client).status_code in (302, 403, 404)
    assert statement.row() is None


def test_a_paper_without_figures_has_no_form(statement: Statement) -> None:
    with make.rows(statement.app):
        row = db.session.get_one(LoanApplication, statement.key)
        row.programme.documents[0].document_type.has_figures = False
    officer = statement.browser()

    assert "figures-members" not in text(officer.get(f"/desk/{statement.key}/{statement.file}"))
    statement.send(officer)
    assert statement.row() is None


def test_figures_lead_to_their_page_for_those_who_may_see_it(statement: Statement) -> None:
    statement.send(statement.browser())
    link = f'href="/desk/{statement.key}/{statement.file}?page=4&year={YEAR}"'
    row = statement.row()
    assert row is not None

    for username, shown in (("officer", True), ("preparer", True), ("administrator", False)):
        assert (link in text(statement.browser(username).get(f"/financial-years/show/{row.id}"))) is shown, username
    assert link in text(statement.browser().get(f"/track/{statement.key}"))
    assert statement.browser("stranger").get(f"/financial-years/show/{row.id}").status_code == 404
