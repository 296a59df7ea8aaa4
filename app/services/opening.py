"""Whether a file may be opened, the note of who opens it, and its bytes."""

from collections.abc import Iterator

from flask import current_app

from app.domain.errors import RuleBroken
from app.domain.papers import ScanState
from app.domain.text import N_
from app.models.audit import AuditKind
from app.models.documents import Document
from app.security.audit import record
from app.services.store import DocumentStore


def document_store() -> DocumentStore:
    store: DocumentStore = current_app.extensions["document_store"]
    return store


def refuse_unless_openable(document: Document) -> None:
    """Raise ``RuleBroken`` for a file that is erased, infected or still being scanned."""
    if document.erased_at is not None:
        raise RuleBroken(N_("This file was erased when its retention period ended. Only the record of it is left."))
    if document.scan_state == ScanState.INFECTED:
        raise RuleBroken(N_("Malware was found in this file, so nobody can open it. Ask for a new one."))
    if document.scan_state == ScanState.WAITING:
        raise RuleBroken(N_("This file is being scanned for malware. Try again in a few minutes."))


def open_file(document: Document, kind: AuditKind = AuditKind.DOWNLOADED) -> Iterator[bytes]:
    """Note who opens the file, in the running transaction, and return its bytes in pieces.

    Raises:
        RuleBroken: the file may not be opened.
        FileMissing: the store has no such file.
    """
    refuse_unless_openable(document)
    pieces = document_store().stream(document.storage_key)
    record(kind, document, summary=document.file_name)
    return pieces
