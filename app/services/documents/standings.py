"""What says where papers stand, for many applications at once: a few columns, and no row of a table in full."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from sqlalchemy import BindParameter, and_, bindparam, select

from app.domain.papers import FileFacts, ScanState, Validity, Verdict, valid_until
from app.extensions import db
from app.models.applications import DocumentRequest
from app.models.document_types import DocumentType
from app.models.documents import Document, DocumentVerdict
from app.services.documents.conditions import Asked


class Kind(Protocol):
    """What a type of paper says of its files: the type's row, or these columns of it."""

    @property
    def code(self) -> str: ...
    @property
    def validity(self) -> str: ...
    @property
    def valid_months(self) -> int | None: ...


class Attached(Protocol):
    """What a file says of itself: its row, or these columns of it."""

    @property
    def id(self) -> int: ...
    @property
    def uploaded_at(self) -> datetime: ...
    @property
    def issued_on(self) -> date | None: ...
    @property
    def scan_state(self) -> str: ...
    @property
    def replaces_id(self) -> int | None: ...


# Built once: a list asks them for every page.
_APPLICATIONS: BindParameter[int] = bindparam("applications", expanding=True)
_ATTACHED = (
    select(
        Document.id,
        Document.application_id,
        Document.document_type_id,
        Document.uploaded_at,
        Document.issued_on,
        Document.scan_state,
        Document.replaces_id,
        DocumentVerdict.verdict,
    )
    .outerjoin(
        DocumentVerdict,
        and_(DocumentVerdict.document_id == Document.id, DocumentVerdict.application_id == Document.application_id),
    )
    .where(Document.application_id.in_(_APPLICATIONS), Document.removed_at.is_(None))
    .order_by(Document.id, DocumentVerdict.id)
)
# Every type, and beside it each open request for a paper of it.
_KINDS = (
    select(
        DocumentType.id,
        DocumentType.code,
        DocumentType.validity,
        DocumentType.valid_months,
        DocumentRequest.application_id,
        DocumentRequest.asked_at,
    )
    .outerjoin(
        DocumentRequest,
        and_(
            DocumentRequest.document_type_id == DocumentType.id,
            DocumentRequest.application_id.in_(_APPLICATIONS),
            DocumentRequest.answered_at.is_(None),
        ),
    )
    .order_by(DocumentType.position, DocumentType.id, DocumentRequest.id)
)


_INFECTED = ScanState.INFECTED.value
# By their words: a list has hundreds of files, and to ask the class takes several times as long.
_VERDICTS = {verdict.value: verdict for verdict in Verdict}
_VALIDITIES = {validity.value: validity for validity in Validity}


def file_facts(file: Attached, kind: Kind, verdict: str | None) -> FileFacts:
    """What the rules ask about one file; ``verdict`` is the last one."""
    issued_on = file.issued_on
    return FileFacts(
        file.id,
        file.uploaded_at,
        # A word that nobody knows accepts nothing and refuses nothing.
        _VERDICTS.get(verdict) if verdict else None,
        valid_until(_VALIDITIES[kind.validity], kind.valid_months, issued_on) if issued_on else None,
        file.scan_state == _INFECTED,
        file.replaces_id,
    )


@dataclass(frozen=True, slots=True)
class PaperFacts:
    """Files and open requests by application and by type; ``kinds`` are the ids of all types by code, in order."""

    kinds: dict[str, int]
    files: dict[int, dict[int, list[FileFacts]]]
    asked_again: dict[int, dict[int, datetime]]


def paper_facts(applications: Sequence[Asked]) -> PaperFacts:
    """The facts about all papers of the applications, by one statement for each table."""
    # What was never sent was neither judged nor asked for again.
    sent = [row.id for row in applications if row.submitted_at is not None]
    kinds: dict[int, Kind] = {}
    asked_again: dict[int, dict[int, datetime]] = defaultdict(dict)
    for kind in db.session.execute(_KINDS, {"applications": sent}):
        kinds[kind.id] = kind
        if kind.application_id is not None:
            asked_again[kind.application_id][kind.id] = kind.asked_at
    return PaperFacts(
        kinds={kind.code: key for key, kind in kinds.items()},
        files=_files([row.id for row in applications], kinds),
        asked_again=asked_again,
    )


def _files(applications: Collection[int], kinds: dict[int, Kind]) -> dict[int, dict[int, list[FileFacts]]]:
    attached = db.session.execute(_ATTACHED, {"applications": applications})
    last = {row.id: row for row in attached}  # of a file's verdicts the last one counts
    found: dict[int, dict[int, list[FileFacts]]] = defaultdict(lambda: defaultdict(list))
    for row in last.values():
        kind = row.document_type_id
        found[row.application_id][kind].append(file_facts(row, kinds[kind], row.verdict))
    return found
