"""Drawings as the page itself brings them: plain SVG, there with its first paint, before any script and without one.

A still shows what the drawing's specification shows. Templates write it; here is where things stand on it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

# A row of bars is as high as the specification makes it, so that nothing moves when the script draws anew.
ROW = 30
LEAST_ROWS = 4
MOST_TICKS = 5


@dataclass(frozen=True, slots=True)
class Mark:
    """A bar or an area: what it is called, says when pointed at, counts and opens."""

    name: str
    spoken: str
    value: float
    url: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class Bars:
    """Lying bars, the first above. ``unit`` says what the axis counts."""

    marks: Sequence[Mark]
    unit: str
    colour: str
    kind = "bars"

    @property
    def height(self) -> int:
        """Pixels, without the axis."""
        return max(LEAST_ROWS, len(self.marks)) * ROW

    @property
    def row(self) -> float:
        """Pixels of one row."""
        return self.height / max(1, len(self.marks))

    @property
    def ticks(self) -> list[int]:
        """Round numbers from nothing to beyond the longest bar."""
        most = max((mark.value for mark in self.marks), default=0.0)
        step = _round_step(most / MOST_TICKS)
        return [step * k for k in range(math.ceil(most / step) + 1)] if most else [0, step]

    def share(self, value: float) -> str:
        """How far along the axis a value lies, per cent."""
        return f"{value / self.ticks[-1] * 100:.4g}%"


def ranges_of(marked: Sequence[str]) -> list[str]:
    """What each shade stands for, from the bounds between them in words; nothing when none parts them."""
    if not marked:
        return []
    return [f"< {marked[0]}", *(f"{low} – {high}" for low, high in pairwise(marked)), f"≥ {marked[-1]}"]


@dataclass(frozen=True, slots=True)
class Areas:
    """A map whose areas are the darker, the more they count; a mark without url counts none.

    ``bounds`` part the ``colours``, of which there is one more, and ``marked`` says them in words; each area's outline
    is among the ``paths`` by its code.
    """

    marks: Sequence[Mark]
    unit: str
    bounds: Sequence[float]
    marked: Sequence[str]
    colours: Sequence[str]
    none_colour: str
    outline: str
    paths: dict[str, str]
    width: int
    height: int
    kind = "areas"

    def colour(self, mark: Mark) -> str:
        if not mark.url:
            return self.none_colour
        return self.colours[sum(bound <= mark.value for bound in self.bounds)]

    @property
    def legend(self) -> list[tuple[str, str]]:
        """Each colour and the values it stands for."""
        return list(zip(self.colours, ranges_of(self.marked) or [self.alike], strict=True))

    @property
    def alike(self) -> str:
        """What all areas count that have one colour."""
        return next((f"{mark.value:,.1f}" for mark in self.marks if mark.url), "")


Still = Bars | Areas


def _round_step(least: float) -> int:
    """The smallest of 1, 2, 5, 10, 20 … that is not below ``least``."""
    power = 10 ** max(0, math.floor(math.log10(least))) if least > 0 else 1
    return next(step for step in (power, 2 * power, 5 * power, 10 * power) if step >= least)
