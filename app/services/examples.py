"""The blank form or example of a document type: put there, replaced, taken away."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.domain.documents import name_for_kind
from app.extensions import db
from app.models.audit import AuditKind
from app.models.document_types import DocumentExample, DocumentType
from app.security.audit import record
from app.services.file_inspection import inspect
from app.services.opening import document_store
from app.services.scanning import refuse_infected


def example_of(code: str) -> DocumentExample | None:
    """The example of the type with this code."""
    chosen = select(DocumentExample).join(DocumentExample.document_type).where(DocumentType.code == code)
    return db.session.scalar(chosen.options(joinedload(DocumentExample.document_type)))


def put_example(kind: DocumentType, content: bytes, name: str, at: datetime) -> str | None:
    """Check the content, store the bytes and put them in the place of any earlier example.

    Returns:
        The key of the earlier one's bytes, to delete once the transaction is committed.

    Raises:
        RuleBroken: the file is refused, with the reason.
        StoreUnavailable: the store is away; nothing was stored.
    """
    found = inspect(content, name)
    refuse_infected(content)
    stored = document_store().put(content)
    row = kind.example
    before, old_key = (_kept(row), row.storage_key) if row else ({"example": None}, None)
    if row is None:
        row = DocumentExample(document_type=kind)
        db.session.add(row)
    row.file_name, row.kind = name_for_kind(name, found), found.value
    row.size, row.sha256, row.storage_key, row.uploaded_at = stored.size, stored.sha256, stored.key, at
    db.session.flush()
    record(AuditKind.CHANGED, kind, summary=str(kind), before=before, after=_kept(row))
    return old_key


def remove_example(kind: DocumentType) -> str | None:
    """Take the example away, if there is one; returns the key of its bytes, to delete after the commit."""
    row = kind.example
    if row is None:
        return None
    record(AuditKind.CHANGED, kind, summary=str(kind), before=_kept(row), after={"example": None})
    db.session.delete(row)
    db.session.flush()
    return row.storage_key


def _kept(row: DocumentExample) -> dict[str, Any]:
    """What the history keeps of an example."""
    return {"example": row.file_name, "sha256": row.sha256}
