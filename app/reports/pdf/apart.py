"""PDFs drawn in a process of their own: drawing is Python's work for a tenth of a second and more, and pages go on."""

import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import IO, Any, cast

from app.reports.pdf.drawing import DrawingFault

ROOT = Path(__file__).parents[3]
COMMAND = (sys.executable, "-m", "app.reports.pdf.program")
# None of our settings and secrets is needed to draw; the fonts are made where the system keeps what is passing.
PASSED_ON = ("PATH", "TMPDIR", "LANG", "SYSTEMROOT")
LONGEST_SECONDS = 60.0
PIECE = 65536


class TooSlow(OSError):
    """The program took too long: the machine has too much to do."""


class Drawer:
    """The drawing program of this process: begun with the first order, begun anew when it ended; one order at a time.

    A process that was forked from this one begins its own.
    """

    def __init__(self, seconds: float = LONGEST_SECONDS) -> None:
        self._seconds = seconds
        self._lock = Lock()
        self._program: subprocess.Popen[bytes] | None = None
        self._owner = 0

    def drawn(self, template: Path, content: Mapping[str, Any]) -> bytes:
        """Return the PDF.

        Raises:
            DrawingFault: it cannot be drawn as it should.
            OSError: the program cannot be begun, ended twice, or took too long.
        """
        order = json.dumps({"template": str(template), "content": content}, ensure_ascii=False).encode() + b"\n"
        with self._lock:
            try:
                said, drawn = self._asked(order)
            except BaseException:
                # What the next one reads must not be the answer to this order.
                self.end()
                raise
        if "fault" in said:
            raise DrawingFault(said["fault"])
        return drawn

    def end(self) -> None:
        """Let the program go."""
        program, self._program = self._program, None
        if program is not None and self._owner == os.getpid():
            program.kill()
            program.communicate()

    def _asked(self, order: bytes) -> tuple[dict[str, Any], bytes]:
        with suppress(BrokenPipeError, EOFError):
            return self._answer(order, self._running())
        # It had ended, for want of orders or killed by the system: one begun now draws.
        self.end()
        try:
            return self._answer(order, self._running())
        except EOFError as ended:
            raise BrokenPipeError("the drawing program ended") from ended

    def _running(self) -> subprocess.Popen[bytes]:
        if self._program is None or self._owner != os.getpid():
            given = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
            self._program = subprocess.Popen(
                COMMAND, cwd=ROOT, env=given, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
            self._owner = os.getpid()
        return self._program

    def _answer(self, order: bytes, program: subprocess.Popen[bytes]) -> tuple[dict[str, Any], bytes]:
        orders, answers = cast("IO[bytes]", program.stdin), cast("IO[bytes]", program.stdout)
        orders.write(order)
        orders.flush()
        until = time.monotonic() + self._seconds
        answer, said = b"", None
        while said is None or len(answer) < said.get("bytes", 0):
            if not select.select([answers], [], [], max(0.0, until - time.monotonic()))[0]:
                raise TooSlow("a PDF was not drawn in time")
            piece = os.read(answers.fileno(), PIECE)
            if not piece:
                raise EOFError
            answer += piece
            if said is None and b"\n" in answer:
                line, _, answer = answer.partition(b"\n")
                said = json.loads(line)
        return said, answer


_drawer = Drawer()


def drawn_apart(template: Path, content: Mapping[str, Any]) -> bytes:
    """Return the PDF of a template, drawn by this process's drawing program; raises what ``Drawer.drawn`` does."""
    return _drawer.drawn(template, content)
