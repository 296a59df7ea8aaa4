"""Has attached files looked into by the malware scanner, and keeps apart what it finds."""

from dataclasses import replace
from datetime import datetime
from typing import Any, cast

import structlog
from flask import current_app
from sqlalchemy import CursorResult, select, update

from app.domain.papers import ScanState
from app.domain.roles import COOPERATIVE
from app.domain.workflow import INFECTED
from app.extensions import db
from app.files.clamd import NotScanned, ScannerAway, ping, scan
from app.files.store import FileMissing, StoreUnavailable, document_store
from app.models.audit import AuditKind
from app.models.documents import Document
from app.security.audit import record
from app.services.applications.told import tell_of
from app.services.documents.scan_state import finding_in_words

log = structlog.get_logger()
MOST_A_ROUND = 20
MOST_UNREAD = 3  # files of a round that the store does not give before it counts as away
_AWAY = "malware_scanner_away"


def scan_waiting(at: datetime) -> int:
    """Scan what waits, those never tried first, and commit after each file; returns how many were scanned.

    No transaction is open while the scanner works. A scanner that is away costs nothing but time: files go on waiting.
    A file that it cannot take goes behind all others and is tried again. ``scanned_at`` of a waiting file is its last
    try.
    """
    address = current_app.config["CLAMD_SOCKET"]
    waiting = _waiting()
    if not address or not waiting:
        return 0
    scanned = unread = 0
    try:
        ping(address)
        for document_id in waiting:
            try:
                scanned += _scan_one(address, document_id, at)
            except StoreUnavailable as failure:
                # Perhaps this one file alone cannot be read: it goes behind the others.
                db.session.rollback()
                _put_back(document_id, at, failure)
                unread += 1
                if unread == MOST_UNREAD:
                    raise
    except (ScannerAway, StoreUnavailable) as failure:
        db.session.rollback()
        _log_once(failure)
        return scanned
    current_app.extensions.pop(_AWAY, None)
    return scanned


def _waiting() -> list[int]:
    statement = select(Document.id).where(Document.scan_state == ScanState.WAITING, Document.erased_at.is_(None))
    ids = list(
        db.session.scalars(statement.order_by(Document.scanned_at.nulls_first(), Document.id).limit(MOST_A_ROUND))
    )
    db.session.rollback()
    return ids


def _log_once(failure: Exception) -> None:
    """The log says once that scanning stopped, not at every round until it goes on."""
    if not current_app.extensions.get(_AWAY):
        current_app.extensions[_AWAY] = True
        log.warning("malware_scan_stopped", reason=str(failure))


def _scan_one(address: str, document_id: int, at: datetime) -> int:
    key = db.session.scalar(select(Document.storage_key).where(Document.id == document_id))
    db.session.rollback()
    if key is None:
        return 0
    try:
        finding = scan(address, document_store().stream(key))
        apart = None if finding is None else document_store().set_apart(key)
    except (NotScanned, FileMissing) as failure:
        _put_back(document_id, at, failure)
        return 0
    except ScannerAway:
        # It answered a moment ago: perhaps this very file is too much for it, so the others come first next time.
        _put_back(document_id, at, None)
        raise
    document = _locked(document_id)
    if document is None or document.storage_key != key:
        # Another worker was quicker, or the file was erased meanwhile.
        db.session.rollback()
        if apart is not None:
            document_store().delete(apart)
        return 0
    _note(document, finding, apart, at)
    db.session.commit()
    if apart is not None:
        document_store().delete(key)
    return 1


def _locked(document_id: int) -> Document | None:
    """The row under its lock, unless it waits no longer."""
    return db.session.scalar(
        select(Document)
        .where(Document.id == document_id, Document.scan_state == ScanState.WAITING, Document.erased_at.is_(None))
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def _put_back(document_id: int, at: datetime, failure: Exception | None) -> None:
    document = _locked(document_id)
    if document is None:
        db.session.rollback()
        return
    if failure is not None and document.scanned_at is None:
        log.warning("malware_scan_failed", document=document_id, reason=str(failure))
    document.scanned_at = at
    db.session.commit()


def _note(document: Document, finding: str | None, apart: str | None, at: datetime) -> None:
    document.scanned_at = at
    document.scan_state = ScanState.CLEAN
    if finding is None or apart is None:
        record(AuditKind.SCANNED, document, summary=document.file_name, after={"scan_state": ScanState.CLEAN.value})
        return
    document.scan_state = ScanState.INFECTED
    document.storage_key = apart
    document.scan_finding = finding_in_words(finding)
    after = {"scan_state": ScanState.INFECTED.value, "scan_finding": document.scan_finding}
    record(AuditKind.SCANNED, document, summary=document.file_name, after=after)
    _tell_concerned(document, at)


def _tell_concerned(document: Document, at: datetime) -> None:
    """The cooperative, and who works on the application; a draft is the cooperative's own business."""
    application = document.application
    which = f"{document.document_type.name}: {document.file_name} ({document.scan_finding})"
    tell_of(application, replace(INFECTED, tells=COOPERATIVE | application.state.facts.staff), which, at)


def queue_unscanned() -> int:
    """Let every file that was never scanned wait for the scanner; returns how many."""
    return _all_from(ScanState.NOT_SCANNED, ScanState.WAITING)


def release_waiting() -> int:
    """Let files be opened unscanned that wait for a scanner there is no more; returns how many."""
    released = _all_from(ScanState.WAITING, ScanState.NOT_SCANNED)
    log.warning("released_unscanned", files=released)
    return released


def _all_from(before: ScanState, after: ScanState) -> int:
    done = db.session.execute(
        update(Document)
        .where(Document.scan_state == before, Document.erased_at.is_(None))
        .values(scan_state=after, scanned_at=None)
    )
    return cast(CursorResult[Any], done).rowcount
