"""What officers find about an application's files: each finding is a further row, and the last one counts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.domain.examination import check_in_date, check_may_examine
from app.domain.papers import Validity, Verdict, check_verdict, valid_until
from app.domain.values.calendar import bangkok_day, bangkok_hour
from app.domain.values.errors import RuleBroken
from app.domain.values.text import N_, Phrase
from app.extensions import db
from app.models.applications import LoanApplication
from app.models.audit import AuditKind
from app.models.documents import Document, DocumentVerdict
from app.security.acting import Acting
from app.security.audit import plain, record
from app.services.applicants import applicants_of
from app.services.documents.access import refuse_unless_openable
from app.services.documents.checklist import Paper, day_that_counts
from app.services.locking import locked
from app.ui.formatting import be_date

KEPT = ("verdict", "note", "page", "issued_on")


class VerdictMeanwhile(RuleBroken):
    """Somebody else judged the file since the form was opened; the message says who and what."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What an officer finds about one file; ``seen_id`` is the last finding the officer knew of."""

    verdict: Verdict
    note: str = ""
    page: int | None = None
    issued_on: date | None = None
    seen_id: int | None = None


def give_verdict(document: Document, finding: Finding, person: Acting, at: datetime) -> DocumentVerdict:
    """Store a finding under the application's lock; the same one sent twice is stored once.

    Raises:
        RuleBroken: the finding leaves something out, or papers are not judged now or not by this person.
        VerdictMeanwhile: somebody else's finding came first.
    """
    application = locked(document.application_id)
    db.session.refresh(document)
    check_may_examine(application.state, person.roles, person.user_id, applicants_of(application))
    if document.removed_at is not None:
        raise RuleBroken(N_("The cooperative took this file off the application meanwhile."))
    refuse_unless_openable(document)
    last = next(iter(findings_about(document)), None)
    if last is not None and last.id != finding.seen_id:
        if last.judged_by_id == person.user_id and _values(last) == _values(finding):
            return last
        raise _verdict_meanwhile(last)
    _check(application, document, finding, at)
    return _store(document, finding, last, person, at)


def _check(application: LoanApplication, document: Document, finding: Finding, at: datetime) -> None:
    kind = document.document_type
    validity = Validity(kind.validity)
    today = bangkok_day(at)
    check_verdict(finding.verdict, finding.note, finding.page, document.pages, finding.issued_on, validity, today)
    last_day = valid_until(validity, kind.valid_months, finding.issued_on)
    check_in_date(finding.verdict, last_day, day_that_counts(application, today), be_date(last_day))


def _store(
    document: Document, finding: Finding, last: DocumentVerdict | None, person: Acting, at: datetime
) -> DocumentVerdict:
    row = DocumentVerdict(
        cooperative_id=document.cooperative_id,
        application_id=document.application_id,
        document_id=document.id,
        at=at,
        judged_by_id=person.user_id,
        **_values(finding),
    )
    db.session.add(row)
    # The day on a refused paper stays with the finding: the cooperative is told of it with the refusal.
    if finding.verdict is Verdict.ACCEPTED and finding.issued_on is not None:
        document.issued_on = finding.issued_on
    db.session.flush()
    before = {key: plain(value) for key, value in _values(last).items()} if last else None
    after = {"document_id": document.id, **{key: plain(value) for key, value in _values(finding).items()}}
    record(AuditKind.JUDGED, row, summary=document.file_name, before=before, after=after)
    return row


def _values(source: Finding | DocumentVerdict) -> dict[str, Any]:
    values = {key: getattr(source, key) for key in KEPT}
    return {**values, "verdict": str(values["verdict"]), "note": (values["note"] or "").strip() or None}


def _verdict_meanwhile(last: DocumentVerdict) -> VerdictMeanwhile:
    return VerdictMeanwhile(
        N_(
            "%(who)s judged this file at %(when)s: %(verdict)s. Yours is not stored. Read it below, and save again if "
            "yours is to count."
        ),
        who=last.judged_by.get_full_name() if last.judged_by else "–",
        when=bangkok_hour(last.at),
        verdict=Phrase(Verdict(last.verdict).label),
    )


def findings_about(document: Document) -> Sequence[DocumentVerdict]:
    """Every finding about a file that the person may read, the last one first."""
    rows = select(DocumentVerdict).where(DocumentVerdict.document_id == document.id)
    return db.session.scalars(
        rows.order_by(DocumentVerdict.id.desc()).options(joinedload(DocumentVerdict.judged_by))
    ).all()


@dataclass(frozen=True, slots=True)
class Examined:
    """How many of the files that count or were refused are judged, and those that are not, newest answers first."""

    done: int
    all: int
    waiting: tuple[Document, ...]


def examined_of(application: LoanApplication, papers: Iterable[Paper]) -> Examined:
    """Count the files; those of the cooperative's last answer are looked at before the older ones."""
    files = [(paper, file) for paper in papers for file in (*paper.files, *paper.to_replace)]
    waiting = [file for paper, file in files if file.id not in paper.verdicts]
    asked = [change.at for change in application.changes if change.step.asks_papers]
    if asked:
        waiting.sort(key=lambda file: file.uploaded_at < max(asked))
    return Examined(len(files) - len(waiting), len(files), tuple(waiting))
