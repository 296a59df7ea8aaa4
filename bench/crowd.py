"""How many lists a second one process answers to eight people, and what one on the dashboard costs the others.

Works on a database as ``bench.national`` fills it: ``.venv/bin/python -m bench.crowd --rows 100000 --keep FOLDER``.
"""

import statistics
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

from bench.load import Window
from bench.national.filled import filled, options
from bench.national.postgres import folder_of
from bench.national.served import serve_product, started

LIST = "/applications/list/"
DASHBOARD = "/dashboard/?year="
CLIENTS = 8
OTHERS = ("fund", "officer1", "manager", "auditor")
EVERY = 0.5  # seconds from one page of a person to the next, as somebody who reads fast
ROUNDS = 3


@dataclass
class Answers:
    """Milliseconds of the answers of one kind of round."""

    times: list[float] = field(default_factory=list)

    @property
    def p95(self) -> float:
        return statistics.quantiles(self.times, n=20)[18]


def people(port: int, names: Sequence[str]) -> list[Window]:
    windows = [Window(port) for _name in names]
    for window, name in zip(windows, names, strict=True):
        window.sign_in(name)
        opened(window, LIST)
    return windows


def opened(window: Window, path: str) -> float:
    """Open a page, and return how many milliseconds it took.

    Raises:
        SystemExit: it did not open.
    """
    began = time.perf_counter()
    status, _page = window.ask("GET", path)
    if status != 200:
        raise SystemExit(f"{path}: {status}")
    return (time.perf_counter() - began) * 1000


def together(works: Sequence[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def as_fast_as_answered(port: int, seconds: float) -> Answers:
    """Lists of eight people who do not wait between one and the next."""
    windows, answers = people(port, ["fund"] * CLIENTS), Answers()
    until = time.monotonic() + seconds
    together([partial(_hurry, window, LIST, until, answers) for window in windows])
    return answers


def _hurry(window: Window, path: str, until: float, answers: Answers) -> None:
    while time.monotonic() < until:
        answers.times.append(opened(window, path))


def _read(window: Window, late: float, until: float, answers: Answers) -> None:
    time.sleep(late)
    while (left := until - time.monotonic()) > 0:
        answers.times.append(opened(window, LIST))
        time.sleep(min(max(EVERY - answers.times[-1] / 1000, 0), left))


def beside_the_dashboard(port: int, seconds: float) -> tuple[Answers, Answers, Answers]:
    """Lists of people who read between them, in turns alone and while one opens the dashboard; and the dashboards."""
    windows, (looker,) = people(port, OTHERS), people(port, ["manager"])
    alone, beside, dashboards = Answers(), Answers(), Answers()
    opened(looker, DASHBOARD)
    for _round in range(ROUNDS):
        for answers in (alone, beside):
            until = time.monotonic() + seconds / ROUNDS
            works = [
                partial(_read, window, EVERY * place / len(windows), until, answers)
                for place, window in enumerate(windows)
            ]
            if answers is beside:
                works.append(partial(_hurry, looker, DASHBOARD, until, dashboards))
            together(works)
    return alone, beside, dashboards


def main() -> int:
    parser = options("python -m bench.crowd", __doc__)
    parser.add_argument("--seconds", type=float, default=15, help="of each of the three measurements")
    chosen = parser.parse_args()
    with (
        folder_of(chosen.keep) as folder,
        filled(folder, chosen.rows, chosen.programs) as database,
        started(serve_product, database.address, database.instance) as server,
    ):
        fast = as_fast_as_answered(server.port, chosen.seconds)
        alone, beside, dashboards = beside_the_dashboard(server.port, chosen.seconds)
    print(
        f"{chosen.rows:,} applications, {CLIENTS} people on lists, one process:"
        f" {len(fast.times) / chosen.seconds:.1f} a second, p50 {statistics.median(fast.times):.0f} ms\n"
        f"{len(OTHERS)} people, a list every {EVERY} s: p50 {statistics.median(alone.times):.0f} ms,"
        f" p95 {alone.p95:.0f} ms; while one opens the dashboard of all years ({len(dashboards.times)} times):"
        f" p50 {statistics.median(beside.times):.0f} ms, p95 {beside.p95:.0f} ms"
        f" ({beside.p95 / alone.p95 - 1:+.0%}; at most +25 % is meant)"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
