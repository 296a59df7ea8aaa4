"""How many answers of each kind a service gave and how long they took, counted over all its processes.

Each process counts in a part of its own of memory that all of them share, so that whichever is asked tells of all; who
takes the place of a process that died counts on in its part.
"""

import mmap
import threading
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

KINDS = ("1xx", "2xx", "3xx", "4xx", "5xx")
BOUNDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)  # seconds
NUMBER = 8  # bytes


@dataclass(frozen=True, slots=True)
class RouteCount:
    """What was answered on one route."""

    route: str
    answers: dict[str, float]  # by kind
    within: list[float]  # of BOUNDS, each with those before it; the last is all
    seconds: float


class Counts:
    """The shared numbers; to be made before the processes part."""

    def __init__(self, routes: Sequence[str], processes: int) -> None:
        self._routes = {route: place for place, route in enumerate(dict.fromkeys(["", *routes]))}
        self._width = len(KINDS) + len(BOUNDS) + 2
        self._part = self._width * len(self._routes)
        self._processes = processes
        self._numbers = memoryview(mmap.mmap(-1, NUMBER * self._part * processes)).cast("d")
        self._lock = threading.Lock()

    def add(self, process: int, route: str, status: int, seconds: float) -> None:
        """Count one answer of a process, whose number begins with 1."""
        start = self._start((process - 1) % self._processes, self._routes.get(route, 0))
        with self._lock:
            self._numbers[start + min(max(status // 100, 1), 5) - 1] += 1
            self._numbers[start + len(KINDS) + bisect_left(BOUNDS, seconds)] += 1
            self._numbers[start + self._width - 1] += seconds

    def told(self) -> Iterator[RouteCount]:
        """What all processes counted on each route that was asked for."""
        for route, place in self._routes.items():
            sums = [
                sum(self._numbers[self._start(process, place) + at] for process in range(self._processes))
                for at in range(self._width)
            ]
            kinds, times = sums[: len(KINDS)], sums[len(KINDS) : -1]
            if any(kinds):
                within = [sum(times[: end + 1]) for end in range(len(times))]
                yield RouteCount(route, dict(zip(KINDS, kinds, strict=True)), within, sums[-1])

    def _start(self, process: int, route: int) -> int:
        return process * self._part + route * self._width
