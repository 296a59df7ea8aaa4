"""Warns a cooperative twice before an application expires; told anew after somebody worked on it."""

from datetime import datetime, timedelta
from typing import Any

from flask_babel import force_locale
from sqlalchemy import Select, exists, select

from app.domain.states import State
from app.domain.steps import Event
from app.extensions import db
from app.models.applications import LoanApplication
from app.models.notices import Notice
from app.services.applications.ending import ENDING, expires_on, waits_days, warnings
from app.services.applications.told import readers_of, tell_of
from app.ui.formatting import be_date
from app.ui.language import DEFAULT


def warn(at: datetime) -> int:
    """Tell of every application that expires soon, once each warning, and commit after each; returns how many."""
    number = 0
    for event, longest, shortest in warnings():
        for state in sorted(ENDING):
            # Whoever has fewer days than the warning would be warned of every change at once.
            if longest >= waits_days(state):
                continue
            due = _due(event, state, at, longest, shortest)
            for application_id in db.session.scalars(due).all():
                number += _warned(due, application_id, event, at)
    return number


def _due(event: Event, state: State, at: datetime, longest: int, shortest: int) -> Select[Any]:
    """Ids of the applications between so many days before their end, of which this was not told since their change."""
    days = waits_days(state)
    told = exists().where(
        Notice.application_id == LoanApplication.id,
        Notice.move == event.name,
        Notice.at >= LoanApplication.changed_at,
    )
    return (
        select(LoanApplication.id)
        .where(
            LoanApplication.status == state.value,
            LoanApplication.changed_at <= at - timedelta(days=days - longest),
            LoanApplication.changed_at > at - timedelta(days=days - shortest),
            ~told,
        )
        .order_by(LoanApplication.id)
    )


def _warned(due: Select[Any], application_id: int, event: Event, at: datetime) -> bool:
    """Tell the cooperative, unless somebody worked on it, or another worker told of it, just now."""
    held = select(LoanApplication).where(LoanApplication.id == application_id).with_for_update()
    application = db.session.scalars(held.execution_options(populate_existing=True)).one()
    readers = readers_of(application, event, sent=application.submitted_at is not None)
    # Nobody who could work on it: nothing would say that it was told, and its office's mail would repeat it for ever.
    told = bool(readers.cooperative) and db.session.scalar(due.where(LoanApplication.id == application_id)) is not None
    if told:
        with force_locale(DEFAULT):
            day = be_date(expires_on(application), "full")
        tell_of(application, event, day, at, readers=readers)
    db.session.commit()
    return told
