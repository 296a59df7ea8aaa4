"""How generated screens read rows: by key, with capped counts, and only what a list shows of them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from flask_appbuilder import Model
from flask_appbuilder.models.sqla.interface import SQLAInterface
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import ColumnElement, Row, Select, inspect, or_, select, union
from sqlalchemy.orm import aliased, joinedload, selectinload

from app.extensions import db
from app.models.base import Named
from app.models.people import full_name
from app.ui.language import in_english
from app.views.shell import keyset
from app.views.shell.keyset import Columns, Found, Key, Order, Place, stretch
from app.views.shell.page_reading import Page, Stretch, figures_of, instead_of, page_of
from app.views.shell.places import Kind, row_id


@dataclass(frozen=True, slots=True)
class _Table:
    """The rows of a table under all ``criteria``."""

    columns: Columns
    criteria: Sequence[ColumnElement[bool]]

    def rows(self) -> Select[Any]:
        return select(*self.columns.all()).where(*self.criteria)


@dataclass(frozen=True, slots=True)
class _Gathered:
    """What a search found, before it is sorted.

    Asked for in order, PostgreSQL would go through all rows in that order to find the few that match.
    """

    columns: Columns

    def rows(self) -> Select[Any]:
        return select(*self.columns.all())


@dataclass(frozen=True, slots=True)
class Sorting:
    """What a list is sorted by beside the id, if by anything, and in which direction."""

    value: Any
    descending: bool

    @property
    def kind(self) -> Kind:
        return None if self.value is None else self.value.type

    @property
    def nullable(self) -> bool:
        return self.value is not None and bool(inspect(self.value).property.columns[0].nullable)


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
        sorting: Sorting,
        place: Place,
        *,
        size: int,
        shown: Sequence[str],
        searched: Sequence[ColumnElement[bool]] = (),
    ) -> Page:
        """The page at ``place`` of the rows under all ``criteria``, which meet one of those ``searched``, if any.

        A row has its id and what is ``shown`` of it, each under its name.
        """
        columns = Columns(self.obj.id, sorting.value)
        table = _Table(columns, [*criteria, or_(*searched)] if searched else criteria)
        found = _gathered(columns, criteria, searched) if searched else table
        order = _order(sorting)
        read = self._read(found, order, place, size, shown)
        if searched and read.capped:
            # What so many rows hold is near in any order, and was not gathered whole.
            read = replace(self._read(table, order, place, size, shown, counting=False), count=read.count)
        other = instead_of(place, read, size)
        if other is not None:
            return self.page(criteria, sorting, other, size=size, shown=shown, searched=searched)
        return page_of(place, read, size)

    def _read(
        self, found: Found, order: Order, place: Place, size: int, shown: Sequence[str], *, counting: bool = True
    ) -> Stretch:
        back, key = place.before is not None, place.after or place.before
        skipped = place.number * size if key is None else 0
        near = stretch(found, order, key, backwards=back, size=size + 1, skipped=skipped)
        page, figures = near.cte("page"), figures_of(found, order, place, size)[0 if counting else 1 :]
        columns = Columns(page.c[0], None if found.columns.value is None else page.c[1])
        rows = self._rows(columns, figures, order.by(columns), shown)
        more = len(rows) > size
        if more:
            rows = rows[1:] if back else rows[:-1]
        # Behind the last page there is no row to carry the count.
        count = getattr(rows[0][1], "counted", 0) if rows else 0
        if not rows and skipped and counting:
            count = db.session.scalar(select(figures[0])) or 0
        return Stretch(
            rows=[row for row, _found in rows],
            keys=[Key(row.id, getattr(told, "sorted_by", None)) for row, told in rows],
            more=more,
            count=count,
            beside=getattr(rows[0][1], "beside", None) if rows else None,
        )

    def _rows(
        self,
        page: Columns,
        figures: Sequence[ColumnElement[int]],
        order: Sequence[ColumnElement[Any]],
        shown: Sequence[str],
    ) -> list[tuple[Any, Row[Any]]]:
        """The rows of a page in order, each with what else was read of it: what it is sorted by, and the figures."""
        told = [*figures] if page.value is None else [page.value.label("sorted_by"), *figures]
        narrow = None if self.whole_rows else _narrow(self.obj, tuple(shown), in_english())
        if narrow is not None:
            # The page comes first: SQLite joins in the order that is written.
            statement = select(self.obj.id, *narrow.columns, *told).select_from(page.id.table)
            statement = statement.join(self.obj, page.id == self.obj.id).order_by(*order)
            for relation in narrow.relations:
                statement = statement.outerjoin(relation)
            return [(row, row) for row in db.session.execute(statement)]
        found = db.session.execute(select(page.id, *told).order_by(*order)).all()
        by_id = select(self.obj).where(self.obj.id.in_([row.id for row in found])).options(*self._loads())
        rows = {row.id: row for row in db.session.scalars(by_id)} if found else {}
        return [(rows[row.id], row) for row in found if row.id in rows]

    def value_of(self, row: Any, name: str) -> Any:
        """What stands in a row's column, before it is put into words."""
        return getattr(row, name)

    def _loads(self) -> list[Any]:
        relations = inspect(self.obj).relationships
        return [
            (selectinload if relations[name].uselist else joinedload)(getattr(self.obj, name)) for name in self.eager
        ]


@dataclass(frozen=True, slots=True)
class _Narrow:
    """What a list shows of its rows: their columns, and the names of related rows."""

    columns: Sequence[Any]
    relations: Sequence[Any]


@cache
def _narrow(model: type[Any], shown: tuple[str, ...], english: bool) -> _Narrow | None:
    """How to read these columns and related rows' names; none when one of them needs a whole row."""
    mapper = inspect(model)
    columns, relations = [], []
    for name in shown:
        if name in mapper.column_attrs:
            columns.append(getattr(model, name))
            continue
        related = mapper.relationships.get(name)
        if related is None or related.uselist:
            return None
        target = aliased(related.mapper.class_)
        called = _name_of(related.mapper.class_, target, english=english)
        if called is None:
            return None
        relations.append(getattr(model, name).of_type(target))
        columns.append(called.label(name))
    return _Narrow(columns, relations)


def _gathered(
    columns: Columns, criteria: Sequence[ColumnElement[bool]], searched: Sequence[ColumnElement[bool]]
) -> _Gathered:
    """What meets each of the conditions, found one condition after the other by its index, up to one above the cap."""
    parts = [select(*columns.all()).where(each, *criteria).limit(keyset.COUNT_CAP + 1).subquery() for each in searched]
    found = (union(*(select(part) for part in parts)) if len(parts) > 1 else select(parts[0])).cte("gathered")
    return _Gathered(Columns(found.c[0], None if columns.value is None else found.c[1]))


def _order(sorting: Sorting) -> Order:
    return Order(sorting.descending, sorting.nullable, nulls_high=db.session.get_bind().dialect.name == "postgresql")


def _name_of(model: type[Any], row: Any, *, english: bool) -> ColumnElement[Any] | None:
    """What people call a row of ``model``, as the database can tell it."""
    if issubclass(model, Named):
        called: ColumnElement[Any] = getattr(row, model.name_column(english=english))
        return called
    return full_name(row) if model is User else None
