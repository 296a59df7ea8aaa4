"""Nobody who reads only Thai meets an English word."""

import re
from contextlib import suppress
from html.parser import HTMLParser
from typing import ClassVar

import pytest
from flask import Flask
from flask_appbuilder import Model
from jinja2 import Undefined
from sqlalchemy import inspect, select
from werkzeug.exceptions import NotFound

from app.extensions import db
from app.models.document_types import DocumentType
from app.models.programmes import LoanProgramme
from app.models.workdays import Holiday
from app.security.scope import unscoped
from tests.pages import PEOPLE, opened_by, paths

# Names of things that have no Thai word in offices: kinds of files, standards, units, and the switch to English itself.
NAMES = {
    "English", "PDF", "JPEG", "PNG", "Excel", "Word", "xlsx", "docx", "CSV", "YAML", "UTF", "TIS", "ISO", "MB", "KB",
    "SHA", "ZIP", "Windows", "COVID", "TH", "BKK", "CENTRAL", "Royal", "Orchid", "Sheraton", "Micro", "Finance",
    "Service", "holidays", "JSON",
}  # fmt: skip
SPOKEN = (
    "title",
    "aria-label",
    "placeholder",
    "alt",
    "data-confirm",
    "data-text",
    "data-saving",
    "data-show-text",
    "data-hide-text",
)
# What answers with a file or with data, has a page only by a link that was mailed, or leads to the page of an act.
NO_PAGES = (
    *("/api/", "/assets/", "/static/", "/files/", "/forms/", "/health/", "/ready/", "/understood/", "/lookup/"),
    *("/cooperatives/import/template", "/financial-years/import/template", "/programme-files/", "/outbox/<pk>/message"),
    *("/dashboard/figures.json", "/quote/quote.", "/track/<pk>/receipt.pdf", "/desk/<pk>/<public_id>/page/"),
    *(
        "/new-password/",
        "/help/pictures/",
        "/applications/show/",
        "/apply/quote",
        "/apply/<pk>/attach/",
        "/apply/<pk>/day/",
    ),
    *("/apply/<pk>/drop", "/apply/<pk>/sign/", "/track/<pk>/move/"),
    *(f"/desk/<pk>/<public_id>/{act}" for act in ("figures", "purpose", "verdict")),
)
# Addresses, codes and names people gave: not our words.
ADDRESSES = re.compile(r"https?://\S+|\S+@\S+|\S+\.(?:pdf|png|jpe?g|docx|xlsx|eml)\b|<[^<>\s]+>|\{[\w-]+\}")
CODES = re.compile(r"\b[\w-]*\d[\w-]*\b")
WORD = re.compile(r"[A-Za-z]{2,}")


class VisibleText(HTMLParser):
    """Collects what a person reads or hears."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag in ("script", "style", "code", "del", "ins"):
            self.silent += 1
        self.texts += [values[name] or "" for name in SPOKEN if values.get(name)]

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style", "code", "del", "ins"):
            self.silent -= 1

    def handle_data(self, data: str) -> None:
        if not self.silent and data.strip():
            self.texts.append(data.strip())


def _given_names(app: Flask) -> list[str]:
    """English names that rows carry on purpose, longest first, and codes."""
    with app.app_context(), unscoped():
        mappers = (inspect(mapper.class_) for mapper in Model.registry.mappers)
        columns = [column for mapper in mappers for name, column in mapper.columns.items() if name.endswith("_en")]
        texts = [text for column in columns for text in db.session.scalars(select(column).distinct()) if text]
        names = [
            *texts,
            *db.session.scalars(select(LoanProgramme.key)),
            *db.session.scalars(select(DocumentType.code)),
            *db.session.scalars(select(Holiday.name_en).where(Holiday.name_en.is_not(None))),
            *PEOPLE, "coop2s", "officer2", "committee2",
        ]  # fmt: skip
    return sorted(set(names), key=len, reverse=True)


@pytest.fixture(scope="session", params=["sqlite"])
def backend(request: pytest.FixtureRequest) -> str:
    """The words are the same whichever database they stand beside."""
    return str(request.param)


class Missing(Undefined):
    """A value that a template prints although the page did not give it; without this it is an empty place."""

    printed: ClassVar[set[str]] = set()

    def __str__(self) -> str:
        self.printed.add(str(self._undefined_name))
        return ""


@pytest.mark.parametrize("username", [None, *PEOPLE])
def test_every_page_is_in_thai_and_prints_nothing_that_is_not_there(
    demo_app: Flask, username: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = _given_names(demo_app)
    strangers: dict[str, str] = {}
    monkeypatch.setattr(demo_app.jinja_env, "undefined", Missing)
    Missing.printed.clear()

    for page in opened_by(demo_app, username):
        if page.path.startswith(("/outbox/show", "/help-pages/")):
            continue  # what was stored, word for word, help pages in both languages
        reader = VisibleText()
        reader.feed(page.html)
        for text in reader.texts:
            said = ADDRESSES.sub(" ", text)
            for name in given:
                said = said.replace(name, " ")
            for word in WORD.findall(CODES.sub(" ", said)):
                if word not in NAMES:
                    strangers.setdefault(word, f"{page.path}: {text[:80]}")

    assert strangers == {}
    assert Missing.printed == set()


def test_every_page_there_is_is_among_those_that_are_opened(demo_app: Flask) -> None:
    addresses = demo_app.url_map.bind("localhost")
    opened = set()
    for path in paths(demo_app):
        with suppress(NotFound):
            opened.add(addresses.match(path.partition("?")[0])[0])

    rules = [rule for rule in demo_app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    never = {rule.rule for rule in rules if rule.endpoint not in opened and not rule.rule.startswith(NO_PAGES)}

    assert never == set()
