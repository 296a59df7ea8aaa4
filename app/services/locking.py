"""Holds an application's row, so that two people do not work on it at the same moment, and while it may be changed."""

from sqlalchemy import select

from app.domain.states import EDITABLE
from app.domain.values.errors import RuleBroken
from app.domain.values.text import N_
from app.extensions import db
from app.models.applications import LoanApplication

SENT_ALREADY = N_("The application has been sent and can no longer be changed. Wait until the office asks for more.")


def locked(application_id: int) -> LoanApplication:
    """The row under its lock until the transaction ends, its state read anew.

    Raises:
        LookupError: there is no such application for this person.
    """
    statement = select(LoanApplication).where(LoanApplication.id == application_id)
    found = db.session.scalar(statement.with_for_update().execution_options(populate_existing=True))
    if found is None:
        raise LookupError(application_id)
    return found


def lock_to_change(application: LoanApplication) -> None:
    """Hold the application's row, and raise ``RuleBroken`` once the cooperative may not change it."""
    refuse_unless_editable(locked(application.id))


def refuse_unless_editable(application: LoanApplication) -> None:
    """Raise ``RuleBroken`` once the cooperative may not change the application."""
    if application.state not in EDITABLE:
        raise RuleBroken(SENT_ALREADY)
