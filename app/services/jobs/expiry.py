"""Expires what nobody answered or sent."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm.exc import StaleDataError

from app.domain.values.errors import RuleBroken
from app.domain.workflow import MOVES
from app.extensions import db
from app.models.applications import LoanApplication
from app.security.acting import Acting
from app.security.reach import EVERYTHING
from app.services.applications.effects import MoveRequest
from app.services.applications.moves import SYSTEM_ROLES, move

THE_SYSTEM = Acting(user_id=0, roles=SYSTEM_ROLES, scope=EVERYTHING)


def expire(before: datetime, at: datetime) -> int:
    """Expire drafts and unanswered applications nobody touched since ``before``."""
    step = MOVES["expire"]
    stale = db.session.execute(
        select(LoanApplication.id, LoanApplication.version).where(
            LoanApplication.status.in_([state.value for state in step.origins]), LoanApplication.changed_at < before
        )
    ).all()
    number = 0
    for application_id, version in stale:
        try:
            move(application_id, MoveRequest("expire", version), THE_SYSTEM, at)
            db.session.commit()
            number += 1
        except (RuleBroken, LookupError, StaleDataError):
            # Somebody worked on it just now: it is not stale any more.
            db.session.rollback()
    return number
