"""What the fund itself knows of a cooperative as a borrower."""

from collections.abc import Collection

from sqlalchemy import select

from app.domain.workflow import State
from app.extensions import db
from app.models.applications import LoanApplication


def never_borrowed(cooperative_id: int) -> bool:
    """Whether the fund never approved a loan of the cooperative."""
    return not borrowers_among([cooperative_id])


def borrowers_among(cooperative_ids: Collection[int]) -> frozenset[int]:
    """Those of the cooperatives that the fund approved a loan of."""
    approved = select(LoanApplication.cooperative_id).where(
        LoanApplication.cooperative_id.in_(cooperative_ids), LoanApplication.status == State.APPROVED
    )
    return frozenset(db.session.scalars(approved.distinct()))
