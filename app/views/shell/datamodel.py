"""How generated screens read rows: capped counts, ids first, then only what a list shows of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from flask_appbuilder import Model
from flask_appbuilder.models.sqla.interface import SQLAInterface
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import ColumnElement, Select, bindparam, func, inspect, select
from sqlalchemy.orm import aliased, joinedload, selectinload

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
        order: Sequence[ColumnElement[Any]],
        *,
        number: int,
        size: int,
        shown: Sequence[str],
    ) -> Page:
        """Rows of page ``number`` (from 0) under all ``criteria``: first the ids are found, then those rows read.

        A row has its id and what is ``shown`` of it, each under its name.
        """
        matching = select(self.obj.id).where(*criteria)
        counted = select(func.count()).select_from(matching.limit(COUNT_CAP + 1).subquery())
        found = db.session.execute(
            matching.add_columns(counted.scalar_subquery()).order_by(*order).limit(size).offset(number * size)
        ).all()
        # Behind the last page there is no row to carry the count.
        count = found[0][1] if found else (db.session.scalar(counted) or 0) if number else 0
        ids = [key for key, _count in found]
        rows = {row.id: row for row in self._rows(ids, shown)} if ids else {}
        return Page([rows[key] for key in ids if key in rows], min(count, COUNT_CAP), count > COUNT_CAP)

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
