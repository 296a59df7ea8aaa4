"""A dossier of 200 files of 5 MB through the real server: speed, time to the first byte, and what memory it takes.

Makes a demonstration of its own in a temporary folder, serves it with waitress on this machine as ``run.py`` does, and
downloads once as fast as it comes and once through a slow line. Memory is the highest the server's process ever held,
as Linux counts it; how much of it is due to the dossier's size shows against a dossier of a tenth. Run it from the
project's folder:
``.venv/bin/python -m bench.dossier [--files 200] [--megabytes 5] [--slow 60]``.
"""

import argparse
import http.client
import multiprocessing
import os
import re
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from bench.load import TOKEN, Window

MB = 2**20
MOST_GROWTH_MB = 40
# Each of the server's threads keeps an outgoing buffer of 16 MB, and drawing a PDF loads its engine: with any dossier.
WARM_UP = 8
PIECE = 256 * 1024


def make(ready: "multiprocessing.Queue[tuple[int, int]]", folder: str, files: int, size: int) -> None:
    """The first process: a demonstration of which one application has many large files."""
    os.environ.update(FUND_ENV="development", INSTANCE_DIR=folder, DEMO="1")
    from app import serving

    app, _done = serving.prepared_application()
    ready.put(fill(app, files, size))


def serve(ready: "multiprocessing.Queue[int]", folder: str) -> None:
    """The server's process."""
    os.environ.update(FUND_ENV="development", INSTANCE_DIR=folder, DEMO="1")
    from app import serving

    app, _done = serving.prepared_application()
    server = serving.listen(app, "127.0.0.1", 0)
    ready.put(server.effective_port)
    serving.run(app, server)


def fill(app: object, files: int, size: int) -> tuple[int, int]:
    """Put large files that no packing makes smaller into one application, and a tenth of them into another."""
    from sqlalchemy import select

    from app.domain.states import State
    from app.extensions import db
    from app.files.store import document_store
    from app.models.applications import LoanApplication
    from app.models.documents import Document
    from app.models.transaction import writing
    from app.security.scope import unscoped
    from app.services.documents.checklist import checklist
    from app.ui.clock import today

    with app.app_context(), unscoped(), writing():  # type: ignore[attr-defined]
        found = db.session.scalars(select(LoanApplication).where(LoanApplication.status == State.IN_REVIEW).limit(2))
        large, tenth = found.all()
        kinds = [paper.type for paper in checklist(large, today()) if not paper.type.identity]
        for number in range(files + files // 10):
            row = large if number < files else tenth
            stored = document_store().put(os.urandom(size))
            db.session.add(
                Document(
                    cooperative_id=row.cooperative_id,
                    application=row,
                    document_type=kinds[number % len(kinds)],
                    file_name=f"เอกสารทดสอบ {number + 1}.pdf",
                    kind="pdf",
                    size=stored.size,
                    sha256=stored.sha256,
                    storage_key=stored.key,
                    uploaded_at=datetime.now(UTC),
                )
            )
        db.session.commit()
        return large.id, tenth.id


def highest(process: int) -> float:
    """The most memory a process ever held, in MB."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{process}/status").read_text())
    return int(found[1]) / 1024 if found else 0.0


def pieces(answer: http.client.HTTPResponse, per_second: float) -> Iterator[bytes]:
    """The body, no faster than so many bytes a second; 0 is as fast as it comes."""
    began, seen = time.perf_counter(), 0
    while piece := answer.read(PIECE):
        seen += len(piece)
        yield piece
        if per_second:
            time.sleep(max(0.0, seen / per_second - (time.perf_counter() - began)))


def download(window: Window, key: int, target: Path, per_second: float) -> tuple[float, float, int]:
    """Download the dossier; returns seconds to the first byte, seconds in all, and bytes."""
    _status, page = window.ask("GET", f"/dossier/{key}")
    found = TOKEN.search(page)
    form = urlencode({"csrf_token": found[1] if found else ""})
    headers = {
        "Cookie": "; ".join(f"{name}={value}" for name, value in window.cookies.items()),
        "Content-Type": "application/x-www-form-urlencoded",
    }
    began = time.perf_counter()
    window.connection.request("POST", f"/dossier/{key}", body=form, headers=headers)
    answer = window.connection.getresponse()
    if answer.status != 200:
        raise SystemExit(f"the dossier was refused: {answer.status}")
    first, size = 0.0, 0
    with target.open("wb") as file:
        for piece in pieces(answer, per_second):
            first = first or time.perf_counter() - began
            size += len(piece)
            file.write(piece)
    if size != int(answer.headers["Content-Length"]):
        raise SystemExit(f"{size} bytes came, not {answer.headers['Content-Length']}")
    return first, time.perf_counter() - began, size


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=200)
    parser.add_argument("--megabytes", type=int, default=5)
    parser.add_argument("--slow", type=float, default=60, help="MB a second of the slow line")
    options = parser.parse_args()
    context = multiprocessing.get_context("spawn")
    ready: multiprocessing.Queue[Any] = context.Queue()
    with tempfile.TemporaryDirectory(prefix="fund-dossier-") as folder:
        maker = context.Process(target=make, args=(ready, folder, options.files, options.megabytes * MB))
        maker.start()
        keys = ready.get(timeout=600)
        maker.join()
        server = context.Process(target=serve, args=(ready, folder), daemon=True)
        server.start()
        try:
            port = ready.get(timeout=120)
            return measured(port, keys, int(server.pid or 0), Path(folder) / "dossier.zip", options.slow * MB)
        finally:
            server.terminate()
            server.join()


def measured(port: int, keys: tuple[int, int], process: int, target: Path, slow: float) -> int:
    """Download twice and print the figures; returns the exit code."""
    window = Window(port)
    window.sign_in("fund")
    key, tenth = keys
    cold = highest(process)
    for _turn in range(WARM_UP):
        download(window, tenth, target, 0.0)
    before = highest(process)
    print(f"memory {cold:.0f} MB, and {before:.0f} MB once each thread of the server sent a tenth of it")
    worst = 0.0
    for name, per_second in (("as fast as it comes", 0.0), (f"{slow / MB:.0f} MB a second", slow)):
        first, seconds, size = download(window, key, target, per_second)
        worst = highest(process) - before
        with zipfile.ZipFile(target) as archive:
            broken, members = archive.testzip(), len(archive.namelist())
        print(
            f"{name}: {members} members, {size / MB:,.0f} MB in {seconds:.1f} s, {size / MB / seconds:,.0f} MB/s, "
            f"first byte after {first * 1000:,.0f} ms, memory {before:.0f} MB + {worst:.1f} MB, "
            f"{'broken: ' + broken if broken else 'all members whole'}"
        )
        if broken:
            return 1
    print(f"memory grew by {worst:.1f} MB, at most {MOST_GROWTH_MB} MB are allowed")
    return int(worst > MOST_GROWTH_MB)


if __name__ == "__main__":
    sys.exit(main())
