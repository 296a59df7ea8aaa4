"""Runs the drawing program: a process of its own, which a hostile file may crash or keep busy."""

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

# Neither our settings nor our secrets are there for a file to find; one system needs this to start a program at all.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name == "SYSTEMROOT"}


class NotDrawn(Exception):
    """The program could not draw what was asked."""


class TooSlow(NotDrawn):
    """It took too long."""


class NoRoom(NotDrawn):
    """There is no memory, or no process left, to start it with."""


def drawn_by(program: Path, order: Mapping[str, Any], content: Iterable[bytes], seconds: float) -> bytes:
    """What the program answers to an order about a file.

    Args:
        content: the file's bytes in pieces; they go through a temporary file, so that our memory stays flat.

    Raises:
        NotDrawn: it answers nothing.
    """
    with TemporaryFile() as asked, TemporaryFile() as made:
        asked.write(json.dumps({**order, "seconds": seconds}).encode() + b"\n")
        asked.writelines(content)
        asked.seek(0)
        try:
            done = subprocess.run(
                [sys.executable, "-I", str(program)],
                stdin=asked,
                stdout=made,
                stderr=subprocess.DEVNULL,
                timeout=seconds,
                env=ENVIRONMENT,
                check=False,
            )
        except subprocess.TimeoutExpired as slow:
            raise TooSlow from slow
        except OSError as full:
            raise NoRoom from full
        if done.returncode != 0:
            raise NotDrawn
        made.seek(0)
        return made.read()
