"""A file goes out whole, in no larger pieces than a connection takes; connections are shared among processes."""

import io
import socket
from types import SimpleNamespace

import pytest
from waitress.adjustments import Adjustments
from waitress.buffers import ReadOnlyFileBasedBuffer

from app import connections, running
from app.connections import FundChannel
from app.running import MOST_STOOD_BACK, Shares


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


class Door:
    """Notes who was let in."""

    taken = 0

    def handle_accept(self) -> None:
        self.taken += 1


def test_the_process_with_most_connections_stands_back_but_not_for_ever() -> None:
    door, shares = Door(), Shares(2)
    running._stand_back(door, {1: "a", 2: "b"}, shares)  # type: ignore[arg-type]

    shares.tell(2, 1)
    for _look in range(MOST_STOOD_BACK):
        door.handle_accept()
    assert door.taken == 0
    door.handle_accept()
    assert door.taken == 1

    shares.leave(2)  # the other one has died: nobody waits for it
    door.handle_accept()
    assert door.taken == 2
