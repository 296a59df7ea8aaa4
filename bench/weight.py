"""What a first visit of each page weighs and how soon it can be used, in a real Chromium on a slow mobile line.

Asks a demonstration that is being served: ``python3 run.py`` in one window, and from the project's folder in another
``.venv/bin/python -m bench.weight [--address http://127.0.0.1:8080]``. Each page is opened twice with nothing kept:
once for requests and bytes, once at 1.6 Mbit a second and 150 ms for the times and for what moved on the page (CLS).
Charts come with the page; told is when they answer a click, and how long after that one who points at a chart waits
until it is drawn anew.
"""

import argparse
import shutil
from dataclasses import dataclass

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, sync_playwright

from config import DEMO_PASSWORD

SLOW_4G = {"offline": False, "latency": 150, "downloadThroughput": 1_600_000 / 8, "uploadThroughput": 750_000 / 8}
TRACK = "/track/"  # the first application on the person's start page
PAGES = (
    ("", "/login/"),
    ("coop1", "/"),
    ("officer1", "/"),
    ("fund", "/applications/list/"),
    ("coop1", TRACK),
    ("fund", "/cooperatives/list/"),
    ("coop1", "/apply/new"),
    ("manager", "/dashboard/"),
)
WATCH = """
window.moved = 0;
new PerformanceObserver((list) => { for (const one of list.getEntries()) window.moved += one.value; })
  .observe({ type: "layout-shift", buffered: true });
"""
TIMES = """() => {
  const page = performance.getEntriesByType("navigation")[0];
  const paint = performance.getEntriesByName("first-contentful-paint")[0];
  return [paint ? paint.startTime : 0, page.domContentLoadedEventEnd, window.moved];
}"""
READY, DRAWN = "[data-charts][data-ready]", "[data-charts][data-drawn]"


@dataclass(frozen=True, slots=True)
class Visit:
    """One page opened with an empty cache."""

    requests: int
    kilobytes: float
    painted: float
    usable: float
    moved: float
    ready: float | None
    drawn: float | None


def signed_in(browser: Browser, address: str, username: str) -> list[dict[str, object]]:
    """The cookies of a person who has just signed in."""
    context = browser.new_context()
    if username:
        page = context.new_page()
        page.goto(f"{address}/login/")
        page.fill("#username", username)
        page.fill("#password", DEMO_PASSWORD)
        with page.expect_navigation():
            page.press("#password", "Enter")
    cookies = [dict(cookie) for cookie in context.cookies()]
    context.close()
    return cookies


def first_track(context: BrowserContext, address: str) -> str:
    """The address of an application the person may follow."""
    page = context.new_page()
    page.goto(address)
    found = page.get_attribute(f'main a[href^="{TRACK}"]', "href")
    page.close()
    return found or TRACK


def visit(context: BrowserContext, url: str, *, slow: bool) -> Visit:
    page = context.new_page()
    line = context.new_cdp_session(page)
    line.send("Network.enable")
    sizes = received(line)
    if slow:
        line.send("Network.emulateNetworkConditions", SLOW_4G)
    page.add_init_script(WATCH)
    page.goto(url, wait_until="load")
    ready = since_asked(page, READY) if page.query_selector("[data-charts]") else None
    page.wait_for_timeout(500)
    requests, kilobytes = len(sizes), sum(sizes) / 1024
    drawn = drawn_after(page) if ready is not None and slow else None
    painted, usable, moved = page.evaluate(TIMES)
    page.close()
    return Visit(requests, kilobytes, painted, usable, moved, ready, drawn)


def received(line: CDPSession) -> list[int]:
    """Bytes on the wire, headers and all, of each request as it ends; what lies inside the page itself is none."""
    sizes: list[int] = []
    inside: set[str] = set()

    def asked(event: dict[str, object]) -> None:
        request = event["request"]
        if isinstance(request, dict) and str(request["url"]).startswith("data:"):
            inside.add(str(event["requestId"]))

    def ended(event: dict[str, object]) -> None:
        if event["requestId"] not in inside:
            sizes.append(int(str(event["encodedDataLength"]).partition(".")[0]))

    line.on("Network.requestWillBeSent", asked)
    line.on("Network.loadingFinished", ended)
    return sizes


def since_asked(page: Page, selector: str) -> float:
    """Milliseconds from asking for the page until something is there."""
    page.wait_for_selector(selector, state="attached", timeout=60_000)
    return float(page.evaluate("performance.now()"))


def drawn_after(page: Page) -> float:
    """Milliseconds from pointing at the first chart until all are drawn anew."""
    begun = float(page.evaluate("performance.now()"))
    page.hover(".chart")
    return since_asked(page, DRAWN) - begun


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--address", default="http://127.0.0.1:8080")
    address = parser.parse_args().address
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        heads = (
            ("requests", 9),
            ("KB", 8),
            ("first paint", 13),
            ("usable", 9),
            ("moved", 8),
            ("charts", 11),
            ("anew", 13),
        )
        print(f"{'page':32}" + "".join(f"{head:>{room}}" for head, room in heads))
        for username, wanted in PAGES:
            path = wanted
            cookies = signed_in(browser, address, username)
            if path == TRACK:
                with browser.new_context() as looking:
                    looking.add_cookies(cookies)  # type: ignore[arg-type]  # they come from cookies() itself
                    path = first_track(looking, address)
            seen = []
            for slow in (False, True):
                context = browser.new_context(locale="th-TH")
                context.add_cookies(cookies)  # type: ignore[arg-type]  # they come from cookies() itself
                seen.append(visit(context, address + path, slow=slow))
                context.close()
            quick, late = seen
            charts = "".join(
                f"{f'{found:.0f} ms':>{room}}" for found, room in ((late.ready, 11), (late.drawn, 13)) if found
            )
            print(
                f"{f'{path} {username}':32}{quick.requests:>9}{quick.kilobytes:>8.1f}{late.painted:>10.0f} ms"
                f"{late.usable:>6.0f} ms{late.moved:>8.3f}{charts}"
            )
        browser.close()


if __name__ == "__main__":
    main()
