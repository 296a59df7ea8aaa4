"""What a browser keeps or lacks decides nothing: pages of a memory, and an older Safari without its newer functions."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Person
from tests.browser.test_files_and_forms import draft
from tests.browser.test_uploads import choose, pdf
from tests.browser.watching import without_newer_functions

FROM_MEMORY = "window.dispatchEvent(new PageTransitionEvent('{event}', {{ persisted: true }}))"


def test_a_page_out_of_the_browser_s_memory_is_asked_for_again_after_signing_out(window: Callable[..., Person]) -> None:
    person = window().enter("coop1")
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


@pytest.mark.parametrize("lacking", [(), ("HTMLDialogElement.prototype.showModal",)], ids=["dialog", "no dialog"])
def test_what_is_asked_first_is_sent_where_functions_are_lacking(
    window: Callable[..., Person], lacking: tuple[str, ...]
) -> None:
    person = window()
    person.page.add_init_script(without_newer_functions(*lacking))
    page = person.enter("officer1").page
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.accept()))
    person.open("/applications/list/?status=submitted")
    page.locator("input[name=rowid]").first.check()

    page.locator("button[name=action][value=receive]").click()
    if not lacking:
        expect(page.locator("#confirm-text")).to_contain_text("1")
        page.locator("#confirm-dialog[open] button[value=yes]").click()

    expect(page.locator(".notice-good")).to_contain_text("1")
    assert len(asked) == len(lacking)
    assert person.complaints == []


def test_files_are_sent_by_their_form_where_they_cannot_be_handed_on(window: Callable[..., Person]) -> None:
    person = window().enter("coop1")
    person.page.add_init_script(without_newer_functions() + "delete window.DataTransfer;")
    page = draft(person)
    paper = page.locator(".uploads > li").first

    choose(paper, pdf("งบการเงิน.pdf"))
    person.follow(paper.locator("form[data-upload] button[type=submit]"))

    expect(paper.locator(".upload-file a")).to_have_text("งบการเงิน.pdf")
    assert person.complaints == []
