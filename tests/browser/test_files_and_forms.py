"""What the script adds to forms: values kept when the sign-in ended."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import Person, eventually
from tests.browser.preparing import begin
from tests.conftest import PASSWORD


def draft(person: Person) -> Page:
    """Fill in a new application and go on to its documents."""
    page = person.page
    begin(page)
    return page


def test_what_was_typed_outlives_a_sign_in_that_ended(window: Callable[..., Person]) -> None:
    person = window().enter("coop1")
    page = person.page
    person.open("/apply/new")
    page.fill("#beneficiaries", "150")
    page.fill("#months", "24")
    page.context.clear_cookies()

    page.locator("form.form button[type=submit]").click()
    page.locator("[data-session-ended] a.button").first.click()
    page.fill("#username", "coop1")
    page.fill("#password", PASSWORD)
    page.press("#password", "Enter")
    page.locator("[data-unsent=put-back]").click()

    assert page.url.endswith("/apply/new")
    expect(page.locator("#beneficiaries")).to_have_value("150")
    expect(page.locator("#months")).to_have_value("24")
    eventually(page, lambda: page.evaluate("sessionStorage.length") == 0)


def test_nothing_is_kept_once_the_form_was_taken(window: Callable[..., Person]) -> None:
    page = draft(window().enter("coop1"))
    eventually(page, lambda: page.evaluate("sessionStorage.length") == 0)


def test_passwords_are_never_kept(window: Callable[..., Person]) -> None:
    person = window().enter("coop1")
    page = person.page
    person.open("/password/")
    for name in ("current", "new_password", "again"):
        page.fill(f"#{name}", PASSWORD)
    page.context.clear_cookies()

    page.locator("form.form button[type=submit]").click()

    expect(page.locator("[data-session-ended]")).to_be_visible()
    assert PASSWORD not in page.evaluate("JSON.stringify(sessionStorage)")


def test_a_new_application_is_not_left_by_mistake(window: Callable[..., Person]) -> None:
    person = window().enter("coop1")
    page = person.page
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    person.open("/apply/new")
    page.locator("#beneficiaries").press_sequentially("7")

    page.locator("a.brand").click()
    page.wait_for_url(lambda url: not url.endswith("/apply/new"))

    assert asked == ["beforeunload"]
