"""Tells the offices when a cooperative's board is no more the one that was sent."""

from collections.abc import Collection
from datetime import datetime

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select

from app.domain.states import GRANTED, HOLDS_MONEY
from app.domain.steps import Event
from app.domain.workflow import BOARD_CHANGED, GUARANTORS_CHANGED
from app.extensions import db
from app.models.applications import LoanApplication
from app.models.notices import Notice
from app.security.scope import unscoped
from app.services.applications.told import Readers, readers_of, tell_of


def tell_of_board(cooperative_id: int, actor_id: int, at: datetime) -> None:
    """Tell of each application under way, and of each granted loan, that the board was changed.

    In the running transaction, which holds the cooperative: no move passes meanwhile. Who has an unread notice of it
    is told already, so that a board entered anew is one notice and one mail; nor is who changed it.
    """
    with unscoped():
        sent = select(LoanApplication).where(
            LoanApplication.cooperative_id == cooperative_id,
            LoanApplication.status.in_(sorted(HOLDS_MONEY | GRANTED)),
        )
        for application in db.session.scalars(sent.order_by(LoanApplication.id)).all():
            event = GUARANTORS_CHANGED if application.state in GRANTED else BOARD_CHANGED
            told = {actor_id, *_told(application, event)}
            readers = _without(readers_of(application, event, sent=True), told)
            tell_of(application, event, None, at, readers=readers)
            db.session.flush()


def is_granted(cooperative_id: int) -> bool:
    """Whether a loan of the cooperative was granted: its board guarantees it. Held is whoever asks before a change."""
    granted = select(LoanApplication.id).where(
        LoanApplication.cooperative_id == cooperative_id, LoanApplication.status.in_(sorted(GRANTED))
    )
    return db.session.scalar(granted.limit(1), execution_options={"unscoped": True}) is not None


def _told(application: LoanApplication, event: Event) -> set[int]:
    """Who has not read a notice of the same yet."""
    unread = select(Notice.user_id).where(
        Notice.application_id == application.id, Notice.move == event.name, Notice.read_at.is_(None)
    )
    return set(db.session.scalars(unread))


def _without(readers: Readers, told: Collection[int]) -> Readers:
    def rest(people: tuple[User, ...]) -> tuple[User, ...]:
        return tuple(user for user in people if user.id not in told)

    return Readers(rest(readers.cooperative), rest(readers.staff))
