"""What offices often ask for again, counted over the newest returns of all cooperatives; names nobody."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from app.domain.papers import Verdict
from app.domain.values.calendar import bangkok_day
from app.extensions import db
from app.models.applications import DocumentRequest
from app.models.document_types import DocumentType
from app.models.documents import Document, DocumentVerdict
from app.security.scope import unscoped

COUNTED = 2000  # newest rows of each kind: bounded, whatever there is
FEWEST = 3  # of fewer it might be told whose they were


@dataclass(frozen=True, slots=True)
class Mistake:
    """A kind of document, how often it was asked for again, and what was found about it most often, if anything."""

    type: DocumentType
    times: int
    finding: Verdict | None


@dataclass(frozen=True, slots=True)
class Mistakes:
    """The documents asked for most often first; ``since`` is the day of the oldest request that was counted."""

    rows: Sequence[Mistake]
    counted: int
    since: date | None


def often_returned() -> Mistakes:
    """What was asked for again in the newest returns, but for what was asked for too seldom to be told."""
    with unscoped():
        asked = select(DocumentRequest.document_type_id, DocumentRequest.asked_at)
        newest = asked.order_by(DocumentRequest.id.desc()).limit(COUNTED).subquery()
        found: Sequence[tuple[int, int, datetime]] = [
            tuple(row)
            for row in db.session.execute(
                select(newest.c.document_type_id, func.count(), func.min(newest.c.asked_at)).group_by(
                    newest.c.document_type_id
                )
            )
        ]
        findings = _findings()
        types = {row.id: row for row in db.session.scalars(select(DocumentType))}
    rows = [
        Mistake(types[key], times, findings.get(key))
        for key, times, _first in found
        if times >= FEWEST and key in types
    ]
    first = min((moment for _key, _times, moment in found), default=None)
    return Mistakes(
        sorted(rows, key=lambda row: (-row.times, row.type.position)),
        sum(times for _key, times, _first in found),
        bangkok_day(first) if first is not None else None,
    )


def _findings() -> dict[int, Verdict]:
    """What was found about the documents of each kind most often, of the newest files that were not accepted."""
    refused = select(DocumentVerdict.verdict, DocumentVerdict.document_id).where(
        DocumentVerdict.verdict != Verdict.ACCEPTED
    )
    newest = refused.order_by(DocumentVerdict.id.desc()).limit(COUNTED).subquery()
    counted = (
        select(Document.document_type_id, newest.c.verdict, func.count())
        .join(newest, newest.c.document_id == Document.id)
        .group_by(Document.document_type_id, newest.c.verdict)
    )
    by_type: dict[int, Counter[str]] = {}
    for key, verdict, times in db.session.execute(counted):
        if times >= FEWEST:
            by_type.setdefault(key, Counter())[verdict] = times
    return {key: Verdict(each.most_common(1)[0][0]) for key, each in by_type.items()}
