"""A change of terms tried before it counts: which applications of the past year it would judge otherwise, and why."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.domain.calendar import BANGKOK
from app.domain.eligibility import Line
from app.domain.errors import RuleBroken
from app.domain.programmes import ProgrammeTerms
from app.domain.text import Words
from app.extensions import db
from app.models.applications import LoanApplication
from app.security.scope import unscoped
from app.services.judgement import judgement_under

A_YEAR = timedelta(days=365)
MOST = 500


@dataclass(frozen=True, slots=True)
class Changed:
    """An application that new terms judge otherwise: each rule whose outcome changes, and the new refusal if any."""

    number: str
    reasons: tuple[tuple[str, bool | None, bool | None, RuleBroken | Words | None], ...]


def dry_run(programme_id: int, old: ProgrammeTerms, new: ProgrammeTerms, today: date) -> list[Changed]:
    """Judge the programme's applications of the past year under both terms, over all cooperatives.

    Whoever sets up programmes learns numbers and reasons, nothing else of the applications.
    """
    with unscoped():
        applications = db.session.scalars(
            select(LoanApplication)
            .where(
                LoanApplication.programme_id == programme_id,
                LoanApplication.submitted_at.is_not(None),
            )
            .order_by(LoanApplication.id.desc())
            .limit(MOST)
            .options(selectinload(LoanApplication.cooperative))
        )
        found = []
        for application in applications:
            submitted = application.submitted_at
            if submitted is None or submitted.astimezone(BANGKOK).date() < today - A_YEAR:
                continue
            day = submitted.astimezone(BANGKOK).date()
            reasons = _differences(judgement_under(application, old, day), judgement_under(application, new, day))
            if reasons:
                found.append(Changed(application.number or "–", reasons))
        return found


def _differences(
    before: tuple[Line, ...], after: tuple[Line, ...]
) -> tuple[tuple[str, bool | None, bool | None, RuleBroken | Words | None], ...]:
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
