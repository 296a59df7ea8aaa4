"""What a phone's page says at once: for whom one acts, what is new, and the answer that was asked for."""

from collections.abc import Callable

from flask import Flask
from playwright.sync_api import expect

from app.extensions import db
from app.models.notices import Notice
from app.models.people import User
from app.security.scope import unscoped
from tests.browser.conftest import WIDTHS, Person

OPENED_BY = "coop1"


def test_the_head_of_a_phones_page_names_the_cooperative_and_counts_what_is_unread(
    demo_app: Flask, window: Callable[..., Person]
) -> None:
    with demo_app.app_context(), unscoped():
        reader = db.session.query(User).filter_by(username=OPENED_BY).one()
        unread = db.session.query(Notice).filter_by(user_id=reader.id, read_at=None).count()
    person = window(320).enter(OPENED_BY)

    for address in ("/", "/apply/new"):
        person.open(address)
        acting = person.page.locator(".bar-acting")
        expect(acting).to_be_visible()
        end = acting.locator(".whole-name > :last-child").bounding_box()

        assert end is not None
        assert end["x"] + end["width"] <= 320
        assert "ชลบุรี 1 จำกัด" in acting.inner_text()
        assert (person.page.locator(".bar-notices .count").is_visible()) == (unread > 0)


def test_the_calculator_answers_in_view_and_by_the_keyboard(window: Callable[..., Person]) -> None:
    person = window(WIDTHS["phone"])
    page = person.page
    person.open("/quote/")

    person.follow(page.get_by_role("button", name="คำนวณ", exact=True))
    expect(page.locator(".error-summary")).to_be_focused()
    expect(page.locator(".error-summary")).to_be_in_viewport()
    for name in ("programme", "amount", "months"):
        expect(page.locator(f".error-summary a[href='#{name}']")).to_have_count(1)

    page.select_option("#programme", index=1)
    page.fill("#amount", "5000000")
    page.fill("#months", "60")
    person.follow(page.get_by_role("button", name="คำนวณ", exact=True))

    expect(page.locator("#answer")).to_be_focused()
    expect(page.locator(".three-figures .amount").first).to_be_in_viewport()
    cells = page.locator(".instalments tbody tr").first.locator("th, td")
    assert len([cell for cell in cells.all() if cell.is_visible()]) == 5  # a number above its day, and three amounts
    assert page.locator(".instalments").bounding_box()["height"] < 60 * 70  # type: ignore[index]


def test_only_the_chosen_programmes_limits_stand_beside_the_fields(window: Callable[..., Person]) -> None:
    person = window(WIDTHS["phone"]).enter("coop1")
    page = person.page
    person.open("/apply/new")
    shown = page.locator("#amount-hint [data-programme]:visible")
    expect(shown).to_have_count(0)

    page.select_option("#programme", index=1)
    expect(shown).to_have_count(1)
    page.select_option("#programme", index=2)
    expect(shown).to_have_count(1)

    assert shown.get_attribute("data-programme") == page.input_value("#programme")
    assert page.locator("#amount").bounding_box()["y"] < 900  # type: ignore[index]
