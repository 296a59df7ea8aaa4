"""What a second process brings, how long a start takes, and what memory a process keeps once every page was opened.

Makes a demonstration on a PostgreSQL of its own in a temporary folder and serves it as ``run.py`` does. Requests a
second are measured in turns, one process and several, with as many askers each time; the processor's time of a request
is told beside them, because the askers and PostgreSQL take their share of the same cores. Run it from the project's
folder:
``.venv/bin/python -m bench.processes [--processes 2] [--seconds 10] [--programs FOLDER]``.
"""

import argparse
import multiprocessing
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.load import Window
from bench.national.postgres import Postgres, wheel_programs
from config import ROOT

PEOPLE = (
    "coop1", "coop1s", "coop2", "officer1", "fund", "finance", "committee1", "manager", "auditor", "admin",
)  # fmt: skip
ASKING = (("fund", "/applications/list/"), ("officer1", "/applications/list/"), ("coop1", "/"), ("manager", "/"))
MOST_PAGES = 60  # of one person
READY = "Ctrl-C"
TICKS = os.sysconf("SC_CLK_TCK")
LINK = re.compile(r'href="(/[^"#]*)"')
NOT_PAGES = ("/assets/", "/logout", "/language")


@dataclass(frozen=True, slots=True)
class Running:
    """A server and the processes of it that answer."""

    port: int
    pid: int

    @property
    def processes(self) -> list[int]:
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        return [int(each) for each in children] or [self.pid]

    def seconds(self) -> float:
        """The processor's time of all that answer."""
        return sum(seconds_of(each) for each in self.processes)


def seconds_of(pid: int, *, with_ended: bool = False) -> float:
    """The processor's time of a process, and of its children that have ended."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(int(each) for each in fields[11 : 15 if with_ended else 13]) / TICKS


def memory_of(pid: int) -> dict[str, float]:
    """MB of a process: all it sees (Rss), and its share of what others see, too (Pss)."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    found = {line.split(":")[0]: int(line.split()[1]) / 1024 for line in lines if line.endswith("kB")}
    return {"Rss": found["Rss"], "Pss": found["Pss"]}


@dataclass(frozen=True, slots=True)
class Start:
    """What it took until the server was ready: seconds, and the processor's."""

    wall: float
    processor: float


@contextmanager
def served(address: str, folder: Path, processes: int) -> Iterator[tuple[Running, Start]]:
    """The product, as production starts it, on a port that is free."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    environment = {
        **os.environ, "FUND_ENV": "development", "DEMO": "1", "DATABASE_URL": address, "INSTANCE_DIR": str(folder),
        "ASSETS_DIR": str(ROOT / "instance" / "assets"), "FUND_PROCESSES": str(processes), "PYTHONUTF8": "1",
    }  # fmt: skip
    command = [sys.executable, "run.py", "--inside", "serve", "127.0.0.1", str(port)]
    began = time.monotonic()
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as server:
        if server.stdout is None or not any(READY in line for line in server.stdout):
            raise SystemExit("the server did not start")
        start = Start(time.monotonic() - began, seconds_of(server.pid, with_ended=True))
        threading.Thread(target=server.stdout.read, daemon=True).start()
        running = Running(port, server.pid)
        while len(running.processes) < processes:
            time.sleep(0.01)
        try:
            yield running, start
        finally:
            server.terminate()
            server.wait(60)


def ask(port: int, seconds: float, ready: Any, answered: "multiprocessing.Queue[int]") -> None:
    """Half of the askers: each signs in, waits for the others, and asks for one page again and again."""
    counts: list[int] = []

    def one(person: str, path: str) -> None:
        window = Window(port)
        window.sign_in(person)
        window.ask("GET", path)
        ready.wait()
        until, asked = time.monotonic() + seconds, 0
        while time.monotonic() < until:
            status, _page = window.ask("GET", path)
            asked += status == 200
        counts.append(asked)

    threads = [threading.Thread(target=one, args=each) for each in ASKING]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    answered.put(sum(counts))


@dataclass(frozen=True, slots=True)
class Rate:
    """Pages a second, and milliseconds of the server's processor for each."""

    pages: float
    processor: float


def rate(running: Running, seconds: float) -> Rate:
    context = multiprocessing.get_context("spawn")
    ready = context.Barrier(2 * len(ASKING) + 1)
    answered: multiprocessing.Queue[int] = context.Queue()
    askers = [context.Process(target=ask, args=(running.port, seconds, ready, answered)) for _half in range(2)]
    for asker in askers:
        asker.start()
    ready.wait()
    before = running.seconds()
    number = sum(answered.get() for _half in askers)
    for asker in askers:
        asker.join()
    return Rate(number / seconds, 1000 * (running.seconds() - before) / number)


def fetched(window: Window, path: str) -> str:
    """A page, or nothing of a file."""
    cookie = "; ".join(f"{name}={value}" for name, value in window.cookies.items())
    window.connection.request("GET", path, headers={"Cookie": cookie})
    answer = window.connection.getresponse()
    content = answer.read()
    return content.decode() if answer.headers["Content-Type"].startswith("text/html") else ""


def open_everything(running: Running) -> int:
    """Let every person open what links lead to, one page of a kind, through every process; how many pages it was."""
    opened = 0
    for person in PEOPLE:
        for _each in range(2 * len(running.processes)):  # connections are given to the processes by turns or so
            window = Window(running.port)
            window.sign_in(person)
            seen, waiting = set(), ["/"]
            while waiting and len(seen) < MOST_PAGES:
                path = waiting.pop(0)
                opened += 1
                for link in LINK.findall(fetched(window, path)):
                    link = link.replace("&amp;", "&")
                    kind = re.sub(r"\d+|[0-9a-f]{32}", "…", link)
                    if kind not in seen and not link.startswith(NOT_PAGES):
                        seen.add(kind)
                        waiting.append(link)
    return opened


def told(running: Running) -> str:
    """The memory of each process that answers."""
    each = [memory_of(pid) for pid in running.processes]
    return ", ".join(f"{memory['Rss']:.0f} MB ({memory['Pss']:.0f} its share)" for memory in each)


def busy(seconds: float, done: "multiprocessing.Queue[int]") -> None:
    until, number = time.monotonic() + seconds, 0
    while time.monotonic() < until:
        number += sum(range(2000)) > 0
    done.put(number)


def room(processes: int, seconds: float = 2.0) -> float:
    """How many times the work of one process several that only reckon get done: what the machine has to give."""
    found = []
    for number in (1, processes):
        done: multiprocessing.Queue[int] = multiprocessing.Queue()
        workers = [multiprocessing.Process(target=busy, args=(seconds, done)) for _worker in range(number)]
        for worker in workers:
            worker.start()
        found.append(sum(done.get() for _worker in workers))
        for worker in workers:
            worker.join()
    return found[1] / found[0]


def compare(address: str, folder: Path, processes: int, seconds: float, rounds: int) -> None:
    """Requests a second of one process and of several, in turns."""
    found: dict[int, list[Rate]] = {1: [], processes: []}
    with served(address, folder, 1) as (one, _start), served(address, folder, processes) as (several, _also):
        for _round in range(rounds):
            for number, running in ((1, one), (processes, several)):
                found[number].append(rate(running, seconds))
    for number, rates in found.items():
        pages, processor = (statistics.median(getattr(each, what) for each in rates) for what in ("pages", "processor"))
        print(f"{number} processes: {pages:.1f} pages a second, {processor:.1f} ms of the server's processor a page")
    ratios = [more.pages / less.pages for less, more in zip(found[1], found[processes], strict=True)]
    print(f"{processes} processes answer {statistics.median(ratios):.2f} x as many, round by round")
    print(f"{processes} processes that only reckon get done {room(processes):.2f} x as much at the moment")


def keep(address: str, folder: Path, processes: int) -> None:
    """What a start takes, and the memory after it and after all pages."""
    starts = []
    for _start in range(3):
        with served(address, folder, 1) as (_running, start):
            starts.append(start)
    wall, processor = min(each.wall for each in starts), min(each.processor for each in starts)
    print(f"a start, fastest of {len(starts)}: {wall:.2f} s, {processor:.2f} s of the processor")
    for number in (1, processes):
        with served(address, folder, number) as (running, _start):
            print(f"{number} processes, started: {told(running)}")
            opened = open_everything(running)
            print(f"{number} processes, {opened} pages opened by {len(PEOPLE)} people: {told(running)}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--programs", type=Path, default=wheel_programs(), help="folder of PostgreSQL's programs")
    parser.add_argument("--only", choices=("rate", "memory"), help="one of the two")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="fund-processes-") as made:
        folder = Path(made)
        folder.chmod(0o755)
        database = Postgres(folder / "database", chosen.programs)
        database.make()
        database.start({})
        try:
            database.create_database()
            with served(database.address, folder, 1):
                pass  # the first start fills the database
            if chosen.only != "rate":
                keep(database.address, folder, chosen.processes)
            if chosen.only != "memory":
                compare(database.address, folder, chosen.processes, chosen.seconds, chosen.rounds)
        finally:
            database.stop()
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
