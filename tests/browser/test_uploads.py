"""Files chosen or dropped: progress, refusals, lost connections, cancelling, joining; and without script."""

import base64
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.browser.conftest import WIDTHS, Person, eventually
from tests.browser.test_files_and_forms import draft
from tests.conftest import PASSWORD
from tests.make_files import jpeg_bytes, pdf_bytes, png_bytes

DROP = """([place, files]) => {
  const carried = new DataTransfer();
  for (const [name, type, base64] of files)
    carried.items.add(new File([Uint8Array.from(atob(base64), (one) => one.charCodeAt(0))], name, { type }));
  for (const kind of ["dragover", "drop"])
    place.dispatchEvent(new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer: carried }));
}"""


def first_paper(page: Page) -> Locator:
    return page.locator(".uploads > li").first


def choose(paper: Locator, *files: tuple[str, bytes, str]) -> None:
    paper.locator("input[type=file]").set_input_files(
        [{"name": name, "mimeType": mime, "buffer": content} for name, content, mime in files]
    )


def pdf(name: str, text: str = "A document") -> tuple[str, bytes, str]:
    return name, pdf_bytes(text), "application/pdf"


@pytest.fixture(params=WIDTHS.values(), ids=WIDTHS.keys())
def person(request: pytest.FixtureRequest, window: Callable[..., Person]) -> Person:
    """The preparer of a new draft, on its documents."""
    found = window(request.param).enter("coop1")
    draft(found)
    return found


def test_of_two_files_the_bad_one_says_why_and_the_good_one_is_attached(person: Person) -> None:
    page = person.page
    paper = first_paper(page)
    count = page.locator("#papers-count").inner_text()

    choose(paper, ("ร้าย.pdf", b"MZ no document", "application/pdf"), pdf("งบการเงิน.pdf"))

    expect(paper.locator(".upload-file a")).to_have_text("งบการเงิน.pdf")
    refused = paper.locator(".sending")
    expect(refused).to_have_count(1)
    expect(refused.locator("[data-name]")).to_have_text("ร้าย.pdf")
    expect(refused.locator("[data-reason]")).to_be_visible()
    expect(page.locator("#papers-count")).not_to_have_text(count)
    expect(page.locator("#uploads-status")).to_contain_text("1")
    person.must_fit()
    refused.locator("[data-dismiss]").click()
    expect(refused).to_have_count(0)
    assert [text for text in person.complaints if "422" not in text] == []


def test_a_file_chosen_before_the_script_came_is_sent_when_it_does(person: Person) -> None:
    page = person.page
    held: list[Route] = []
    page.route("**/uploads/*.js", lambda route: held.append(route))  # a builtin is no handler
    page.reload(wait_until="commit")
    paper = first_paper(page)

    choose(paper, pdf("เลือกก่อน.pdf"))
    page.wait_for_timeout(300)
    expect(paper.locator(".upload-file a")).to_have_count(0)
    for route in held:
        route.continue_()

    expect(paper.locator(".upload-file a")).to_have_text(["เลือกก่อน.pdf"])


def test_a_lost_connection_is_tried_again_and_the_file_attached_once(person: Person) -> None:
    page = person.page
    page.clock.install()
    tries: list[str] = []

    def lose(route: Route) -> None:
        tries.append(route.request.url)
        if len(tries) == 1:
            route.abort("connectionreset")
        elif len(tries) == 2:
            route.fetch()  # it arrived, and only the answer was lost
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/attach/*", lose)

    choose(first_paper(page), pdf("งบการเงิน.pdf"))
    for times in (1, 2):
        eventually(page, lambda times=times: len(tries) == times)
        expect(first_paper(page).locator(".sending[data-state=again]")).to_have_count(1)
        page.clock.fast_forward(6000)

    expect(first_paper(page).locator(".upload-file a")).to_have_text(["งบการเงิน.pdf"])
    assert len(tries) == 3


def test_what_could_not_be_sent_is_sent_by_the_button_alone(window: Callable[..., Person]) -> None:
    page = draft(window().enter("coop1"))
    page.clock.install()
    paper = first_paper(page)
    lost = {"ไม่ถึง.pdf": True}
    sent: list[str] = []

    def lose(route: Route) -> None:
        name = next(
            name
            for name in ("ไม่ถึง.pdf", "ถึง.pdf")
            if f'filename="{name}"'.encode() in (route.request.post_data_buffer or b"")
        )
        sent.append(name)
        if lost.get(name):
            route.abort("internetdisconnected")
        else:
            route.continue_()

    page.route("**/attach/*", lose)
    choose(paper, pdf("ไม่ถึง.pdf"), pdf("ถึง.pdf", "two"))
    for _pause in range(2):
        expect(paper.locator(".sending[data-state=again]")).to_have_count(1)
        page.clock.fast_forward(6000)
    expect(paper.locator("[data-retry]:visible")).to_have_count(1)
    expect(paper.locator(".upload-file a")).to_have_text(["ถึง.pdf"])
    lost.clear()

    paper.locator("[data-retry]:visible").click()

    expect(paper.locator(".upload-file a")).to_have_text(["ถึง.pdf", "ไม่ถึง.pdf"])
    assert sent.count("ถึง.pdf") == 1
    assert sent.count("ไม่ถึง.pdf") == 4


def test_progress_is_shown_and_a_sending_can_be_cancelled(window: Callable[..., Person]) -> None:
    page = draft(window().enter("coop1"))
    paper = first_paper(page)
    held: list[Route] = []
    page.route("**/attach/*", lambda route: held.append(route))  # a builtin is no handler

    choose(paper, pdf("หนึ่ง.pdf", "1"), pdf("สอง.pdf", "2"), pdf("สาม.pdf", "3"))

    rows = paper.locator(".sending")
    expect(rows.locator("progress:visible")).to_have_count(3)
    expect(rows.nth(2).locator("[data-state]")).to_have_text("รอส่ง")  # two at a time
    rows.nth(0).locator("[data-cancel]").click()
    expect(rows.nth(0).locator("[data-state]")).to_have_text("ยกเลิกแล้ว")
    eventually(page, lambda: len(held) == 3)
    for route in held[1:]:
        route.continue_()
    expect(paper.locator(".upload-file a")).to_have_count(2)
    expect(paper.locator(".upload-file a", has_text="หนึ่ง.pdf")).to_have_count(0)


def test_files_are_dropped_on_a_paper(window: Callable[..., Person]) -> None:
    page = draft(window().enter("coop1"))
    paper = page.locator(".uploads > li").nth(1)
    files = [
        [name, mime, base64.b64encode(content).decode()] for name, content, mime in (pdf("ก.pdf"), pdf("ข.pdf", "2"))
    ]

    expect(paper.locator("[data-drop-hint]")).to_be_visible()
    page.evaluate(DROP, [paper.locator("h2").element_handle(), files])

    expect(paper.locator(".upload-file a")).to_have_count(2)


def test_two_photos_become_one_pdf(person: Person) -> None:
    page = person.page
    paper = first_paper(page)
    expect(paper.locator("[data-join]")).to_be_hidden()

    choose(paper, ("หน้า ๑.jpg", jpeg_bytes(), "image/jpeg"), ("หน้า ๒.png", png_bytes(), "image/png"))
    names = paper.locator("[data-join-names] [data-name]")
    expect(names).to_have_text(["หน้า ๑.jpg", "หน้า ๒.png"])
    expect(paper.locator("[data-join-names] canvas:visible")).to_have_count(2)
    person.must_fit()
    paper.locator("[data-later]:visible").click()
    expect(names).to_have_text(["หน้า ๒.png", "หน้า ๑.jpg"])
    expect(paper.locator("[data-earlier]:visible")).to_be_focused()
    expect(page.locator("#uploads-status")).to_have_text("หน้า ๑.jpg เป็นหน้า 2 แล้ว")
    paper.locator("input[name=join]").check()
    paper.locator(".upload-form button[type=submit]").click()

    expect(paper.locator(".upload-file a")).to_have_text(["หน้า ๒.pdf"])
    assert person.complaints == []


def test_too_large_a_file_is_not_sent_and_its_row_says_why(window: Callable[..., Person], tmp_path: Path) -> None:
    page = draft(window().enter("coop1"))
    path = tmp_path / "ใหญ่.pdf"
    path.write_bytes(b"\0" * (21 * 2**20))
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method))

    first_paper(page).locator("input[type=file]").set_input_files(path)

    expect(page.locator(".sending [data-reason]")).to_contain_text("21.0")
    assert "POST" not in sent


def test_without_script_the_files_go_together_and_the_bad_one_is_said(
    browser: Browser, server: str, window: Callable[..., Person]
) -> None:
    address = draft(window().enter("coop1")).url
    context = browser.new_context(java_script_enabled=False, locale="th-TH", viewport={"width": 390, "height": 900})
    page = context.new_page()
    page.goto(f"{server}/login/")
    page.fill("#username", "coop1")
    page.fill("#password", PASSWORD)
    page.press("#password", "Enter")
    page.goto(address)
    paper = first_paper(page)
    choose(
        paper,
        ("ร้าย.pdf", b"MZ no document", "application/pdf"),
        ("1.jpg", jpeg_bytes(), "image/jpeg"),
        ("2.jpg", jpeg_bytes(colour="red"), "image/jpeg"),
    )
    paper.locator("input[name=join]").check()

    paper.locator(".upload-form button[type=submit]").click()

    expect(page.locator(".error-summary")).to_contain_text("ร้าย.pdf: ")
    expect(first_paper(page).locator(".upload-file a")).to_have_text(["1.pdf"])
    context.close()
