"""Whether everything that the service needs is there and goes on; what was found is kept for a moment."""

import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import column, func, select, table
from sqlalchemy.exc import SQLAlchemyError

from app.extensions import db
from app.files.store import StoreUnavailable, document_store
from app.models.jobs import JobRound
from app.models.notices import MailStatus, OutboxMail
from app.models.transaction import undo

KEPT_SECONDS = 5.0
MIB = 2**20
# Ten rounds of the worker; a mail that waits longer than the longest pause between its tries.
WORKER_LATE, MAIL_LATE = timedelta(minutes=5), timedelta(hours=2)


class Health(StrEnum):
    """What is said of one part."""

    OK = "ok"
    LATE = "late"  # pages go on, but somebody has to look
    AWAY = "away"  # people are told that the system cannot be reached, or nothing can be stored


@dataclass(frozen=True, slots=True)
class Measured:
    """The state of each part, and the figures behind it; a figure that could not be had is not among them."""

    parts: dict[str, Health]
    figures: dict[str, float]
    jobs: dict[str, tuple[float, bool]]  # seconds since each was last done, and whether it fails
    free: dict[str, int]  # bytes left, by folder

    @property
    def ready(self) -> bool:
        return Health.AWAY not in self.parts.values()


def measured(now: datetime) -> Measured:
    """Measure every part; asked again within seconds, what was found is told again: strangers may ask, too."""
    kept: tuple[float, Measured] | None = current_app.extensions.get("readiness")
    if kept is None or time.monotonic() - kept[0] > KEPT_SECONDS:
        kept = current_app.extensions["readiness"] = time.monotonic(), _measure(now)
    return kept[1]


def _measure(now: datetime) -> Measured:
    found = Measured({}, {}, {}, {})
    for measure in (_database, _store, _disk):
        measure(found)
    away = found.parts["database"] is Health.AWAY
    for name, look in (("worker", _worker), ("mail", _mail)):
        found.parts[name] = Health.LATE if away else _asked(look, found, now)
    return found


def _asked(look: Callable[[Measured, datetime], Health], found: Measured, now: datetime) -> Health:
    try:
        return look(found, now)
    except SQLAlchemyError:
        return Health.LATE
    finally:
        undo(db.session)


def _database(found: Measured) -> None:
    stored: Any = select(column("version_num")).select_from(table("alembic_version"))
    try:
        versions = db.session.scalars(stored, execution_options={"unscoped": True}).all()
    except SQLAlchemyError:
        found.parts.update(database=Health.AWAY, migrations=Health.AWAY)
    else:
        newest = _newest(current_app.config["MIGRATIONS_DIR"])
        found.parts.update(database=Health.OK, migrations=Health.OK if versions == [newest] else Health.AWAY)
    finally:
        undo(db.session)


@lru_cache(maxsize=4)
def _newest(folder: str) -> str:
    return max(Path(folder, "versions").glob("[0-9]*.py")).name.partition("_")[0]


def _store(found: Measured) -> None:
    try:
        document_store().answers()
        found.parts["store"] = Health.OK
    except StoreUnavailable:
        found.parts["store"] = Health.AWAY


def _disk(found: Measured) -> None:
    for folder in _folders():
        try:
            found.free[str(folder)] = shutil.disk_usage(folder).free
        except OSError:
            found.free[str(folder)] = 0
    least = current_app.config["READY_FREE_MB"] * MIB
    found.parts["disk"] = Health.OK if min(found.free.values()) >= least else Health.AWAY


def _folders() -> list[Path]:
    """Where this machine writes: its own files, the documents and the database when they are files."""
    config = current_app.config
    folders = [Path(config["INSTANCE_DIR"])]
    if config["DOCUMENT_STORE"].startswith("file:"):
        folders.append(Path(config["DOCUMENT_STORE"].removeprefix("file:")))
    if db.engine.dialect.name == "sqlite" and db.engine.url.database:
        folders.append(Path(db.engine.url.database).parent)
    return list(dict.fromkeys(folders))


def _worker(found: Measured, now: datetime) -> Health:
    rounds = db.session.execute(select(JobRound.job, JobRound.ended_at, JobRound.failing_since)).all()
    for job, ended_at, failing_since in rounds:
        found.jobs[job] = (now - ended_at).total_seconds(), failing_since is not None
    late = any(seconds > WORKER_LATE.total_seconds() or fails for seconds, fails in found.jobs.values())
    return Health.LATE if late or not rounds else Health.OK


def _mail(found: Measured, now: datetime) -> Health:
    counted = select(OutboxMail.status, func.count(), func.min(OutboxMail.waiting_since)).where(
        OutboxMail.status != MailStatus.SENT
    )
    rows = db.session.execute(counted.group_by(OutboxMail.status), execution_options={"unscoped": True}).all()
    by_state = {status: (number, since) for status, number, since in rows}
    waiting, since = by_state.get(MailStatus.WAITING, (0, None))
    age = (now - since).total_seconds() if since is not None else 0.0
    failed = by_state.get(MailStatus.FAILED, (0, None))[0]
    held = by_state.get(MailStatus.HELD, (0, None))[0]
    found.figures.update(mail_waiting=waiting, mail_oldest_seconds=age, mail_failed=failed, mail_held=held)
    return Health.LATE if failed or held or age > MAIL_LATE.total_seconds() else Health.OK
