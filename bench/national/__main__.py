"""The command: ``python -m bench.national --rows 10000``; docs/performance.md says what it prints."""

import argparse
import os
import signal
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import datetime

from bench.national import table
from bench.national.filled import Filled, filled, options
from bench.national.measuring import Bench, Measured, Processors
from bench.national.pages import GROUPS, PAGES
from bench.national.places import find_places
from bench.national.postgres import folder_of
from bench.national.served import serve_floor, serve_product, started
from bench.national.sqlite import copied


def measure(database: Filled, served: str, groups: Sequence[str], seconds: float) -> list[Measured]:
    """Measure the pages of ``groups`` on a filled database, printing each line when it is there.

    Args:
        served: the address of the database that the product works on; the floors stay with PostgreSQL.
    """
    places = find_places(database.address)
    pages = [page for page in PAGES if page.group in groups]
    with ExitStack() as stack:
        product = stack.enter_context(started(serve_product, served, database.instance))
        floor = stack.enter_context(started(serve_floor, database.address, places))
        bench = Bench(product, floor, Processors(database.pid), places)
        found: list[Measured] = []
        for page in pages:
            if not found or found[-1].page.group != page.group:
                print(f"\n### {page.group}\n\n{table.HEAD}", flush=True)
            found.append(bench.measure(page, seconds))
            first = next(each.product for each in found if each.page.person == page.person)
            print(table.line(found[-1], first), flush=True)
    return found


def _arguments() -> argparse.Namespace:
    parser = options("python -m bench.national", __doc__)
    parser.add_argument("--only", help=f"some of {', '.join(GROUPS)}, with commas between", default=",".join(GROUPS))
    parser.add_argument("--database", choices=("postgresql", "sqlite"), default="postgresql", help="the product's own")
    parser.add_argument("--seconds", type=float, default=2, help="about how long each page is measured")
    parser.add_argument("--hold", action="store_true", help="measure nothing; keep the database open until interrupted")
    chosen = parser.parse_args()
    chosen.only = chosen.only.split(",")
    if unknown := set(chosen.only) - set(GROUPS):
        parser.error(f"no group is called {', '.join(sorted(unknown))}")
    return chosen


def main() -> int:
    """Fill, measure and print; the exit code is 0 when every page opened."""
    chosen = _arguments()
    # Told to end, it still ends the servers it started.
    signal.signal(signal.SIGTERM, lambda *_told: sys.exit(1))
    with folder_of(chosen.keep) as folder, filled(folder, chosen.rows, chosen.programs) as database:
        if chosen.hold:
            print(database.address, flush=True)
            threading.Event().wait()
        on_sqlite = chosen.database == "sqlite"
        served = copied(database.address, folder, database.instance) if on_sqlite else database.address
        began, load = time.monotonic(), os.getloadavg()[0]
        found = measure(database, served, chosen.only, chosen.seconds)
        print(
            f"\n{datetime.now():%Y-%m-%d %H:%M}, {chosen.rows:,} applications, {len(found)} pages in"
            f" {time.monotonic() - began:.0f} s, {os.cpu_count()} processors, load {load:.1f}"
        )
    return 0 if all(measured.product.status == 200 for measured in found) else 1


if __name__ == "__main__":
    sys.exit(main())
