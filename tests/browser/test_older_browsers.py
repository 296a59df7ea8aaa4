"""What a browser keeps or lacks decides nothing: pages of a memory, and an older Safari without its newer functions."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Person

LACKING = ("HTMLFormElement.prototype.requestSubmit", "HTMLDialogElement.prototype.showModal")
FROM_MEMORY = "window.dispatchEvent(new PageTransitionEvent('{event}', {{ persisted: true }}))"


def test_a_page_out_of_the_browser_s_memory_is_asked_for_again_after_signing_out(window: Callable[..., Person]) -> None:
    person = window().sign_in("coop1")
    page = person.page
    person.open("/")

    page.evaluate(FROM_MEMORY.format(event="pagehide"))
    expect(page.locator("body")).to_be_hidden()
    page.context.clear_cookies()
    page.evaluate(FROM_MEMORY.format(event="pageshow"))

    expect(page.locator("[data-user]")).to_have_count(0)


def test_a_public_page_out_of_the_memory_stays_with_what_was_typed(window: Callable[..., Person]) -> None:
    person = window()
    page = person.page
    person.open("/quote/")
    page.fill("#amount", "3,000,000")

    page.evaluate(FROM_MEMORY.format(event="pagehide"))
    page.evaluate(FROM_MEMORY.format(event="pageshow"))

    expect(page.locator("#amount")).to_have_value("3,000,000")


@pytest.mark.parametrize(
    "lacking", ["HTMLFormElement.prototype.requestSubmit", "HTMLDialogElement.prototype.showModal"]
)
def test_what_is_asked_first_is_sent_where_a_function_is_lacking(window: Callable[..., Person], lacking: str) -> None:
    person = window()
    person.page.add_init_script(f"delete {lacking}")
    page = person.sign_in("coop1").page
    page.on("dialog", lambda dialog: dialog.accept())
    form = page.locator("form[action$='/logout/']")
    form.evaluate("form => { form.dataset.confirm = 'ออกจากระบบหรือไม่' }")

    form.locator("button").evaluate("button => button.click()")
    if "Dialog" not in lacking:
        page.locator("#confirm-dialog[open] button[value=yes]").click()

    expect(page.locator("[data-user]")).to_have_count(0)
    assert person.complaints == []
