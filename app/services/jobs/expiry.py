"""Expires what nobody answered or sent."""

from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm.exc import StaleDataError

from app.domain.values.errors import RuleBroken
from app.extensions import db
from app.models.applications import LoanApplication
from app.security.acting import Acting
from app.security.reach import EVERYTHING
from app.security.scope import unscoped
from app.services.applications.effects import MoveRequest
from app.services.applications.ending import ENDING, waits_days
from app.services.applications.moves import SYSTEM_ROLES, move

THE_SYSTEM = Acting(user_id=0, roles=SYSTEM_ROLES, scope=EVERYTHING)


class TooManyToExpire(Exception):
    """So many would expire at once that the clock or the data may be wrong; none did."""

    def __init__(self, number: int, most: int) -> None:
        super().__init__(f"{number:,} applications would expire at once, more than {most:,}")


def expire(at: datetime, *, most: int | None = None) -> int:
    """Expire drafts and unanswered applications that nobody worked on for as long as the settings say.

    Raises:
        TooManyToExpire: there are more than ``most``, and nothing was expired: there is no way back from it.
    """
    stale = db.session.execute(_stale(at)).all()
    if most is not None and len(stale) > most:
        db.session.rollback()
        raise TooManyToExpire(len(stale), most)
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


def waiting_for_leave(at: datetime) -> int:
    """How many applications would expire if somebody gave leave; none when so few may expire by themselves."""
    stale = _stale(at).subquery()
    with unscoped():
        number = db.session.scalar(select(func.count()).select_from(stale)) or 0
    return number if number > current_app.config["EXPIRY_MOST_A_ROUND"] else 0


def _stale(at: datetime) -> Any:
    """The statement that finds them: id and version of each."""
    ended = (
        and_(LoanApplication.status == state.value, LoanApplication.changed_at < at - timedelta(days=waits_days(state)))
        for state in sorted(ENDING)
    )
    return select(LoanApplication.id, LoanApplication.version).where(or_(*ended))
