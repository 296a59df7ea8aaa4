"""The papers an application needs, how each of them stands, and how far all of them are."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from sqlalchemy import BindParameter, Integer, and_, bindparam, select
from sqlalchemy.orm import joinedload

from app.domain.papers import (
    NEEDED,
    PaperState,
    Progress,
    ScanState,
    Validity,
    paper_state,
    progress_over,
    standing_of,
)
from app.domain.states import EDITABLE
from app.domain.values.calendar import bangkok_day
from app.extensions import db
from app.models.applications import DocumentRequest, LoanApplication
from app.models.document_types import DocumentType
from app.models.documents import Document, DocumentVerdict
from app.services.documents.conditions import Asked, Owners, needed_codes
from app.services.documents.standings import PaperFacts, file_facts, paper_facts
from app.services.programmes.versions import PaperTerms, paper_terms_by_id, paper_terms_of


@dataclass(frozen=True, slots=True)
class Paper:
    """One row of an application's checklist: the type asked for, the files attached to it, and where it stands.

    ``files`` count; ``earlier`` ones were refused, replaced, found infected or sent before the office asked again: they
    stay, but do not answer the question. ``to_replace`` are refused files without a newer one in their place;
    ``undated`` those that count without the day from which their time runs, while the cooperative may still give it.
    """

    type: DocumentType
    required: bool
    requested: bool
    state: PaperState
    files: tuple[Document, ...]
    earlier: tuple[Document, ...] = ()
    to_replace: tuple[Document, ...] = ()
    undated: tuple[Document, ...] = ()
    request_note: str = ""
    verdicts: Mapping[int, DocumentVerdict] = field(default_factory=dict)

    @property
    def missing(self) -> bool:
        """Whether it stands in the way of sending the application."""
        return self.required and self.state in NEEDED

    @property
    def unaccepted(self) -> bool:
        """Whether it has to be there and nobody has accepted it."""
        return self.required and self.state is not PaperState.ACCEPTED

    @property
    def scanning(self) -> bool:
        """Whether a file of it waits for the malware scanner."""
        return any(file.scan_state == ScanState.WAITING for file in self.files)


@dataclass(frozen=True, slots=True)
class _Gathered:
    """What the database says about one application's papers, read with two statements."""

    types: dict[str, DocumentType]
    files: list[Document]
    requests: dict[int, DocumentRequest]
    verdicts: dict[int, DocumentVerdict]


_APPLICATION: BindParameter[int] = bindparam("application", type_=Integer)
# The types of files are all loaded by the time the files are.
_KINDS = select(DocumentType).options(joinedload(DocumentType.example)).order_by(DocumentType.position, DocumentType.id)
_ASKED = (
    _KINDS.add_columns(DocumentRequest)
    .outerjoin(
        DocumentRequest,
        and_(
            DocumentRequest.document_type_id == DocumentType.id,
            DocumentRequest.application_id == _APPLICATION,
            DocumentRequest.answered_at.is_(None),
        ),
    )
    .order_by(DocumentRequest.id)
)
_FILES = (
    select(Document).where(Document.application_id == _APPLICATION, Document.removed_at.is_(None)).order_by(Document.id)
)
_JUDGED = (
    _FILES.add_columns(DocumentVerdict)
    .outerjoin(
        DocumentVerdict,
        and_(DocumentVerdict.document_id == Document.id, DocumentVerdict.application_id == Document.application_id),
    )
    .order_by(DocumentVerdict.id)
)


def _gather(application: LoanApplication) -> _Gathered:
    # What was never sent was neither judged nor asked for again.
    if application.submitted_at is None:
        kinds = db.session.scalars(_KINDS).all()
        files = db.session.scalars(_FILES, {"application": application.id}).all()
        return _Gathered({kind.code: kind for kind in kinds}, list(files), {}, {})
    asked = db.session.execute(_ASKED, {"application": application.id}).all()
    judged = db.session.execute(_JUDGED, {"application": application.id}).all()
    return _Gathered(
        types={kind.code: kind for kind, _request in asked},
        files=list({file.id: file for file, _verdict in judged}.values()),
        # Of several that are open, or found, the last one counts.
        requests={request.document_type_id: request for _kind, request in asked if request is not None},
        verdicts={verdict.document_id: verdict for _file, verdict in judged if verdict is not None},
    )


def checklist(application: LoanApplication, today: date, asked: PaperTerms | None = None) -> list[Paper]:
    """Every document the programme asks for, or an officer asked for, in the list's order.

    Args:
        today: papers of a draft must be valid on it.
        asked: the papers of terms that are only tried, instead of those the application is judged by.
    """
    db.session.flush()
    gathered = _gather(application)  # first: the terms then find every type already loaded
    return _papers(application, asked or paper_terms_of(application), gathered, today)


def progress_of(applications: Iterable[Asked], today: date) -> dict[int, Progress]:
    """How far the required papers of each application are, by its id; as many statements for one as for many."""
    rows = list(applications)
    if not rows:
        return {}
    facts, terms, owners = paper_facts(rows), paper_terms_by_id(rows), Owners(rows)
    found = {}
    for row in rows:
        needed = needed_codes(row, terms[row.id], owners)
        found[row.id] = progress_over(_required_states(row.id, needed, facts, day_that_counts(row, today)))
    return found


def progress(papers: Iterable[Paper]) -> Progress:
    """How far the papers that must be there are."""
    return progress_over(paper.state for paper in papers if paper.required)


def _papers(application: LoanApplication, terms: PaperTerms, gathered: _Gathered, today: date) -> list[Paper]:
    asked = {document.code: document for document in terms.documents}
    needed = needed_codes(application, terms, Owners([application]))
    by_type: dict[int, list[Document]] = {}
    for file in gathered.files:
        by_type.setdefault(file.document_type_id, []).append(file)
    requests = gathered.requests
    day = day_that_counts(application, today)
    open_from = _open_from(application)
    papers = []
    for code, kind in gathered.types.items():
        if code not in asked and kind.id not in by_type and kind.id not in requests:
            continue
        files = by_type.get(kind.id, [])
        papers.append(_paper(kind, code in needed, files, requests.get(kind.id), gathered.verdicts, day, open_from))
    # What the programme asks for comes first, then what is there besides.
    return sorted(papers, key=lambda paper: paper.type.code not in asked)


def _required_states(key: int, needed: set[str], facts: PaperFacts, day: date) -> Iterator[PaperState]:
    """The states of an application's papers that must be there, without the rest of the checklist."""
    files, asked_again = facts.files.get(key, {}), facts.asked_again.get(key, {})
    for code, kind in facts.kinds.items():
        if code in needed or kind in asked_again:
            yield paper_state(files.get(kind, ()), asked_again.get(kind), day)


def _paper(
    kind: DocumentType,
    required: bool,
    files: Sequence[Document],
    request: DocumentRequest | None,
    verdicts: Mapping[int, DocumentVerdict],
    day: date,
    open_from: datetime | None,
) -> Paper:
    judged = {key: verdict.verdict for key, verdict in verdicts.items()}
    facts = [file_facts(file, kind, judged.get(file.id)) for file in files]
    standing = standing_of(facts, request.asked_at if request else None, day)
    by_id = {file.id: file for file in files}
    counting = tuple(by_id[key] for key in standing.counting)
    return Paper(
        type=kind,
        required=required or request is not None,
        requested=request is not None,
        state=standing.state,
        files=counting,
        earlier=tuple(by_id[key] for key in standing.kept),
        to_replace=tuple(by_id[key] for key in standing.to_replace),
        undated=_undated(kind, counting, open_from),
        request_note=(request.note or "") if request else "",
        verdicts={file.id: verdicts[file.id] for file in files if file.id in verdicts},
    )


def _undated(kind: DocumentType, counting: Sequence[Document], open_from: datetime | None) -> tuple[Document, ...]:
    if open_from is None or kind.validity == Validity.ALWAYS:
        return ()
    return tuple(file for file in counting if file.issued_on is None and file.uploaded_at >= open_from)


def _open_from(application: LoanApplication) -> datetime | None:
    """From when on the cooperative's files may still be changed: since the last sending; None once none may."""
    if application.state not in EDITABLE:
        return None
    sent = application.changes[-1:] if application.number is not None else []
    return sent[0].at if sent else datetime.min.replace(tzinfo=UTC)


def day_that_counts(application: Asked, today: date) -> date:
    """The day papers must be valid on: of the submission, before it today."""
    return bangkok_day(application.submitted_at) if application.submitted_at is not None else today


def missing_papers(application: LoanApplication, today: date, asked: PaperTerms | None = None) -> list[DocumentType]:
    """Types of the papers that are required or requested and not there, refused or out of date."""
    return [paper.type for paper in checklist(application, today, asked) if paper.missing]
