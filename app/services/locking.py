"""Holds an application's row, so that two people do not work on it at the same moment."""

from sqlalchemy import select

from app.extensions import db
from app.models.applications import LoanApplication


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
