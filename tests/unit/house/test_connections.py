"""Few bodies wait in memory, the others on disk; whoever goes gives the place back."""

import io

import pytest
from waitress.adjustments import Adjustments

from app import connections
from app.connections import FileInPieces, LimitedRequest, Memory

SIZE = 100_000


@pytest.fixture(autouse=True)
def memory(monkeypatch: pytest.MonkeyPatch) -> Memory:
    """Place for one body."""
    small = Memory(SIZE)
    monkeypatch.setattr(connections, "_memory", small)
    return small


def received(size: int = SIZE, *, whole: bool = True) -> LimitedRequest:
    request = LimitedRequest(Adjustments(inbuf_overflow=1000))
    request.received(f"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: {size}\r\n\r\n".encode())
    request.received(b"x" * (size if whole else size // 2))
    return request


def in_memory(request: LimitedRequest) -> bool:
    return isinstance(request.get_body_stream(), io.BytesIO)


def test_bodies_wait_in_memory_while_there_is_place() -> None:
    first, second = received(), received()

    assert (in_memory(first), in_memory(second)) == (True, False)
    assert [each.get_body_stream().read() for each in (first, second)] == [b"x" * SIZE] * 2


def test_the_place_is_given_back_once() -> None:
    first = received()
    first.close()
    first.close()

    again = [received(), received()]

    assert [in_memory(each) for each in again] == [True, False]


def test_a_connection_that_was_lost_gives_the_place_back() -> None:
    received(whole=False)  # nobody holds or closes it any more

    assert in_memory(received())


def test_a_large_body_waits_on_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "LARGEST_IN_MEMORY", SIZE - 1)

    assert not in_memory(received())


def test_a_file_is_sent_whole_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "SENT_AT_ONCE", 7)
    file = FileInPieces(io.BytesIO(b"x" * 20))
    file.prepare()

    pieces = []
    while piece := file.get(1000, skip=True):
        pieces.append(len(piece))

    assert pieces == [7, 7, 6]
