"""A file goes out whole, in pieces."""

import io

import pytest

from app import connections
from app.connections import FileInPieces


def test_a_file_is_sent_whole_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "SENT_AT_ONCE", 7)
    file = FileInPieces(io.BytesIO(b"x" * 20))
    file.prepare()

    pieces = []
    while piece := file.get(1000, skip=True):
        pieces.append(len(piece))

    assert pieces == [7, 7, 6]
