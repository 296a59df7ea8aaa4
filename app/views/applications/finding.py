"""How any page finds an application, a file of it, and the question it waits for."""

from flask import abort
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.extensions import db
from app.models.applications import LoanApplication
from app.models.documents import Document
from app.views.shell.datamodel import row_id

WHOSE_AND_WHAT = (joinedload(LoanApplication.cooperative), joinedload(LoanApplication.programme))


def application_in_sight(pk: str, *, alone: bool = False) -> LoanApplication | None:
    """The application in the person's scope, with its cooperative and programme unless it is asked for ``alone``."""
    key = row_id(pk)
    if key is None:
        return None
    wanted = select(LoanApplication).where(LoanApplication.id == key)
    return db.session.scalar(wanted if alone else wanted.options(*WHOSE_AND_WHAT))


def application_or_404(pk: str, *, alone: bool = False) -> LoanApplication:
    """The same, and no page when there is none."""
    found = application_in_sight(pk, alone=alone)
    if found is None:
        abort(404)
    return found


def document_or_404(pk: str, public_id: str) -> Document:
    """A file of an application, both in the person's scope."""
    application = application_or_404(pk)
    found = db.session.scalar(
        select(Document).where(
            Document.public_id == public_id[:32],
            Document.application_id == application.id,
            Document.removed_at.is_(None),
        )
    )
    if found is None:
        abort(404)
    return found


def question_to(application: LoanApplication) -> str:
    """What the office wrote when it returned the application; empty when it waits for nothing."""
    if not application.state.facts.waits_for_answer:
        return ""
    return next((change.reason or "" for change in reversed(application.changes) if change.step.asks_papers), "")
