"""Who of the guarantors of an application guarantees something else as well; for the offices alone."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import select

from app.domain.states import GRANTED, HOLDS_MONEY
from app.extensions import db
from app.models.applications import LoanApplication
from app.models.cooperatives import BoardMember

MOST_TOLD = 20


def guarantees_elsewhere(application: LoanApplication, names: Collection[str]) -> Sequence[Any]:
    """(full_name, id, number, cooperative_name) of other applications under way and loans that people of these names
    guarantee, one more than are told; what the reader's scope does not show is not among them.

    People are told apart by their names alone: the register holds no number of a person.
    """
    if not names:
        return ()
    return db.session.execute(
        select(BoardMember.full_name, LoanApplication.id, LoanApplication.number, LoanApplication.cooperative_name)
        .join(LoanApplication, LoanApplication.cooperative_id == BoardMember.cooperative_id)
        .where(
            BoardMember.full_name.in_(sorted(names)),
            LoanApplication.status.in_(sorted(HOLDS_MONEY | GRANTED)),
            LoanApplication.submitted_at.is_not(None),
            LoanApplication.id != application.id,
        )
        .order_by(BoardMember.full_name, LoanApplication.id)
        .limit(MOST_TOLD + 1)
    ).all()
