"""How generated screens read rows: capped counts, ids first, relations in one more statement each."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_appbuilder import Model
from flask_appbuilder.models.sqla.interface import SQLAInterface
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import selectinload

from app.extensions import db

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
    ) -> Page:
        """Rows of page ``number`` (from 0) under all ``criteria``: first the ids are found, then those rows read."""
        matching = select(self.obj.id).where(*criteria)
        count = db.session.scalar(select(func.count()).select_from(matching.limit(COUNT_CAP + 1).subquery())) or 0
        ids = list(db.session.scalars(matching.order_by(*order).limit(size).offset(number * size)))
        rows = {row.id: row for row in db.session.scalars(self._rows(ids))} if ids else {}
        return Page([rows[key] for key in ids if key in rows], min(count, COUNT_CAP), count > COUNT_CAP)

    def _rows(self, ids: list[int]) -> Any:
        return select(self.obj).where(self.obj.id.in_(ids)).options(*self._loads())

    def _loads(self) -> list[Any]:
        loads = []
        for path in self.eager:
            first, *rest = path.split(".")
            load = selectinload(getattr(self.obj, first))
            model = self.get_related_model(first)
            for name in rest:
                load = load.selectinload(getattr(model, name))
                model = getattr(model, name).property.mapper.class_
            loads.append(load)
        return loads


def row_id(text: Any) -> int | None:
    """A row's id from an address, or nothing when no row can have it."""
    digits = str(text)
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 10:
        return None
    key = int(digits)
    return key if 0 < key <= LARGEST_ID else None
