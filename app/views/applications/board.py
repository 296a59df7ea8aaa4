"""The guarantors on an application's page and in its dossier: as they were sent, and what changed since."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.cooperatives import Board, BoardChange, board_changes
from app.domain.roles import Role
from app.domain.states import GRANTED, HOLDS_MONEY
from app.models.applications import LoanApplication
from app.models.audit import AuditEvent
from app.services.applications.kept_boards import Boards, last_sent, who_changed
from app.services.cooperatives.boards import board_of
from app.ui.formatting import be_datetime
from app.views.applications.timeline import who
from app.views.cooperatives.board_words import Lines, lines_of, rows_of


@dataclass(frozen=True, slots=True)
class ChangedGuarantor:
    """One guarantor who is not as sent: the values that differ, and who changed it when."""

    lines: Lines
    who: str


@dataclass(frozen=True, slots=True)
class SentBoard:
    """The board as sent at a moment, by name, position and term; and what differs now."""

    at: str
    rows: Sequence[tuple[str, ...]]
    changes: Sequence[ChangedGuarantor]


def sent_board(
    application: LoanApplication, boards: Boards, now: Board | None = None, *, show_people: bool
) -> SentBoard | None:
    """The board of the last sending with what changed since, while the application is under way or a loan was granted.

    Args:
        boards: what was kept of it.
        now: the board as it is, when it was read already.
    """
    last = last_sent(boards)
    if last is None:
        return None
    at, board = last
    changes: Sequence[BoardChange] = ()
    if application.state in HOLDS_MONEY | GRANTED:
        changes = board_changes(board, now if now is not None else board_of(application.cooperative_id))
    events = who_changed(application, at, changes)
    return SentBoard(
        be_datetime(at), rows_of(board), [_changed(change, events, show_people=show_people) for change in changes]
    )


def _changed(change: BoardChange, events: dict[int, AuditEvent], *, show_people: bool) -> ChangedGuarantor:
    about = [events[key] for key in change.keys if key in events]
    last = max(about, key=lambda event: event.id, default=None)
    return ChangedGuarantor(lines_of(change), _who(last, show_people) if last else "")


def _who(event: AuditEvent, show_people: bool) -> str:
    moment: datetime = event.at
    role = event.actor_role or Role.SYSTEM.value
    return f"{who(event.actor if show_people else None, role)} · {be_datetime(moment)}"
