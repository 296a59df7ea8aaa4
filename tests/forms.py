"""Reads a page's form as a browser does, so that a test changes one value and sends the rest back as it came."""

import html
from html.parser import HTMLParser
from typing import Any

from werkzeug.test import TestResponse

from tests.client import FundClient, seen

Values = dict[str, list[str]]
NOT_SENT = frozenset({"submit", "button", "file", "reset"})


class _Fields(HTMLParser):
    """Collects the values of the page's record form: the one that may carry files."""

    def __init__(self) -> None:
        super().__init__()
        self.values: Values = {}
        self._inside = False
        self._select = self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attrs}
        if tag == "form":
            self._inside = given.get("enctype") == "multipart/form-data"
        elif self._inside:
            self._control(tag, given)

    def _control(self, tag: str, given: dict[str, str]) -> None:
        name = given.get("name", "")
        if tag == "input" and given.get("type") not in NOT_SENT:
            if given.get("type") not in ("checkbox", "radio") or "checked" in given:
                self.values.setdefault(name, []).append(given.get("value", "on"))
        elif tag == "select":
            self._select = name
            self.values.setdefault(name, [])
        elif tag == "option" and "selected" in given:
            self.values[self._select].append(given.get("value", ""))
        elif tag == "textarea":
            self._area = name
            self.values[name] = [""]

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        elif tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._inside and self._area:
            self.values[self._area][0] += data


def fields_of(text: str) -> Values:
    """The values a browser would send for the record form of a page."""
    parser = _Fields()
    parser.feed(text)
    return parser.values


def fill_in(client: FundClient, path: str, *, seen: str | None = None, **typed: Any) -> TestResponse:
    """Open a form (or take the page ``seen`` earlier), type into some fields, and send all of it."""
    values = fields_of(seen if seen is not None else client.text(path))
    assert "csrf_token" in values, f"no form on {path}"
    # Whoever chooses a row leaves its own label in the box, which says nothing further.
    kept = {name: value for name, value in values.items() if name.removesuffix("-typed") not in typed}
    return client.post(path, data={**kept, **typed})


def page(answer: TestResponse) -> str:
    """The text of a page with its entities read."""
    return seen(html.unescape(answer.get_data(as_text=True)))
