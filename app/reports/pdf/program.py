"""The drawing program: draws one PDF after the other for the process that began it, behind all that wants a processor.

Run as ``python -m app.reports.pdf.program``. An order is a line of JSON with ``template`` and ``content``; the answer
is a line of JSON with ``bytes``, how many follow it, or with ``fault``, what went wrong.
"""

import json
import os
import select
import sys
from pathlib import Path

from app.reports.pdf.drawing import drawn_pdf

IDLE_SECONDS = 300.0  # after which it ends, and gives back its 90 MB
LOWER = 10  # steps of the system's priority: pages come first


def main() -> None:
    """Answer orders until there are no more, or none came for a while."""
    os.nice(LOWER)
    orders, answers = sys.stdin.buffer, sys.stdout.buffer
    while select.select([orders], [], [], IDLE_SECONDS)[0]:
        line = orders.readline()
        if not line:
            return
        said, drawn = _answer(line)
        answers.write(json.dumps(said).encode() + b"\n" + drawn)
        answers.flush()


def _answer(line: bytes) -> tuple[dict[str, int | str], bytes]:
    try:
        order = json.loads(line)
        drawn = drawn_pdf(Path(order["template"]), order["content"])
    except (MemoryError, OSError):
        raise  # the machine's, not the order's: another program may have better luck
    except Exception as fault:
        # Whatever it is belongs to this one order; whoever gave it tells it.
        return {"fault": f"{type(fault).__name__}: {fault}"}, b""
    return {"bytes": len(drawn)}, drawn


if __name__ == "__main__":
    main()
