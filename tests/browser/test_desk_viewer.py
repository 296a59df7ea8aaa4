"""An officer goes through the files of an application with the keyboard, also on a telephone."""

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.domain.states import State
from app.extensions import db
from app.models.applications import LoanApplication
from app.models.audit import AuditEvent, AuditKind
from app.models.document_types import DocumentType
from tests import make
from tests.browser.accessibility import faults
from tests.browser.conftest import WIDTHS, Person
from tests.make_files import pdf_bytes, png_bytes


@pytest.fixture
def papers(demo_app: Flask) -> tuple[int, str, str]:
    """An application of officer1's office, a file of three pages, and the identity paper after it."""
    with make.rows(demo_app):
        rows = select(LoanApplication).where(LoanApplication.status == State.IN_REVIEW).order_by(LoanApplication.id)
        row = next(row for row in db.session.scalars(rows) if row.cooperative.office.code == make.CHONBURI)
        kinds = {kind.code: kind for kind in db.session.scalars(select(DocumentType))}
        long = make.document(row, kinds["bylaws"], name="ข้อบังคับ.pdf", content=pdf_bytes("Bylaws", pages=3))
        card = make.document(row, kinds["guarantors"], name="ผู้ค้ำประกัน.png", content=png_bytes((600, 400), "white"))
        card.kind = "png"
        return row.id, long.public_id, card.public_id


def shows(page: Page, number: int, pages: int) -> None:
    """The page is there as a picture that was drawn."""
    picture = page.locator("#looking .sheet-box img")
    expect(picture).to_have_attribute("alt", f"หน้า {number} จาก {pages} ของ ข้อบังคับ.pdf")
    page.wait_for_load_state("networkidle")
    assert picture.evaluate("image => image.complete && image.naturalWidth > 300")
    expect(page.locator("[data-desk-failed]")).to_be_hidden()


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS.keys())
def test_an_officer_goes_through_pages_and_files_with_the_keyboard(
    width: int, demo_app: Flask, papers: tuple[int, str, str], window: Callable[..., Person]
) -> None:
    key, long, card = papers
    person = window(width).enter("officer1")
    page = person.page
    person.open(f"/desk/{key}/{long}")
    page.evaluate("window.stayed = true")
    picture = page.locator("#looking .sheet-box img")

    shows(page, 1, 3)
    page.keyboard.press("ArrowRight")
    shows(page, 2, 3)
    page.keyboard.press("ArrowRight")
    shows(page, 3, 3)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    shows(page, 2, 3)
    person.must_fit()

    page.keyboard.press("+")
    expect(picture).to_have_class("zoom-150")
    assert picture.evaluate("image => image.clientWidth > image.parentElement.clientWidth * 1.4")
    person.must_fit()
    page.keyboard.press("0")
    expect(picture).to_have_class("zoom-100")
    page.keyboard.press("r")
    page.wait_for_url("**turn=90**")
    assert picture.evaluate("image => image.naturalWidth > image.naturalHeight")
    page.keyboard.press("ArrowRight")
    shows(page, 3, 3)
    assert "turn=90" in page.url
    assert page.evaluate("window.stayed"), "the desk was loaded anew"

    # Typing is typing: no key of the desk works in a field.
    page.locator("#desk-page").press_sequentially("1")
    page.locator("#desk-page").press("Enter")
    shows(page, 1, 3)
    with page.expect_navigation():
        page.keyboard.press("Shift+ArrowRight")

    _say_the_purpose(person, card)
    assert person.complaints == []
    with make.rows(demo_app):
        opened = db.session.scalars(select(AuditEvent.summary).where(AuditEvent.kind == AuditKind.OPENED)).all()
    assert sorted(opened) == ["ข้อบังคับ.pdf", "ผู้ค้ำประกัน.png"]


def _say_the_purpose(person: Person, card: str) -> None:
    page = person.page
    assert card in page.url
    expect(page.locator("#looking img")).to_have_count(0)
    person.must_fit()
    assert faults(page) == []
    page.locator("#purpose").select_option("guarantors")
    with page.expect_navigation():
        page.locator(".sheet form button[type=submit]").click()
    picture = page.locator("#looking .sheet-box img")
    expect(picture).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert picture.evaluate("image => image.naturalWidth") == 1000
    person.must_fit()


def test_keys_can_be_switched_off_and_stay_off(papers: tuple[int, str, str], window: Callable[..., Person]) -> None:
    key, long, _card = papers
    person = window().enter("officer1")
    page = person.page
    person.open(f"/desk/{key}/{long}")
    page.locator(".desk-keys summary").click()
    page.locator("#desk-keys").uncheck()
    page.locator("h1").click()

    for _visit in range(2):
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(300)
        shows(page, 1, 3)
        person.open(f"/desk/{key}/{long}")


def test_desk_works_without_script(papers: tuple[int, str, str], window: Callable[..., Person]) -> None:
    key, long, _card = papers
    person = window()
    person.enter("officer1")
    context = person.page.context
    page = context.browser.new_context(  # type: ignore[union-attr]
        java_script_enabled=False, storage_state=context.storage_state(), locale="th-TH"
    ).new_page()

    page.goto(f"{person.address}/desk/{key}/{long}")
    page.locator("[data-act=on]").click()
    page.locator("[data-act=larger]").click()
    page.locator("[data-act=left]").click()

    expect(page.locator(".sheet-box img.zoom-150")).to_have_attribute("alt", "หน้า 2 จาก 3 ของ ข้อบังคับ.pdf")
    assert "turn=270" in page.url
    page.context.close()
