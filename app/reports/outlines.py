"""The outlines of the 77 provinces as paths of an SVG, from the shapes that browsers' charts are drawn of, too."""

import json
import math
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

SHAPES = Path(__file__).resolve().parent.parent / "static" / "th-provinces.topo.json"
# Units of a map's height. It is shown about half as many pixels high, so that a unit is less than an eye tells apart.
HEIGHT = 1120
# How far a point may be from the line without it to be left out, in units.
TOLERANCE = 1.5

Point = tuple[float, float]


@lru_cache(maxsize=1)
def outlines() -> tuple[int, dict[str, str]]:
    """How wide a map of ``HEIGHT`` is, and the path of each province by its code, such as ``TH-10``."""
    shapes = json.loads(SHAPES.read_text(encoding="utf-8"))
    arcs = [_projected(arc, shapes["transform"]) for arc in shapes["arcs"]]
    left, right = _span(arcs, 0)
    top, bottom = _span(arcs, 1)
    scale = HEIGHT / (bottom - top)
    # Whole units, and arcs shortened before they are joined: what two provinces share stays the same line.
    lines = [_shortened([(round((x - left) * scale), round((y - top) * scale)) for x, y in arc]) for arc in arcs]
    provinces = shapes["objects"]["provinces"]["geometries"]
    return round((right - left) * scale), {province["id"]: _path(province, lines) for province in provinces}


def _projected(arc: list[list[int]], transform: dict[str, list[float]]) -> list[Point]:
    """The points of an arc, kept as steps in degrees, on a map of Mercator's kind with north above."""
    (step_x, step_y), (from_x, from_y) = transform["scale"], transform["translate"]
    x = y = 0
    points = []
    for more_x, more_y in arc:
        x, y = x + more_x, y + more_y
        north = math.radians(from_y + y * step_y)
        points.append((math.radians(from_x + x * step_x), -math.log(math.tan(math.pi / 4 + north / 2))))
    return points


def _span(arcs: list[list[Point]], axis: int) -> tuple[float, float]:
    values = [point[axis] for arc in arcs for point in arc]
    return min(values), max(values)


def _shortened(points: list[Point]) -> list[Point]:
    """The fewest points whose lines pass all others within the tolerance (Douglas and Peucker)."""
    kept = {0, len(points) - 1}
    spans = [(0, len(points) - 1)]
    while spans:
        first, last = spans.pop()
        far, at = max(
            ((_apart(points[k], points[first], points[last]), k) for k in range(first + 1, last)), default=(0, 0)
        )
        if far > TOLERANCE:
            kept.add(at)
            spans += [(first, at), (at, last)]
    return [points[k] for k in sorted(kept)]


def _apart(point: Point, start: Point, end: Point) -> float:
    """How far a point is from the line between two others."""
    (x, y), (ax, ay), (bx, by) = point, start, end
    length = math.hypot(bx - ax, by - ay)
    return abs((bx - ax) * (ay - y) - (ax - x) * (by - ay)) / length if length else math.hypot(x - ax, y - ay)


def _path(province: dict[str, Any], lines: list[list[Point]]) -> str:
    polygons = [province["arcs"]] if province["type"] == "Polygon" else province["arcs"]
    rings = [_ring(ring, lines) for polygon in polygons for ring in polygon]
    seen = [ring for ring in rings if len(ring) > 2]
    return "".join(_drawn(ring) for ring in seen or rings)


def _ring(arcs: list[int], lines: list[list[Point]]) -> list[Point]:
    """The corners of a ring; ``~3`` is the arc 3 backwards."""
    corners: list[Point] = []
    for arc in arcs:
        line = lines[arc] if arc >= 0 else lines[~arc][::-1]
        corners += [corner for k, corner in enumerate(line) if not (k == 0 and corners)]
    return corners[:-1] if len(corners) > 1 and corners[0] == corners[-1] else corners


def _drawn(ring: list[Point]) -> str:
    (x, y), *_others = ring
    steps = " ".join(f"{b[0] - a[0]:g} {b[1] - a[1]:g}" for a, b in pairwise(ring))
    return f"M{x:g} {y:g}l{steps}z".replace(" -", "-")
