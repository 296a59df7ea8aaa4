"""Nobody who chose English meets Thai words of ours: only what people typed, and parts that say that they are Thai."""

import re
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from flask import Flask
from flask_appbuilder import Model
from sqlalchemy import String, inspect, select

from app.extensions import db
from app.models.audit import AuditEvent
from app.security.scope import unscoped
from app.ui.formatting import name_ends
from tests.client import FundClient, seen
from tests.conftest import PASSWORD
from tests.integration.shell.test_thai_pages import SPOKEN
from tests.pages import paths

MOST_TRIES = 2  # of addresses of one kind, until one opens
READERS = (None, "coop1", "officer1", "manager", "admin")
THAI = re.compile("[\u0e00-\u0e7f]+")
# Where both texts of a row stand, or what was kept word for word.
BOTH = re.compile(r"/(provinces|offices|programmes|document-types|holidays|help-terms)/(list|show|add|edit)")
WORD_FOR_WORD = re.compile(r"/(audit|outbox|programme-versions)/(list|show)")
# How Thai is typed or spelt, told to whoever types; and what is searched for.
EXAMPLES = ("จำกัด", "มี.ค.", "มติ", "ชล", "คำขอ")


class EnglishText(HTMLParser):
    """Collects what a person reads or hears, but for parts marked as Thai."""

    VOID = frozenset({"meta", "link", "input", "br", "hr", "img", "path", "rect", "line"})

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        silent = tag in ("script", "style", "code", "del", "ins") or values.get("lang") == "th"
        silent = silent or (bool(self.open) and self.open[-1][1])
        if not silent:
            self.texts += [values[name] or "" for name in SPOKEN if values.get(name)]
        if tag not in self.VOID:
            self.open.append((tag, silent))

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if data.strip() and not (self.open and self.open[-1][1]):
            self.texts.append(data.strip())


def _written(app: Flask) -> tuple[set[str], set[str]]:
    """Every Thai text that rows keep: those without an English twin, and those with one."""
    alone: set[str] = set()
    with_twin: set[str] = set()
    with app.app_context(), unscoped():
        for mapper in Model.registry.mappers:
            columns = dict(inspect(mapper.class_).columns.items())
            twins = {name.removesuffix("_en") for name in columns if name.endswith("_en")}
            twins |= {"short_name"} if "name" in twins else set()
            for name, column in columns.items():
                if isinstance(column.type, String) and name not in ("name_sort", "search_text"):
                    found = with_twin if name in twins else alone
                    found |= {text.strip() for text in db.session.scalars(select(column).distinct()) if text}
    alone |= {part.strip() for name in alone for part in name_ends(name)}  # as narrow screens cut names
    return {text for text in alone if THAI.search(text)}, {text for text in with_twin if THAI.search(text)}


def _kept_by_events(app: Flask) -> set[str]:
    def texts(value: Any) -> Iterator[str]:
        if isinstance(value, str):
            yield value
        for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            yield from texts(each)

    with app.app_context(), unscoped():
        events = db.session.execute(select(AuditEvent.before, AuditEvent.after)).all()
        return {text for event in events for kept in event for text in texts(kept) if THAI.search(text)}


def _opened_in_english(app: Flask, username: str | None) -> Iterator[tuple[str, list[str]]]:
    client = FundClient(app)
    if username is not None:
        assert client.sign_in(username, PASSWORD).status_code == 302
    assert client.send("/language", {"language": "en"}).status_code == 302
    tried: Counter[str] = Counter()
    for path in paths(app, most=1):
        kind = path if path.startswith("/track/") else re.sub(r"/\d+", "", path)
        if tried[kind] >= MOST_TRIES or path.startswith("/help-pages/"):
            continue  # the register of help pages shows the texts of both languages, line by line
        tried[kind] += 1
        answer = client.get(path)
        if answer.mimetype == "text/html" and answer.status_code not in (301, 302, 303):
            if answer.status_code == 200:
                tried[kind] = MOST_TRIES
            reader = EnglishText()
            reader.feed(answer.get_data(as_text=True))
            yield path, [seen(text) for text in reader.texts]


@pytest.fixture(scope="session", params=["sqlite"])
def backend(request: pytest.FixtureRequest) -> str:
    """The words are the same whichever database they stand beside."""
    return str(request.param)


def test_pages_in_english_have_no_thai_words_of_ours(demo_app: Flask) -> None:
    where: dict[tuple[str, str], str] = {}
    for username in READERS:
        for path, texts in _opened_in_english(demo_app, username):
            rows = "both" if BOTH.match(path) else "events" if WORD_FOR_WORD.match(path) else ""
            for text in texts:
                if THAI.search(text):
                    where.setdefault((rows, text), f"{username} {path}")
    typed, with_twin = _written(demo_app)
    typed |= {*EXAMPLES}
    known = {"": typed, "both": typed | with_twin, "events": typed | _kept_by_events(demo_app)}
    ordered = {rows: sorted(texts, key=len, reverse=True) for rows, texts in known.items()}

    ours: dict[str, str] = {}
    for (rows, text), place in where.items():
        left = text
        for each in () if text in known[rows] else ordered[rows]:
            if each in left:
                left = left.replace(each, " ")
        if text not in known[rows] and (found := THAI.search(left)):
            ours.setdefault(found[0], f"{place}: {text[:90]}")

    assert ours == {}
