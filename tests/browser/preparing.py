"""An application begun on its pages as a person does it, up to its documents."""

from playwright.sync_api import Page, expect

USUAL = {"amount": "1000000", "months": "24", "beneficiaries": "5", "member_rate": "4.75"}


def fill_in(page: Page, **typed: str) -> None:
    """The figures of a new application."""
    for name, value in {**USUAL, **typed}.items():
        page.fill(f"#{name}", value)


def begin(page: Page, *, purpose: str = "ให้สมาชิกกู้", **typed: str) -> None:
    """Choose the first open programme, answer every part, and go on to the documents."""
    page.locator("a[href*='/apply/new?programme=']").first.click()
    fill_in(page, **typed)
    page.locator("form.form button[type=submit]").click()
    page.locator(".task-list a[href*='/purpose']").click()
    page.fill("#purpose", purpose)
    page.locator("form.form button[type=submit]").click()
    page.locator(".task:not(.task-paper) a[href*='/documents']").click()
    expect(page.locator(".uploads")).to_be_visible()
