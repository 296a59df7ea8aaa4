"""One round of what is due: expiry, sessions, kept figures, mail, scans; each job whatever became of the others."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import Executable, func
from sqlalchemy.dialects import postgresql, sqlite

from app.extensions import db
from app.figures.folding import fold
from app.logs.causes import cause_of
from app.models.jobs import JobRound
from app.models.transaction import undo, writing
from app.security.scope import unscoped
from app.security.sessions import drop_expired_sessions
from app.services.jobs.delivery import Clock, deliver
from app.services.jobs.expiry import expire
from app.services.jobs.expiry_warning import warn
from app.services.jobs.scan import scan_waiting

LONGEST_CAUSE = 300  # characters, the column's
Job = Callable[[datetime, Clock], int]


class JobsFailed(Exception):
    """Some jobs of a round failed, the others are done; ``failures`` tells which by name."""

    def __init__(self, failures: dict[str, Exception]) -> None:
        super().__init__(", ".join(failures))
        self.failures = failures


def _expire(at: datetime, _clock: Clock) -> int:
    return expire(at, most=current_app.config["EXPIRY_MOST_A_ROUND"])


def _drop_sessions(at: datetime, _clock: Clock) -> int:
    dropped = drop_expired_sessions(at)
    db.session.commit()
    return dropped


# What may wait for other machines comes last, and each such job has its own limit.
JOBS: dict[str, Job] = {
    "warned": lambda at, _clock: warn(at),
    "expired": _expire,
    "sessions": _drop_sessions,
    "folded": lambda _at, _clock: fold(),
    "sent": deliver,
    "scanned": lambda at, _clock: scan_waiting(at),
}


def run_due_work(at: datetime, clock: Clock | None = None) -> dict[str, int]:
    """Do every job once; returns of how many things each was done.

    Raises:
        JobsFailed: one or more did not come to their end.
    """
    clock = clock or (lambda: at)
    done: dict[str, int] = {}
    failures: dict[str, Exception] = {}
    rounds: list[dict[str, Any]] = []
    for name, job in JOBS.items():
        began = clock()
        try:
            with writing(), unscoped():
                done[name] = job(began, clock)
        except Exception as error:
            # Whatever one job fails on, the others are done, and it is tried again in the next round.
            failures[name] = error
            undo(db.session)
        cause = cause_of(failures[name])[:LONGEST_CAUSE] if name in failures else None
        rounds.append({"job": name, "began_at": began, "ended_at": clock(), "done": done.get(name, 0), "cause": cause})
    _note(rounds)
    if failures:
        raise JobsFailed(failures)
    return done


def _note(rounds: list[dict[str, Any]]) -> None:
    """Let everybody see when each job was last done, and since when it fails."""
    with writing(), unscoped():
        try:
            for each in rounds:
                db.session.execute(_noting(each))
            db.session.commit()
        except Exception:
            # Whatever keeps the note from being stored probably failed a job, too, and that is what has to be told.
            undo(db.session)
            if all(each["cause"] is None for each in rounds):
                raise


def _noting(done: dict[str, Any]) -> Executable:
    """Stores a round over the job's last one, in one statement: two workers may end their first rounds at once."""
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    fails = done["cause"] is not None
    first = dialect.insert(JobRound).values(**done, failing_since=done["began_at"] if fails else None)
    anew: dict[str, Any] = {name: first.excluded[name] for name in done}
    anew["failing_since"] = func.coalesce(JobRound.failing_since, done["began_at"]) if fails else None
    return first.on_conflict_do_update(index_elements=[JobRound.job], set_=anew)
