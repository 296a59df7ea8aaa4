"""Applications whose answers a new one may begin with."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from app.domain.states import GRANTED
from app.domain.workflow import DECIDED
from app.extensions import db
from app.models.applications import LoanApplication

NOT_GRANTED = DECIDED - GRANTED


def earlier_ones(cooperative_id: int | None) -> Sequence[Any]:
    """The cooperative's last application that was sent, and the last one that was not approved."""
    own = select(LoanApplication.id).where(
        LoanApplication.cooperative_id == cooperative_id, LoanApplication.submitted_at.is_not(None)
    )
    newest = own.order_by(LoanApplication.id.desc()).limit(1).scalar_subquery()
    decided = own.where(LoanApplication.status.in_(sorted(NOT_GRANTED)))
    refused = decided.order_by(LoanApplication.id.desc()).limit(1).scalar_subquery()
    return db.session.execute(
        select(LoanApplication.id, LoanApplication.number, LoanApplication.status)
        .where(LoanApplication.id.in_([newest, refused]))
        .order_by(LoanApplication.id.desc())
    ).all()
