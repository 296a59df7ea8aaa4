"""An administrator opens next year's programme on the screens, and applicants see what it costs."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import WIDTHS, Person

NAME = "โครงการสร้างสุข ปลดทุกข์หนี้นอกระบบ ปีหน้า"
# 5,000,000 baht over 24 months, whole-baht principal, paid out on 31 January 2567: 0 per cent for 3 months, then
# 0.50 to month 12 and 1.00 after, actual days over 365. First payment 208,333.00; the sums are those of the unit tests.
DAYS = {"opens_on": ("1", "10", "2569"), "closes_on": ("30", "9", "2570")}


def fill_day(page: Page, name: str, day: str, month: str, year: str) -> None:
    page.fill(f"[name='{name}-day']", day)
    page.select_option(f"[name='{name}-month']", month)
    page.fill(f"[name='{name}-year']", year)


def add_rate(person: Person, programme: str, rate: str, month: str) -> None:
    page = person.page
    person.open(f"/programme-rates/add?programme={programme}")
    page.fill("#annual_rate", rate)
    page.fill("#from_month", month)
    page.locator("form.form button[type=submit]:not([name=dry_run])").click()
    expect(page.locator("h1")).to_contain_text(NAME)


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS.keys())
def test_a_programme_made_on_the_screens_is_open_and_quoted(width: int, window: Callable[..., Person]) -> None:
    admin = window(width).enter("admin")
    page = admin.page
    admin.open("/programmes/add")
    page.fill("#name", NAME)
    page.fill("#name_en", "Informal debt, next year")
    page.fill("#key", "debt-next")
    page.select_option("#status", "draft")
    for name, day in DAYS.items():
        fill_day(page, name, *day)
    page.fill("#envelope", "50,000,000")
    page.fill("#ceiling", "15,000,000")
    page.fill("#longest_term_months", "36")
    page.fill("#annual_rate", "0.50")
    page.fill("#free_months", "๓")
    page.select_option("#on_lending_rule", "absolute_cap")
    page.fill("#on_lending_figure", "5.00")
    page.fill("#member_loan_cap", "100,000")
    page.fill("#purpose", "ชำระหนี้นอกระบบ")
    admin.must_fit()
    page.locator("form.form button[type=submit]:not([name=dry_run])").click()
    expect(page.locator("h1")).to_have_text(NAME)
    key = page.url.rpartition("/")[2]
    add_rate(admin, key, "1.00", "13")
    admin.open(f"/approval-levels/add?programme={key}")
    page.select_option("#body", "board")
    admin.follow(page.locator("form.form button[type=submit]:not([name=dry_run])"))
    admin.open(f"/programmes/edit/{key}")
    page.select_option("#status", "open")
    page.locator("form.form button[type=submit]:not([name=dry_run])").click()
    expect(page.locator("#ProgrammeEditionView")).to_contain_text("1")

    visitor = window(width)
    visitor.open("/quote/")
    calculator = visitor.page
    calculator.select_option("#programme", label=NAME)
    calculator.check("#first_time")
    fill_day(calculator, "paid_out", "31", "1", "2567")
    calculator.fill("#months", "24")
    calculator.fill("#amount", "5,000,000")
    result = calculator.locator("#quote-result")
    expect(result).to_contain_text("208,333.00")
    expect(result.locator("tbody tr")).to_have_count(24)
    expect(result.locator("tbody tr").nth(2)).to_contain_text("0.00")
    visitor.must_fit()

    clerk = window(width).enter("coop1")
    clerk.open("/apply/new")
    clerk.page.select_option("#programme", label=NAME)
    clerk.page.fill("#amount", "5,000,000")
    clerk.page.fill("#months", "24")
    expect(clerk.page.locator("#quote-result tbody tr")).to_have_count(24)
    assert admin.complaints + visitor.complaints + clerk.complaints == []


def test_the_calculator_works_without_script(window: Callable[..., Person], browser: object) -> None:
    person = window()
    plain = browser.new_context(java_script_enabled=False, locale="th-TH")  # type: ignore[attr-defined]
    page = plain.new_page()
    page.goto(person.address + "/quote/")
    page.select_option("#programme", index=1)
    page.fill("#amount", "3000000")
    page.fill("#months", "12")
    page.locator("form.form button[type=submit]").click()

    expect(page.locator("#quote-result tbody tr")).to_have_count(12)
    plain.close()


def test_what_was_typed_before_the_script_came_is_worked_out_when_it_does(window: Callable[..., Person]) -> None:
    person = window()
    page = person.page
    held: list[Route] = []
    page.route("**/fund*.js", lambda route: held.append(route))  # a builtin is no handler
    page.goto(person.address + "/quote/", wait_until="commit")
    page.select_option("#programme", index=1)
    page.fill("#amount", "3000000")
    page.fill("#months", "12")
    for route in held:
        route.continue_()

    expect(page.locator("#quote-result tbody tr")).to_have_count(12)
