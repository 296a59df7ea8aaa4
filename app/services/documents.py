"""Attach, remove and open documents; which papers an application still lacks."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.domain.documents import AskedDocument, AttachedDocument, missing_documents, name_for_kind
from app.domain.errors import RuleBroken
from app.domain.programmes import DocumentCondition, ProgrammeTerms
from app.domain.text import N_
from app.domain.workflow import EDITABLE
from app.extensions import db
from app.models.applications import LoanApplication
from app.models.audit import AuditKind
from app.models.documents import Document
from app.models.programmes import DocumentType
from app.security.acting import Acting
from app.security.audit import record
from app.services.borrowers import never_borrowed
from app.services.editions import terms_for
from app.services.file_inspection import inspect
from app.services.store import DocumentStore

MOST_FILES = 200


@dataclass(frozen=True, slots=True)
class Paper:
    """One row of an application's checklist: the type asked for and the files attached to it."""

    type: DocumentType
    required: bool
    requested: bool
    files: tuple[Document, ...]
    # What was there when the office asked for the paper again: it stays, but does not answer the question.
    earlier: tuple[Document, ...] = ()

    @property
    def missing(self) -> bool:
        return self.required and not self.files


def document_store() -> DocumentStore:
    store: DocumentStore = current_app.extensions["document_store"]
    return store


def checklist(application: LoanApplication) -> list[Paper]:
    """Every document the programme asks for, or an officer asked for, in the list's order."""
    files: dict[int, list[Document]] = {}
    for document in attached(application):
        files.setdefault(document.document_type_id, []).append(document)
    open_requests = {row.document_type_id: row for row in application.requests if row.answered_at is None}
    papers = []
    for kind, required in asked_types(application):
        type_id = kind.id
        request = open_requests.get(type_id)
        found = files.pop(type_id, [])
        if request is not None:
            newer = tuple(file for file in found if file.uploaded_at >= request.asked_at)
            earlier = tuple(file for file in found if file.uploaded_at < request.asked_at)
            papers.append(Paper(kind, True, True, newer, earlier))
        else:
            papers.append(Paper(kind, required, False, tuple(found)))
    papers += [Paper(found[0].document_type, False, False, tuple(found)) for found in files.values()]
    return papers


def asked_types(application: LoanApplication) -> list[tuple[DocumentType, bool]]:
    """The document types its terms ask for, in the list's order, and whether each is required of this cooperative."""
    terms = terms_for(application)
    asked = {document.code: document for document in terms.documents}
    kinds = db.session.scalars(
        select(DocumentType).where(DocumentType.code.in_(asked)).order_by(DocumentType.position, DocumentType.id)
    )
    holding = _conditions(application, terms)
    return [(kind, asked[kind.code].required and asked[kind.code].condition in holding) for kind in kinds]


def _conditions(application: LoanApplication, terms: ProgrammeTerms) -> set[DocumentCondition | None]:
    """The conditions that hold for this application; None stands for no condition at all."""
    first_time = never_borrowed(application.cooperative_id)
    holding: set[DocumentCondition | None] = {None, DocumentCondition(application.cooperative.kind)}
    holding.add(DocumentCondition.NEW_BORROWER if first_time else DocumentCondition.REPEAT_BORROWER)
    if terms.provinces:
        holding.add(DocumentCondition.DISASTER)
    return holding


def attached(application: LoanApplication) -> list[Document]:
    """Files that count, oldest first."""
    return list(
        db.session.scalars(
            select(Document)
            .where(Document.application_id == application.id, Document.removed_at.is_(None))
            .order_by(Document.id)
            .options(joinedload(Document.document_type))
        )
    )


def missing_papers(application: LoanApplication) -> list[AskedDocument]:
    """Required or requested documents without a file."""
    papers = checklist(application)
    return missing_documents(
        [AskedDocument(paper.type.id, paper.type.name, paper.required) for paper in papers],
        [AttachedDocument(paper.type.id) for paper in papers for _file in paper.files],
    )


def _lock(application: LoanApplication) -> None:
    """Hold the application's row until the transaction ends, and read its state anew; a move waits for it, too."""
    db.session.scalar(
        select(LoanApplication)
        .where(LoanApplication.id == application.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def refuse_unless_editable(application: LoanApplication) -> None:
    """Raise ``RuleBroken`` once the cooperative may not change the application."""
    if application.state not in EDITABLE:
        raise RuleBroken(
            N_("The application has been sent and can no longer be changed. Wait until the office asks for more.")
        )


def attach(
    application: LoanApplication, type_id: int, name: str, content: bytes, person: Acting, at: datetime
) -> Document:
    """Check the content, store the bytes, then add the row: a crash between leaves a stray file, never a bare row.

    Raises:
        RuleBroken: the file or the place is refused, with the reason.
        StoreUnavailable: the store is away; nothing was stored.
    """
    refuse_unless_editable(application)
    if type_id not in {kind.id for kind, _required in asked_types(application)}:
        raise RuleBroken(N_("This programme does not ask for that document. Choose one from the list."))
    number = db.session.scalar(select(func.count(Document.id)).where(Document.application_id == application.id)) or 0
    if number >= MOST_FILES:
        raise RuleBroken(
            N_("An application holds at most %(most)s files. Join several pages into one PDF."), most=MOST_FILES
        )
    kind = inspect(content, name)
    file_name = name_for_kind(name, kind)
    # Looking into a file takes a while: meanwhile the application may have been sent.
    _lock(application)
    refuse_unless_editable(application)
    stored = document_store().put(content)
    document = Document(
        cooperative_id=application.cooperative_id,
        application_id=application.id,
        document_type_id=type_id,
        file_name=file_name,
        kind=kind.value,
        size=stored.size,
        sha256=stored.sha256,
        storage_key=stored.key,
        uploaded_at=at,
        uploaded_by_id=person.user_id,
    )
    db.session.add(document)
    db.session.flush()
    record(AuditKind.ATTACHED, document, summary=file_name, after={"sha256": stored.sha256, "size": stored.size})
    return document


def remove(document: Document, person: Acting, at: datetime) -> None:
    """Take a file off the application; row and bytes stay for the record."""
    application = document.application
    _lock(application)
    refuse_unless_editable(application)
    last_sent = application.changes[-1].at if application.changes else None
    if last_sent is not None and document.uploaded_at < last_sent:
        raise RuleBroken(N_("This file has been sent and stays on record. Attach a newer one beside it."))
    document.removed_at = at
    document.removed_by_id = person.user_id
    record(AuditKind.REMOVED, document, summary=document.file_name)


def open_file(document: Document) -> Iterator[bytes]:
    """Note who opens the file, in the running transaction, and return its bytes in pieces."""
    pieces = document_store().stream(document.storage_key)
    record(AuditKind.OPENED, document, summary=document.file_name)
    return pieces
