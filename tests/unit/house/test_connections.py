"""A file goes out whole, and no more of it is read than a connection takes."""

import io
import socket
from types import SimpleNamespace

import pytest
from waitress.adjustments import Adjustments
from waitress.buffers import ReadOnlyFileBasedBuffer

from app import connections
from app.connections import FundChannel


class NotedFile(io.BytesIO):
    """A file that notes how much was asked of it at once."""

    def __init__(self, content: bytes) -> None:
        super().__init__(content)
        self.asked: list[int] = []

    def read(self, size: int | None = -1, /) -> bytes:
        self.asked.append(-1 if size is None else size)
        return super().read(size)


def test_a_file_is_sent_whole_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "SENT_AT_ONCE", 7)
    ours, theirs = socket.socketpair()
    file = NotedFile(b"x" * 20)
    buffer = ReadOnlyFileBasedBuffer(file)
    buffer.prepare()
    channel = FundChannel(SimpleNamespace(active_channels={}), ours, "", Adjustments(), map={})

    channel.write_soon(buffer)
    channel.handle_write()

    assert file.asked == [7, 7, 6]
    assert theirs.recv(100) == b"x" * 20
    channel.handle_close()
    theirs.close()
