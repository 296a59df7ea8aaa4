"""Django's admin over the same tables, beside the product: its list, a deep page, a filter, two searches and a record.

Django comes from the index into an environment that goes with the run; the product never needs it. Works on a database
as ``bench.national`` fills it: ``.venv/bin/python -m bench.django_admin --rows 100000 --keep FOLDER``.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg

from bench.load import Window
from bench.national.filled import filled, options
from bench.national.places import find_places
from bench.national.postgres import folder_of
from bench.national.served import serve_product, started

NEEDED = ("django", "psycopg[binary]", "waitress")
SCHEMA = "django_admin"  # where Django keeps its own tables, beside the product's
START_SECONDS = 60
SITE = Path(__file__).parent / "django_site.txt"
_V = "LoanApplicationView"
_SORTED = f"_oc_{_V}=amount_asked&_od_{_V}=desc"
MODULE = "site_of_bench"
ADMIN = f"/admin/{MODULE}/loanapplication"
# What is opened: its name, the product's address and Django's; ``{...}`` is a place of the filled database.
PAGES = (
    ("list", "/applications/list/", f"{ADMIN}/"),
    ("half way", f"/applications/list/?page_{_V}={{half_page}}", f"{ADMIN}/?p={{half_page}}"),
    ("approved by amount", f"/applications/list/?status=approved&{_SORTED}", f"{ADMIN}/?status=approved&o=-4"),
    ("search number", "/applications/list/?q={number}", f"{ADMIN}/?q={{number}}"),
    ("search inside a name", "/applications/list/?q={name}", f"{ADMIN}/?q={{name}}"),
    ("record", "/track/{one}", f"{ADMIN}/{{one}}/change/"),
)
PERSON = "manager"  # who reads all applications, as Django's administrator does


@contextmanager
def django(folder: Path, address: str) -> Iterator[int]:
    """Django's admin on a port of its own, until the block ends; its tables go with it."""
    python = folder / "environment" / "bin" / "python"
    venv.create(folder / "environment", with_pip=True)
    subprocess.run([python, "-m", "pip", "install", "--quiet", *NEEDED], check=True)
    (folder / f"{MODULE}.py").write_text(SITE.read_text(encoding="utf-8"), encoding="utf-8")
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
        connection.execute(f"CREATE SCHEMA {SCHEMA}")
        told = connection.info
        places = {"DATABASE": told.dbname, "HOST": told.host, "USER": told.user, "SCHEMA": SCHEMA}
        environment = os.environ | {f"BENCH_{name}": value for name, value in places.items()}
        command: list[str | Path] = [python, "-c", f"import {MODULE}; {MODULE}.serve()"]
        server = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True, cwd=folder)
        try:
            yield int((server.stdout or sys.stdin).readline())
        finally:
            server.terminate()
            server.wait(START_SECONDS)
            connection.execute(f"DROP SCHEMA {SCHEMA} CASCADE")


def in_turns(windows: dict[str, Window], paths: dict[str, str], seconds: float) -> dict[str, list[float]]:
    """Milliseconds of each side's answers, opened in turns after one that warms.

    Raises:
        SystemExit: a page did not open.
    """
    times: dict[str, list[float]] = {side: [] for side in windows}
    until = None
    while until is None or time.monotonic() < until or len(times["product"]) < 3:
        for side, window in windows.items():
            began = time.perf_counter()
            status, _page = window.ask("GET", paths[side])
            if status != 200:
                raise SystemExit(f"{side} {paths[side]}: {status}")
            if until is not None:
                times[side].append((time.perf_counter() - began) * 1000)
        until = until or time.monotonic() + seconds
    return times


def main() -> int:
    parser = options("python -m bench.django_admin", __doc__)
    parser.add_argument("--seconds", type=float, default=5, help="about how long each page is opened")
    chosen = parser.parse_args()
    with (
        folder_of(chosen.keep) as folder,
        filled(folder, chosen.rows, chosen.programs) as database,
        started(serve_product, database.address, database.instance) as server,
        tempfile.TemporaryDirectory(prefix="fund-django-") as own,
        django(Path(own), database.address) as port,
    ):
        places = find_places(database.address)
        windows = {"product": Window(server.port), "django": Window(port)}
        windows["product"].sign_in(PERSON)
        print(f"{chosen.rows:,} applications\n\n| page | product p50 ms | Django's p50 ms | of the product's | n |")
        print("|---|--:|--:|--:|--:|")
        for name, *addresses in PAGES:
            paths = [quote(each.format(**places), safe="/?&=%-") for each in addresses]
            times = in_turns(windows, dict(zip(windows, paths, strict=True)), chosen.seconds)
            ours, theirs = (statistics.median(times[side]) for side in windows)
            print(
                f"| {name} | {ours:.1f} | {theirs:.1f} | {theirs / ours:.1f} × | {len(times['django'])} |", flush=True
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
