"""The processes that answer: the product as it serves itself, with its statements counted, and the floor."""

import multiprocessing
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine
from waitress import create_server

from app import serving
from bench.national.floor import Floor
from bench.national.product import application
from config import settings

COUNTED = "X-Statements"  # how many, and their milliseconds
START_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Server:
    """A process on a port of this machine."""

    port: int
    pid: int


class Counted:
    """Tells with each answer how many statements it took, and how long they were away."""

    def __init__(self, inner: Callable[..., Iterable[bytes]]) -> None:
        self.inner = inner
        self.own = threading.local()
        event.listen(Engine, "before_cursor_execute", self._before)
        event.listen(Engine, "after_cursor_execute", self._after)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        self.own.number, self.own.seconds = 0, 0.0

        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            told = f"{self.own.number};{self.own.seconds * 1000:.2f}"
            return start_response(status, [*headers, (COUNTED, told)], *rest)

        return self.inner(environ, start)

    def _before(self, *_arguments: Any) -> None:
        self.own.began = time.perf_counter()

    def _after(self, *_arguments: Any) -> None:
        self.own.number = getattr(self.own, "number", 0) + 1
        self.own.seconds = getattr(self.own, "seconds", 0.0) + time.perf_counter() - self.own.began


def serve_product(ready: "multiprocessing.Queue[int]", address: str, instance: Path) -> None:
    app = application(address, instance, demo=False)
    app.wsgi_app = Counted(app.wsgi_app)  # type: ignore[method-assign]  # as Flask's own documentation wraps it
    server = serving.listen(app, "127.0.0.1", 0)
    ready.put(server.effective_port)
    serving.run(app, server)


def serve_floor(ready: "multiprocessing.Queue[int]", address: str, places: dict[str, Any]) -> None:
    server = create_server(Floor(address, places), host="127.0.0.1", port=0, **serving.server_settings(settings()))
    ready.put(server.effective_port)
    sys.setswitchinterval(serving.SWITCH_SECONDS)
    server.run()


@contextmanager
def started(target: Callable[..., None], *arguments: Any) -> Iterator[Server]:
    """A server in a process of its own, stopped afterwards."""
    context = multiprocessing.get_context("spawn")
    ready: multiprocessing.Queue[int] = context.Queue()
    process = context.Process(target=target, args=(ready, *arguments), daemon=True)
    process.start()
    try:
        yield Server(ready.get(timeout=START_SECONDS), int(process.pid or 0))
    finally:
        process.terminate()
        process.join(timeout=START_SECONDS)
