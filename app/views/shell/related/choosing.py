"""Rows a field lets a person choose from, in the person's scope: few are listed, more are found by what is typed."""

import re
from collections.abc import Callable, Sequence
from typing import Any

from flask_appbuilder import Model
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import Select, func, or_, select

from app.domain.values.search_words import search_words
from app.domain.values.thai import search_key
from app.extensions import db
from app.models.base import Searchable
from app.models.cooperatives import Cooperative
from app.models.people import names_of
from app.ui.naming import named
from app.views.shell.searching import contains, contains_all

MOST_LISTED = 50
MOST_FOUND = 20
# What tells rows of one name apart, and stands behind it in brackets.
APART = {User: "username", Cooperative: "registration_no"}
_WITH_BRACKETS = re.compile(r"(?P<name>.*\S) \((?P<apart>[^()]+)\)")


class Choices:
    """The rows of ``model`` that ``statement`` gives; without one, all of them in the order people expect."""

    def __init__(self, model: type[Model], statement: Callable[[], Any] | None = None) -> None:
        self.model = model
        self._statement = statement
        self._words = _words_of(model)

    def every(self) -> Sequence[Any]:
        """All rows."""
        return db.session.scalars(self._all()).all()

    def listed(self) -> Sequence[Any] | None:
        """All rows, or nothing when there are too many to list."""
        rows = db.session.scalars(self._all().limit(MOST_LISTED + 1)).all()
        return rows if self._words is None or len(rows) <= MOST_LISTED else None

    def row(self, key: int | None) -> Any:
        """The row of that id, when it may be chosen."""
        return None if key is None else db.session.scalar(self._all().where(self.model.id == key))

    def label(self, row: Any) -> str:
        """What people call the row, in such a way that it is told from the others."""
        apart = APART.get(self.model)
        return f"{row} ({getattr(row, apart)})" if apart else named(row)

    def named(self, text: str) -> Sequence[Any]:
        """Rows whose name or number is just this text, or whose label is."""
        found = _WITH_BRACKETS.fullmatch(text)
        apart = APART.get(self.model)
        if found and apart:
            rows = self._called(found["apart"], (apart,))
            labelled = [row for row in rows if search_key(self.label(row)) == search_key(text)]
            if labelled:
                return labelled
        return self._called(text, _names_of(self.model))

    def found(self, text: str) -> Sequence[Any]:
        """Rows that hold the text, or else its words, those first that are called so.

        One more than ``MOST_FOUND`` when there are more.
        """
        wanted = search_key(text)
        if not wanted or self._words is None:
            return []
        first = self.named(text)
        rows = self._where(contains(self._words, wanted)) or self._where(contains_all(self._words, search_words(text)))
        keys = {row.id for row in first}
        return [*first, *(row for row in rows if row.id not in keys)][: MOST_FOUND + 1]

    def _where(self, held: Any) -> Sequence[Any]:
        return db.session.scalars(self._all().where(held).limit(MOST_FOUND + 1)).all()

    def _called(self, text: str, names: Sequence[str]) -> Sequence[Any]:
        wanted = search_key(text)
        if not wanted or self._words is None:
            return []
        same = or_(*(func.lower(getattr(self.model, name)) == wanted for name in names))
        # The same is asked of the indexed words, so that not every row is read.
        return db.session.scalars(self._all().where(contains(self._words, wanted), same).limit(MOST_FOUND)).all()

    def _all(self) -> Select[Any]:
        if self._statement is not None:
            chosen: Select[Any] = self._statement()
            return chosen
        model = self.model
        return select(model).order_by(model.name_sort if issubclass(model, Searchable) else model.id)


def _words_of(model: type[Model]) -> Any:
    """Where the letters of a row's names are looked for; nothing when its rows cannot be found by letters."""
    if issubclass(model, Searchable):
        return model.search_text
    return func.lower(names_of(model)) if model is User else None


def _names_of(model: type[Any]) -> Sequence[str]:
    names: Sequence[str] = model.searched_columns if issubclass(model, Searchable) else (APART[model],)
    return names
