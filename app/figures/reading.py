"""Reads kept figures for whoever asks: never wider than the rows that the person may see."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, literal, select

from app.domain.states import GRANTED, SEEN_BY_COMMITTEE, State
from app.extensions import db
from app.figures.declared import APPLICATIONS, ENVELOPES, LOANS, KeptFigure
from app.figures.sums import COUNTED, from_rows, now, total
from app.models.figures import EVERY
from app.security.reach import Reach
from app.security.scope import current_scope

# The kinds that exist for a reach; for those that are not named here all do.
_KINDS = {Reach.APPROVED: GRANTED, Reach.AGENDA: SEEN_BY_COMMITTEE}
# Kept sums are nobody's rows, so that there is nothing to be narrowed but what is said here.
_AS_IT_IS: dict[str, Any] = {"execution_options": {"unscoped": True}}
_WHOLE = frozenset({Reach.ALL, Reach.SENT, Reach.APPROVED, Reach.AGENDA})


def loans_by(dimension: str, year: int | None, programme: int | None) -> Sequence[Any]:
    """Granted loans as the person may see them: (dimension, number, baht, members, cooperatives).

    Args:
        dimension: ``province_id`` or ``programme_id``.
        year: the fiscal year (B.E.) of the decision; None for all.
        programme: the programme's id; None for all.
    """
    fixed = {"year": EVERY if year is None else year}
    if dimension != "programme_id" or programme is not None:
        fixed["programme_id"] = EVERY if programme is None else programme
    return _read(LOANS, (dimension,), GRANTED, COUNTED, **fixed)


def years_of_loans() -> list[int]:
    """Fiscal years (B.E.) with a granted loan that the person may see, newest first."""
    return sorted(
        (row.year for row in _read(LOANS, ("year",), GRANTED, programme_id=EVERY) if row.year > 0), reverse=True
    )


def applications_by_state(states: Iterable[str]) -> dict[str, int]:
    """How many applications that were sent and that the person may see are in each of the states."""
    return {
        row.kind: int(row.number)
        for row in _read(APPLICATIONS, ("kind",), frozenset(states), year=EVERY, programme_id=EVERY)
    }


def in_reach(states: Iterable[State]) -> frozenset[State]:
    """Those of the states in which there are applications for the person at all."""
    return frozenset(states) & _KINDS.get(current_scope().reach, frozenset(State))


def _read(
    figure: KeptFigure,
    by: tuple[str, ...],
    kinds: frozenset[str],
    measures: tuple[str, ...] = ("number",),
    **fixed: int,
) -> Sequence[Any]:
    """The figure's sums within the person's scope, by the dimensions named, without those of no row."""
    scope = current_scope()
    values: dict[str, Any] = {"kinds": sorted(kinds & _KINDS.get(scope.reach, kinds)), **fixed}
    match scope.reach:
        case Reach.OFFICE:
            values["office_id"] = scope.office_id
        case Reach.COOPERATIVE:
            values["cooperative"] = scope.cooperative_id
        case reach if reach not in _WHOLE:
            return []
    return db.session.execute(_statement(figure, by, measures, tuple(sorted(values))), values, **_AS_IT_IS).all()


def envelope_sums(programmes: Iterable[int]) -> dict[int, dict[str, Decimal]]:
    """What the entries of each envelope come to, by their kind, over all cooperatives whoever asks."""
    found: dict[int, dict[str, Decimal]] = {}
    statement = _statement(ENVELOPES, ("programme_id", "kind"), ("baht",), ("programmes",))
    for row in db.session.execute(statement, {"programmes": list(programmes)}, **_AS_IT_IS):
        found.setdefault(row.programme_id, {})[row.kind] = row.baht
    return found


@cache
def _statement(
    figure: KeptFigure, by: tuple[str, ...], measures: tuple[str, ...], narrowed: tuple[str, ...]
) -> Select[Any]:
    """Built once for each way of asking: to build it takes longer than to answer it."""
    if "cooperative" in narrowed:  # what one cooperative has is quickly counted, and kept nowhere
        source = from_rows(figure, figure.rows.c.cooperative_id == bindparam("cooperative")).subquery("figure")
    else:
        source = now(figure)
    columns = [source.c[name] for name in by]
    criteria = [source.c[name] == bindparam(name) for name in narrowed if name in source.c]
    criteria += [source.c[_LISTS[name]].in_(bindparam(name, expanding=True)) for name in narrowed if name in _LISTS]
    for name in by:  # a sum of all is not one of those it is by
        if name in ("year", "programme_id") and name not in narrowed:
            criteria.append(source.c[name] != literal(EVERY))
    chosen = select(*columns, *(total(source, name) for name in measures)).where(*criteria).group_by(*columns)
    return chosen.having(total(source, "number").element != 0)


# Values that are several of a dimension.
_LISTS = {"kinds": "kind", "programmes": "programme_id"}
