"""The day on a document, given and changed beside its file as long as the application may be changed."""

from datetime import date, datetime

from app.domain.values.errors import RuleBroken
from app.domain.values.text import N_
from app.extensions import db
from app.models.audit import AuditKind
from app.models.documents import Document
from app.security.audit import plain, record
from app.services.documents.attachments import refuse_odd_day, refuse_sent
from app.services.locking import locked, refuse_unless_editable


def set_day(document: Document, day: date | None, *, was: date | None, at: datetime) -> None:
    """Store the day on a file's document; None when it is not known. The caller commits.

    Args:
        was: the day that the person saw; another one was stored by somebody else, and is not overwritten.

    Raises:
        RuleBroken: the application or the file was sent, the day lies in the future, or somebody else was quicker.
    """
    application = locked(document.application_id)
    refuse_unless_editable(application)
    refuse_sent(application, document)
    refuse_odd_day(day, at)
    db.session.refresh(document)
    if document.removed_at is not None:
        raise RuleBroken(N_("Somebody else took this file off the application meanwhile."))
    if document.issued_on not in (was, day):
        raise RuleBroken(N_("Somebody else entered another day meanwhile. Look at it, and change it if it is wrong."))
    if document.issued_on == day:
        return
    before, document.issued_on = document.issued_on, day
    application.changed_at = at  # who signs sees that its papers changed
    record(
        AuditKind.CHANGED, document, summary=document.file_name,
        before={"issued_on": plain(before)}, after={"issued_on": plain(day)},
    )  # fmt: skip
