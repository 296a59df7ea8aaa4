"""A door before a server that a test can close: connections break in the middle, and nobody gets a new one."""

import socket
import threading
from collections.abc import Callable
from contextlib import suppress

from sqlalchemy.engine import make_url

Connect = Callable[[], socket.socket]


class Relay:
    """Hands on what comes to a port of its own, as long as it is open."""

    def __init__(self, connect: Connect) -> None:
        self._connect = connect
        self._open: list[socket.socket] = []
        self._door: socket.socket | None = None
        self.port = 0
        self.start()

    def start(self) -> None:
        self._door = socket.create_server(("127.0.0.1", self.port))
        self.port = self._door.getsockname()[1]
        threading.Thread(target=self._let_in, args=(self._door,), daemon=True).start()

    def stop(self) -> None:
        door, self._door = self._door, None
        for each in [door, *self._open]:
            if each is not None:
                # A thread that waits for it is woken up only so.
                with suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)
                each.close()
        self._open.clear()

    def _let_in(self, door: socket.socket) -> None:
        while True:
            try:
                inside = door.accept()[0]
            except OSError:
                return
            outside = self._connect()
            self._open += [inside, outside]
            for source, target in ((inside, outside), (outside, inside)):
                threading.Thread(target=_hand_on, args=(source, target), daemon=True).start()


def _hand_on(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while piece := source.recv(65536):
            target.sendall(piece)
    for each in (source, target):
        with suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)


def server_of(address: str) -> Connect:
    """How to reach the PostgreSQL server at an address with a folder of sockets, or a host and a port."""
    url = make_url(address)
    folder = url.query.get("host")
    port = url.port or 5432

    def connect() -> socket.socket:
        if isinstance(folder, str) and folder.startswith("/"):
            made = socket.socket(socket.AF_UNIX)
            made.connect(f"{folder}/.s.PGSQL.{port}")
            return made
        return socket.create_connection((url.host or "127.0.0.1", port))

    return connect
