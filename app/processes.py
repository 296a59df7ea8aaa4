"""Several processes at one door: begun, watched, begun again when they die, and waited for at the end."""

import json
import os
import select
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from types import FrameType
from typing import NoReturn

import structlog

from app.logs.process import name_process
from app.running import STOP_SECONDS, STOPPING

log = structlog.get_logger()

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0  # seconds before a process that died is begun again
STEADY_SECONDS = 60.0  # who lived so long had no bad start
BEYOND_STOP = 5.0  # seconds
FAILED = json.dumps(([], "เตรียมระบบไม่สำเร็จ เหตุอยู่ข้างบน / it could not be made ready; the cause stands above"))


@dataclass(slots=True)
class Place:
    """Where one process after another does the same work; ``pid`` is 0 while there is none."""

    number: int
    pid: int = 0
    began: float = 0.0
    pause: float = FIRST_PAUSE
    due: float = 0.0


class Signals:
    """What the system tells this process, heard only where it waits: nothing is interrupted half-way."""

    def __init__(self) -> None:
        self.stop = False
        self._reading, self._writing = os.pipe()
        os.set_blocking(self._reading, False)
        os.set_blocking(self._writing, False)
        signal.set_wakeup_fd(self._writing, warn_on_full_buffer=False)
        for each in (*STOPPING, signal.SIGCHLD):
            signal.signal(each, self._note)

    def _note(self, number: int, _frame: FrameType | None) -> None:
        self.stop = self.stop or number != signal.SIGCHLD

    def wait(self, seconds: float) -> None:
        if select.select([self._reading], [], [], seconds)[0]:
            os.read(self._reading, 4096)

    def forget(self) -> None:
        """In a new process: its signals are its own."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.close(self._reading)
        os.close(self._writing)


class NotReady(Exception):
    """The application cannot be served; the message is one line that says why."""


class Crew:
    """Processes that do the same work, copied from this one, which does nothing but watch them.

    Args:
        work: what each does until it is told to stop; it is given the number of its place, from 1.
        let_go: what this process does when it is told to stop, before the others are.
        died: what it does when the process of a place has died.
    """

    def __init__(
        self, work: Callable[[int], None], number: int, let_go: Callable[[], None], died: Callable[[int], None]
    ) -> None:
        self._work, self._let_go, self._died = work, let_go, died
        self._places = [Place(number) for number in range(1, number + 1)]
        self._signals = Signals()
        # Nobody writes to it: that it closes tells the processes that this one has died.
        self._alive, self._life = os.pipe()

    def run(self) -> None:
        """Keep every place filled until told to stop, then return once all processes have ended."""
        while not self._signals.stop:
            for place in self._places:
                if not place.pid and time.monotonic() >= place.due:
                    self._begin(place)
            self._signals.wait(self._next_look())
            for place, code in self._ended():
                self._note_death(place, code)
        self._end()

    def _next_look(self) -> float:
        waits = [place.due - time.monotonic() for place in self._places if not place.pid]
        return max(0.0, min(waits, default=LONGEST_PAUSE))

    def _begin(self, place: Place) -> None:
        sys.stdout.flush()
        sys.stderr.flush()
        # Until the new process has its own answer to them, these wait.
        signal.pthread_sigmask(signal.SIG_BLOCK, STOPPING)
        pid = os.fork()
        if pid == 0:
            self._become(place.number)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPPING)
        place.pid, place.began = pid, time.monotonic()

    def _become(self, number: int) -> NoReturn:
        code = 1
        try:
            self._signals.forget()
            os.close(self._life)
            name_process(number)
            threading.Thread(target=_end_with_parent, args=(self._alive,), name="parent", daemon=True).start()
            self._work(number)
            code = 0
        except BaseException:
            traceback.print_exc()
        _leave(code)

    def _ended(self) -> list[tuple[Place, int]]:
        """The places that became empty, and how their processes ended: a code, or less than zero for a signal."""
        ended = []
        for place in self._places:
            pid, status = os.waitpid(place.pid, os.WNOHANG) if place.pid else (0, 0)
            if pid:
                place.pid = 0
                ended.append((place, os.waitstatus_to_exitcode(status)))
        return ended

    def _note_death(self, place: Place, code: int) -> None:
        now = time.monotonic()
        if now - place.began > STEADY_SECONDS:
            place.pause = FIRST_PAUSE
        self._died(place.number)
        log.error("process_died", process=place.number, code=code, again_in_seconds=place.pause)
        place.due, place.pause = now + place.pause, min(2 * place.pause, LONGEST_PAUSE)

    def _end(self) -> None:
        self._let_go()
        self._tell(signal.SIGTERM)
        until = time.monotonic() + STOP_SECONDS + BEYOND_STOP
        while any(place.pid for place in self._places):
            if time.monotonic() > until:
                self._tell(signal.SIGKILL)
            self._signals.wait(1.0)
            self._ended()

    def _tell(self, what: signal.Signals) -> None:
        for place in self._places:
            if place.pid:
                os.kill(place.pid, what)


def _end_with_parent(alive: int) -> None:
    """Nobody would ever stop a process whose parent was killed."""
    os.read(alive, 1)
    os.kill(os.getpid(), signal.SIGTERM)


def apart(work: Callable[[], list[str]]) -> list[str]:
    """Do something in a process of its own, with which go the libraries, threads and connections that it needed.

    Raises:
        NotReady: the work raised it, or it failed in another way, which the output has told.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        _answer(work, writing)
    os.close(writing)
    with open(reading, "rb") as answer:
        said = answer.read()
    os.waitpid(pid, 0)
    done, reason = json.loads(said or FAILED)
    if reason is not None:
        raise NotReady(reason)
    return [str(line) for line in done]


def _answer(work: Callable[[], list[str]], writing: int) -> NoReturn:
    try:
        try:
            said: tuple[list[str], str | None] = work(), None
        except NotReady as reason:
            said = [], str(reason)
        os.write(writing, json.dumps(said).encode())
        code = 0
    except KeyboardInterrupt:
        code = 1
    except BaseException:
        traceback.print_exc()
        code = 1
    _leave(code)


def _leave(code: int) -> NoReturn:
    """End without what the parent means to do at its own end."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
