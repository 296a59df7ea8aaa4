"""The dashboard's charts come with the page; the script that draws them anew waits for somebody who points at one."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.conftest import Person, eventually

DASHBOARD = "/dashboard/?year=2566"
MOVED = """
window.moved = 0;
new PerformanceObserver((list) => { for (const one of list.getEntries()) window.moved += one.value; })
  .observe({ type: "layout-shift", buffered: true });
"""


def asked_for(person: Person) -> list[str]:
    """The addresses the window asks for from now on."""
    found: list[str] = []
    person.page.on("request", lambda request: found.append(request.url))
    return found


def test_charts_are_there_before_their_script_and_open_their_lists(window: Callable[..., Person]) -> None:
    person = window(390).enter("manager")
    asked = asked_for(person)
    person.open(DASHBOARD)

    expect(person.page.locator(".still path")).to_have_count(77)
    expect(person.page.locator(".still rect[data-url]").first).to_be_visible()
    person.must_fit()
    expect(person.page.locator("[data-ready]")).to_be_attached()
    assert [url for url in asked if "vega" in url or "figures.json" in url] == []

    with person.page.expect_navigation():
        person.page.locator(".still rect[data-url]").first.click()
    assert re.search(r"/applications/list/\?.*year=2566.*province=\d+", person.page.url)


def test_who_points_at_a_chart_has_it_drawn_anew_and_nothing_moves(window: Callable[..., Person]) -> None:
    person = window().enter("manager")
    person.page.add_init_script(MOVED)
    person.open(DASHBOARD)
    expect(person.page.locator("[data-ready]")).to_be_attached()
    bars = person.page.locator(".chart", has=person.page.locator("rect[data-url]"))
    heading = person.page.locator("section.section h2").first
    before = heading.bounding_box()

    bars.hover()

    expect(person.page.locator("[data-drawn]")).to_be_attached()
    expect(person.page.locator(".chart .still")).to_have_count(0)
    expect(person.page.locator(".chart svg.marks")).to_have_count(2)
    assert heading.bounding_box() == before
    assert person.page.evaluate("window.moved") < 0.001
    person.page.locator(".chart path[aria-roledescription='bar']").first.hover()
    eventually(person.page, lambda: "ล้านบาท" in (person.page.text_content("#vg-tooltip-element") or ""))
    assert person.complaints == []


def test_charts_stay_when_the_script_does_not_come(window: Callable[..., Person]) -> None:
    person = window().enter("manager")
    person.page.route("**/figures.json*", lambda route: route.abort())
    person.open(DASHBOARD)
    expect(person.page.locator("[data-ready]")).to_be_attached()

    with person.page.expect_event("requestfailed"):
        person.page.locator(".chart").first.hover()

    expect(person.page.locator(".still")).to_have_count(2)
    expect(person.page.locator("[data-charts-failed]")).to_be_hidden()
