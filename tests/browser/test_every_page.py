"""Every page of every role: accessible, no sideways scroll, no word from the console, no foreign request."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests.browser.accessibility import LookedAt, faults
from tests.browser.conftest import WIDTHS, Person
from tests.browser.shapes import hidden_columns, squeezed
from tests.pages import PEOPLE, kinds_opened_by

TABLET, SMALL_PHONE = 820, 320
ROLES = [None, *(person for person in PEOPLE if person != "coop1s")]


@pytest.fixture(scope="session")
def looked_at(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> LookedAt:
    """What was looked at in this run, by whichever worker."""
    own = tmp_path_factory.getbasetemp()
    return LookedAt(own if worker_id == "master" else own.parent)


@pytest.mark.timeout(900)  # the processor works all the time, and may have to work for others, too
@pytest.mark.parametrize("username", ROLES)
def test_every_page_is_accessible_fits_and_keeps_quiet(
    username: str | None, demo_app: Flask, window: Callable[..., Person], looked_at: LookedAt
) -> None:
    addresses = kinds_opened_by(demo_app, username)
    person = window(WIDTHS["desktop"])
    if username is not None:
        person.enter(username)
    violations: list[str] = []

    for address in addresses:
        for width in (WIDTHS["desktop"], TABLET, WIDTHS["phone"], SMALL_PHONE):
            person.page.set_viewport_size({"width": width, "height": 900})
            if width == WIDTHS["desktop"]:
                person.open(address)
                person.must_fit()
                violations += [f"{address}: {text}" for text in hidden_columns(person.page)]
            else:
                violations += [f"{address} at {width}: {text}" for text in squeezed(person.page)]
            if width in WIDTHS.values() and looked_at.leave_out(person.page):
                violations += [f"{address} at {width}: {fault}" for fault in faults(person.page)]

    assert violations == []
    quiet = [text for text in person.complaints if "Failed to load resource" not in text]
    assert quiet == []
