"""Opens pages in turns with the floor, and reads what each answer cost."""

import http.client
import statistics
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from bench.load import Window
from bench.national.pages import Page
from bench.national.served import COUNTED, Server

MOST_ROUNDS, FEWEST_ROUNDS = 30, 3
SLOWEST_SECONDS = 60  # a page that takes longer has no figures
TICK_MS = 10  # of the kernel's figures about processes that ended


@dataclass
class Cost:
    """What answers took, in milliseconds, each in the order of the rounds."""

    status: int = 0
    bytes: int = 0
    statements: int = 0
    times: list[float] = field(default_factory=list)
    sql: list[float] = field(default_factory=list)
    server: list[float] = field(default_factory=list)
    database: list[float] = field(default_factory=list)

    @property
    def p50(self) -> float:
        return statistics.median(self.times)

    @property
    def p95(self) -> float:
        ordered = sorted(self.times)
        return ordered[min(len(ordered) - 1, round(0.95 * (len(ordered) - 1)))]

    @property
    def cpu(self) -> float:
        """Of the server's process and of PostgreSQL's together, on the average."""
        return statistics.fmean(self.server) + statistics.fmean(self.database)


@dataclass(frozen=True, slots=True)
class Measured:
    """A page beside the floors that answer the same."""

    page: Page
    product: Cost
    simple: Cost | None = None
    tuned: Cost | None = None


class Processors:
    """How long PostgreSQL's processes have worked, parallel helpers and all."""

    def __init__(self, postmaster: int) -> None:
        self.postmaster = postmaster

    def milliseconds(self) -> float:
        children = Path(f"/proc/{self.postmaster}/task/{self.postmaster}/children").read_text().split()
        living = sum(_worked(int(pid)) for pid in children)
        ended = Path(f"/proc/{self.postmaster}/stat").read_text().rpartition(")")[2].split()
        return living + (int(ended[13]) + int(ended[14])) * TICK_MS


def _worked(pid: int) -> float:
    # The processor clock of another process, by its number: exact, where the kernel's table counts in 10 ms.
    try:
        return time.clock_gettime_ns((~pid << 3) | 2) / 1e6
    except OSError:
        return 0.0


class Asker:
    """One person's browser towards one server."""

    def __init__(self, server: Server, processors: Processors, person: str = "") -> None:
        self.server, self.processors = server, processors
        self.window = Window(server.port)
        self.window.connection.timeout = SLOWEST_SECONDS
        if person:
            self.window.sign_in(person)

    def ask(self, path: str, cost: Cost) -> None:
        """Open the page once and note what it took."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.window.cookies.items())}
        database, server = self.processors.milliseconds(), _worked(self.server.pid)
        began = time.perf_counter()
        self.window.connection.request("GET", path, headers=headers | {"Accept-Encoding": "gzip, br"})
        answer = self.window.connection.getresponse()
        content = answer.read()
        cost.times.append((time.perf_counter() - began) * 1000)
        cost.server.append(_worked(self.server.pid) - server)
        cost.database.append(self.processors.milliseconds() - database)
        cost.status, cost.bytes = answer.status, len(content)
        number, _, sql = (answer.headers.get(COUNTED) or "0;0").partition(";")
        cost.statements = int(number)
        cost.sql.append(float(sql))


class Bench:
    """All askers, and the places the pages look at."""

    def __init__(self, product: Server, floor: Server, processors: Processors, places: Mapping[str, Any]) -> None:
        self.product, self.floor, self.processors, self.places = product, floor, processors, places
        self.askers: dict[str, Asker] = {}
        self.floor_asker = Asker(floor, processors)

    def measure(self, page: Page, seconds: float) -> Measured:
        """Open the page and its floors in turns for about ``seconds``, after one round that warms."""
        path = quote(page.path.format(**self.places), safe="/?&=:!(),'%-_")
        try:
            if page.person not in self.askers:
                self.askers[page.person] = Asker(self.product, self.processors, page.person)
            asked = [(self.askers[page.person], path, Cost())]
            if page.floor:
                asked += [(self.floor_asker, f"/{kind}/{page.floor}", Cost()) for kind in ("simple", "tuned")]
            self._rounds(asked, seconds)
        except (TimeoutError, http.client.HTTPException):
            self.askers.pop(page.person, None)
            self.floor_asker = Asker(self.floor, self.processors)
            return Measured(page, Cost())
        return Measured(page, *(cost for _asker, _path, cost in asked))

    @staticmethod
    def _rounds(asked: list[tuple[Asker, str, Cost]], seconds: float) -> None:
        for asker, path, _cost in asked:
            asker.window.connection.close()  # the server may have given up one that was idle for long
            asker.ask(path, Cost())
        until = time.monotonic() + seconds
        for turn in range(MOST_ROUNDS):
            late = time.monotonic() - until
            if late > 0 and (turn >= FEWEST_ROUNDS or (turn and late > 4 * seconds)):
                break
            for asker, path, cost in asked:
                asker.ask(path, cost)
