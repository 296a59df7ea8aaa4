"""What the fund already holds of a cooperative and is still good, offered instead of asked for again."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from app.domain.papers import ScanState, Validity, Verdict
from app.domain.states import PAPERS_CHECKED
from app.domain.values.calendar import bangkok_day
from app.domain.values.errors import RuleBroken
from app.domain.values.text import N_
from app.extensions import db
from app.files.store import StoredFile, document_store
from app.models.applications import LoanApplication
from app.models.audit import AuditKind
from app.models.document_types import DocumentType
from app.models.documents import Document, DocumentVerdict
from app.security.acting import Acting
from app.security.audit import record
from app.services.documents.access import refuse_unless_openable
from app.services.documents.attachments import may_add, refuse_too_many
from app.services.documents.checklist import Paper, checklist
from app.services.documents.quota import refuse_beyond_quota
from app.services.documents.scan_state import scan_later
from app.services.locking import locked, refuse_unless_editable


def offers_for(application: LoanApplication, papers: Iterable[Paper], today: date) -> dict[int, list[Document]]:
    """By document type, the files of the newest earlier application that could stand for a paper without any."""
    papers = list(papers)
    open_types = [
        paper.type.id
        for paper in papers
        if paper.type.reusable and not paper.files and may_add(application, paper, papers)
    ]
    if not open_types:
        return {}
    held = (
        select(Document)
        .join(LoanApplication, LoanApplication.id == Document.application_id)
        .join(DocumentType, DocumentType.id == Document.document_type_id)
        .where(
            Document.cooperative_id == application.cooperative_id,
            Document.application_id != application.id,
            Document.document_type_id.in_(open_types),
            Document.removed_at.is_(None),
            Document.erased_at.is_(None),
            Document.scan_state.in_([ScanState.CLEAN, ScanState.NOT_SCANNED]),
            LoanApplication.status.in_(sorted(PAPERS_CHECKED)),
        )
        .order_by(Document.application_id.desc(), Document.id)
    )
    found: dict[int, list[Document]] = {}
    for document in _accepted(db.session.scalars(held)):
        kept = found.setdefault(document.document_type_id, [])
        if _still_good(document, today) and (not kept or kept[0].application_id == document.application_id):
            kept.append(document)
    return {key: files for key, files in found.items() if files}


def _accepted(documents: Iterable[Document]) -> list[Document]:
    """Those whose last finding is that they are accepted."""
    rows = list(documents)
    if not rows:
        return []
    verdicts = (
        select(DocumentVerdict.document_id, DocumentVerdict.verdict)
        .where(DocumentVerdict.document_id.in_([row.id for row in rows]))
        .order_by(DocumentVerdict.id)
    )
    last = {key: verdict for key, verdict in db.session.execute(verdicts)}
    return [row for row in rows if last.get(row.id) == Verdict.ACCEPTED]


def _still_good(document: Document, today: date) -> bool:
    if document.document_type.validity == Validity.ALWAYS:
        return True
    return document.valid_until is not None and document.valid_until >= today


@dataclass(frozen=True, slots=True)
class Copied:
    """The bytes of a held document under a key of their own; no row names them yet."""

    held_id: int
    stored: StoredFile


def to_copy(application: LoanApplication, type_id: int, at: datetime) -> list[tuple[int, str]]:
    """What is offered for a paper: ids and keys in the store.

    Raises:
        RuleBroken: nothing is offered for it any more, a file may not be opened, or the application has no room.
    """
    papers = checklist(application, bangkok_day(at))
    held = _offered(application, papers, type_id, at)
    for document in held:
        refuse_unless_openable(document)
    return [(document.id, document.storage_key) for document in held]


def copy_bytes(held: Iterable[tuple[int, str]]) -> list[Copied]:
    """Copy files in the store; to be called with no transaction open, for the store may take its time.

    The bytes are copied: erasing the older file at the end of its retention leaves the newer one whole.

    Raises:
        StoreUnavailable: the store is away; nothing was stored, or a stray file.
    """
    store = document_store()
    return [Copied(held_id, store.put(store.get(key))) for held_id, key in held]


def reuse(pk: int, type_id: int, copied: Sequence[Copied], person: Acting, at: datetime) -> list[Document]:
    """Attach the copies of what is offered for a paper, with a note of where they come from.

    Raises:
        RuleBroken: other files are offered by now, or the application cannot be changed.
    """
    application = locked(pk)
    refuse_unless_editable(application)
    papers = checklist(application, bangkok_day(at))
    held = _offered(application, papers, type_id, at)
    if [document.id for document in held] != [copy.held_id for copy in copied]:
        raise RuleBroken(N_("What the fund holds of this document has just changed. Look at what is offered now."))
    application.changed_at = at
    # The first of them stands for a refused file that waits for its replacement, the others beside it.
    waiting = [file.id for paper in papers if paper.type.id == type_id for file in paper.to_replace]
    replaced = (*waiting, *[None] * len(held))
    return [
        _copy(application, document, copy.stored, person, at, replaced[place])
        for place, (document, copy) in enumerate(zip(held, copied, strict=True))
    ]


def _offered(application: LoanApplication, papers: list[Paper], type_id: int, at: datetime) -> list[Document]:
    held = offers_for(application, papers, bangkok_day(at)).get(type_id)
    if not held:
        raise RuleBroken(N_("The fund holds no such document that is still valid. Attach it from your computer."))
    refuse_too_many(application, len(held))
    refuse_beyond_quota(application.cooperative_id, sum(document.size for document in held))
    return held


def _copy(
    application: LoanApplication,
    held: Document,
    stored: StoredFile,
    person: Acting,
    at: datetime,
    replaces: int | None,
) -> Document:
    refuse_unless_openable(held)
    document = Document(
        cooperative_id=application.cooperative_id,
        application_id=application.id,
        document_type_id=held.document_type_id,
        file_name=held.file_name,
        kind=held.kind,
        size=stored.size,
        sha256=stored.sha256,
        storage_key=stored.key,
        issued_on=held.issued_on,
        pages=held.pages,
        scan_state=held.scan_state,
        scanned_at=held.scanned_at,
        reused_from_id=held.id,
        replaces_id=replaces,
        uploaded_at=at,
        uploaded_by_id=person.user_id,
    )
    if held.scan_state == ScanState.NOT_SCANNED:
        scan_later(document)
    db.session.add(document)
    db.session.flush()
    source = str(db.session.get_one(LoanApplication, held.application_id))
    after = {"sha256": stored.sha256, "size": stored.size, "reused_from": source}
    record(AuditKind.ATTACHED, document, summary=document.file_name, after=after)
    return document
