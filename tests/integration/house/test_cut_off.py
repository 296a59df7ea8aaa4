"""A body that is too large is cut off by the real server at the limit, and the sender still gets the answer."""

import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask

from app import connections, serving
from tests import make

LIMIT = 2**20
TWO_GIB = 2 * 2**30
HEAD = "POST /apply/1/attach/1 HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=b\r\n"


@dataclass
class Sender:
    """Somebody who sends without looking, as browsers do."""

    connection: socket.socket

    def say(self, *headers: str) -> None:
        self.connection.sendall((HEAD + "".join(f"{line}\r\n" for line in headers) + "\r\n").encode())

    def send(self, size: int) -> int:
        """Send zeros; the number that was taken before the other side hung up."""
        piece = b"\0" * 2**16
        for sent in range(0, size, len(piece)):
            try:
                self.connection.sendall(piece)
            except OSError:
                return sent
        return size

    def answer(self) -> str:
        """All that comes until the other side has said everything."""
        got = b""
        while True:
            try:
                piece = self.connection.recv(2**16)
            except ConnectionResetError:
                break
            if not piece:
                break
            got += piece
        return got.decode()


@pytest.fixture
def sender(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sender]:
    monkeypatch.setitem(app.config, "MAX_SENDING_BYTES", LIMIT)
    server = serving.listen(app, "127.0.0.1", 0)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    connection = socket.create_connection(("127.0.0.1", server.effective_port), timeout=10)
    yield Sender(connection)
    connection.close()
    server.close()  # its thread, asleep now, ends within a second


def test_a_length_above_the_limit_is_answered_while_the_body_is_still_being_sent(app: Flask, sender: Sender) -> None:
    sender.say(f"Content-Length: {TWO_GIB}")

    sent = sender.send(8 * LIMIT)
    answer = sender.answer()

    assert sent == 8 * LIMIT
    assert answer.startswith("HTTP/1.1 413 ")
    assert "Connection: close" in answer
    assert make.in_thai(app, "The file is too large") in answer
    assert answer.rstrip().endswith("</html>")


def test_a_body_in_pieces_is_cut_off_where_it_passes_the_limit(app: Flask, sender: Sender) -> None:
    sender.say("Transfer-Encoding: chunked")

    sender.connection.sendall(b"%x\r\n" % TWO_GIB)
    sender.send(3 * LIMIT)
    answer = sender.answer()

    assert answer.startswith("HTTP/1.1 413 ")
    assert make.in_thai(app, "The file is too large") in answer


def test_the_script_gets_its_answer_as_json(sender: Sender) -> None:
    sender.say(f"Content-Length: {TWO_GIB}", "Accept: application/json")

    answer = sender.answer()

    assert answer.startswith("HTTP/1.1 413 ")
    assert "Content-Type: application/json" in answer


def test_who_asks_before_sending_is_told_not_to(sender: Sender) -> None:
    sender.say(f"Content-Length: {TWO_GIB}", "Expect: 100-continue")

    assert sender.answer().startswith("HTTP/1.1 413 ")


def test_dropping_ends_after_a_while(sender: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "MOST_DROPPED", LIMIT)
    sender.say(f"Content-Length: {TWO_GIB}")

    assert sender.send(64 * LIMIT) < 64 * LIMIT


def test_who_falls_silent_is_not_waited_for(sender: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "MOST_SECONDS", 0)
    sender.say(f"Content-Length: {TWO_GIB}")

    answer = sender.answer()

    assert answer.startswith("HTTP/1.1 413 ")
    assert sender.connection.recv(1) == b""


def test_a_body_within_the_limit_reaches_its_page(sender: Sender) -> None:
    sender.say(f"Content-Length: {LIMIT // 2}")

    sender.send(LIMIT // 2)

    assert sender.connection.recv(12) == b"HTTP/1.1 400"  # no form, and nobody signed in: but it was read
