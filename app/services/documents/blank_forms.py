"""The blank form or example of a document type: put there, replaced, taken away."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.exc import StaleDataError

from app.domain.values.errors import RuleBroken
from app.domain.values.text import N_
from app.extensions import db
from app.files.store import StoredFile, document_store
from app.models.audit import AuditKind
from app.models.document_types import DocumentExample, DocumentType
from app.security.audit import record
from app.services.documents.intake import Incoming, look_into
from app.services.documents.scan_state import refuse_infected


class ExampleChanged(RuleBroken):
    """Somebody else put, replaced or removed the example after the person had looked at it."""


def example_of(code: str) -> DocumentExample | None:
    """The example of the type with this code."""
    chosen = select(DocumentExample).join(DocumentExample.document_type).where(DocumentType.code == code)
    return db.session.scalar(chosen.options(joinedload(DocumentExample.document_type)))


def version_of(row: DocumentExample | None) -> str:
    """What a page carries of the example it shows; an id may be given again after a removal, the bytes' hash is not."""
    return f"{row.version}-{row.sha256}" if row is not None else ""


@dataclass(frozen=True, slots=True)
class Brought:
    """A blank form that was found good and lies in the store; no row names it yet."""

    incoming: Incoming
    stored: StoredFile


def bring_example(content: bytes, name: str) -> Brought:
    """Look into a file, have it scanned and store it; to be called with no transaction open, for all of it takes time.

    Raises:
        RuleBroken: the file is refused, with the reason.
        StoreUnavailable: the store is away; nothing was stored.
    """
    incoming = look_into(content, name)
    refuse_infected(content)
    return Brought(incoming, document_store().put(incoming.content))


def put_example(kind: DocumentType, brought: Brought, at: datetime, *, seen: str) -> str | None:
    """Put what was brought in the place of the earlier example that was ``seen``.

    Returns:
        The key of the earlier one's bytes, to delete once the transaction is committed.

    Raises:
        ExampleChanged: there is another example by now than the person saw.
    """
    row = _now_there(kind)
    _refuse_unless_seen(row, seen)
    incoming, stored = brought.incoming, brought.stored
    before, old_key = (_kept(row), row.storage_key) if row else ({"example": None}, None)
    if row is None:
        row = DocumentExample(document_type=kind)
        db.session.add(row)
    row.file_name, row.kind = incoming.name, incoming.kind.value
    row.size, row.sha256, row.storage_key, row.uploaded_at = stored.size, stored.sha256, stored.key, at
    try:
        db.session.flush()
    except (IntegrityError, StaleDataError) as error:
        # Both were looked at in the same moment, and the other was stored first.
        raise _changed() from error
    record(AuditKind.CHANGED, kind, summary=str(kind), before=before, after=_kept(row))
    return old_key


def remove_example(kind: DocumentType, *, seen: str) -> str | None:
    """Take the example away that was ``seen``, if there is any; returns the key of its bytes, to delete afterwards.

    Raises:
        ExampleChanged: there is another example by now than the person saw.
    """
    row = _now_there(kind)
    if row is None:
        return None
    _refuse_unless_seen(row, seen)
    key, before = row.storage_key, _kept(row)
    db.session.delete(row)
    try:
        db.session.flush()
    except StaleDataError as error:
        raise _changed() from error
    record(AuditKind.CHANGED, kind, summary=str(kind), before=before, after={"example": None})
    return key


def _now_there(kind: DocumentType) -> DocumentExample | None:
    """The type's example as it is stored now: looking into a file takes a while, in which others may have put one."""
    chosen = select(DocumentExample).where(DocumentExample.document_type_id == kind.id)
    return db.session.scalar(chosen.execution_options(populate_existing=True))


def _refuse_unless_seen(row: DocumentExample | None, seen: str) -> None:
    if version_of(row) != seen:
        raise _changed()


def _changed() -> ExampleChanged:
    return ExampleChanged(
        N_(
            "Somebody else changed the file here while you had this page open; nothing of yours was stored. Look at "
            "what is there now, and repeat what is still needed."
        )
    )


def _kept(row: DocumentExample) -> dict[str, Any]:
    """What the history keeps of an example."""
    return {"example": row.file_name, "sha256": row.sha256}
