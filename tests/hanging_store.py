"""A store that is reached and never answers, until it is let go."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask

from app.files.store import DocumentStore
from tests.s3 import s3_environ


class HangingStore:
    """Takes connections and says nothing on them."""

    def __init__(self) -> None:
        self._server = socket.create_server(("127.0.0.1", 0))
        self._held: list[socket.socket] = []
        self.asked = threading.Event()
        self._taking = threading.Thread(target=self._take, daemon=True)
        self._taking.start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.getsockname()[1]}"

    def _take(self) -> None:
        while True:
            try:
                connection, _address = self._server.accept()
            except OSError:
                return
            self._held.append(connection)
            self.asked.set()

    def let_go(self) -> None:
        """End every connection, and take no more."""
        if not self._taking.is_alive():
            return
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        for connection in self._held:
            connection.close()
        self._taking.join(5)


@contextmanager
def hanging_store(app: Flask) -> Iterator[HangingStore]:
    """The application's store hangs inside the block."""
    hanging, before = HangingStore(), app.extensions["document_store"]
    app.extensions["document_store"] = DocumentStore.from_url("s3://documents", s3_environ(hanging.address))
    try:
        yield hanging
    finally:
        hanging.let_go()
        app.extensions["document_store"] = before
