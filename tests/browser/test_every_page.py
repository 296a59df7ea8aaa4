"""Every page of every role: accessible, no sideways scroll, no word from the console, no foreign request."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page

from tests.browser.accessibility import faults
from tests.browser.conftest import WIDTHS, Person
from tests.conftest import PASSWORD
from tests.pages import PEOPLE, kinds_opened_by

ROLES = [None, *(person for person in PEOPLE if person != "coop1s")]
# The page's elements with what decides their look and meaning, without texts; worked out where the page is, for it is
# long and its name is short.
MAKE = r"""async () => {
  const html = document.querySelector("main").outerHTML.replace(/\d+/g, "");
  const parts = html.matchAll(/<([a-z0-9]+)|(?:class|role|aria-[a-z]+|type|scope)="([^"]*)"/g);
  const made = JSON.stringify(Array.from(parts, ([, element, value]) => [element, value]));
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(made));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}"""


@pytest.fixture(scope="session", params=["sqlite"])
def backend(request: pytest.FixtureRequest) -> str:
    """The pages are the same whichever database they come from; integration tests open them on both."""
    return str(request.param)


@pytest.fixture(scope="session")
def looked_at(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A folder with a file for each make of page looked at in this run, by whichever worker."""
    own = tmp_path_factory.getbasetemp()
    folder = (own if worker_id == "master" else own.parent) / "pages-looked-at"
    folder.mkdir(exist_ok=True)
    return folder


def is_new(page: Page, width: int, looked_at: Path) -> bool:
    """Whether no page of the very same make was looked at so wide; if so, it counts as looked at from now on.

    Another role's page of the same make has the same faults or none, so it is opened and measured, but not gone
    through again.
    """
    try:
        (looked_at / f"{width}-{page.evaluate(MAKE)}").touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


@pytest.mark.timeout(900)  # the processor works all the time, and may have to work for others, too
@pytest.mark.parametrize("username", ROLES)
def test_every_page_is_accessible_fits_and_keeps_quiet(
    username: str | None, demo_app: Flask, window: Callable[..., Person], looked_at: Path
) -> None:
    addresses = kinds_opened_by(demo_app, username, PASSWORD)
    person = window(WIDTHS["desktop"])
    if username is not None:
        person.sign_in(username)
    violations: list[str] = []

    for address in addresses:
        for width in WIDTHS.values():
            person.page.set_viewport_size({"width": width, "height": 900})
            if width == WIDTHS["desktop"]:
                person.open(address)
            person.must_fit()
            # The bar above is the same on all pages of a person; the first of them is looked at whole.
            if is_new(person.page, width, looked_at) or address == addresses[0]:
                violations += [f"{address} at {width}: {fault}" for fault in faults(person.page)]

    assert violations == []
    quiet = [text for text in person.complaints if "Failed to load resource" not in text]
    assert quiet == []
