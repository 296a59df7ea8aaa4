"""How long others wait while twelve people who have not signed in ask for quotes as PDF, all at once.

Makes a demonstration of its own in a temporary folder and serves it in one process as ``run.py`` does. The others open
their pages one after the other with a pause, first alone, then beside the strangers. A stranger who is told that all
turns for drawing are taken asks again, as a browser's user would. Run it from the project's folder, where nothing else
runs: ``.venv/bin/python -m bench.strangers_at_once [--seconds 20] [--strangers 12]``.
"""

import argparse
import http.client
import multiprocessing
import re
import statistics
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

from bench.load import Window, served

QUOTE = "/quote/quote.pdf?programme={programme}&amount=5000000&months={months}"
MONTHS = 36
OFFERED = re.compile(r'name="programme".*?<option[^>]*value="(\d+)"', re.DOTALL)
# Who goes on working, and the page each opens.
OTHERS = (("", "/health/"), ("", "/"), ("coop1", "/"), ("officer1", "/applications/list/"), ("fund", "/"))
PDF = "application/pdf"
AGAIN = 1.0  # seconds until a stranger presses again
PAUSE = 0.25  # seconds between two pages of one person
LIMIT_MS = 200


@dataclass
class Answers:
    """Milliseconds of pages by their name, and what became of quotes."""

    times: dict[str, list[float]] = field(default_factory=dict)
    quotes: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, name: str, milliseconds: float) -> None:
        with self.lock:
            self.times.setdefault(name, []).append(milliseconds)

    def all(self) -> list[float]:
        return sorted(value for values in self.times.values() for value in values)


def read(window: Window, name: str, path: str, until: float, answers: Answers) -> None:
    """Open one page again and again, as somebody who works does."""
    while time.monotonic() < until:
        began = time.perf_counter()
        status, _page = window.ask("GET", path)
        answers.note(name, (time.perf_counter() - began) * 1000)
        if status != 200:
            raise SystemExit(f"{name}: {status}")
        time.sleep(PAUSE)


def ask_for_quotes(port: int, path: str, until: float, answers: Answers) -> None:
    """Ask for one PDF after the other without a cookie; whoever is told to wait asks again after a moment."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    while time.monotonic() < until:
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        drawn = answer.headers.get_content_type() == PDF
        with answers.lock:
            answers.quotes["drawn" if drawn else f"told to wait ({answer.status})"] += 1
        if not drawn:
            time.sleep(AGAIN)


def quote_of(port: int) -> str:
    """The address of a quote under the first programme that is open."""
    _status, page = Window(port).ask("GET", "/quote/")
    found = OFFERED.search(page)
    if found is None:
        raise SystemExit("no programme is open")
    return QUOTE.format(programme=found[1], months=MONTHS)


def together(works: Sequence[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def measured(port: int, seconds: float, strangers: int, path: str) -> Answers:
    """What the others see for so long, beside so many strangers."""
    answers, windows = Answers(), []
    for username, page in OTHERS:
        window = Window(port)
        if username:
            window.sign_in(username)
        windows.append((window, f"{username or 'visitor'} {page}", page))
    for window, _name, page in windows:
        window.ask("GET", page)
    until = time.monotonic() + seconds
    works: list[Callable[[], None]] = [partial(read, *each, until, answers) for each in windows]
    together([*works, *(partial(ask_for_quotes, port, path, until, answers) for _stranger in range(strangers))])
    return answers


def line(name: str, times: Sequence[float]) -> str:
    p95 = statistics.quantiles(times, n=20)[18] if len(times) > 1 else times[0]
    over = sum(value >= LIMIT_MS for value in times)
    return (
        f"{name}: {len(times)} pages, p50 {statistics.median(times):.0f} ms, p95 {p95:.0f} ms,"
        f" slowest {max(times):.0f} ms, {over} of {LIMIT_MS} ms or more"
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=20, help="of each of the two measurements")
    parser.add_argument("--strangers", type=int, default=12)
    chosen = parser.parse_args()
    multiprocessing.set_start_method("spawn")
    with served() as port:
        path = quote_of(port)
        alone = measured(port, chosen.seconds, 0, path)
        beside = measured(port, chosen.seconds, chosen.strangers, path)
    print(line("the others alone", alone.all()))
    print(line(f"beside {chosen.strangers} strangers", beside.all()))
    for name, times in beside.times.items():
        print(f"  {line(name, times)}")
    print("quotes:", ", ".join(f"{number} {what}" for what, number in sorted(beside.quotes.items())))
    return 0 if max(beside.all()) < LIMIT_MS else 1


if __name__ == "__main__":
    sys.exit(main())
