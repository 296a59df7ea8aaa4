"""What the web server's connections do beside waitress' own: cut off bodies that are too large, send files in pieces.

A body is cut off at the limit, with the application's own page as the answer.
"""

import socket
import time
from typing import Any

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import BaseWSGIServer
from waitress.task import ErrorTask, Task, WSGITask
from waitress.utilities import RequestEntityTooLarge

# A browser reads the answer only when it has stopped sending: what still comes is read and dropped, up to here.
MOST_DROPPED = 64 * 2**20  # bytes
MOST_SECONDS = 10
READ_AT_ONCE = 64 * 2**10  # bytes
# Waitress reads as much of a file as the connection might take, megabytes, and reads again what it did not take.
SENT_AT_ONCE = 256 * 2**10  # bytes


class LimitedRequest(HTTPRequestParser):
    """A request that keeps nothing of a body above the limit but says how large it is, or already was when cut off."""

    body_rcv: Any

    def received(self, data: bytes) -> int:
        consumed: int = super().received(data)
        if isinstance(self.error, RequestEntityTooLarge) and self.body_rcv is not None:
            self.body_rcv.getbuf().close()
            self.body_rcv = None
            self.expect_continue = False
            # In pieces it comes without a length; the application refuses by this header, in the person's language.
            self.headers["CONTENT_LENGTH"] = str(max(self.content_length, self.body_bytes_received))
        return consumed


class CutOffTask(WSGITask):
    """Lets the application answer a request whose body was not read; the connection ends with the answer."""

    def start(self) -> None:
        super().start()
        self.set_close_on_finish()


def _task_for_error(channel: HTTPChannel, request: HTTPRequestParser) -> Task:
    too_large = isinstance(request.error, RequestEntityTooLarge)
    return CutOffTask(channel, request) if too_large else ErrorTask(channel, request)


class FundChannel(HTTPChannel):
    """A connection that, after a body was cut off, goes on dropping what comes: closing at once would lose the answer.

    The amount and the time are bounded.
    """

    parser_class = LimitedRequest
    error_task_class = staticmethod(_task_for_error)
    sendbuf_len: int
    cut_off = False
    answered = False  # something, ever
    drops_until: float | None = None
    dropped = 0

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sendbuf_len = min(self.sendbuf_len, SENT_AT_ONCE)

    def service(self) -> None:
        self.cut_off = isinstance(self.requests[0].error, RequestEntityTooLarge)
        super().service()
        self.answered = True

    def is_idle(self) -> bool:
        """Whether nothing is asked, and nothing left to send."""
        return not (self.requests or self.request or self.total_outbufs_len or self.drops_until)

    def end_after_answer(self) -> None:
        """Let the answer say that the connection ends with it."""
        with self.requests_lock:
            for request in self.requests:
                request.headers["CONNECTION"] = "close"

    def readable(self) -> bool:
        return self.drops_until is not None or bool(super().readable())

    def writable(self) -> bool:
        if self.drops_until is not None:
            return time.monotonic() > self.drops_until
        return bool(super().writable())

    def handle_write(self) -> None:
        if self.drops_until is not None:
            self.handle_close()
        elif self.cut_off and self.close_when_flushed:
            self._flush_exception(self._flush_some)
            self._linger()
        else:
            super().handle_write()

    def _linger(self) -> None:
        if self.will_close:  # the other side has gone
            self.handle_close()
        elif not self.total_outbufs_len:
            try:
                self.socket.shutdown(socket.SHUT_WR)
            except OSError:
                self.handle_close()
                return
            self.close_when_flushed = False
            self.drops_until = time.monotonic() + MOST_SECONDS

    def handle_read(self) -> None:
        if self.drops_until is None:
            super().handle_read()
            return
        try:
            piece = self.recv(READ_AT_ONCE)  # closes by itself when the other side has
        except OSError:
            self.handle_close()
            return
        self.dropped += len(piece)
        if self.dropped > MOST_DROPPED:
            self.handle_close()


def use_our_connections(sockets: dict[int, Any]) -> None:
    """Let the listening servers among ``sockets`` make connections of ours."""
    for server in sockets.values():
        if isinstance(server, BaseWSGIServer):
            server.channel_class = FundChannel
