"""The papers an application needs, how each of them stands, and how far all of them are."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.domain.papers import (
    NEEDED,
    FileFacts,
    PaperState,
    Progress,
    ScanState,
    Standing,
    Verdict,
    progress_over,
    standing_of,
)
from app.domain.programmes import DocumentCondition
from app.domain.values.calendar import bangkok_day
from app.extensions import db
from app.models.applications import DocumentRequest, LoanApplication
from app.models.cooperatives import Cooperative
from app.models.document_types import DocumentType
from app.models.documents import Document, DocumentVerdict
from app.services.cooperatives.borrowers import borrowers_among
from app.services.programmes.versions import PaperTerms, paper_terms_of


@dataclass(frozen=True, slots=True)
class Paper:
    """One row of an application's checklist: the type asked for, the files attached to it, and where it stands.

    ``files`` count; ``earlier`` ones were refused, replaced, found infected or sent before the office asked again: they
    stay, but do not answer the question. ``to_replace`` are refused files without a newer one in their place.
    """

    type: DocumentType
    required: bool
    requested: bool
    state: PaperState
    files: tuple[Document, ...]
    earlier: tuple[Document, ...] = ()
    to_replace: tuple[Document, ...] = ()
    request_note: str = ""
    verdicts: Mapping[int, DocumentVerdict] = field(default_factory=dict)

    @property
    def missing(self) -> bool:
        """Whether it stands in the way of sending the application."""
        return self.required and self.state in NEEDED

    @property
    def scanning(self) -> bool:
        """Whether a file of it waits for the malware scanner."""
        return any(file.scan_state == ScanState.WAITING for file in self.files)


@dataclass
class _Gathered:
    """What the database says about some applications' papers, read with one statement for each table.

    What conditions need of the cooperatives is read only when a paper has a condition.
    """

    owners: set[int]
    types: dict[str, DocumentType]
    files: dict[int, list[Document]]
    requests: dict[int, dict[int, DocumentRequest]]
    verdicts: dict[int, DocumentVerdict]

    @cached_property
    def borrowers(self) -> frozenset[int]:
        return borrowers_among(self.owners)

    @cached_property
    def kinds_of_cooperative(self) -> dict[int, str]:
        kinds = db.session.execute(select(Cooperative.id, Cooperative.kind).where(Cooperative.id.in_(self.owners)))
        return {key: kind for key, kind in kinds}


def _gather(applications: Sequence[LoanApplication]) -> _Gathered:
    ids = [row.id for row in applications]
    owners = {row.cooperative_id for row in applications}
    gathered = _Gathered(owners, {}, {key: [] for key in ids}, {key: {} for key in ids}, {})
    listed = select(DocumentType).order_by(DocumentType.position, DocumentType.id)
    types = db.session.scalars(listed.options(joinedload(DocumentType.example)))
    gathered.types = {kind.code: kind for kind in types}
    files = (
        select(Document)
        .where(Document.application_id.in_(ids), Document.removed_at.is_(None))
        .order_by(Document.id)  # their types are all loaded by now
    )
    for document in db.session.scalars(files):
        gathered.files[document.application_id].append(document)
    # What was never sent was neither judged nor asked for again.
    ids = [row.id for row in applications if row.submitted_at is not None]
    if not ids:
        return gathered
    asked = select(DocumentRequest).where(
        DocumentRequest.application_id.in_(ids), DocumentRequest.answered_at.is_(None)
    )
    for request in db.session.scalars(asked.order_by(DocumentRequest.id)):
        gathered.requests[request.application_id][request.document_type_id] = request
    judged = select(DocumentVerdict).where(DocumentVerdict.application_id.in_(ids)).order_by(DocumentVerdict.id)
    gathered.verdicts = {row.document_id: row for row in db.session.scalars(judged)}  # the last one counts
    return gathered


def checklist(application: LoanApplication, today: date, asked: PaperTerms | None = None) -> list[Paper]:
    """Every document the programme asks for, or an officer asked for, in the list's order.

    Args:
        today: papers of a draft must be valid on it.
        asked: the papers of terms that are only tried, instead of those the application is judged by.
    """
    db.session.flush()
    gathered = _gather([application])  # first: the terms then find every type already loaded
    return _papers(application, asked or paper_terms_of(application), gathered, today)


def progress_of(applications: Iterable[LoanApplication], today: date) -> dict[int, Progress]:
    """How far the required papers of each application are, by its id; as many statements for one as for many."""
    rows = list(applications)
    if not rows:
        return {}
    gathered = _gather(rows)
    known: dict[tuple[str, int], PaperTerms] = {}
    found = {}
    for row in rows:
        key = ("version", row.edition_id) if row.edition_id else ("programme", row.programme_id)
        if key not in known:
            known[key] = paper_terms_of(row)
        found[row.id] = progress_over(_required_states(row, known[key], gathered, today))
    return found


def progress(papers: Iterable[Paper]) -> Progress:
    """How far the papers that must be there are."""
    return progress_over(paper.state for paper in papers if paper.required)


def _papers(application: LoanApplication, terms: PaperTerms, gathered: _Gathered, today: date) -> list[Paper]:
    asked = {document.code: document for document in terms.documents}
    needed = _needed_codes(application, terms, gathered)
    by_type = _by_type(gathered.files[application.id])
    requests = gathered.requests[application.id]
    day = day_that_counts(application, today)
    papers = []
    for code, kind in gathered.types.items():
        if code not in asked and kind.id not in by_type and kind.id not in requests:
            continue
        files = by_type.get(kind.id, [])
        papers.append(_paper(kind, code in needed, files, requests.get(kind.id), gathered.verdicts, day))
    # What the programme asks for comes first, then what is there besides.
    return sorted(papers, key=lambda paper: paper.type.code not in asked)


def _required_states(
    application: LoanApplication, terms: PaperTerms, gathered: _Gathered, today: date
) -> Iterator[PaperState]:
    """The states of the papers that must be there, without the rest of the checklist: lists show them for every row."""
    needed = _needed_codes(application, terms, gathered)
    by_type = _by_type(gathered.files[application.id])
    requests = gathered.requests[application.id]
    day = day_that_counts(application, today)
    for code, kind in gathered.types.items():
        request = requests.get(kind.id)
        if code in needed or request is not None:
            yield _standing(by_type.get(kind.id, ()), request, gathered.verdicts, day).state


def _needed_codes(application: LoanApplication, terms: PaperTerms, gathered: _Gathered) -> set[str]:
    """Codes of the papers that must be there by the terms."""
    conditional = any(document.condition for document in terms.documents)
    holding = _conditions(application, terms, gathered) if conditional else {None}
    return {document.code for document in terms.documents if document.required and document.condition in holding}


def _by_type(files: Iterable[Document]) -> dict[int, list[Document]]:
    found: dict[int, list[Document]] = {}
    for file in files:
        found.setdefault(file.document_type_id, []).append(file)
    return found


def _paper(
    kind: DocumentType,
    required: bool,
    files: Sequence[Document],
    request: DocumentRequest | None,
    verdicts: Mapping[int, DocumentVerdict],
    day: date,
) -> Paper:
    standing = _standing(files, request, verdicts, day)
    by_id = {file.id: file for file in files}
    return Paper(
        type=kind,
        required=required or request is not None,
        requested=request is not None,
        state=standing.state,
        files=tuple(by_id[key] for key in standing.counting),
        earlier=tuple(by_id[key] for key in standing.kept),
        to_replace=tuple(by_id[key] for key in standing.to_replace),
        request_note=(request.note or "") if request else "",
        verdicts={file.id: verdicts[file.id] for file in files if file.id in verdicts},
    )


def _standing(
    files: Sequence[Document], request: DocumentRequest | None, verdicts: Mapping[int, DocumentVerdict], day: date
) -> Standing:
    facts = [_facts(file, verdicts.get(file.id)) for file in files]
    return standing_of(facts, request.asked_at if request else None, day)


def _facts(file: Document, verdict: DocumentVerdict | None) -> FileFacts:
    return FileFacts(
        id=file.id,
        uploaded_at=file.uploaded_at,
        verdict=Verdict(verdict.verdict) if verdict else None,
        valid_until=file.valid_until,
        infected=file.scan_state == ScanState.INFECTED,
        replaces=file.replaces_id,
    )


def day_that_counts(application: LoanApplication, today: date) -> date:
    """The day papers must be valid on: of the submission, before it today."""
    return bangkok_day(application.submitted_at) if application.submitted_at is not None else today


def _conditions(application: LoanApplication, terms: PaperTerms, gathered: _Gathered) -> set[DocumentCondition | None]:
    """The conditions that hold for this application; None stands for no condition at all."""
    owner = application.cooperative_id
    first_time = application.first_time if application.first_time is not None else owner not in gathered.borrowers
    holding: set[DocumentCondition | None] = {None}
    # A committee member reaches the application but not always the cooperative's register.
    if owner in gathered.kinds_of_cooperative:
        holding.add(DocumentCondition(gathered.kinds_of_cooperative[owner]))
    holding.add(DocumentCondition.NEW_BORROWER if first_time else DocumentCondition.REPEAT_BORROWER)
    if terms.provinces:
        holding.add(DocumentCondition.DISASTER)
    return holding


def missing_papers(application: LoanApplication, today: date, asked: PaperTerms | None = None) -> list[DocumentType]:
    """Types of the papers that are required or requested and not there, refused or out of date."""
    return [paper.type for paper in checklist(application, today, asked) if paper.missing]
