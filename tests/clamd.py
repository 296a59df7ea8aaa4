"""A real malware scanner for tests, with one signature: that of the EICAR test text."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from socket import socket

import pytest

from app.files.clamd import ScannerAway, ping

# Joined here, so that no scanner takes this file for what it names.
EICAR = "X5O!P%@AP[4\\PZX54(P^)7CC)" + "7}$EICAR-STANDARD-" + "ANTIVIRUS-TEST-FILE!$H+H*"
FOUND = "Test.Eicar.UNOFFICIAL"
LARGEST_STREAM = 2 * 2**20


@dataclass(frozen=True)
class Clamd:
    """A running scanner, by both its addresses."""

    path: str
    host_and_port: str


def program() -> str:
    """The scanner's program; without one the test is skipped, or fails where one must be there."""
    found = shutil.which("clamd") or shutil.which("clamd", path="/usr/sbin:/usr/local/sbin")
    if found is None:
        missing = "no clamd on this machine: install clamav-daemon"
        if os.environ.get("REQUIRE_CLAMD") == "1":
            pytest.fail(missing)
        pytest.skip(missing)
    return found


@contextmanager
def running_clamd() -> Iterator[Clamd]:
    """Start a scanner of the test's own; its folder is near the root, because a socket's path is short."""
    started = program()
    folder = Path(tempfile.mkdtemp(prefix="clamd-"))
    with socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        port = chosen.getsockname()[1]
    signatures = folder / "signatures"
    signatures.mkdir()
    (signatures / "test.ndb").write_text(f"Test.Eicar:0:*:{EICAR.encode().hex()}\n")
    settings = {
        "LocalSocket": folder / "socket",
        "TCPSocket": port,
        "TCPAddr": "127.0.0.1",
        "DatabaseDirectory": signatures,
        "TemporaryDirectory": folder,
        "Foreground": "yes",
        "StreamMaxLength": LARGEST_STREAM,
    }
    (folder / "clamd.conf").write_text("".join(f"{name} {value}\n" for name, value in settings.items()))
    quiet = subprocess.DEVNULL
    process = subprocess.Popen([started, "--config-file", str(folder / "clamd.conf")], stdout=quiet, stderr=quiet)
    address = str(folder / "socket")
    try:
        _wait(process, address)
        yield Clamd(address, f"127.0.0.1:{port}")
    finally:
        process.terminate()
        process.wait(20)
        shutil.rmtree(folder, ignore_errors=True)


def _wait(process: subprocess.Popen[bytes], address: str) -> None:
    until = time.monotonic() + 30
    while True:
        try:
            return ping(address)
        except ScannerAway:
            if process.poll() is not None or time.monotonic() > until:
                raise
            time.sleep(0.02)
