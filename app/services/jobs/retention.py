"""Finds the files that are past their type's retention, and erases them; the record of each stays."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from app.domain.papers import kept_until
from app.domain.states import FINAL
from app.domain.values.calendar import bangkok_day
from app.extensions import db
from app.files.store import document_store
from app.models.applications import LoanApplication
from app.models.audit import AuditKind
from app.models.document_types import DocumentType
from app.models.documents import Document
from app.security.audit import record


@dataclass(frozen=True, slots=True)
class PastRetention:
    """A file to be erased, and the last day it was to be kept."""

    document_id: int
    file_name: str
    type_name: str
    application: str
    kept_until: date


def past_retention(at: datetime) -> Iterator[PastRetention]:
    """Yield the files past their retention, removed and infected ones too, oldest first.

    The years count from the day the application ended; an application that goes on keeps all its files, and a type
    without years keeps them for ever.
    """
    today = bangkok_day(at)
    statement = (
        select(
            Document.id,
            Document.file_name,
            DocumentType.name,
            DocumentType.retention_years,
            LoanApplication.id,
            LoanApplication.number,
            LoanApplication.changed_at,
        )
        .join(LoanApplication, LoanApplication.id == Document.application_id)
        .join(DocumentType, DocumentType.id == Document.document_type_id)
        .where(
            Document.erased_at.is_(None),
            DocumentType.retention_years.is_not(None),
            LoanApplication.status.in_(sorted(FINAL)),
        )
        .order_by(Document.id)
    )
    for key, name, type_name, years, application_id, number, ended_at in db.session.execute(statement):
        last_day = kept_until(bangkok_day(ended_at), years or 0)
        if last_day < today:
            yield PastRetention(key, name, type_name, number or f"#{application_id}", last_day)


def erase(document_id: int, at: datetime) -> bool:
    """Erase one file: commit the record of it, then delete its bytes; whether it was still there to erase.

    A crash in between leaves a file whose row says that it is erased, which ``check-documents`` finds.
    """
    document = db.session.scalar(
        select(Document)
        .where(Document.id == document_id, Document.erased_at.is_(None))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if document is None:
        db.session.rollback()
        return False
    document.erased_at = at
    before = {
        "sha256": document.sha256,
        "size": document.size,
        "document_type_id": document.document_type_id,
    }
    record(AuditKind.ERASED, document, summary=document.file_name, before=before, after={"erased_at": str(at)})
    key = document.storage_key
    db.session.commit()
    document_store().delete(key)
    return True
