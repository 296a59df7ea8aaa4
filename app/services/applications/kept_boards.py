"""The guarantors an application was sent with, and what has become of them since."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import pairwise

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.domain.cooperatives import Board, BoardChange, board_changes, pack_board, unpack_board
from app.extensions import db
from app.models.applications import LoanApplication
from app.models.audit import AuditEvent
from app.models.boards import KeptBoard
from app.models.cooperatives import BoardMember
from app.services.cooperatives.boards import board_of

Boards = Mapping[datetime, Board]  # by the moment of the move that sent it, oldest first


def keep_board(application: LoanApplication, board: Board, at: datetime) -> None:
    """Keep the board with what is sent at ``at``; the caller holds the cooperative, and so its board."""
    db.session.add(
        KeptBoard(cooperative_id=application.cooperative_id, application=application, at=at, content=pack_board(board))
    )


def boards_sent(application: LoanApplication) -> Boards:
    """Every board the application was sent with; none for a draft, and for what was sent before boards were kept."""
    if application.submitted_at is None:
        return {}
    kept = select(KeptBoard.at, KeptBoard.content).where(KeptBoard.application_id == application.id)
    return {at: unpack_board(content) for at, content in db.session.execute(kept.order_by(KeptBoard.at))}


def last_sent(boards: Boards) -> tuple[datetime, Board] | None:
    """The newest of the boards, with its moment."""
    return (max(boards), boards[max(boards)]) if boards else None


def changed_at_sendings(boards: Boards) -> dict[datetime, tuple[BoardChange, ...]]:
    """What differed at each further sending from the one before, by its moment."""
    moments = sorted(boards)
    return {at: board_changes(boards[before], boards[at]) for before, at in pairwise(moments)}


def board_changed_since_sent(application: LoanApplication, now: Board | None = None) -> tuple[BoardChange, ...]:
    """How the board differs from the one sent last; ``now`` is the board when it was read already."""
    last = last_sent(boards_sent(application))
    if last is None:
        return ()
    return board_changes(last[1], now if now is not None else board_of(application.cooperative_id))


def who_changed(application: LoanApplication, since: datetime, changes: Iterable[BoardChange]) -> dict[int, AuditEvent]:
    """The last event about each row of the register that changes are about, with who made it.

    Read beyond the scope: offices and the committee do not open the audit trail, but learn who changed a board.
    """
    keys = {key for change in changes for key in change.keys}
    if not keys:
        return {}
    events = db.session.scalars(
        select(AuditEvent)
        .where(
            AuditEvent.cooperative_id == application.cooperative_id,
            AuditEvent.at >= since,
            AuditEvent.entity == BoardMember.__tablename__,
            AuditEvent.entity_id.in_(sorted(keys)),
        )
        .order_by(AuditEvent.id)
        .options(joinedload(AuditEvent.actor)),
        execution_options={"unscoped": True},
    )
    return {event.entity_id: event for event in events if event.entity_id is not None}
