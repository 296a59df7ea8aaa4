"""Does the due work again and again."""

import time
from datetime import UTC, datetime

import structlog
from flask import Flask

from app.services.jobs.due_work import run_due_work

log = structlog.get_logger()


def work_forever(app: Flask, every: float = 5.0) -> None:
    """Do the due work again and again; the demo runs this in a thread, production as ``flask fund worker``."""
    while True:
        try:
            with app.app_context():
                run_due_work(datetime.now(UTC))
        except Exception:
            # The only worker there is: whatever one round fails on, mail and expiry go on in the next.
            log.exception("due_work_failed")
        time.sleep(every)
