"""Holds what a rule looks at until the transaction ends, always in one order: cooperative, programme, application.

People are apart from these: whoever judges roles and memberships holds the people's own rows.
"""

from collections.abc import Iterable
from typing import Any

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import Select, select

from app.domain.states import EDITABLE
from app.domain.values.errors import RuleBroken
from app.domain.values.text import N_
from app.extensions import db
from app.models.applications import LoanApplication
from app.models.cooperatives import Cooperative

ENDED = N_("The application has ended and can no longer be changed. If you still need the loan, apply anew.")
SENT_ALREADY = N_("The application has been sent and can no longer be changed. Wait until the office asks for more.")


def holding(statement: Select[Any], *rows: type[Any]) -> Select[Any]:
    """The statement with rows of these tables held, in this order.

    Rows that name them may still be added by others: they are no reason to wait.
    """
    return statement.with_for_update(of=rows, key_share=True)


def hold_cooperative(cooperative_id: int) -> None:
    """Hold the cooperative's row until the transaction ends: moves of its applications wait.

    Raises:
        LookupError: there is no such cooperative for this person.
    """
    if db.session.scalar(holding(select(Cooperative.id).where(Cooperative.id == cooperative_id), Cooperative)) is None:
        raise LookupError(cooperative_id)


def locked(application_id: int) -> LoanApplication:
    """The row under its cooperative's lock and its own until the transaction ends, its state read anew.

    The cooperative comes first, as everywhere: whoever moves it to another office holds it and goes on to its
    applications, and whatever is added to an application names its cooperative.

    Raises:
        LookupError: there is no such application for this person.
    """
    statement = select(LoanApplication).join(LoanApplication.cooperative).where(LoanApplication.id == application_id)
    found = db.session.scalar(_anew(holding(statement, Cooperative, LoanApplication)))
    if not isinstance(found, LoanApplication):
        raise LookupError(application_id)
    return found


def lock_to_change(application: LoanApplication) -> None:
    """Hold the application's row, and raise ``RuleBroken`` once the cooperative may not change it."""
    refuse_unless_editable(locked(application.id))


def why_kept(application: LoanApplication) -> str:
    """Why an application may not be changed any more: it was sent, or it has ended."""
    return ENDED if application.state.facts.final else SENT_ALREADY


def refuse_unless_editable(application: LoanApplication) -> None:
    """Raise ``RuleBroken`` once the cooperative may not change the application."""
    if application.state not in EDITABLE:
        raise RuleBroken(why_kept(application))


def locked_people(ids: Iterable[int]) -> dict[int, User]:
    """People by their ids under their locks, with their roles as they are now."""
    statement = select(User).where(User.id.in_(set(ids))).order_by(User.id)
    return {row.id: row for row in db.session.scalars(_anew(holding(statement, User)))}


def _anew(statement: Select[Any]) -> Select[Any]:
    return statement.execution_options(populate_existing=True)
