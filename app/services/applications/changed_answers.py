"""What a cooperative changed in an application's answers between two times of sending it, read from the audit trail."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select

from app.extensions import db
from app.models.applications import LoanApplication
from app.models.audit import AuditEvent, AuditKind

AMOUNTS = frozenset({"amount_asked", "member_rate"})


@dataclass(frozen=True, slots=True)
class ChangedAnswer:
    """One answer before and after, as the audit trail keeps it: amounts and rates as text."""

    column: str
    before: str
    after: str


def changed_since_sent(application: LoanApplication) -> tuple[ChangedAnswer, ...]:
    """Answers of a returned application that differ from what was sent last; empty when it was never sent."""
    if application.number is None:
        return ()
    return _folded(_between_moves(application)[-1])


def changed_at_answers(application: LoanApplication) -> dict[int, tuple[ChangedAnswer, ...]]:
    """What differed at each answer to the office, by the id of its move."""
    if not any(change.step.answers for change in application.changes):
        return {}
    # Moves and their events are written together; applications that came with their history lack the oldest events.
    groups = _between_moves(application)[:-1]
    return {
        change.id: _folded(events)
        for change, events in zip(reversed(application.changes), reversed(groups), strict=False)
        if change.step.answers
    }


def _between_moves(application: LoanApplication) -> list[list[AuditEvent]]:
    """The changes before each move, oldest move first, and at the end those since the last one.

    Read beyond the scope: the committee does not see the audit trail, but learns what an answer changed.
    """
    events = db.session.scalars(
        select(AuditEvent)
        .where(
            AuditEvent.entity == LoanApplication.__tablename__,
            AuditEvent.entity_id == application.id,
            AuditEvent.kind.in_([AuditKind.CHANGED.value, AuditKind.MOVED.value]),
        )
        .order_by(AuditEvent.id),
        execution_options={"unscoped": True},
    )
    groups: list[list[AuditEvent]] = [[]]
    for event in events:
        if event.kind == AuditKind.MOVED:
            groups.append([])
        else:
            groups[-1].append(event)
    return groups


def _folded(events: Sequence[AuditEvent]) -> tuple[ChangedAnswer, ...]:
    """First value before and last value after of each answer; what was changed back is no change."""
    before: dict[str, str] = {}
    after: dict[str, str] = {}
    for event in events:
        for column, value in (event.before or {}).items():
            before.setdefault(column, value)
        after.update(event.after or {})
    return tuple(
        ChangedAnswer(column, old, after[column])
        for column, old in before.items()
        if not _same(column, old, after[column])
    )


def _same(column: str, old: str, new: str) -> bool:
    return Decimal(old) == Decimal(new) if column in AMOUNTS else old == new
