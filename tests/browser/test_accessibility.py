"""What is left out because its like was looked at, and what never is."""

from collections.abc import Callable
from pathlib import Path

from flask import Flask

from tests.browser.accessibility import LookedAt, faults
from tests.browser.conftest import Person

BREAK = {
    "a text as pale as paper": "[...document.querySelectorAll('tbody tr')[2].cells].find((cell) => "
    "cell.textContent.trim() && !cell.querySelector('a, input, .badge')).style.color = '#eeeeee'",
    "a link that says nothing": "document.querySelectorAll('tbody tr')[3].querySelector('a').textContent = ''",
    "a field whose label points elsewhere": "document.querySelector('main label[for]').htmlFor = 'nobody'",
    "a picture without words": "document.querySelector('main').append(new Image())",
    "a heading that skips a step": "document.querySelector('main h1').after(document.createElement('h4'));"
    "document.querySelector('main h4').textContent = 'ก'",
}


def test_a_fault_is_found_on_a_page_whose_like_was_looked_at(
    demo_app: Flask, window: Callable[..., Person], tmp_path: Path
) -> None:
    person = window().enter("fund")
    looked_at = LookedAt(tmp_path)
    person.open("/cooperatives/list/")
    assert looked_at.leave_out(person.page)
    assert faults(person.page) == []
    found = {}

    for name, change in BREAK.items():
        person.open("/cooperatives/list/")
        assert not LookedAt(tmp_path).leave_out(person.page), name
        person.page.evaluate(change)
        assert LookedAt(tmp_path).leave_out(person.page), name
        found[name] = faults(person.page)

    assert all(found.values()), found
