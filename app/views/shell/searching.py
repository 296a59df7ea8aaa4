"""What a list's search box looks into, as conditions that an index of letters answers where there is one."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask_appbuilder import Model
from sqlalchemy import ColumnElement, and_, func, or_, select

from app.domain.values.thai import search_key
from app.extensions import db
from app.models.base import Searchable
from app.models.letters import may_hold

_NUMBERS = re.compile(r"[0-9]{3,}(?=/)")


@dataclass(frozen=True, slots=True)
class Search:
    """A condition on a row for the text somebody searches; ``elsewhere`` when it looks into related rows.

    No index holds a row's own letters and those of its relations, so the two are asked for one after the other.
    """

    condition: Callable[[str], ColumnElement[bool]]
    elsewhere: bool = False


def holds(*columns: Any) -> Search:
    """Rows that hold the text in one of the columns, in small or capital letters."""
    return Search(
        lambda wanted: _by_letters(columns, wanted, or_(*(contains(func.lower(column), wanted) for column in columns)))
    )


def related_holds(relation: Any, *columns: Any) -> Search:
    """Rows whose related row holds the text in one of the columns, or in its own search text when none is named."""
    target: type[Model] = relation.property.mapper.class_
    key = getattr(relation.class_, next(iter(relation.property.local_columns)).key)
    inner = holds(*columns) if columns else searches_of(target, ())[0]
    return Search(lambda wanted: key.in_(select(target.id).where(inner.condition(wanted))), elsewhere=True)


def searches_of(model: type[Model], declared: Sequence[Search]) -> Sequence[Search]:
    """What a list's search box looks into: the model's own search text, or what its view declares."""
    if issubclass(model, Searchable):
        # Stored in small letters already, and indexed as it stands.
        text = model.search_text
        return (Search(lambda wanted: _by_letters([text], wanted, contains(text, wanted))),)
    return declared


def _by_letters(columns: Sequence[Any], wanted: str, condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """The condition, looked at only in rows that SQLite's index of letters names, where there is one."""
    named = may_hold(db.session.get_bind().engine, columns, wanted)
    return condition if named is None else and_(named, condition)


def contains(column: Any, wanted: str) -> ColumnElement[bool]:
    """Whether the column holds the text.

    Of a number with its year, as "61313/2565", the index is asked for the number alone: the year is in a tenth of all
    rows. The rest is asked of another expression, or the index would be asked for all of its letters as well.
    """
    number = max(_NUMBERS.findall(wanted), key=len, default="")
    if not number:
        whole: ColumnElement[bool] = column.contains(wanted, autoescape=True)
        return whole
    return and_(column.contains(number), (column + "").contains(wanted, autoescape=True))


def conditions_of(searches: Sequence[Search], text: str) -> Sequence[ColumnElement[bool]]:
    """Conditions of which a row meets one when it holds the text; none when nothing is searched."""
    wanted = search_key(text)
    if not wanted or not searches:
        return ()
    own = [search.condition(wanted) for search in searches if not search.elsewhere]
    elsewhere = [search.condition(wanted) for search in searches if search.elsewhere]
    return [*([or_(*own)] if own else []), *elsewhere]
