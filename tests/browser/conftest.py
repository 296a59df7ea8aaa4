"""A real browser on a real server: the system's chromium, driven by playwright."""

import os
import shutil
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Playwright, expect, sync_playwright
from waitress import create_server
from waitress.wasyncore import close_all

from tests.client import FundClient
from tests.conftest import PASSWORD

# The same browser without its own windows, where it is there: those take most of the processor's time of a short visit.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
CHROMIUM = next((path for name in BROWSERS if (path := shutil.which(name))), None)
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A page is looked at for a second and left: to make its scripts, axe above all, quicker takes longer than it saves.
    "--js-flags=--no-opt --no-maglev",
]
SCRIPTS_LATE = 0.3  # seconds: whoever waits for a script by luck is found out
PATIENCE = 15_000  # milliseconds a page may take on a busy machine
WIDTHS = {"desktop": 1366, "phone": 390}


@pytest.fixture(scope="session", params=["sqlite"])
def backend(request: pytest.FixtureRequest) -> str:
    """What a browser shows and does is the same whichever database is behind it; a whole journey goes over both."""
    return str(request.param)


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of the system's chromium; without one the browser tests are skipped, or fail when it is required."""
    if CHROMIUM is not None:
        return CHROMIUM
    if os.environ.get("REQUIRE_BROWSER") == "1":
        pytest.fail("REQUIRE_BROWSER=1, but this machine has no chromium")
    pytest.skip("no chromium on this machine: browser tests skipped")


@pytest.fixture(scope="session")
def playwright_() -> Iterator[Playwright]:
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(chromium: str, playwright_: Playwright) -> Iterator[Browser]:
    started = playwright_.chromium.launch(executable_path=chromium, args=ARGUMENTS)
    yield started
    started.close()


@contextmanager
def serving(app: Callable[..., Iterable[bytes]]) -> Iterator[str]:
    """An application on a free port of this machine; its address."""
    waitress = create_server(app, host="127.0.0.1", port=0, threads=8, clear_untrusted_proxy_headers=True)

    def run() -> None:
        # Closed from here, it may be waiting for what is no longer there.
        with suppress(OSError):
            waitress.run()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{waitress.effective_port}"
    waitress.close()
    close_all(waitress._map, ignore_all=True)  # a browser may keep its connections open
    thread.join(timeout=5)


@pytest.fixture
def server(demo_app: Flask) -> Iterator[str]:
    """The demonstration, served on a free port of this machine; scripts come late, as on a phone far from the city."""
    demo_app.config["PUBLIC_URL"] = "http://127.0.0.1"

    def served(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ["PATH_INFO"].endswith(".js"):
            time.sleep(SCRIPTS_LATE)
        return demo_app(environ, start_response)

    with serving(served) as address:
        yield address


def eventually(page: Page, holds: Callable[[], object], seconds: float = PATIENCE / 1000) -> None:
    """Wait for what no locator can see; playwright's own waiting for a script is refused by the policy of our pages."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it never came about"
        page.wait_for_timeout(50)


@dataclass
class Person:
    """One person's browser window, and everything it complained about."""

    page: Page
    address: str
    app: Flask
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> None:
        self.page.goto(self.address + path)

    def follow(self, link: Locator) -> None:
        """Click a link and wait until the page it leads to is there."""
        with self.page.expect_navigation():
            link.click()

    def enter(self, username: str) -> "Person":
        """Be signed in and on the start page, without the form."""
        client = FundClient(self.app)
        client.enter(username)
        cookie = client.get_cookie(self.app.config["SESSION_COOKIE_NAME"])
        assert cookie is not None
        self.page.context.add_cookies(
            [{"name": cookie.key, "value": cookie.value, "url": self.address, "httpOnly": True, "sameSite": "Lax"}]
        )
        self.open("/")
        return self

    def sign_in(self, username: str) -> "Person":
        """Be signed in by the form."""
        self.open("/login/")
        self.page.fill("#username", username)
        self.page.fill("#password", PASSWORD)
        self.page.press("#password", "Enter")
        self.page.wait_for_selector("details.dropdown .who", state="attached")
        return self

    def must_fit(self) -> None:
        """Nothing stands out at the side, once the page that is on its way is there."""
        self.page.wait_for_load_state()
        width = self.page.evaluate("document.documentElement.scrollWidth")
        assert width <= self.page.viewport_size["width"], f"{self.page.url} is {width} wide"  # type: ignore[index]


@pytest.fixture
def window(browser: Browser, server: str, demo_app: Flask) -> Iterator[Callable[..., Person]]:
    """Opens a window of its own for each person: ``window(390).enter("coop1")``.

    What a window complained about fails the test, whatever it is about; one that means to provoke it takes it out of
    ``complaints``. The browser's own line for an answer from 400 on is none.
    """
    contexts: list[BrowserContext] = []
    people: list[Person] = []

    def open_window(width: int = WIDTHS["desktop"]) -> Person:
        context = browser.new_context(viewport={"width": width, "height": 900}, locale="th-TH")
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        person = Person(context.new_page(), server, demo_app)
        people.append(person)
        person.page.on("console", lambda message: person.complaints.append(message.text))
        person.page.on("pageerror", lambda error: person.complaints.append(str(error)))

        def on_request(request: object) -> None:
            url = request.url  # type: ignore[attr-defined]
            if not url.startswith((server, "data:")):
                person.complaints.append(f"request to {url}")

        person.page.on("request", on_request)
        return person

    yield open_window
    for context in contexts:
        context.close()
    unmeant = [text for person in people for text in person.complaints if "Failed to load resource" not in text]
    assert unmeant == []
