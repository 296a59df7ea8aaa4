"""Answers requests until this process is told to stop, then lets what is under way finish."""

import mmap
import signal
import socket
import time
from collections.abc import Iterator
from types import FrameType
from typing import Any

import structlog
from waitress import wasyncore
from waitress.server import BaseWSGIServer, MultiSocketServer

from app.connections import FundChannel

log = structlog.get_logger()

STOP_SECONDS = 30.0  # for requests that are under way
# Who was let in at the last moment and has said nothing yet; a browser also opens connections it may never use.
NEWCOMER_SECONDS = 1.0
LOOK_SECONDS = 0.1
STAND_BACK_SECONDS, MOST_STOOD_BACK = 0.001, 10  # a process that is busy comes later, and is not waited for
WAITING_AT_THE_DOOR = 1024  # connections
STOPPING = (signal.SIGTERM, signal.SIGINT)
Sockets = dict[int, Any]


class Shares:
    """How many connections each of several processes has, for all of them to see: the one with most stands back."""

    def __init__(self, processes: int) -> None:
        self._counts = memoryview(mmap.mmap(-1, 8 * processes)).cast("Q")
        for number in range(1, processes + 1):
            self.leave(number)

    def tell(self, number: int, count: int) -> None:
        self._counts[number - 1] = count

    def leave(self, number: int) -> None:
        """Nobody waits for a process that takes no connection any more."""
        self._counts[number - 1] = 2**63

    def one_has_fewer(self, count: int) -> bool:
        return min(self._counts) < count


class Stop:
    """Whether the system has told this process to stop; once told, it stays so."""

    def __init__(self, sockets: Sockets) -> None:
        self.told = False
        self._door = next(_doors(sockets))
        for each in STOPPING:
            signal.signal(each, self._tell)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPPING)

    def _tell(self, _signal: int, _frame: FrameType | None) -> None:
        self.told = True
        self._door.pull_trigger()  # or the loop would sleep on


def answer_until_told(
    server: BaseWSGIServer | MultiSocketServer, shares: Shares | None = None, number: int = 1
) -> None:
    """Answer requests until interrupted or terminated, then finish those under way, within bounds.

    Args:
        number: of this process among those that share the sockets.
    """
    shares = shares or Shares(1)
    sockets = server.map if isinstance(server, MultiSocketServer) else server._map
    for door in _doors(sockets):
        _stand_back(door, sockets, shares)
    stop = Stop(sockets)
    while not stop.told:
        shares.tell(number, len(sockets))
        wasyncore.loop(timeout=1, use_poll=True, map=sockets, count=1)
    shares.leave(number)
    left = drain(sockets, STOP_SECONDS)
    if left:
        log.warning("stopped_with_requests_under_way", connections=left)
    server.task_dispatcher.shutdown(timeout=0.0 if left else LOOK_SECONDS)


def _stand_back(door: BaseWSGIServer, sockets: Sockets, shares: Shares) -> None:
    """Leave a new connection for a moment to a process that has fewer: it stays with whoever takes it."""
    stood = 0

    def take() -> None:
        nonlocal stood
        if stood < MOST_STOOD_BACK and shares.one_has_fewer(len(sockets)):
            stood += 1
            time.sleep(STAND_BACK_SECONDS)
            return
        stood = 0
        type(door).handle_accept(door)

    door.handle_accept = take


def drain(sockets: Sockets, seconds: float) -> int:
    """Let nobody in any more, answer whoever is inside; returns how many were still there when the time was over."""
    for door in list(_doors(sockets)):
        _close(door, sockets)
    began = time.monotonic()
    while inside := list(_inside(sockets)):
        if time.monotonic() - began > seconds:
            return len(inside)
        wasyncore.loop(timeout=LOOK_SECONDS, use_poll=True, map=sockets, count=1)
        quiet = time.monotonic() - began > NEWCOMER_SECONDS
        for channel in _inside(sockets):
            channel.end_after_answer()
            if channel.is_idle() and (quiet or channel.answered):
                channel.handle_close()
    return 0


def _doors(sockets: Sockets) -> Iterator[BaseWSGIServer]:
    return (each for each in sockets.values() if isinstance(each, BaseWSGIServer))


def _inside(sockets: Sockets) -> Iterator[FundChannel]:
    return (each for each in list(sockets.values()) if isinstance(each, FundChannel))


def _close(door: BaseWSGIServer, sockets: Sockets) -> None:
    """Let in whoever the system has already connected, then close; the trigger is still needed for answers."""
    known = -1
    while known != len(sockets):
        known = len(sockets)
        type(door).handle_accept(door)
    wasyncore.dispatcher.close(door)


def bound(host: str, port: int) -> list[socket.socket]:
    """Sockets that hold the port at every address of the host; whoever shares them shares the requests.

    Raises:
        OSError: the address cannot be listened on.
    """
    found = socket.getaddrinfo(host, port, 0, socket.SOCK_STREAM, socket.IPPROTO_TCP, socket.AI_PASSIVE)
    return [_bound(family, address) for family, _kind, _protocol, _name, address in dict.fromkeys(found)]


def _bound(family: int, address: Any) -> socket.socket:
    made = socket.socket(family, socket.SOCK_STREAM)
    try:
        if family == socket.AF_INET6:
            made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind(address)
        made.listen(WAITING_AT_THE_DOOR)
        made.setblocking(False)
    except OSError:
        made.close()
        raise
    return made
