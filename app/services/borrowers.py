"""What the fund itself knows of a cooperative as a borrower."""

from sqlalchemy import select

from app.domain.workflow import State
from app.extensions import db
from app.models.applications import LoanApplication


def never_borrowed(cooperative_id: int) -> bool:
    """Whether the fund never approved a loan of the cooperative."""
    approved = select(LoanApplication.id).where(
        LoanApplication.cooperative_id == cooperative_id, LoanApplication.status == State.APPROVED
    )
    return db.session.scalar(approved.limit(1)) is None
