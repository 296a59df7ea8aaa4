"""What one types is said back, asked back and counted; nothing of it is cut."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.conftest import Person
from tests.browser.preparing import begin, fill_in


def test_numbers_days_and_long_texts_are_answered_while_one_types(window: Callable[..., Person]) -> None:
    person = window(390).enter("coop1")
    page = person.page
    person.open("/apply/new")

    page.fill("#amount", "5 ล้าน")
    page.get_by_role("button", name="ใช้ 5,000,000.00").click()
    expect(page.locator("#amount")).to_have_value("5,000,000.00")
    expect(page.locator("#amount-echo")).to_have_text("5,000,000.00 บาท")
    page.fill("#months", "๑๒ เดือน")
    expect(page.locator("#months-echo")).to_have_text("12 เดือน")
    person.open("/")
    begin(page)
    page.locator(".back a").click()
    page.locator(".task-list a[href*='/purpose']").click()
    page.fill("#purpose", "ก" * 2500)
    expect(page.locator("#purpose + .counter")).to_have_text("เกินไป 500 ตัวอักษร")
    person.must_fit()

    page.get_by_role("button", name="บันทึก").click()
    expect(page.locator("#purpose-error")).to_contain_text("ยาวเกินไป 500 ตัวอักษร")
    expect(page.locator("#purpose")).to_have_value("ก" * 2500)

    person.open("/quote/")
    page.fill("#paid_out", "31มค67")
    expect(page.locator("#paid_out-echo")).to_have_text("วันพุธที่ 31 มกราคม 2567")
    page.fill("#paid_out", "31")
    page.select_option("#paid_out-month", "1")
    page.fill("#paid_out-year", "3110")
    page.get_by_role("button", name="ใช้ 31/1/2567").click()
    expect(page.locator("#paid_out-year")).to_have_value("2567")
    expect(page.locator("#paid_out-echo")).to_have_text("วันพุธที่ 31 มกราคม 2567")
    assert person.complaints == []


def test_a_save_without_a_network_leaves_the_page_and_can_be_pressed_again(window: Callable[..., Person]) -> None:
    person = window(390).enter("coop1")
    page = person.page
    page.locator("a[href*='/apply/new?programme=']").first.click()
    expect(page.locator("#amount")).to_be_visible()
    page.route("**/apply/**", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    fill_in(page)

    page.get_by_role("button", name="บันทึก").click()
    expect(page.locator("[data-save-lost]")).to_be_visible()
    expect(page.locator("#beneficiaries")).to_have_value("5")
    page.unroute("**/apply/**")
    page.get_by_role("button", name="บันทึก").click()

    expect(page.locator(".task-list").first).to_be_visible()


def test_a_new_form_saves_itself_once_it_is_complete(window: Callable[..., Person]) -> None:
    person = window(390).enter("coop1")
    page = person.page
    page.locator("a[href*='/apply/new?programme=']").first.click()
    expect(page.locator("#amount")).to_be_visible()

    fill_in(page)

    expect(page.locator("[data-autosave-status]")).to_contain_text("บันทึกร่างแล้ว")
    assert page.url.endswith("/edit")
    page.fill("#months", "36")
    page.get_by_role("button", name="บันทึก").click()
    expect(page.locator(".task-list").first).to_be_visible()
    page.go_back()
    expect(page.locator("#months")).to_have_value("36")
    person.open("/")
    expect(page.locator(".tasks")).to_contain_text("บันทึกเมื่อ")
    assert person.complaints == []
