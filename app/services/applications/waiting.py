"""What start pages list: applications that wait for somebody, as the columns shown, and no row of a table in full."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import Select, select, union, union_all

from app.domain.programmes import ApprovingBody
from app.domain.promises import Clock
from app.domain.states import EDITABLE, Outcome, State
from app.domain.values.calendar import BANGKOK, bangkok_day
from app.extensions import db
from app.models.applications import Decision, LoanApplication
from app.models.programmes import LoanProgramme
from app.services.applications.service_time import clocks, never_due_before
from app.services.programmes.terms import terms_of
from app.services.programmes.versions import versions_read

SHOWN = 10
# So many are read before it is known whether one that was sent later comes first.
_READ = 2 * SHOWN
SHOWN_OF_OWN = 20
_LISTED = select(
    LoanApplication.id,
    LoanApplication.number,
    LoanApplication.status,
    LoanApplication.cooperative_id,
    LoanApplication.cooperative_name,
    LoanApplication.programme_id,
    LoanApplication.edition_id,
    LoanApplication.amount_asked,
    LoanApplication.amount_approved,
    LoanApplication.submitted_at,
    LoanApplication.changed_at,
    LoanApplication.first_time,
    LoanProgramme.name,
    LoanProgramme.name_en,
).outerjoin(LoanProgramme, LoanProgramme.id == LoanApplication.programme_id)


def own_applications() -> tuple[Sequence[Any], Sequence[Any]]:
    """A cooperative's applications that were begun last, and all that it has to go on with, however old."""
    last = _LISTED.order_by(LoanApplication.id.desc()).limit(SHOWN_OF_OWN).subquery()
    unfinished = _LISTED.where(LoanApplication.status.in_(sorted(EDITABLE))).subquery()
    rows = db.session.execute(union(select(last), select(unfinished))).all()
    newest_first = sorted(rows, key=lambda row: -row.id)
    return newest_first[:SHOWN_OF_OWN], [row for row in newest_first if row.status in EDITABLE]


def approved_last() -> Sequence[Any]:
    """The applications whose approval was recorded last."""
    approved = Decision.outcome == Outcome.APPROVED.value
    decided = _LISTED.join(Decision, Decision.application_id == LoanApplication.id).where(approved)
    decided = decided.add_columns(Decision.decided_on, Decision.amount.label("amount_granted"))
    return db.session.execute(decided.order_by(Decision.id.desc()).limit(SHOWN)).all()


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for a person, most urgent first; what waits for cooperatives, longest first; and an office's clocks.

    Each is cut after it was sorted. Rows without a clock are sorted by their submission alone.
    """

    queue: Sequence[Any]
    returned: Sequence[Any]
    clocks: dict[int, Clock]


def waiting_for(queue: Iterable[State], returned: Iterable[State]) -> Waiting:
    """What waits in the states of one queue, and in those in which cooperatives are asked something.

    An office's days follow the submissions but for the time that applications were away. So those sent first are read,
    and what was sent later only as far as it can be due earlier than the last one shown.
    """
    states, asked = frozenset(queue), frozenset(returned)
    sent, changed = _longest_waiting(states, asked)
    running = clocks([row for row in (*sent, *changed) if _is_timed(row)])
    first = _by_urgency(sent, running)[:SHOWN]
    due = running[first[-1].id].due if first and first[-1].id in running else None
    until = never_due_before(due) if due is not None and len(sent) == _READ else None
    if until is not None and bangkok_day(sent[-1].submitted_at) < until:
        known = {row.id for row in sent}
        later = [row for row in _sent_between(states, sent[-1].submitted_at, until) if row.id not in known]
        running |= clocks(later)
        first = _by_urgency([*sent, *later], running)[:SHOWN]
    return Waiting(first, changed, running)


def _is_timed(row: Any) -> bool:
    facts = State(row.status).facts
    return facts.office_has_it or facts.waits_for_answer


def _by_urgency(rows: Iterable[Any], running: dict[int, Clock]) -> list[Any]:
    """By the day they are due, then by their submission; what has no day stands behind what has one."""

    def urgency(row: Any) -> tuple[date, datetime, int]:
        due = running[row.id].due if row.id in running else None
        return due or date.max, row.submitted_at, row.id

    return sorted(rows, key=urgency)


def _sent_between(states: frozenset[State], since: datetime, until: date) -> Sequence[Any]:
    """Those in the states that were sent at a moment or later, and before a day."""
    sent = LoanApplication.submitted_at
    before = datetime.combine(until, time.min, BANGKOK)
    return db.session.execute(
        _LISTED.where(LoanApplication.status.in_(sorted(states)), sent >= since, sent < before)
    ).all()


def _longest_waiting(since_sent: frozenset[State], since_changed: frozenset[State]) -> tuple[list[Any], list[Any]]:
    """Those in some states that were sent first, and those in others that were changed first, by one statement.

    By state, as the index has them: the longest waiting of all are among the longest waiting of each.
    """
    parts = [_first_in(state, LoanApplication.submitted_at, _READ) for state in sorted(since_sent)]
    parts += [_first_in(state, LoanApplication.changed_at, SHOWN) for state in sorted(since_changed)]
    if not parts:
        return [], []
    rows = db.session.execute(union_all(*(select(part.subquery()) for part in parts))).all()
    first = sorted((row for row in rows if row.status in since_sent), key=lambda row: (row.submitted_at, row.id))
    then = sorted((row for row in rows if row.status in since_changed), key=lambda row: (row.changed_at, row.id))
    return first[:_READ], then[:SHOWN]


def _first_in(state: State, since: Any, most: int) -> Select[*tuple[Any, ...]]:
    return _LISTED.where(LoanApplication.status == state.value).order_by(since, LoanApplication.id).limit(most)


def bodies_of(applications: Iterable[Any]) -> dict[int, ApprovingBody | None]:
    """Who decides on each of some applications by its own terms, from the amount asked."""
    rows = list(applications)
    kept = versions_read({row.edition_id for row in rows if row.edition_id is not None})
    # Without a version of their own are drafts, and what came with its history.
    now = {row.programme_id for row in rows if row.edition_id not in kept}
    programmes = {key: terms_of(db.session.get_one(LoanProgramme, key)) for key in now}
    return {
        row.id: (kept.get(row.edition_id) or programmes[row.programme_id]).decided_by(row.amount_asked) for row in rows
    }
