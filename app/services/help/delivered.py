"""The pages and words that the program brings: put in once each, and from then on the fund's own to change."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import insert, inspect, select

from app.extensions import db
from app.models.base import Searchable
from app.models.help_pages import HelpPage, HelpTerm
from app.services.help.pages import keep_version

FOLDER = Path(__file__).with_name("delivered")
ENGLISH = ".en"


def fill_help(at: datetime) -> int:
    """Add every page and word of the program whose address or name is not there yet; returns how many.

    None is ever deleted on a screen, so what the fund set out of use stays so. Nobody added them, so no event of the
    trail tells of it: the first version of each page does.
    """
    pages, terms = _new_pages(), _new_terms()
    for model, rows in ((HelpPage, pages), (HelpTerm, terms)):
        if rows:
            db.session.execute(insert(model), [_columns(row) for row in rows])
    if pages:
        keys = [page.key for page in pages]
        for page in db.session.scalars(select(HelpPage).where(HelpPage.key.in_(keys)).order_by(HelpPage.id)).all():
            keep_version(page, None, at)
    return len(pages) + len(terms)


def _new_pages() -> list[HelpPage]:
    there = set(db.session.scalars(select(HelpPage.key)))
    pages = [HelpPage(active=True, **values) for values in _read("pages") if values["key"] not in there]
    for page in pages:
        page.title, page.text = _text_of(page.key, "")
        page.title_en, page.text_en = _text_of(page.key, ENGLISH)
    return pages


def _new_terms() -> list[HelpTerm]:
    there = set(db.session.scalars(select(HelpTerm.name)))
    return [HelpTerm(active=True, **values) for values in _read("terms") if values["name"] not in there]


def _columns(row: Searchable) -> dict[str, Any]:
    row.refresh_search_text()
    columns = [attr.key for attr in inspect(type(row)).column_attrs if attr.key != "id"]
    return {**{name: getattr(row, name) for name in columns}, "version": 1}


def _read(name: str) -> list[Mapping[str, Any]]:
    rows: list[Mapping[str, Any]] = yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    return rows


def _text_of(key: str, language: str) -> tuple[str, str]:
    """The title, which is the first line, and the text behind it."""
    title, _line, text = (FOLDER / f"{key}{language}.md").read_text(encoding="utf-8").partition("\n")
    return title.removeprefix("# ").strip(), text.strip()
