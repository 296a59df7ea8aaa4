"""Attach and remove documents."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from app.domain.file_kinds import FileKind
from app.domain.papers import NEEDED
from app.domain.values.calendar import bangkok_day
from app.domain.values.errors import RuleBroken
from app.domain.values.text import N_
from app.extensions import db
from app.files.store import document_store
from app.files.storing import Storing
from app.models.applications import LoanApplication
from app.models.audit import AuditKind
from app.models.document_types import DocumentType
from app.models.documents import Document
from app.security.acting import Acting
from app.security.audit import record
from app.services.documents.checklist import Paper, checklist
from app.services.documents.intake import Incoming, look_into
from app.services.documents.quota import refuse_beyond_quota
from app.services.documents.scan_state import scan_later
from app.services.locking import locked, refuse_unless_editable

MOST_FILES = 200


@dataclass(frozen=True, slots=True)
class Sent:
    """What comes with a file: which paper it is, the day on it, and the refused file it replaces (ids).

    ``key`` names this sending of it: the same again, because the answer was lost, is not attached twice.
    """

    type_id: int
    name: str
    issued_on: date | None = None
    replaces_id: int | None = None
    key: str | None = None


def attach(application: LoanApplication, sent: Sent, content: bytes, person: Acting, at: datetime) -> Document:
    """Look into a file and keep it as one of the application's; see ``keep``."""
    refuse_unless_editable(application)
    return keep(application.id, sent, look_into(content, sent.name), person, at).document


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that was attached, now or by an earlier try, and the other papers that have the very same file."""

    document: Document
    elsewhere: tuple[DocumentType, ...] = ()


def keep(pk: int, sent: Sent, incoming: Incoming, person: Acting, at: datetime) -> Kept:
    """Store the bytes, then add the row of an application, which may have changed meanwhile and is read anew.

    Nobody waits for the database while the store writes: to be called with no transaction open. A crash between leaves
    a stray file, never a bare row.

    Raises:
        RuleBroken: the place is refused, or the file is there already, with the reason.
        StoreUnavailable: the store is away; nothing was stored, or a stray file.
    """
    storing = Storing(document_store(), incoming.content)
    storing.safe()
    kept = None
    try:
        kept = _added(locked(pk), sent, incoming, storing, person, at)
    finally:
        if kept is None or kept.document.storage_key != storing.key:
            db.session.rollback()  # nothing was changed, and nobody waits while the file is taken away again
            storing.discard()
    return kept


def _added(
    application: LoanApplication, sent: Sent, incoming: Incoming, storing: Storing, person: Acting, at: datetime
) -> Kept:
    attached = attached_before(application.id, sent)
    if attached is not None:
        return Kept(attached)
    refuse_unless_editable(application)
    papers = checklist(application, bangkok_day(at))
    paper = _paper_to_add_to(application, papers, sent.type_id)
    refuse_odd_day(sent.issued_on, at)
    paper.type.limits.check(incoming.kind, len(incoming.content), len(paper.files))
    _refuse_twice(paper, storing.sha256)
    refuse_beyond_quota(application.cooperative_id, len(incoming.content))
    document = Document(
        cooperative_id=application.cooperative_id,
        application_id=application.id,
        document_type_id=sent.type_id,
        file_name=incoming.name,
        kind=incoming.kind.value,
        size=len(incoming.content),
        sha256=storing.sha256,
        storage_key=storing.key,
        pages=incoming.pages,
        issued_on=sent.issued_on,
        replaces_id=_replaced(paper, sent.replaces_id),
        upload_key=sent.key,
        uploaded_at=at,
        uploaded_by_id=person.user_id,
    )
    scan_later(document)
    db.session.add(document)
    application.changed_at = at  # it is worked on, and who signs sees that its papers changed
    db.session.flush()
    after = {"sha256": document.sha256, "size": document.size}
    record(AuditKind.ATTACHED, document, summary=document.file_name, after=after)
    return Kept(
        document, tuple(other.type for other in papers if other is not paper and _holds(other, document.sha256))
    )


def attached_before(pk: int, sent: Sent) -> Document | None:
    """The file that an earlier try of the same sending attached."""
    if sent.key is None:
        return None
    return db.session.scalar(
        select(Document).where(
            Document.application_id == pk,
            Document.document_type_id == sent.type_id,
            Document.upload_key == sent.key,
        )
    )


def _holds(paper: Paper, sha256: str) -> bool:
    return any(file.sha256 == sha256 for file in (*paper.files, *paper.earlier))


def _refuse_twice(paper: Paper, sha256: str) -> None:
    twin = next((file for file in paper.files if file.sha256 == sha256), None)
    if twin is not None:
        raise RuleBroken(
            N_("This very file is attached here already, as %(name)s. Nothing was added; choose another file."),
            name=twin.file_name,
        )


def refuse_too_many(application: LoanApplication, more: int) -> None:
    """Raise ``RuleBroken`` if ``more`` files would be too many; removed ones count, for their bytes stay."""
    number = db.session.scalar(select(func.count(Document.id)).where(Document.application_id == application.id)) or 0
    if number + more > MOST_FILES:
        raise RuleBroken(
            N_("An application holds at most %(most)s files. Join several pages into one PDF."), most=MOST_FILES
        )


def _paper_to_add_to(application: LoanApplication, papers: list[Paper], type_id: int) -> Paper:
    """The checklist's row a file may be added to; once the application was sent, only what the office waits for."""
    refuse_too_many(application, 1)
    paper = next((paper for paper in papers if paper.type.id == type_id), None)
    if paper is None:
        raise RuleBroken(N_("This programme does not ask for that document. Choose one from the list."))
    if not may_add(application, paper, papers):
        raise RuleBroken(
            N_("The office did not ask for this document again. Attach only the documents that are marked for it.")
        )
    return paper


def may_add(application: LoanApplication, paper: Paper, papers: Iterable[Paper]) -> bool:
    """Whether a file may be added: to any paper of a draft; to a returned application, what was asked for if anything.

    A paper that is missing, refused or out of date takes a file in any case.
    """
    if application.number is None or paper.requested or paper.state in NEEDED:
        return True
    return not any(other.requested for other in papers)


def refuse_sent(application: LoanApplication, document: Document) -> None:
    """Raise ``RuleBroken`` for a file that the office has been sent: it stays as it was."""
    last_sent = application.changes[-1].at if application.changes else None
    if last_sent is not None and document.uploaded_at < last_sent:
        raise RuleBroken(N_("This file has been sent and stays on record. Attach a newer one beside it."))


def refuse_odd_day(issued_on: date | None, at: datetime) -> None:
    if issued_on is not None and issued_on > bangkok_day(at):
        raise RuleBroken(N_("The day on the document lies in the future. Check it against the document.")).at(
            "issued_on"
        )


def sort_to(document: Document, type_id: int, at: datetime) -> None:
    """Say that a file is another paper than it was attached as; the checks are those of attaching it there.

    Raises:
        RuleBroken: it was sent already, or that paper does not take it.
    """
    application = locked(document.application_id)
    db.session.refresh(document)
    refuse_unless_editable(application)
    refuse_sent(application, document)
    before = document.document_type
    if document.removed_at is not None or before.id == type_id:
        return
    paper = _paper_to_add_to(application, checklist(application, bangkok_day(at)), type_id)
    paper.type.limits.check(FileKind(document.kind), document.size, len(paper.files))
    _refuse_twice(paper, document.sha256)
    document.document_type_id, document.replaces_id = type_id, _replaced(paper, None)
    application.changed_at = at
    record(
        AuditKind.CHANGED,
        document,
        summary=document.file_name,
        before={"document_type_id": before.name},
        after={"document_type_id": paper.type.name},
    )


def _replaced(paper: Paper, named: int | None) -> int | None:
    """The refused file a new one replaces: the one named, else the first that waits for it."""
    waiting = [file.id for file in paper.to_replace]
    return named if named in waiting else next(iter(waiting), None)


def remove(document: Document, person: Acting, at: datetime) -> None:
    """Take a file off the application; row and bytes stay for the record."""
    application = locked(document.application_id)
    db.session.refresh(document)
    refuse_unless_editable(application)
    if document.removed_at is not None:
        raise RuleBroken(
            N_("This file was taken off the application already, perhaps in another window. Look at the list below.")
        )
    refuse_sent(application, document)
    document.removed_at = application.changed_at = at
    document.removed_by_id = person.user_id
    record(AuditKind.REMOVED, document, summary=document.file_name)
