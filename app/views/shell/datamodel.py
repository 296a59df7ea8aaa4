"""How generated screens read rows: capped counts, ids first, then only what a list shows of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from flask_appbuilder import Model
from flask_appbuilder.models.sqla.interface import SQLAInterface
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import ColumnElement, Select, UnaryExpression, bindparam, func, inspect, or_, select, union
from sqlalchemy.orm import aliased, joinedload, selectinload
from sqlalchemy.sql import operators

from app.extensions import db
from app.models.base import Named
from app.models.people import full_name

COUNT_CAP = 10_000
LARGEST_ID = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list; ``capped`` says that there are more rows than ``count``."""

    rows: list[Any]
    count: int
    capped: bool


@dataclass(frozen=True, slots=True)
class _PageOf:
    """Which page of what is in this order."""

    order: Sequence[UnaryExpression[Any]]
    number: int
    size: int

    def of(self, statement: Select[Any]) -> Select[Any]:
        return statement.limit(self.size).offset(self.number * self.size)


class FundInterface(SQLAInterface):
    """The framework's data access with the costs of large tables and of strangers' arguments taken out."""

    # Cells that are worked out from more of a row than their own column.
    whole_rows = False

    def __init__(self, model: type[Model], eager: Sequence[str] = ()) -> None:
        super().__init__(model)
        self.eager = tuple(eager)

    def get(self, id: Any, *args: Any, **kwargs: Any) -> Any:
        """The row, or nothing: also for text, for numbers no column holds, and for rows out of scope."""
        key = row_id(id)
        if key is None:
            return None
        return db.session.scalar(select(self.obj).where(self.obj.id == key).options(*self._loads()))

    def page(
        self,
        criteria: Sequence[ColumnElement[bool]],
        order: Sequence[UnaryExpression[Any]],
        *,
        number: int,
        size: int,
        shown: Sequence[str],
        searched: Sequence[ColumnElement[bool]] = (),
    ) -> Page:
        """Rows of page ``number`` (from 0) under all ``criteria``: first the ids are found, then those rows read.

        A row has its id and what is ``shown`` of it, each under its name. It meets one of the conditions that are
        ``searched``, if there are any.
        """
        one_page = _PageOf(order, number, size)
        if searched:
            ids, count = self._ids_searched(criteria, searched, one_page)
        else:
            ids, count = self._ids(select(self.obj.id).where(*criteria), one_page)
        rows = {row.id: row for row in self._rows(ids, shown)} if ids else {}
        return Page([rows[key] for key in ids if key in rows], min(count, COUNT_CAP), count > COUNT_CAP)

    def _ids(self, matching: Select[Any], page: _PageOf) -> tuple[list[int], int]:
        """The ids of a page of all rows that match, and how many match, counted up to one above the cap."""
        counted = select(func.count()).select_from(matching.limit(COUNT_CAP + 1).subquery())
        return _with_count(
            page.of(matching.add_columns(counted.scalar_subquery()).order_by(*page.order)), counted, page
        )

    def _ids_searched(
        self, criteria: Sequence[ColumnElement[bool]], searched: Sequence[ColumnElement[bool]], page: _PageOf
    ) -> tuple[list[int], int]:
        """The same for a search, whose rows are gathered by the index of letters before they are put in order.

        Asked for in their order, PostgreSQL would go through all rows in that order to find the few that match. That
        is right for what so many rows hold that they are not worth gathering.
        """
        keys = [each.element.label(f"key_{place}") for place, each in enumerate(page.order)]
        parts = [select(self.obj.id, *keys).where(each, *criteria).limit(COUNT_CAP + 1).subquery() for each in searched]
        found = union(*(select(part) for part in parts)) if len(parts) > 1 else select(parts[0])
        gathered = found.cte("gathered")
        counted = select(func.count()).select_from(gathered)
        order = [
            gathered.c[key.name].desc() if each.modifier is operators.desc_op else gathered.c[key.name].asc()
            for key, each in zip(keys, page.order, strict=True)
        ]
        ids, count = _with_count(
            page.of(select(gathered.c.id, counted.scalar_subquery()).order_by(*order)), counted, page
        )
        if count <= COUNT_CAP:
            return ids, count
        in_order = select(self.obj.id).where(or_(*searched), *criteria).order_by(*page.order)
        return list(db.session.scalars(page.of(in_order))), count

    def value_of(self, row: Any, name: str) -> Any:
        """What stands in a row's column, before it is put into words."""
        return getattr(row, name)

    def _rows(self, ids: Sequence[int], shown: Sequence[str]) -> Iterable[Any]:
        narrow = None if self.whole_rows else _narrow(self.obj, tuple(shown))
        if narrow is not None:
            return db.session.execute(narrow, {"ids": ids})
        return db.session.scalars(select(self.obj).where(self.obj.id.in_(ids)).options(*self._loads()))

    def _loads(self) -> list[Any]:
        relations = inspect(self.obj).relationships
        return [
            (selectinload if relations[name].uselist else joinedload)(getattr(self.obj, name)) for name in self.eager
        ]


def _with_count(statement: Select[Any], counted: Select[Any], page: _PageOf) -> tuple[list[int], int]:
    """The ids that a statement gives, and the count that each of its rows carries."""
    found = db.session.execute(statement).all()
    # Behind the last page there is no row to carry the count.
    count = found[0][1] if found else (db.session.scalar(counted) or 0) if page.number else 0
    return [row[0] for row in found], count


@cache
def _narrow(model: type[Any], shown: tuple[str, ...]) -> Select[Any] | None:
    """A statement of these columns and of related rows' names, by ids; none when one of them needs a whole row."""
    mapper = inspect(model)
    statement = select(model.id).where(model.id.in_(bindparam("ids", expanding=True)))
    for name in shown:
        if name in mapper.column_attrs:
            statement = statement.add_columns(getattr(model, name))
            continue
        related = mapper.relationships.get(name)
        if related is None or related.uselist:
            return None
        target = aliased(related.mapper.class_)
        called = _name_of(related.mapper.class_, target)
        if called is None:
            return None
        statement = statement.outerjoin(getattr(model, name).of_type(target)).add_columns(called.label(name))
    return statement


def _name_of(model: type[Any], row: Any) -> ColumnElement[Any] | None:
    """What people call a row of ``model``, as the database can tell it."""
    if issubclass(model, Named):
        called: ColumnElement[Any] = getattr(row, model.called_by)
        return called
    return full_name(row) if model is User else None


def row_id(text: Any) -> int | None:
    """A row's id from an address, or nothing when no row can have it."""
    digits = str(text)
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 10:
        return None
    key = int(digits)
    return key if 0 < key <= LARGEST_ID else None
