"""Reads kept figures for whoever asks: never wider than the rows that the person may see."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, exists, false, literal, select

from app.domain.states import GRANTED, SEEN_BY_COMMITTEE
from app.extensions import db
from app.figures.declared import APPLICATIONS, ENVELOPES, LOANS, KeptFigure
from app.figures.sums import COUNTED, from_rows, kept, now, total
from app.models.figures import EVERY, figure_change
from app.security.reach import Reach
from app.security.scope import current_scope

# The kinds that exist for a reach; those of a reach that is not named here do not.
_KINDS = {Reach.APPROVED: GRANTED, Reach.AGENDA: SEEN_BY_COMMITTEE}
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
    return _read(LOANS, (dimension,), GRANTED, **fixed)


def years_of_loans() -> list[int]:
    """Fiscal years (B.E.) with a granted loan that the person may see, newest first."""
    return sorted(
        (row.year for row in _read(LOANS, ("year",), GRANTED, programme_id=EVERY) if row.year > 0), reverse=True
    )


def years_decided() -> list[int]:
    """Fiscal years (B.E.) with a decision that the person may see, newest first."""
    return _newest_first(_read(APPLICATIONS, ("year",), None))


def _newest_first(rows: Iterable[Any]) -> list[int]:
    return sorted((row.year for row in rows if row.year > 0), reverse=True)


def applications_by_state(states: Iterable[str]) -> dict[str, int]:
    """How many applications that were sent and that the person may see are in each of the states."""
    return {row.kind: int(row.number) for row in _read(APPLICATIONS, ("kind",), frozenset(states))}


def _read(figure: KeptFigure, by: tuple[str, ...], kinds: frozenset[str] | None, **fixed: int) -> Sequence[Any]:
    """The figure's sums within the person's scope, by the dimensions named, without those of no row."""
    scope = current_scope()
    if scope.reach in _KINDS:
        kinds = _KINDS[scope.reach] if kinds is None else kinds & _KINDS[scope.reach]
    values: dict[str, Any] = dict(fixed)
    if kinds is not None:
        values["kinds"] = sorted(kinds)
    match scope.reach:
        case Reach.OFFICE:
            values["office_id"] = scope.office_id
        case Reach.COOPERATIVE:
            values["cooperative"] = scope.cooperative_id
        case reach if reach not in _WHOLE:
            return []
    return _sums(figure, by, values)


def envelope_sums(programmes: Iterable[int]) -> dict[int, dict[str, Decimal]]:
    """What the entries of each envelope come to, by their kind, over all cooperatives whoever asks."""
    found: dict[int, dict[str, Decimal]] = {}
    for row in _sums(ENVELOPES, ("programme_id", "kind"), {"programmes": list(programmes)}):
        found.setdefault(row.programme_id, {})[row.kind] = row.baht
    return found


def _sums(figure: KeptFigure, by: tuple[str, ...], values: Mapping[str, Any]) -> Sequence[Any]:
    """The figure's sums by the dimensions named, narrowed to the values.

    Nearly always every change is folded. What is kept is then all, of which the database has less to plan than to
    read; whether it is, the same statement tells.
    """
    narrowed = tuple(sorted(values))
    found = db.session.execute(_statement(figure, by, narrowed, True), values).all()
    if found and not found[0].waiting:
        return found
    return db.session.execute(_statement(figure, by, narrowed, False), values).all()


@cache
def _statement(figure: KeptFigure, by: tuple[str, ...], narrowed: tuple[str, ...], folded: bool) -> Select[Any]:
    """Built once for each way of asking: to build it takes longer than to answer it."""
    waiting: ColumnElement[bool] = exists().select_from(figure_change)
    if "cooperative" in narrowed:  # what one cooperative has is quickly counted, and kept nowhere
        source = from_rows(figure, figure.rows.c.cooperative_id == bindparam("cooperative")).subquery("figure")
        waiting = false()
    else:
        source = kept(figure).subquery("figure") if folded else now(figure)
    columns = [source.c[name] for name in by]
    measures = {name: total(source, name) for name in COUNTED}
    criteria = [source.c[name] == bindparam(name) for name in narrowed if name in source.c]
    criteria += [source.c[_LISTS[name]].in_(bindparam(name, expanding=True)) for name in narrowed if name in _LISTS]
    for name in by:  # a sum of all is not one of those it is by
        if name in ("year", "programme_id") and name not in narrowed:
            criteria.append(source.c[name] != literal(EVERY))
    chosen = select(*columns, *measures.values(), waiting.label("waiting")).where(*criteria).group_by(*columns)
    return chosen.having(measures["number"].element != 0)


# Values that are several of a dimension.
_LISTS = {"kinds": "kind", "programmes": "programme_id"}
