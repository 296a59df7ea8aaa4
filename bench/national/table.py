"""The table of docs/performance.md."""

import statistics
from collections.abc import Iterator

from bench.national.measuring import Cost, Measured
from bench.national.pages import Budget

HEAD = (
    "| person | page | p50 / p95 ms | statements | SQL ms | processor ms: server + PostgreSQL | bytes | n "
    "| F ms | T ms | of F | of T | budget | |\n"
    "|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|---|"
)


def line(measured: Measured, first: Cost | None) -> str:
    """One page as a line, beside the first page of the same person's list."""
    page, cost = measured.page, measured.product
    person = page.person or "visitor"
    if not cost.times:
        return f"| {person} | {page.name} | no answer | | | | | | | | | | {page.budget or ''} | missed |"
    name = page.name if cost.status == 200 else f"{page.name} ({cost.status})"
    cells = [
        person, name, f"{_short(cost.p50)} / {_short(cost.p95)}", str(cost.statements),
        _short(statistics.median(cost.sql)),
        f"{_short(statistics.fmean(cost.server))} + {_short(statistics.fmean(cost.database))}",
        f"{cost.bytes:,}", str(len(cost.times)), *_floor(measured), str(page.budget or ""), _verdict(measured, first),
    ]  # fmt: skip
    return f"| {' | '.join(cells)} |"


def _floor(measured: Measured) -> Iterator[str]:
    floors = (measured.simple, measured.tuned)
    yield from (_short(floor.p50) if floor else "" for floor in floors)
    for floor in floors:
        cost = measured.product
        yield f"{_short(cost.p50 / floor.p50)} ({_short(cost.cpu / floor.cpu)})" if floor else ""


def _verdict(measured: Measured, first: Cost | None) -> str:
    budget = measured.page.budget
    if budget is None:
        return ""
    return "met" if _used(budget, measured, first) <= budget.most else "missed"


def _used(budget: Budget, measured: Measured, first: Cost | None) -> float:
    cost = measured.product
    if budget.of in ("ms", "cpu"):
        return cost.p50 if budget.of == "ms" else cost.cpu
    beside = {"tuned": measured.tuned, "simple": measured.simple, "first": first}[budget.of]
    return cost.p50 / beside.p50 if beside and beside.times else float("inf")


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}"
