"""A paper is refused, replaced and accepted, on a phone."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.domain.roles import Role
from app.domain.states import State
from app.extensions import db
from app.models.cooperatives import Cooperative
from app.models.documents import Document
from app.models.people import Membership
from tests import make
from tests.browser.conftest import WIDTHS, Person
from tests.make_files import pdf_bytes

NOTE = "หน้าแรกมืดเกินไป โปรดสแกนใหม่"


@dataclass
class Case:
    """An application of the demonstration's first cooperative with two papers, one file each."""

    key: int
    paper: int
    file: str


@pytest.fixture
def case(demo_app: Flask) -> Case:
    """Built without a browser; only what the test is about is clicked."""
    at = datetime.now(UTC) - timedelta(days=1)
    with make.rows(demo_app):
        users = {user.username: user for user in db.session.scalars(select(make.User))}
        cooperative = db.session.scalars(
            select(Cooperative).join(Membership).where(Membership.user_id == users["coop1"].id)
        ).one()
        by = {Role.SIGNATORY: users["coop1s"], Role.PROVINCIAL_OFFICER: users["officer1"]}
        row = make.application(
            State.IN_REVIEW, of=cooperative, under=make.programme(required=2), by=by, at=at - timedelta(days=3)
        )
        first = db.session.scalars(select(Document).where(Document.application_id == row.id)).first()
        assert first is not None
        return Case(row.id, first.document_type_id, first.public_id)


@pytest.fixture
def phone(case: Case, window: Callable[..., Person]) -> Callable[[str], Person]:
    return lambda username: window(WIDTHS["phone"]).enter(username)


def test_a_paper_is_refused_replaced_and_accepted(case: Case, phone: Callable[[str], Person], tmp_path: Path) -> None:
    officer = phone("officer1")
    _refuse(officer, case)
    _ask(officer, case)
    _replace(phone("coop1"), case, tmp_path)
    _accept(officer, case)


def _refuse(person: Person, case: Case) -> None:
    page = person.page
    person.open(f"/desk/{case.key}/{case.file}?page=1")
    person.must_fit()
    _judged(page, 0)
    page.locator("#refuse summary").click()
    expect(page.locator("#refuse-page")).to_have_value("1")
    # Without a word to the cooperative nothing is stored, and what was chosen stays.
    page.select_option("#refuse-verdict", "unreadable")
    page.locator("#refuse button[type=submit]").click()
    expect(page.locator("#refuse .error-summary")).to_be_visible()
    expect(page.locator("#refuse-verdict")).to_have_value("unreadable")
    person.must_fit()
    assert all("422" in each for each in person.complaints)
    person.complaints.clear()
    page.fill("#refuse-note", NOTE)
    page.locator("#refuse button[type=submit]").click()
    expect(page.locator(".notice-good, .flash").first).to_be_visible()
    _judged(page, 1)
    person.must_fit()


def _ask(person: Person, case: Case) -> None:
    page = person.page
    person.follow(page.locator(f"a[href^='/track/{case.key}?move=return']"))
    form = page.locator("form[action$='/move/return']")
    asked = form.locator(f"#asked-{case.paper}")
    expect(asked).to_be_checked()
    expect(form.locator(f"#asked-{case.paper}-note")).to_have_value(f"อ่านไม่ออก หน้า 1 – {NOTE}")
    person.must_fit()
    form.locator("button[type=submit]").click()
    expect(page.locator(".asked")).to_contain_text(NOTE)
    person.must_fit()
    assert person.complaints == []


def _replace(person: Person, case: Case, folder: Path) -> None:
    page = person.page
    person.open(f"/track/{case.key}")
    expect(page.locator(".notice-waiting .asked > li")).to_have_count(1)
    expect(page.locator(".notice-waiting .asked")).to_contain_text(NOTE)
    person.must_fit()
    person.follow(page.locator(".notice-waiting .asked a"))
    new = folder / "สแกนใหม่.pdf"
    new.write_bytes(pdf_bytes("again"))
    paper = page.locator(f"li#paper-{case.paper}")
    paper.locator("input[type=file]").first.set_input_files(new)
    expect(paper.locator("a", has_text=new.name).first).to_be_visible()
    person.must_fit()
    person.open(f"/apply/{case.key}/check")
    person.must_fit()
    page.locator("form[action*='/move/answer'] button[type=submit]").click()
    expect(page.locator(".timeline")).to_be_visible()
    assert person.complaints == []


def _accept(person: Person, case: Case) -> None:
    page = person.page
    person.open(f"/track/{case.key}")
    # The new file comes first, with the refused one beside it.
    person.follow(page.locator(f".section a.button[href^='/desk/{case.key}/']"))
    expect(page.locator(".judging")).to_be_visible()
    expect(page.locator(f".judging a[href='/desk/{case.key}/{case.file}']")).to_be_visible()
    expect(page.locator(".judging")).to_contain_text("อ่านไม่ออก")
    person.must_fit()
    before = page.locator(".desk-list ol > li > .badge-good").count()
    page.locator("#accept button[type=submit]").click()
    expect(page.locator(".desk-list ol > li > .badge-good")).to_have_count(before + 1)
    _judged(page, 1)
    person.must_fit()
    assert person.complaints == []


def _judged(page: Page, done: int) -> None:
    expect(page.locator(".judging")).to_contain_text(f"ตรวจแล้ว {done} จาก 2 ไฟล์")
