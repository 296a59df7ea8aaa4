"""The moves of an application with the people who made them."""

from collections.abc import Sequence

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select
from sqlalchemy.orm import joinedload, load_only
from sqlalchemy.orm.attributes import set_committed_value

from app.domain.workflow import MOVED_TO
from app.extensions import db
from app.models.applications import LoanApplication, StatusChange


def history_of(application: LoanApplication) -> Sequence[StatusChange]:
    """Every move, oldest first, by one statement, which is all that a page needs of ``application.changes``."""
    set_committed_value(application, "changes", _changes(application))
    return application.changes


def _changes(application: LoanApplication) -> list[StatusChange]:
    if application.state not in MOVED_TO:
        return []
    moves = select(StatusChange).where(StatusChange.application_id == application.id).order_by(StatusChange.id)
    name = load_only(User.first_name, User.last_name)
    return list(db.session.scalars(moves.options(joinedload(StatusChange.actor).options(name))))
