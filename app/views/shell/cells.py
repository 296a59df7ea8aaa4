"""How a value of a column looks in a list or on a record's page."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Any

from flask_appbuilder import Model
from flask_appbuilder.security.sqla.models import User
from flask_babel import gettext
from sqlalchemy import Date, Integer, String, inspect
from sqlalchemy.types import TypeEngine

from app.domain.values.labels import LabelledEnum
from app.models.base import Called
from app.models.types import Figure, Moment, Money, Rate
from app.ui.formatting import baht, count, day_in, figure, moment_in, percent, unbroken
from app.ui.labels import NOTHING, in_word
from app.ui.language import in_english

LONG_NAME = 150  # characters a column may hold, from which on it needs room


def text(value: Any) -> str:
    """Any value as people read it."""
    return text_in(in_english(), value)


def text_in(english: bool, value: Any) -> str:
    """The same for a language looked up beforehand, once for a column."""
    if value is None or value == "" or value == []:
        return NOTHING
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if isinstance(value, datetime):
        return moment_in(english, value)
    if isinstance(value, date):
        return day_in(english, value)
    if isinstance(value, Decimal):
        return baht(value)
    if isinstance(value, Called):
        return unbroken(value.called(english=english))
    if isinstance(value, User):
        return f"{value} ({value.username})"  # two people may have one name
    if isinstance(value, list):
        return ", ".join(text_in(english, item) for item in value)
    return unbroken(value)


def in_words(values: Iterable[Any], formatter: Callable[[Any], Any]) -> list[Any]:
    """The cells of a column; a text that stands in many of them, as a state does, is put into words once."""
    known: dict[str, Any] = {}
    if formatter is text:
        formatter = partial(text_in, in_english())
    cells = []
    for value in values:
        if not isinstance(value, str):
            cell = formatter(value)
        elif value in known:
            cell = known[value]
        else:
            cell = known[value] = formatter(value)
        cells.append(NOTHING if cell is None or cell == "" else cell)
    return cells


def class_of(kind: TypeEngine[Any]) -> str:
    """How the style sheet treats a column: amounts stand right, days on one line, long names have room."""
    if isinstance(kind, (Money, Rate)) or type(kind) is Integer:
        return "num"
    if isinstance(kind, (Date, Moment)):
        return "day"
    return "name" if isinstance(kind, String) and (kind.length or 0) >= LONG_NAME else ""


def formatter_for(model: type[Model], name: str) -> Callable[[Any], str]:
    """The formatter of a column: its choices' labels, per cent for rates, separators for counts, else by value."""
    columns = inspect(model).columns
    if name not in columns:
        return text
    column = columns[name]
    choices: type[LabelledEnum] | None = column.info.get("choices")
    if choices is not None:
        return partial(in_word, choices)
    if isinstance(column.type, Figure):
        return figure
    if isinstance(column.type, Rate):
        return percent
    if column.info.get("counted"):
        return count
    return text
