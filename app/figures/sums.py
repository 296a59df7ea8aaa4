"""A kept figure as it stands now, in one statement: what is kept, and what the changes not folded yet add to it.

Who reads it sees one moment, whatever is folded meanwhile. Most changes are added as they are. Rows themselves are
read only of cooperatives of which the changes do not tell enough: one that moved to another place takes all its rows
along, and whether one counts for the first time follows from what it had. What it had is what it has less its changes.
"""

from collections.abc import Iterable
from functools import cache
from typing import Any

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    CompoundSelect,
    FromClause,
    Integer,
    Select,
    Subquery,
    case,
    cast,
    func,
    literal_column,
    or_,
    select,
    union_all,
)

from app.figures.declared import KeptFigure
from app.models.cooperatives import Cooperative
from app.models.figures import EVERY, MOVED, figure_change, figure_sum
from app.models.types import Total

DIMENSIONS = ("year", "programme_id", "kind", "province_id", "office_id")
MEASURES = ("number", "baht", "members")
COUNTED = (*MEASURES, "cooperatives")
_cooperatives = Cooperative.__table__
_NOW, _BEFORE = literal_column("1", Integer), literal_column("-1", Integer)
_EVERY = literal_column(str(EVERY), Integer)
_ZERO = literal_column("0", Integer)


def _sum(column: ColumnElement[Any], name: str) -> ColumnElement[Any]:
    summed = func.sum(column, type_=Total()) if name == "baht" else cast(func.sum(column), BigInteger)
    return summed.label(name)


def _arm(source: FromClause, place: Iterable[ColumnElement[Any]], side: ColumnElement[int], sign: int) -> Select[Any]:
    """Rows of ``source`` at a place, added or taken away, as how things are now or as they were."""
    province, office = place
    measures = (source.c[name] if sign > 0 else -source.c[name] for name in MEASURES)
    return select(
        side.label("side"),
        source.c.cooperative_id.label("cooperative_id"),
        source.c.year.label("year"),
        source.c.programme_id.label("programme_id"),
        source.c.kind.label("kind"),
        province.label("province_id"),
        office.label("office_id"),
        *(measure.label(name) for measure, name in zip(measures, MEASURES, strict=True)),
    )


def _summed(figure: KeptFigure, rows: Subquery) -> Select[Any]:
    """Rows of ``_arm`` in the shape of the kept sums, all groupings of the figure."""
    if not figure.each:
        by = [rows.c[name] for name in DIMENSIONS]
        measures = [_sum(rows.c[name], name) for name in MEASURES]
        return (
            select(*by, *measures, cast(_ZERO, BigInteger).label("cooperatives"))
            .group_by(*by)
            .having(_any_of(measures))
        )
    chosen = union_all(
        *(
            select(literal_column(str(int(years))).label("years"), literal_column(str(int(programmes))).label("parts"))
            for years, programmes in figure.groupings
        )
    ).subquery("chosen")
    year = case((chosen.c.years == _NOW, rows.c.year), else_=_EVERY).label("year")
    programme = case((chosen.c.parts == _NOW, rows.c.programme_id), else_=_EVERY).label("programme_id")
    by = [rows.c.side, rows.c.cooperative_id, year, programme, rows.c.kind, rows.c.province_id, rows.c.office_id]
    # Each cooperative's rows first: whether it counts at all follows from them.
    one = select(*by, *(_sum(rows.c[name], name) for name in MEASURES)).select_from(rows.join(chosen, _NOW == _NOW))
    each = one.group_by(*by).subquery("each")
    counts = case((each.c.number > _ZERO, _NOW), (each.c.number < _ZERO, _BEFORE), else_=_ZERO)
    by = [each.c[name] for name in DIMENSIONS]
    measures = [*(_sum(each.c[name], name) for name in MEASURES), _sum(counts, "cooperatives")]
    return select(*by, *measures).group_by(*by).having(_any_of(measures))


def _any_of(measures: Iterable[ColumnElement[Any]]) -> ColumnElement[bool]:
    return or_(*(measure.element != _ZERO for measure in measures))


def from_rows(figure: KeptFigure, *narrowed: ColumnElement[bool]) -> Select[Any]:
    """The sums worked out from the rows themselves; what is kept has to agree with them."""
    rows = figure.contributions().where(*narrowed).subquery("contribution")
    if not figure.placed:
        return _summed(figure, _arm(rows, (_EVERY, _EVERY), _NOW, 1).subquery("counted"))
    here = _cooperatives.c
    counted = _arm(rows, (here.province_id, here.office_id), _NOW, 1)
    return _summed(
        figure,
        counted.select_from(rows.join(_cooperatives, here.id == rows.c.cooperative_id)).subquery("counted"),
    )


def pending(figure: KeptFigure) -> Select[Any]:
    """What the changes not folded yet add to the kept sums."""
    own = select(figure_change).where(figure_change.c.figure == figure.name).subquery("change")
    if not figure.placed:
        return _summed(figure, _arm(own, (_EVERY, _EVERY), _NOW, 1).subquery("counted"))
    looked_at = _looked_at(figure)
    rows = figure.contributions().subquery("contribution")
    here, before = (looked_at.c.province_id, looked_at.c.office_id), (looked_at.c.old_province, looked_at.c.old_office)
    arms: list[Select[Any]] = []
    for source, place, side, sign in ((rows, here, _NOW, 1), (rows, before, _BEFORE, -1), (own, before, _BEFORE, 1)):
        joined = source.join(looked_at, looked_at.c.cooperative_id == source.c.cooperative_id)
        # A cooperative that is gone has a place only before.
        arms.append(_arm(source, place, side, sign).select_from(joined).where(place[0].is_not(None)))
    if not figure.each:
        arms.append(_as_they_are(own, looked_at))
    counted: CompoundSelect[Any] = union_all(*arms)
    return _summed(figure, counted.subquery("counted"))


def _as_they_are(own: Subquery, looked_at: CTE) -> Select[Any]:
    """Changes of cooperatives that stayed where they are."""
    here = _cooperatives.c
    stayed = own.join(_cooperatives, here.id == own.c.cooperative_id)
    moved = select(looked_at.c.cooperative_id)
    changes = _arm(own, (here.province_id, here.office_id), _NOW, 1).select_from(stayed)
    return changes.where(own.c.cooperative_id.not_in(moved))


def _looked_at(figure: KeptFigure) -> CTE:
    """The cooperatives whose rows are read, with the place they are at and the one they were folded at."""
    change = figure_change.c
    first = select(func.min(change.id)).where(change.figure == MOVED).group_by(change.cooperative_id)
    old = select(figure_change).where(change.id.in_(first)).subquery("old")
    named = select(change.cooperative_id).where(change.figure.in_([MOVED, figure.name] if figure.each else [MOVED]))
    who = named.distinct().subquery("who")
    here = _cooperatives.c
    joined = who.outerjoin(_cooperatives, here.id == who.c.cooperative_id).outerjoin(
        old, old.c.cooperative_id == who.c.cooperative_id
    )
    return (
        select(
            who.c.cooperative_id,
            here.province_id,
            here.office_id,
            func.coalesce(old.c.province_id, here.province_id).label("old_province"),
            func.coalesce(old.c.office_id, here.office_id).label("old_office"),
        )
        .select_from(joined)
        .cte("looked_at")
    )


def kept(figure: KeptFigure) -> Select[Any]:
    """The kept sums alone."""
    columns = figure_sum.c
    named = [*(columns[name] for name in DIMENSIONS), *(columns[name] for name in COUNTED)]
    return select(*named).where(columns.figure == literal_column(f"'{figure.name}'"))


@cache
def now(figure: KeptFigure) -> Subquery:
    """Kept sums and what is pending, as rows to be summed once more by whatever a page shows."""
    return union_all(kept(figure), pending(figure)).subquery("figure")


def total(source: FromClause, name: str) -> ColumnElement[Any]:
    """A measure summed over rows of ``now``."""
    return _sum(source.c[name], name)
