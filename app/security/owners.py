"""To which cooperatives the rows belong that a flush names; asked within the scope, so nobody's when out of reach."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, select, true
from sqlalchemy.orm import Session

from app.models.cooperatives import Cooperative
from app.security.reach import Scope

_FOUND = "owners found before"


@dataclass(frozen=True, slots=True)
class Target:
    """A row of ``model`` that another one names by ``relation``, or as itself."""

    row: Any
    relation: str
    model: type[Any]
    key: int


def owner_column(model: type[Any]) -> ColumnElement[Any]:
    """The column that says whose a row is; a cooperative is its own."""
    column: ColumnElement[Any] = model.id if model is Cooperative else model.cooperative_id
    return column


def owners_of(session: Session, named: Iterable[Target]) -> dict[tuple[type[Any], int], int]:
    """The cooperative of each row named, of those that exist in the scope.

    One statement for each table; for all of them when a flush names one row of each, as that of a move does.
    """
    wanted: dict[type[Any], set[int]] = {}
    for target in named:
        wanted.setdefault(target.model, set()).add(target.key)
    models = tuple(sorted(wanted, key=lambda model: str(model.__tablename__)))
    if len(models) > 1 and all(len(keys) == 1 for keys in wanted.values()):
        keys = {model.__tablename__: next(iter(wanted[model])) for model in models}
        row = session.execute(_side_by_side(models), keys).one_or_none()
        if row is not None:
            return {(model, keys[model.__tablename__]): owner for model, owner in zip(models, row, strict=True)}
    return {
        (model, key): owner
        for model in models
        for key, owner in session.execute(select(model.id, owner_column(model)).where(model.id.in_(wanted[model])))
    }


def find_owners_before(session: Session, scope: Scope, *rows: Any) -> None:
    """Find whose these rows are, for the next flush, which then need not ask while others wait.

    The caller holds the rows, or learns before that flush that they did not change.
    """
    named = [Target(row, "itself", type(row), row.id) for row in rows]
    remember_owners(session, scope, owners_of(session, named))


def remember_owners(session: Session, scope: Scope, found: Mapping[tuple[type[Any], int], int]) -> None:
    """Keep what was found for the next check in the same transaction and scope, and no longer."""
    session.info[_FOUND] = session.get_transaction(), scope, found


def owners_known(session: Session, named: Iterable[Target], scope: Scope) -> dict[tuple[type[Any], int], int]:
    """The owners of what is named; what was found a moment ago is not asked for again: whose a row is never changes."""
    *asked_in, known = session.info.pop(_FOUND, (None, None, {}))
    found = dict(known) if asked_in == [session.get_transaction(), scope] else {}
    return found | owners_of(session, [target for target in named if (target.model, target.key) not in found])


@lru_cache(maxsize=64)
def _side_by_side(models: tuple[type[Any], ...]) -> Select[Any]:
    """The owners of one row of each table, or nothing unless all of them are there."""
    first, *others = models
    owners = (owner_column(model).label(f"owner_of_{model.__tablename__}") for model in models)
    statement = select(*owners).select_from(first)
    for model in others:
        statement = statement.join(model, true())
    return statement.where(*(model.id == bindparam(model.__tablename__) for model in models))
