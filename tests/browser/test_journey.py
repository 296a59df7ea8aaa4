"""One application from the cooperative's first answer to the manager's map, in Thai, with real files."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import expect

from app.security.scope import unscoped
from app.services.documents.checklist import checklist
from app.ui.clock import today
from app.views.applications.finding import application_or_404
from tests.browser.conftest import WIDTHS, Person
from tests.browser.preparing import begin
from tests.conftest import PASSWORD
from tests.make_files import docx_bytes, jpeg_bytes, pdf_bytes, png_bytes, xlsx_bytes

FILES = {
    "แบบคำขอกู้เงิน ลงนามแล้ว.pdf": pdf_bytes,
    "รายงานการประชุม ครั้งที่ ๓.pdf": pdf_bytes,
    "มติที่ประชุมใหญ่.docx": lambda: docx_bytes("มติที่ประชุมใหญ่"),
    "หนังสือเห็นชอบวงเงิน.jpg": jpeg_bytes,
    "งบการเงิน ๒๕๖๙.xlsx": lambda: xlsx_bytes([["รายการ", "บาท"], ["ทุนเรือนหุ้น", 1000]]),
    "ใบสำคัญรับจดทะเบียน.png": png_bytes,
}


@pytest.mark.parametrize(
    ("backend", "width"), [("sqlite", WIDTHS["phone"]), ("postgresql", WIDTHS["desktop"])], scope="session"
)
def test_an_application_goes_from_the_first_answer_to_the_map(
    width: int, demo_app: Flask, window: Callable[..., Person], tmp_path: Path
) -> None:
    preparer = window(width).sign_in("coop1")
    number_of_files = _prepare(preparer, tmp_path)
    pk = preparer.page.url.split("/apply/")[1].split("/")[0]
    number = _submit(window(width).sign_in("coop1s"), pk)
    _ask_for_more(window(width).sign_in("officer1"), pk, number)
    _answer(preparer, pk, tmp_path)
    _recommend(window(width).sign_in("officer1"), pk)
    _put_forward(window(width).sign_in("fund"), pk)
    _approve(window(width).sign_in("committee1"), pk)
    _see_the_result(preparer, pk, number)
    _see_the_map(window(width).sign_in("manager"), number)

    assert preparer.complaints == []
    with demo_app.test_request_context(), unscoped():
        files = [file for paper in checklist(application_or_404(pk), today()) for file in paper.files]
        assert {file.file_name for file in files} >= set(FILES)
        assert len(files) == number_of_files + 1


def _prepare(person: Person, folder: Path) -> int:
    page = person.page
    begin(page, amount="๑๒,๕๐๐,๐๐๐", beneficiaries="150", purpose="ให้สมาชิกกู้เพื่อปลดเปลื้องหนี้นอกระบบ")
    papers = page.locator(".uploads > li", has=page.locator(".badge-waiting"))
    ids = [papers.nth(index).get_attribute("id") for index in range(papers.count())]
    assert len(ids) == 6, "six documents are required"
    for paper_id, (name, make) in zip(ids, FILES.items(), strict=True):
        path = folder / name
        path.write_bytes(make())
        place = page.locator(f"#{paper_id}")
        day = place.locator(".upload-form .upload-day")
        if day.count():  # how long it may be used is counted from it
            day.locator("input").first.fill("2")
            day.locator("select").select_option("11")
            day.locator("input").last.fill("2569")
        place.locator("input[type=file]").set_input_files(path)
        expect(page.locator(f"#{paper_id} .upload-file a")).to_have_text(name)
        person.must_fit()
    page.locator("a[href$='/check']").click()
    # The preparer may not submit: the page says who does.
    expect(page.locator("form[action*='/move/submit']")).to_have_count(0)
    return len(FILES)


def _submit(person: Person, pk: str) -> str:
    page = person.page
    person.open(f"/apply/{pk}/check")
    person.must_fit()
    page.locator("#submit-declared").check()
    page.fill("#submit-password", PASSWORD)
    page.locator("form[action*='/move/submit'] button[type=submit]").click()
    expect(page.locator(".confirmation h1")).to_be_visible()
    number = page.locator(".confirmation-number").inner_text()
    assert number.startswith("คก.")
    assert number.endswith("/2570")
    person.must_fit()
    assert person.complaints == []
    return number


def _move(person: Person, pk: str, name: str, reason: str = "") -> None:
    page = person.page
    person.open(f"/track/{pk}")
    form = page.locator(f"form[action$='/move/{name}']")
    details = page.locator("details.move", has=form)
    if details.get_attribute("open") is None:
        details.locator("summary").click()
    if reason:
        form.locator(f"#{name}-reason").fill(reason)
    without = form.locator(f"#{name}-papers_reason")
    if without.count():
        without.fill("ตรวจจากต้นฉบับที่สำนักงานแล้ว")
    person.must_fit()
    form.locator("button[type=submit]").click()
    dialog = page.locator("#confirm-dialog[open]")
    if name in ("approve", "reject", "withdraw"):
        dialog.locator("button[value=yes]").click()
    expect(page.locator(".notice-good, .notice[class*=success], .flash").first).to_be_visible()


def _ask_for_more(person: Person, pk: str, number: str) -> None:
    page = person.page
    expect(page.get_by_role("link", name=number)).to_be_visible()
    _move(person, pk, "receive")
    _move(person, pk, "review")
    person.open(f"/track/{pk}")
    with page.expect_download() as download:
        page.locator(".papers a.download").first.click()
    assert download.value.suggested_filename == next(iter(FILES))
    form = page.locator("form[action$='/move/return']")
    page.locator("details.move", has=form).locator("summary").click()
    form.locator("input[name=asked]").first.check()
    form.locator(".ask textarea").first.fill("ขอหน้าที่ ๒ ที่อ่านได้ชัด")
    form.locator("#return-reason").fill("หน้าที่ ๒ ไม่ชัด โปรดสแกนใหม่")
    form.locator("button[type=submit]").click()
    expect(page.locator(".timeline")).to_contain_text("หน้าที่ ๒ ไม่ชัด")
    assert person.complaints == []


def _answer(person: Person, pk: str, folder: Path) -> None:
    page = person.page
    person.open("/")
    person.follow(page.locator(".tasks a").first)
    person.must_fit()
    person.open(f"/apply/{pk}/documents")
    paper = page.locator(".uploads > li", has=page.locator(".badge-waiting")).first
    path = folder / "แบบคำขอ สแกนใหม่.pdf"
    path.write_bytes(pdf_bytes("again"))
    paper.locator("input[type=file]").set_input_files(path)
    expect(page.locator(".upload-file a", has_text=path.name)).to_be_visible()
    person.open(f"/apply/{pk}/check")
    page.locator("#answer-reason").fill("แนบหน้าที่ ๒ ใหม่แล้ว")
    page.locator("form[action*='/move/answer'] button[type=submit]").click()
    expect(page.locator(".timeline")).to_contain_text("แนบหน้าที่ ๒ ใหม่แล้ว")


def _recommend(person: Person, pk: str) -> None:
    _move(person, pk, "recommend", "เห็นควรให้กู้ตามที่ขอ เอกสารครบถ้วน")


def _put_forward(person: Person, pk: str) -> None:
    expect(person.page.locator(f"a[href$='/track/{pk}']").first).to_be_visible()
    _move(person, pk, "put_forward", "ฐานะการเงินมั่นคง")


def _approve(person: Person, pk: str) -> None:
    page = person.page
    person.open(f"/track/{pk}")
    form = page.locator("form[action$='/move/approve']")
    details = page.locator("details.move", has=form)
    if details.get_attribute("open") is None:
        details.locator("summary").click()
    form.locator("#approve-amount").fill("99999999")
    form.locator("#approve-meeting_no").fill("12/2569")
    person.follow(form.locator("button[type=submit]"))
    expect(page.locator("#approve-amount-error")).to_be_visible()
    assert "422" in person.complaints.pop()  # the browser's own line about the refusal
    form.locator("#approve-amount").fill("๑๐ ๐๐๐ ๐๐๐")
    form.locator("#approve-meeting_no").fill("12/2569")
    form.locator("#approve-reason").fill("วงเงินคงเหลือจำกัด")
    form.locator("button[type=submit]").click()
    expect(page.locator("#confirm-text")).to_contain_text("10,000,000.00 บาท (สิบล้านบาทถ้วน)")
    expect(page.locator("#confirm-title")).to_have_text("อนุมัติ")
    expect(page.locator("#confirm-dialog button")).to_have_text(["อนุมัติ", "ยังไม่อนุมัติ"])
    expect(page.locator("#confirm-text")).to_contain_text("12,500,000.00")
    page.locator("#confirm-dialog[open] button[value=yes]").click()
    expect(page.locator("h1")).to_contain_text("อนุมัติ")
    assert person.complaints == []


def _see_the_result(person: Person, pk: str, number: str) -> None:
    page = person.page
    person.open("/notices/")
    expect(page.locator(".tasks")).to_contain_text(number)
    person.open(f"/track/{pk}")
    expect(page.locator("dl.summary").first).to_contain_text("10,000,000.00")
    person.must_fit()
    person.open(f"/track/{pk}/opened")
    expect(page.locator("table")).to_contain_text("สสค. ชลบุรี")


def _see_the_map(person: Person, number: str) -> None:
    page = person.page
    person.open("/dashboard/?year=2570")
    expect(page.locator(".still path")).to_have_count(77)
    person.must_fit()
    page.locator("tbody a", has_text="ชลบุรี").click()
    expect(page.get_by_role("link", name=number, exact=True)).to_be_visible()
    assert person.complaints == []
