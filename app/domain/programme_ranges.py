"""Ranges of a programme's figures that no form takes, and that a file may bring all the same."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import TypeVar

from app.domain.criteria import PLACES, CriterionKind, figures_of
from app.domain.values.errors import RuleBroken
from app.domain.values.money import LARGEST_AMOUNT, SATANG
from app.domain.values.text import N_, Phrase

FINEST_RATE = Decimal("0.000001")

T = TypeVar("T")
# Values with their places among the terms, such as "closes_on" or "rates.1.annual_rate"; None is left out.
Placed = Iterable[tuple[str, T | None]]


def refuse_days(days: Placed[date], *, first: int, last: int) -> None:
    """Raise ``RuleBroken`` for a day before the year ``first`` or after the year ``last``."""
    for place, day in _given(days):
        if not first <= day.year <= last:
            raise RuleBroken(
                N_("The day %(day)s lies outside the years %(first)s to %(last)s of the common era. Correct it."),
                day=day.isoformat(),
                first=first,
                last=last,
            ).at(place)


def refuse_amounts(amounts: Placed[Decimal]) -> None:
    """Raise ``RuleBroken`` for an amount below zero, too large to store, or with a part of a satang."""
    for place, amount in _given(amounts):
        if amount < 0 or amount > LARGEST_AMOUNT or amount != amount.quantize(SATANG):
            raise RuleBroken(
                N_("%(found)s is no amount in baht and satang between zero and %(most)s. Correct it."),
                found=str(amount)[:40],
                most=f"{LARGEST_AMOUNT:,.2f}",
            ).at(place)


def refuse_rates(rates: Placed[Decimal]) -> None:
    """Raise ``RuleBroken`` for a rate that is no fraction of one, or finer than what is stored."""
    for place, rate in _given(rates):
        if not 0 <= rate < 1:
            raise RuleBroken(
                N_("The rate %(found)s is not between zero and one. Write 3 per cent a year as 0.03."),
                found=str(rate)[:40],
            ).at(place)
        if rate != rate.quantize(FINEST_RATE):
            raise RuleBroken(
                N_("The rate %(found)s has more than six decimals. Write 2.75 per cent a year as 0.0275."),
                found=str(rate)[:40],
            ).at(place)


def refuse_months(months: Placed[int], *, longest: int) -> None:
    """Raise ``RuleBroken`` for a number of months that is not between 1 and ``longest``."""
    for place, month in _given(months):
        if not 1 <= month <= longest:
            raise RuleBroken(
                N_("%(found)s months are not between 1 and %(longest)s. Correct the number."),
                found=str(month)[:40],
                longest=longest,
            ).at(place)


def _given(values: Placed[T]) -> Iterable[tuple[str, T]]:
    return [(place, value) for place, value in values if value is not None]


def refuse_odd_figures(kind: CriterionKind, figure: Decimal | None, second: Decimal | None) -> None:
    """Raise ``RuleBroken`` when a kind lacks a figure it needs, or has one that makes no sense."""
    for name, place, value in zip(figures_of(kind), PLACES, (figure, second), strict=False):
        if value is None:
            raise RuleBroken(N_("This criterion needs a figure: %(name)s. Fill it in."), name=Phrase(name)).at(place)
        if value < 0:
            raise RuleBroken(N_("A figure cannot be below zero.")).at(place)
    if kind is CriterionKind.CONTROL_CLASS and figure not in (1, 2, 3, 4):
        raise RuleBroken(N_("A class is a number from 1 (very good) to 4 (needs improvement)."))
    if kind is CriterionKind.PROFIT_YEARS and figure is not None and second is not None and figure > second:
        raise RuleBroken(N_("More years of profit are asked for than years are looked at. Correct the figures."))
