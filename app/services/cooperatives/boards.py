"""A cooperative's operating board, as it is registered now."""

from sqlalchemy import select

from app.domain.cooperatives import Board, Guarantor
from app.extensions import db
from app.models.cooperatives import BoardMember


def board_of(cooperative_id: int) -> Board:
    """The guarantors in the register's order, read beyond the scope: what is sent is the same whoever looks."""
    rows = db.session.execute(
        select(
            BoardMember.id,
            BoardMember.full_name,
            BoardMember.position,
            BoardMember.term_starts_on,
            BoardMember.term_ends_on,
        )
        .where(BoardMember.cooperative_id == cooperative_id)
        .order_by(BoardMember.id),
        execution_options={"unscoped": True},
    )
    return tuple(Guarantor(*row) for row in rows)
