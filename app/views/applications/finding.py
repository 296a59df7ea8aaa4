"""How any page finds an application, a file of it, and the question it waits for."""

from collections.abc import Sequence

from flask import abort
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from sqlalchemy.sql.base import ExecutableOption

from app.extensions import db
from app.models.applications import LoanApplication
from app.models.cooperatives import Cooperative
from app.models.documents import Document
from app.models.programmes import LoanProgramme
from app.views.shell.places import row_id

NOTHING: tuple[ExecutableOption, ...] = ()
WHOSE_AND_WHAT = (
    joinedload(LoanApplication.cooperative),
    joinedload(LoanApplication.programme),
    joinedload(LoanApplication.terms_version),
)
# An application judged by its programme as it stands: of its parts the few levels come with it.
WITH_LEVELS = (*WHOSE_AND_WHAT, joinedload(LoanApplication.programme).joinedload(LoanProgramme.approval_levels))
# And the quotes that were kept, two at most.
WITH_OFFICE = (
    *WHOSE_AND_WHAT,
    joinedload(LoanApplication.cooperative).joinedload(Cooperative.office),
    joinedload(LoanApplication.quotes),
)


def application_in_sight(pk: str, beside: Sequence[ExecutableOption] = WHOSE_AND_WHAT) -> LoanApplication | None:
    """The application in the person's scope, read with what the page shows ``beside`` it."""
    key = row_id(pk)
    if key is None:
        return None
    found = select(LoanApplication).where(LoanApplication.id == key).options(*beside)
    return db.session.scalars(found).unique().one_or_none()


def application_or_404(pk: str, beside: Sequence[ExecutableOption] = WHOSE_AND_WHAT) -> LoanApplication:
    """The same, and no page when there is none."""
    found = application_in_sight(pk, beside)
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
