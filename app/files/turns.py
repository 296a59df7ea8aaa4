"""Turns and places that all processes of this machine share: each is a file that its holder keeps locked.

The system lets go of a lock when its holder ends, however it ends: a process that was killed keeps nobody waiting.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from flask import current_app

AGAIN_SECONDS = 0.02


def turns_folder() -> Path:
    """Where the locked files of this machine lie."""
    folder = Path(current_app.config["INSTANCE_DIR"]) / "turns"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _locked(path: Path, how: int) -> int:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, how)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def held(path: Path) -> int | None:
    """Lock a file, made if need be; returns what has to be closed to let go, or nothing when another holds it."""
    try:
        return _locked(path, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return None


@contextmanager
def alone(path: Path, *, shared: bool = False) -> Iterator[None]:
    """Nobody else does what this file stands for meanwhile; those who share it wait only for who does not."""
    descriptor = _locked(path, fcntl.LOCK_SH if shared else fcntl.LOCK_EX)
    try:
        yield
    finally:
        os.close(descriptor)


class Turns:
    """So many may do something at a time, over all threads and processes of this machine."""

    def __init__(self, name: str, most: int) -> None:
        self._name, self._most = name, most

    @contextmanager
    def one(self, patience: float = 0.0) -> Iterator[bool]:
        """Hold a turn inside the block; False when none came free in so many seconds."""
        descriptor = self._taken(time.monotonic() + patience)
        try:
            yield descriptor is not None
        finally:
            if descriptor is not None:
                os.close(descriptor)

    def _taken(self, until: float) -> int | None:
        folder = turns_folder()
        while True:
            for number in range(self._most):
                descriptor = held(folder / f"{self._name}-{number}")
                if descriptor is not None:
                    return descriptor
            if time.monotonic() >= until:
                return None
            time.sleep(AGAIN_SECONDS)


class Held:
    """A file that stands for something held, until it is closed; its name says what."""

    def __init__(self, path: Path) -> None:
        self._path, self._descriptor = path, held(path)

    def close(self) -> None:
        # Gone before it is unlocked: whoever looks finds either somebody's or none.
        self._path.unlink(missing_ok=True)
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def names_held(folder: Path) -> list[str]:
    """Names of the files in a folder that somebody holds; those of holders that died are taken away.

    To be asked alone, or a file could be found between being made and being locked.
    """
    found = []
    for path in folder.iterdir():
        with suppress(FileNotFoundError):
            descriptor = os.open(path, os.O_RDWR)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                path.unlink()
            except BlockingIOError:
                found.append(path.name)
            finally:
                os.close(descriptor)
    return found
