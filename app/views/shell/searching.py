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
from app.models.letters import knows_beginnings_only, may_hold

_NUMBERS = re.compile(r"[0-9]{3,}(?=/)")
# What a word begins behind, as in "คก.12/2570" and "สหกรณ์ (กฟ)"; to the index of letters they are all alike.
_BEFORE_A_WORD = (" ", ".", "(")


@dataclass(frozen=True, slots=True)
class Search:
    """A condition on a row for the text somebody searches; ``elsewhere`` when it looks into related rows.

    No index holds a row's own letters and those of its relations, so the two are asked for one after the other.
    ``beginnings`` tells of a text that it is so short that only words are found that begin with it.
    """

    condition: Callable[[str], ColumnElement[bool]]
    elsewhere: bool = False
    beginnings: Callable[[str], bool] = lambda _wanted: False


def holds(*columns: Any) -> Search:
    """Rows that hold the text in one of the columns, in small or capital letters."""
    return _search_in(columns, [func.lower(column) for column in columns])


def related_holds(relation: Any, *columns: Any) -> Search:
    """Rows whose related row holds the text in one of the columns, or in its own search text when none is named."""
    target: type[Model] = relation.property.mapper.class_
    key = getattr(relation.class_, next(iter(relation.property.local_columns)).key)
    inner = holds(*columns) if columns else searches_of(target, ())[0]
    return Search(
        lambda wanted: key.in_(select(target.id).where(inner.condition(wanted))),
        elsewhere=True,
        beginnings=inner.beginnings,
    )


def searches_of(model: type[Model], declared: Sequence[Search]) -> Sequence[Search]:
    """What a list's search box looks into: the model's own search text, or what its view declares."""
    if issubclass(model, Searchable):
        # Stored in small letters already, and indexed as it stands.
        return (_search_in([model.search_text], [model.search_text]),)
    return declared


def _search_in(columns: Sequence[Any], small: Sequence[Any]) -> Search:
    """The text in one of the columns, which ``small`` gives in small letters."""

    def condition(wanted: str) -> ColumnElement[bool]:
        if knows_beginnings_only(columns, wanted):
            return or_(*(_begins_a_word(each, wanted) for each in small))
        held = or_(*(contains(each, wanted) for each in small))
        # Looked at only in rows that SQLite's index of letters names, where there is one.
        named = may_hold(db.session.get_bind().engine, columns, wanted)
        return held if named is None else and_(named, held)

    return Search(condition, beginnings=lambda wanted: knows_beginnings_only(columns, wanted))


def _begins_a_word(column: Any, wanted: str) -> ColumnElement[bool]:
    begun = (column.contains(f"{before}{wanted}", autoescape=True) for before in _BEFORE_A_WORD)
    return or_(column.startswith(wanted, autoescape=True), *begun)


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


def only_beginnings(searches: Sequence[Search], text: str) -> bool:
    """Whether the text is so short that somewhere only words are found that begin with it; people are told."""
    wanted = search_key(text)
    return any(search.beginnings(wanted) for search in searches)
