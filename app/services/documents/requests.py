"""Asking a cooperative for documents: which ones, what is needed of each, and what is asked for at present."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from flask_babel import force_locale, gettext
from sqlalchemy import select

from app.domain.examination import check_request
from app.domain.papers import PaperState, ScanState, Verdict
from app.domain.values.calendar import bangkok_day
from app.domain.values.errors import RuleBroken
from app.domain.values.text import N_
from app.extensions import db
from app.models.applications import DocumentRequest, LoanApplication
from app.models.document_types import DocumentType
from app.models.documents import DocumentVerdict
from app.services.documents.checklist import Paper, checklist
from app.ui.formatting import be_date
from app.ui.labels import labelled
from app.ui.language import DEFAULT


@dataclass(frozen=True, slots=True)
class Requestable:
    """A paper that may be asked for.

    ``needed`` says that it keeps the cooperative from answering and so is asked for in any case, ``proposed`` that it
    is ticked to begin with; ``note`` is what is wrong with it, from the officers' findings.
    """

    paper: Paper
    needed: bool
    proposed: bool
    note: str


def requestable(papers: Iterable[Paper]) -> list[Requestable]:
    """Every paper of the checklist, with what the findings propose; in Thai, which the cooperative reads."""
    with force_locale(DEFAULT):
        return [
            Requestable(
                paper,
                needed=paper.missing,
                proposed=paper.missing or paper.state in (PaperState.REFUSED, PaperState.EXPIRED),
                note=what_is_wrong(paper),
            )
            for paper in papers
        ]


def what_is_wrong(paper: Paper) -> str:
    """In words why a paper does not do: every refused file with its page and note; empty when nothing is known."""
    if paper.state is PaperState.REFUSED:
        several = len(paper.to_replace) > 1 or paper.files
        return "\n".join(
            (f"{file.file_name}: " if several else "") + in_words(paper.verdicts[file.id]) for file in paper.to_replace
        )
    if paper.state is PaperState.EXPIRED:
        days = [file.valid_until for file in paper.files if file.valid_until]
        return gettext("It could be used until %(day)s only. Send a newer one.", day=be_date(max(days)))
    if paper.state is PaperState.MISSING and any(file.scan_state == ScanState.INFECTED for file in paper.earlier):
        return gettext("Malware was found in the file. Send a clean copy.")
    return gettext("It is missing. Attach it.") if paper.missing else ""


def in_words(finding: DocumentVerdict) -> str:
    """A refusal in one line: what, on which page, and the officer's note."""
    label = labelled(Verdict(finding.verdict))
    where = gettext("%(what)s, page %(page)s", what=label, page=finding.page) if finding.page else label
    return f"{where} – {finding.note}" if finding.note else where


def ask(application: LoanApplication, notes: Mapping[int, str], at: datetime) -> None:
    """Add a request for every paper named and for all that stand in the way of an answer anyway.

    Args:
        notes: what is needed, by the id of the document type; blank takes the words of the findings.

    Raises:
        RuleBroken: a paper is not on the list, or nothing says what is needed of it.
    """
    offered = {each.paper.type.id: each for each in requestable(checklist(application, bangkok_day(at)))}
    if set(notes) - set(offered):
        raise RuleBroken(N_("Choose the documents to ask for from the programme's list."))
    for type_id, each in offered.items():
        if type_id not in notes and not each.needed:
            continue
        note = notes.get(type_id, "").strip() or each.note
        check_request(each.paper.type.both_names, note)
        application.requests.append(
            DocumentRequest(cooperative_id=application.cooperative_id, document_type_id=type_id, note=note, asked_at=at)
        )


@dataclass(frozen=True, slots=True)
class OpenRequest:
    """A paper the office waits for, and what is needed of it."""

    type: DocumentType
    note: str


def open_requests(application: LoanApplication) -> list[OpenRequest]:
    """The papers the cooperative has not sent yet of those asked for, in the checklist's order."""
    notes = {row.document_type_id: row.note or "" for row in application.requests if row.answered_at is None}
    if not notes:
        return []
    kinds = select(DocumentType).where(DocumentType.id.in_(notes))
    return [
        OpenRequest(kind, notes[kind.id])
        for kind in db.session.scalars(kinds.order_by(DocumentType.position, DocumentType.id))
    ]
