"""Does the due work again and again."""

import time
from datetime import UTC, datetime

import structlog
from flask import Flask

from app.commands.preparing import WrongVersion, refuse_wrong_version
from app.commands.turn import working
from app.logs.causes import cause_of, where_of
from app.services.jobs.due_work import JobsFailed, run_due_work

log = structlog.get_logger()


def now() -> datetime:
    return datetime.now(UTC)


def work_once(app: Flask) -> dict[str, int]:
    """Do one round of the due work, while nobody changes the tables; returns of how many things each was done.

    Raises:
        JobsFailed: one or more did not come to their end; the others are done.
        WrongVersion: the tables are not those of this program, and nothing was done.
    """
    with app.app_context(), working():
        refuse_wrong_version(app)
        return run_due_work(now(), now)


def work_forever(app: Flask, every: float = 5.0) -> None:
    """Do the due work again and again, as ``flask fund worker`` does.

    Raises:
        WrongVersion: the tables are not, or no longer, those of this program.
    """
    while True:
        try:
            _tell(work_once(app))
        except WrongVersion:
            raise
        except JobsFailed as failed:
            _tell_failures(failed)
        except Exception:
            # The only worker there is: whatever one round fails on, mail and expiry go on in the next.
            log.exception("due_work_failed")
        time.sleep(every)


def work_beside(app: Flask) -> None:
    """The same in a thread of a demonstration's server, which answers pages whatever becomes of it."""
    try:
        work_forever(app)
    except WrongVersion as wrong:
        log.error("due_work_stopped", why=str(wrong))


def _tell(done: dict[str, int]) -> None:
    if any(done.values()):
        log.info("due_work_done", **{name: number for name, number in done.items() if number})


def _tell_failures(failed: JobsFailed) -> None:
    """One line for each cause: a database that is away fails all jobs alike."""
    by_cause: dict[str, list[str]] = {}
    for job, error in failed.failures.items():
        by_cause.setdefault(cause_of(error), []).append(job)
    for cause, jobs in by_cause.items():
        log.error("jobs_failed", jobs=jobs, cause=cause, where=where_of(failed.failures[jobs[0]]))
