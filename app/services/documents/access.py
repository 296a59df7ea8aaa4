"""Whether a file may be opened and by whom, the note of who opens it, and its bytes."""

from collections.abc import Iterator
from datetime import datetime

from flask_babel import force_locale, gettext
from sqlalchemy import select

from app.domain.papers import ScanState
from app.domain.purposes import ONE_OPENING, OpeningPurpose, check_purpose
from app.domain.roles import COOPERATIVE
from app.domain.values.errors import RuleBroken
from app.domain.values.text import N_
from app.extensions import db
from app.files.store import document_store
from app.models.audit import AuditEvent, AuditKind
from app.models.documents import Document
from app.security.acting import acting
from app.security.audit import record

PURPOSE = "purpose_of_opening"


class PurposeMissing(RuleBroken):
    """The file holds personal data, and the person has not said what it is opened for."""


def refuse_unless_openable(document: Document) -> None:
    """Raise ``RuleBroken`` for a file that is erased, infected or still being scanned."""
    if document.erased_at is not None:
        raise RuleBroken(N_("This file was erased when its retention period ended. Only the record of it is left."))
    if document.scan_state == ScanState.INFECTED:
        raise RuleBroken(N_("Malware was found in this file, so nobody can open it. Ask for a new one."))
    if document.scan_state == ScanState.WAITING:
        raise RuleBroken(N_("This file is being scanned for malware. Try again in a few minutes."))


def refuse_without_purpose(document: Document, at: datetime) -> None:
    """Raise ``PurposeMissing`` for an identity paper of others until the person has said what it is opened for."""
    if asks_purpose(document) and stated_purpose(document, at) is None:
        raise PurposeMissing(
            N_("This document holds personal data. Say on the page of the documents what you need it for.")
        )


def asks_purpose(document: Document) -> bool:
    """Whether the acting person has to say what the file is opened for: everybody but the cooperative's own people."""
    return document.document_type.identity and not acting().is_any(*COOPERATIVE)


def stated_purpose(document: Document, at: datetime) -> str | None:
    """What the acting person said the file is opened for, as long as that holds."""
    said = ((event.after or {}).get(PURPOSE) for event in _own_openings(document, at))
    return next((str(purpose) for purpose in said if purpose), None)


def state_purpose(document: Document, purpose: OpeningPurpose, note: str) -> None:
    """Note in the running transaction that the acting person opens the file, and what for.

    Raises:
        RuleBroken: the file may not be opened, or the purpose is not explained.
    """
    refuse_unless_openable(document)
    told = purpose_in_words(purpose, note)
    record(AuditKind.OPENED, document, summary=document.file_name, after={PURPOSE: told})


def purpose_in_words(purpose: OpeningPurpose, note: str) -> str:
    """A purpose as it is kept: in words, and in Thai whoever writes it, because the cooperative reads it.

    Raises:
        RuleBroken: the purpose is not explained.
    """
    check_purpose(purpose, note)
    with force_locale("th"):
        words = str(gettext(purpose.label))
    return f"{words}: {note.strip()}" if note.strip() else words


def opening_noted(document: Document, at: datetime) -> bool:
    """Whether the acting person's looking at the file is on record already, as one opening."""
    return any(True for _event in _own_openings(document, at))


def note_opening(document: Document, at: datetime) -> None:
    """Note in the running transaction that the acting person looks at the file, once for one opening.

    Raises:
        RuleBroken: the file may not be opened.
        PurposeMissing: the person has to say what for.
    """
    refuse_unless_openable(document)
    refuse_without_purpose(document, at)
    if not opening_noted(document, at):
        record(AuditKind.OPENED, document, summary=document.file_name)


def _own_openings(document: Document, at: datetime) -> list[AuditEvent]:
    """The acting person's openings of the file that still hold, newest first.

    Read beyond the scope: a person is told of own openings alone, also one who sees no audit trail.
    """
    found = db.session.scalars(
        select(AuditEvent)
        .where(
            AuditEvent.entity == Document.__tablename__,
            AuditEvent.entity_id == document.id,
            AuditEvent.actor_id == acting().user_id,
            AuditEvent.kind == AuditKind.OPENED.value,
            AuditEvent.at > at - ONE_OPENING,
        )
        .order_by(AuditEvent.id.desc()),
        execution_options={"unscoped": True},
    )
    return list(found)


def open_file(document: Document, at: datetime) -> Iterator[bytes]:
    """Return the file's bytes in pieces; who opens it is still to be noted, once nobody waits for the store.

    Raises:
        RuleBroken: the file may not be opened.
        PurposeMissing: the person has to say what for.
        FileMissing: the store has no such file.
    """
    refuse_unless_openable(document)
    refuse_without_purpose(document, at)
    return document_store().stream(document.storage_key)


def note_file(document: Document, at: datetime, kind: AuditKind = AuditKind.DOWNLOADED) -> None:
    """Note, in the running transaction, that the acting person takes the file. Raises as ``open_file``."""
    refuse_unless_openable(document)
    refuse_without_purpose(document, at)
    purpose = stated_purpose(document, at) if asks_purpose(document) else None
    record(kind, document, summary=document.file_name, after={PURPOSE: purpose} if purpose else None)
