"""What a list's search box looks into, as conditions that an index of letters answers where there is one."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask_appbuilder import Model
from sqlalchemy import ColumnElement, and_, func, or_, select

from app.domain.values.search_words import Word, search_words
from app.extensions import db
from app.models.base import Searchable
from app.models.letters import IN_A_ROW, knows_beginnings_only, may_hold

_NUMBERS = re.compile(r"[0-9]{3,}(?=/)")
# What a word begins behind, as in "คก.12/2570" and "สหกรณ์ (กฟ)"; to the index of letters they are all alike.
_BEFORE_A_WORD = (" ", ".", "(")


@dataclass(frozen=True, slots=True)
class Search:
    """A condition on a row for the words somebody searches; ``elsewhere`` when it looks into related rows.

    All words have to be in the one place that it looks into, in any order.

    No index holds a row's own letters and those of its relations, so the two are asked for one after the other.
    ``beginnings`` tells whether a word is so short that only words are found that begin with it.
    """

    condition: Callable[[Sequence[Word]], ColumnElement[bool]]
    elsewhere: bool = False
    beginnings: Callable[[Sequence[Word]], bool] = lambda _words: False


def holds(*columns: Any) -> Search:
    """Rows that hold the text in one of the columns, in small or capital letters."""
    return _search_in(columns, [func.lower(column) for column in columns])


def related_holds(relation: Any, *columns: Any) -> Search:
    """Rows whose related row holds the text in one of the columns, or in its own search text when none is named."""
    target: type[Model] = relation.property.mapper.class_
    key = getattr(relation.class_, next(iter(relation.property.local_columns)).key)
    inner = holds(*columns) if columns else searches_of(target, ())[0]
    return Search(
        lambda words: key.in_(select(target.id).where(inner.condition(words))),
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
    """The words in the columns, which ``small`` gives in small letters."""

    def held(spelling: str, several: bool) -> ColumnElement[bool]:
        if knows_beginnings_only(columns, spelling):
            return or_(*(_begins_a_word(each, spelling) for each in small))
        return or_(*(_among(each, spelling, several) for each in small))

    def condition(words: Sequence[Word]) -> ColumnElement[bool]:
        found = and_(*(or_(*(held(spelling, len(words) > 1) for spelling in word)) for word in words))
        # Looked at only in rows that SQLite's index of letters names, where there is one.
        named = may_hold(db.session.get_bind().engine, columns, words)
        return found if named is None else and_(named, found)

    def beginnings(words: Sequence[Word]) -> bool:
        return any(knows_beginnings_only(columns, spelling) for word in words for spelling in word)

    return Search(condition, beginnings=beginnings)


def _begins_a_word(column: Any, wanted: str) -> ColumnElement[bool]:
    begun = (column.contains(f"{before}{wanted}", autoescape=True) for before in _BEFORE_A_WORD)
    return or_(column.startswith(wanted, autoescape=True), *begun)


def contains_all(column: Any, words: Sequence[Word]) -> ColumnElement[bool]:
    """Whether the column holds every word in one of its spellings."""
    several = len(words) > 1
    return and_(*(or_(*(_among(column, spelling, several) for spelling in word)) for word in words))


def _among(column: Any, spelling: str, several: bool) -> ColumnElement[bool]:
    """Whether the column holds a word; of one or two letters beside other words, where a word begins."""
    short = several and len(spelling) < IN_A_ROW
    return _begins_a_word(column, spelling) if short else contains(column, spelling)


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
    """Conditions of which a row meets one when it holds the words; none when nothing is searched."""
    words = search_words(text)
    if not words or not searches:
        return ()
    own = [search.condition(words) for search in searches if not search.elsewhere]
    elsewhere = [search.condition(words) for search in searches if search.elsewhere]
    return [*([or_(*own)] if own else []), *elsewhere]


def only_beginnings(searches: Sequence[Search], text: str) -> bool:
    """Whether a word is so short that somewhere only words are found that begin with it; people are told."""
    words = search_words(text)
    return any(search.beginnings(words) for search in searches)
