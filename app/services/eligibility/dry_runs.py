"""A change of terms tried before it counts: which applications of the past year it would judge otherwise, and why."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from app.domain.eligibility import Line
from app.domain.programmes import ProgrammeTerms
from app.domain.values.calendar import BANGKOK, bangkok_day
from app.domain.values.errors import RuleBroken
from app.domain.values.money import ZERO
from app.domain.values.text import Words
from app.extensions import db
from app.models.applications import LoanApplication
from app.security.scope import unscoped
from app.services.eligibility.judgement import Trial, judgement_tried, known_of
from app.services.programmes.envelopes import taken_before

A_YEAR = timedelta(days=365)
MOST = 500

Reason = tuple[str, bool | None, bool | None, RuleBroken | Words | None]


@dataclass(frozen=True, slots=True)
class Changed:
    """An application that new terms judge otherwise: each rule whose outcome changes, and the new refusal if any."""

    number: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class DryRun:
    """What a change would do; ``tried`` of the year's ``submitted`` applications were judged, the newest first."""

    changed: tuple[Changed, ...]
    tried: int
    submitted: int


def dry_run(programme_id: int, old: ProgrammeTerms, new: ProgrammeTerms, today: date) -> DryRun:
    """Judge the programme's applications of the past year under both terms, over all cooperatives.

    Whoever sets up programmes learns numbers and reasons, nothing else of the applications. At most ``MOST`` are tried,
    so that the answer comes while somebody waits for it; the result says how many there were.
    """
    since = datetime.combine(today - A_YEAR, time(), BANGKOK).astimezone(UTC)
    chosen = (LoanApplication.programme_id == programme_id, LoanApplication.submitted_at >= since)
    with unscoped():
        submitted = db.session.scalar(select(func.count(LoanApplication.id)).where(*chosen)) or 0
        applications = db.session.scalars(
            select(LoanApplication)
            .where(*chosen)
            .order_by(LoanApplication.submitted_at.desc(), LoanApplication.id.desc())
            .limit(MOST)
            .options(selectinload(LoanApplication.cooperative))
        ).all()
        held = taken_before(programme_id, {row.id: row.submitted_at for row in applications if row.submitted_at})
        changed = [
            Changed(row.number or "–", reasons)
            for row in applications
            if (reasons := _reasons(row, old, new, held.get(row.id, ZERO)))
        ]
        return DryRun(tuple(changed), len(applications), submitted)


def _reasons(row: LoanApplication, old: ProgrammeTerms, new: ProgrammeTerms, held: Decimal) -> tuple[Reason, ...]:
    moment = row.submitted_at or row.created_at
    day = bangkok_day(moment)
    known = known_of(row)
    before, after = (judgement_tried(row, known, Trial(terms, terms.envelope - held), day) for terms in (old, new))
    return _differences(before, after)


def _differences(before: tuple[Line, ...], after: tuple[Line, ...]) -> tuple[Reason, ...]:
    old = {line.label: line for line in before}
    new = {line.label: line for line in after}
    changed = []
    for label in dict.fromkeys((*old, *new)):
        was, now = old.get(label), new.get(label)
        if _outcome(was) != _outcome(now):
            changed.append((label, was.met if was else None, now.met if now else None, now.refusal if now else None))
    return tuple(changed)


def _outcome(line: Line | None) -> tuple[object, ...]:
    """What counts as the judgement of a rule; a rule that is not there stops nobody."""
    if line is None or line.met is not False:
        return (False,)
    return (True, line.severity)
