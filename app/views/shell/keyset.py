"""The order of a list, and which of its rows stand before or behind a row of a key."""

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Select, and_, func, literal, select, tuple_, union_all

COUNT_CAP = 10_000


@dataclass(frozen=True, slots=True)
class Key:
    """A row's id, and what it is sorted by when that is not the id alone."""

    id: int
    value: Any = None


# Behind every row; no row has this id.
END = Key(0)


@dataclass(frozen=True, slots=True)
class Place:
    """A page of a list: the rows next to a key, or without one the page of that number.

    ``number`` counts pages from 0, or back from -1, the last one. Beside a key it only tells how far the way was.
    """

    number: int = 0
    after: Key | None = None
    before: Key | None = None


FIRST = Place()
LAST = Place(-1, before=END)


@dataclass(frozen=True, slots=True)
class Columns:
    """The id and what is sorted by, of a table or of what was found in it; ``value`` is missing in the order of ids."""

    id: ColumnElement[Any]
    value: ColumnElement[Any] | None

    def all(self) -> Sequence[ColumnElement[Any]]:
        return (self.id,) if self.value is None else (self.id, self.value)


class Found(Protocol):
    """Rows to go through: the table under its conditions, or what was gathered from it."""

    @property
    def columns(self) -> Columns: ...
    def rows(self) -> Select[Any]: ...


@dataclass(frozen=True, slots=True)
class Order:
    """How a list is sorted; rows that are alike are sorted by their ids in the same direction.

    ``nulls_high``: whether the database puts what is missing above everything else, as PostgreSQL does, or below.
    """

    descending: bool
    nullable: bool
    nulls_high: bool

    def by(self, columns: Columns, *, backwards: bool = False) -> Sequence[ColumnElement[Any]]:
        falling = self.descending != backwards
        parts = (columns.id,) if columns.value is None else (columns.value, columns.id)
        return [part.desc() if falling else part.asc() for part in parts]

    def side(
        self, columns: Columns, key: Key, *, later: bool, including: bool = False
    ) -> Sequence[ColumnElement[bool]]:
        """Conditions for the rows on one side of a key, nearest first; each is a stretch of the index.

        As one condition with OR they would not be: the database would go through all rows up to the first of them.
        """
        rising = later != self.descending
        beyond = _COMPARISONS[rising, including]
        if columns.value is None:
            return [beyond(columns.id, key.id)]
        if key.value is None:
            alike = and_(columns.value.is_(None), beyond(columns.id, key.id))
            return [alike] if rising == self.nulls_high else [alike, columns.value.is_not(None)]
        of_key = tuple_(literal(key.value, columns.value.type), literal(key.id, columns.id.type))
        valued = beyond(tuple_(columns.value, columns.id), of_key)
        return [valued, columns.value.is_(None)] if self.nullable and rising == self.nulls_high else [valued]


_COMPARISONS: dict[tuple[bool, bool], Callable[[Any, Any], Any]] = {
    (True, False): operator.gt,
    (True, True): operator.ge,
    (False, False): operator.lt,
    (False, True): operator.le,
}


def stretch(found: Found, order: Order, key: Key | None, *, backwards: bool, size: int, skipped: int) -> Select[Any]:
    """The ``size`` rows next to a key, nearest first; without a key those of one end, some of them ``skipped``."""
    walk = order.by(found.columns, backwards=backwards)
    if key is None or key is END:
        return found.rows().order_by(*walk).limit(size).offset(skipped or None)
    sides = order.side(found.columns, key, later=not backwards)
    parts = [found.rows().where(side).order_by(*walk).limit(size) for side in sides]
    if len(parts) == 1:
        return parts[0]
    joined = union_all(*(select(part.subquery()) for part in parts)).subquery()
    columns = Columns(joined.c[0], joined.c[1])
    return select(*columns.all()).order_by(*order.by(columns, backwards=backwards)).limit(size)


def counted(found: Found, *conditions: ColumnElement[bool]) -> ColumnElement[int]:
    """How many rows there are, counted up to one above the cap."""
    some = found.rows().with_only_columns(found.columns.id).where(*conditions).limit(COUNT_CAP + 1).subquery()
    return select(func.count()).select_from(some).scalar_subquery()


def counted_beside(found: Found, order: Order, key: Key, *, later: bool, including: bool) -> ColumnElement[int]:
    """How many rows stand on one side of a key, each stretch counted up to one above the cap."""
    first, *rest = (counted(found, side) for side in order.side(found.columns, key, later=later, including=including))
    total: ColumnElement[int] = first
    for part in rest:
        total = total + part
    return total
