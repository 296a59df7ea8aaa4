"""What is said of an application that went out of a person's sight while the person had it open."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.domain.values.calendar import bangkok_hour
from app.domain.values.text import N_, Phrase, Words
from app.extensions import db
from app.models.applications import StatusChange


def last_step_since(application_id: int, shown_at: datetime) -> Words | None:
    """Who took the last step and when, if it came after the person was shown the application.

    Read beyond the scope: ask only for somebody who proved to have seen this application then.
    """
    steps = select(StatusChange).where(StatusChange.application_id == application_id).order_by(StatusChange.id.desc())
    last = db.session.scalar(
        steps.limit(1).options(joinedload(StatusChange.actor)), execution_options={"unscoped": True}
    )
    if last is None or last.at < shown_at:
        return None
    return Words(
        N_(
            "The application changed while you had it open, and is not before you any more. The last step was "
            "“%(what)s” by %(who)s at %(when)s. Nothing of yours was stored."
        ),
        what=Phrase(last.step.done),
        who=last.actor.get_full_name() if last.actor else "–",
        when=bangkok_hour(last.at),
    )
