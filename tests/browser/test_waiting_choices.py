"""Pictures that were chosen and days that were typed are not lost on the documents page."""

from collections.abc import Callable

from playwright.sync_api import Dialog, Page, expect

from tests.browser.conftest import Person
from tests.browser.test_files_and_forms import draft
from tests.browser.test_uploads import choose, pdf
from tests.make_files import jpeg_bytes, png_bytes


def asked_before_leaving(page: Page) -> list[str]:
    """Stays on the page whenever it asks; what kinds of question came."""
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    return asked


def test_pictures_that_wait_are_told_and_not_left(window: Callable[..., Person]) -> None:
    page = draft(window(390).enter("coop1"))
    paper = page.locator(".uploads > li").first
    asked = asked_before_leaving(page)

    choose(paper, ("๑.jpg", jpeg_bytes(), "image/jpeg"), pdf("งบ.pdf"), ("๒.png", png_bytes(), "image/png"))

    link = paper.locator(".upload-file a")
    expect(link).to_have_text("งบ.pdf")
    # Large enough for a finger; and the button for files speaks Thai whatever the browser's language is.
    assert (link.bounding_box() or {"height": 0})["height"] >= 44
    expect(paper.locator(".file-dressed + .button")).to_have_text("เลือกไฟล์")
    expect(paper.locator("[data-join-names] [data-name]")).to_have_text(["๑.jpg", "๒.png"])
    expect(page.locator("#uploads-pending")).to_contain_text("ยังไม่ได้แนบ 2 ภาพ")
    page.locator("a[href$='/check']").first.click()
    page.wait_for_timeout(300)
    assert asked == ["beforeunload"]
    assert page.url.partition("#")[0].endswith("/documents")
    paper.locator("input[name=join]").check()
    paper.locator(".upload-form button[type=submit]").click()
    expect(paper.locator(".upload-file a")).to_have_count(2)
    expect(page.locator("#uploads-pending")).to_be_hidden()


def test_a_day_typed_after_its_file_is_kept_beside_it(window: Callable[..., Person]) -> None:
    person = window(390).enter("coop1")
    page = draft(person)
    paper = page.locator(".uploads > li").filter(has=page.locator(".upload-day")).first
    asked = asked_before_leaving(page)

    choose(paper, pdf("รายงาน.pdf"))
    expect(paper.locator(".upload-file a")).to_have_text("รายงาน.pdf")
    day = paper.locator("form[data-day]")
    expect(paper.locator("form[data-upload] .upload-day")).to_have_count(0)
    day.locator("input[type=text]").first.fill("15")
    day.locator("select").select_option("10")
    expect(page.locator("#uploads-pending")).to_contain_text("ยังไม่ได้บันทึกวันที่ในเอกสาร 1 ฉบับ")
    page.locator("a[href$='/check']").first.click()
    page.wait_for_timeout(300)
    assert asked == ["beforeunload"]
    day.locator("input[type=text]").last.fill("69")
    day.locator("button[type=submit]").click()

    expect(paper).to_contain_text("15 ต.ค. 2569")
    expect(page.locator("#uploads-pending")).to_be_hidden()
    person.must_fit()
    page.locator("a[href$='/check']").first.click()
    expect(page.locator("h1")).to_contain_text("ตรวจ")
    assert asked == ["beforeunload"]
