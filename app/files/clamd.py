"""Asks a ClamAV daemon about the bytes of one file; speaks its INSTREAM protocol over a socket."""

import socket
import struct
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

_CONNECT_SECONDS = 5.0
_SECONDS = 30.0  # for one piece to be taken
_SECONDS_TO_ANSWER = 150.0  # the daemon's own limit for one scan is 120
_LONGEST_ANSWER = 4096
_CHUNK = 64 * 2**10
_LENGTH = struct.Struct(">I")
_FOUND = " FOUND"


class ScannerAway(Exception):
    """The scanner cannot be reached or does not answer; any file may be asked about again later."""


class NotScanned(Exception):
    """The scanner answered that it did not look into this file; the message says why."""


def ping(address: str) -> None:
    """Raise ``ScannerAway`` unless the scanner at ``address`` answers."""
    with _connected(address) as connection:
        connection.sendall(b"zPING\0")
        if _answer(connection) != "PONG":
            raise ScannerAway("the scanner gave another answer than PONG")


def scan(address: str, pieces: Iterable[bytes]) -> str | None:
    """Return the name of what was found in the file, or None when nothing was.

    Args:
        address: a socket's path, or host:port.
        pieces: the file's bytes; whatever their iterator raises comes through.

    Raises:
        ScannerAway: no connection, no answer in time, or one that is not understood.
        NotScanned: the file is beyond what the scanner is set to take.
    """
    with _connected(address) as connection:
        try:
            connection.sendall(b"zINSTREAM\0")
            for chunk in _chunks(pieces):
                connection.sendall(_LENGTH.pack(len(chunk)) + chunk)
            connection.sendall(_LENGTH.pack(0))
        except (BrokenPipeError, ConnectionResetError):
            pass  # it stopped listening at its limit, and has said so
        return _verdict(_answer(connection))


def _chunks(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """No chunk of the protocol may be empty: that would be the end."""
    for piece in pieces:
        for start in range(0, len(piece), _CHUNK):
            yield piece[start : start + _CHUNK]


@contextmanager
def _connected(address: str) -> Iterator[socket.socket]:
    try:
        with _connect(address) as connection:
            connection.settimeout(_SECONDS)
            yield connection
    except OSError as failure:
        raise ScannerAway(f"the scanner cannot be used: {type(failure).__name__}") from failure


def _connect(address: str) -> socket.socket:
    if not address.startswith("/"):
        host, _, port = address.rpartition(":")
        return socket.create_connection((host.strip("[]"), int(port)), timeout=_CONNECT_SECONDS)
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connection.settimeout(_CONNECT_SECONDS)
        connection.connect(address)
    except OSError:
        connection.close()
        raise
    return connection


def _answer(connection: socket.socket) -> str:
    """Read up to the closing NUL, however slowly it comes, within the time for a whole answer."""
    until = time.monotonic() + _SECONDS_TO_ANSWER
    answer = b""
    while b"\0" not in answer and len(answer) < _LONGEST_ANSWER:
        connection.settimeout(max(0.01, until - time.monotonic()))
        piece = connection.recv(_LONGEST_ANSWER)
        if not piece:
            break
        answer += piece
    return answer.partition(b"\0")[0].decode("utf-8", "replace").strip()


def _verdict(answer: str) -> str | None:
    """Read "stream: OK", "stream: Name FOUND" or "… ERROR"."""
    said = answer.removeprefix("stream: ")
    if said == "OK":
        return None
    if said.endswith(_FOUND):
        return said.removesuffix(_FOUND)
    if said.startswith("INSTREAM size limit exceeded"):
        raise NotScanned("the file is larger than the scanner's StreamMaxLength")
    if said.endswith(" ERROR"):
        raise NotScanned(said)
    raise ScannerAway("the scanner gave an answer that is not understood")
