"""What a programme may still lend, and which programmes take applications."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from sqlalchemy import case, func, select

from app.domain.workflow import HOLDS_MONEY, State
from app.extensions import db
from app.models.applications import LoanApplication
from app.models.programmes import LoanProgramme, ProgrammeStatus


def open_programmes(today: date) -> list[LoanProgramme]:
    """Programmes that take applications on ``today``, soonest to close first."""
    statement = select(LoanProgramme).where(
        LoanProgramme.status == ProgrammeStatus.OPEN, LoanProgramme.opens_on <= today, LoanProgramme.closes_on >= today
    )
    return list(db.session.scalars(statement.order_by(LoanProgramme.closes_on, LoanProgramme.id)))


def money_left(programmes: Iterable[LoanProgramme], *, but: int | None = None) -> dict[int, Decimal]:
    """Envelope less what is approved and what waits for a decision, in baht, by programme id.

    Counted over all cooperatives whoever asks: the figure is public, its parts are not.

    Args:
        but: an application whose own amount is not counted.
    """
    envelopes = {programme.id: programme.envelope for programme in programmes}
    taken = case(
        (LoanApplication.status == State.APPROVED, LoanApplication.amount_approved),
        (LoanApplication.status.in_(sorted(HOLDS_MONEY)), LoanApplication.amount_asked),
        else_=None,
    )
    statement = (
        select(LoanApplication.programme_id, func.sum(taken))
        .where(LoanApplication.programme_id.in_(envelopes))
        .group_by(LoanApplication.programme_id)
    )
    if but is not None:
        statement = statement.where(LoanApplication.id != but)
    sums = {key: total for key, total in db.session.execute(statement, execution_options={"unscoped": True})}
    return {key: envelope - (sums.get(key) or Decimal(0)) for key, envelope in envelopes.items()}
