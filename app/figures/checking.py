"""Compares kept figures with what the rows come to, and puts them right."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

import structlog
from sqlalchemy import ColumnElement, Integer, Select, Subquery, case, func, literal_column, or_, select, union_all
from sqlalchemy.engine import Connection

from app.extensions import db
from app.figures.declared import FIGURES, KeptFigure
from app.figures.folding import sum_up, turn
from app.figures.sums import COUNTED, DIMENSIONS, from_rows, now
from app.models.figures import figure_change

log = structlog.get_logger()
_KEPT, _TRUE = literal_column("0", Integer), literal_column("1", Integer)


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure that is not what the rows come to."""

    figure: str
    dimensions: Mapping[str, int | str]
    measure: str
    kept: int | Decimal
    true: int | Decimal


@dataclass(frozen=True, slots=True)
class Checked:
    """How many sums were compared, how many changes are not folded yet, and what differs."""

    sums: int
    waiting: int
    differences: tuple[Difference, ...]


def check(*, mends: bool = False) -> Checked:
    """Compare at one moment and, when asked to, put right whatever differs at the same moment."""
    with turn(db.engine, waits=True) as connection:
        found = tuple(differences(connection))
        sums = sum(connection.scalar(select(func.count()).select_from(now(figure))) or 0 for figure in FIGURES)
        waiting = connection.scalar(select(func.count()).select_from(figure_change)) or 0
        if found and mends:
            sum_up(connection)
            log.warning("figures_mended", differences=len(found), figures=sorted({each.figure for each in found}))
    return Checked(sums, waiting, found)


def differences(connection: Connection) -> Iterator[Difference]:
    """Every measure of every figure that differs, in the order of the figures' table."""
    for figure in FIGURES:
        for row in connection.execute(_compared(figure)).mappings():
            named = {name: row[name] for name in DIMENSIONS}
            for measure in COUNTED:
                kept, true = row[measure], row[f"true_{measure}"]
                if kept != true:
                    yield Difference(figure.name, named, measure, kept, true)


@cache
def _compared(figure: KeptFigure) -> Select[Any]:
    """Both sides of each sum that differs: under a measure's name what is kept, under ``true_…`` what is true."""
    arms = []
    for side, source in ((_KEPT, now(figure)), (_TRUE, from_rows(figure).subquery("true"))):
        arms.append(select(side.label("side"), *(source.c[name] for name in (*DIMENSIONS, *COUNTED))))
    both = union_all(*arms).subquery("both")
    by = [both.c[name] for name in DIMENSIONS]
    kept = {name: _of(both, name, _KEPT) for name in COUNTED}
    true = {name: _of(both, name, _TRUE) for name in COUNTED}
    differs = or_(*(kept[name] != true[name] for name in COUNTED))
    shown = [*(kept[name].label(name) for name in COUNTED), *(true[name].label(f"true_{name}") for name in COUNTED)]
    return select(*by, *shown).group_by(*by).having(differs).order_by(*by)


def _of(both: Subquery, name: str, side: ColumnElement[int]) -> ColumnElement[Any]:
    column = both.c[name]
    return func.sum(case((both.c.side == side, column), else_=literal_column("0", column.type)), type_=column.type)
