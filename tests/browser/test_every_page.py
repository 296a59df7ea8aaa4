"""Every page of every role: accessible, no sideways scroll, no word from the console, no foreign request."""

import hashlib
import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask

from tests.browser.conftest import WIDTHS, Person
from tests.conftest import PASSWORD
from tests.pages import PEOPLE, kinds_opened_by

ROLES = [None, *(person for person in PEOPLE if person != "coop1s")]


@pytest.fixture(scope="session", params=["sqlite"])
def backend(request: pytest.FixtureRequest) -> str:
    """The pages are the same whichever database they come from; integration tests open them on both."""
    return str(request.param)


# Pages already looked at by this process, as their elements and classes: another role's page of the very same make
# has the same faults or none, so it is opened and measured, but not gone through again.
LOOKED_AT: set[tuple[int, str]] = set()
MAKE = re.compile(r'<([a-z0-9]+)|(?:class|role|aria-[a-z]+|type|scope)="([^"]*)"')


def make_of(html: str) -> str:
    """The page's elements with what decides their look and meaning, without texts."""
    return hashlib.sha256(repr(MAKE.findall(re.sub(r"\d+", "", html))).encode()).hexdigest()


@pytest.mark.parametrize("username", ROLES)
def test_every_page_is_accessible_fits_and_keeps_quiet(
    username: str | None, demo_app: Flask, window: Callable[..., Person]
) -> None:
    addresses = kinds_opened_by(demo_app, username, PASSWORD)
    person = window(WIDTHS["desktop"])
    if username is not None:
        person.sign_in(username)
    axe = Axe()
    violations: list[str] = []

    for address in addresses:
        for width in WIDTHS.values():
            person.page.set_viewport_size({"width": width, "height": 900})
            if width == WIDTHS["desktop"]:
                person.open(address)
            person.must_fit()
            # The bar above is the same on all pages of a person; the first of them is looked at whole.
            made = (width, make_of(person.page.locator("main").evaluate("part => part.outerHTML")))
            if made in LOOKED_AT and address != addresses[0]:
                continue
            LOOKED_AT.add(made)
            found = axe.run(person.page, options={"resultTypes": ["violations"]}).response["violations"]
            violations += [f"{address} at {width}: {rule['id']} {rule['nodes'][0]['html'][:160]}" for rule in found]

    assert violations == []
    quiet = [text for text in person.complaints if "Failed to load resource" not in text]
    assert quiet == []
