"""Changes of a board that guarantees a granted loan: kept as typed until the signatory consents, or does not.

The callers hold the cooperative, so that two people settle nothing twice and nothing is sent meanwhile.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_appbuilder.security.sqla.models import User
from flask_babel import force_locale, gettext
from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from app.domain.cooperatives import (
    BOARD_AGREED,
    BOARD_DECLINED,
    BOARD_WAITS,
    BoardAct,
    BoardChange,
    BoardOutcome,
    Guarantor,
    board_mark,
    refuse_backward_term,
)
from app.domain.roles import Role
from app.domain.values.errors import RuleBroken
from app.domain.values.text import N_
from app.extensions import db
from app.models.boards import WaitingBoardChange
from app.models.cooperatives import BoardMember, Cooperative
from app.models.people import Membership
from app.services.messages.tell import About, Letter, tell
from app.ui.formatting import be_datetime
from app.ui.language import DEFAULT

VALUES = ("full_name", "position", "term_starts_on", "term_ends_on")
PAGE = "/board-changes/"
TEXT = "cooperative.board_waits"
SHOWN = 100
SETTLED = N_("This change of the board was settled already. Look at the board as it is now.")
MOVED = N_("The board was changed meanwhile. Look at what the change would do now, then answer again.")
NOT_THERE = N_("This person is no longer on the board, so there is nothing to change. Answer that you do not consent.")


def keep_waiting(
    cooperative: Cooperative,
    act: BoardAct,
    member: BoardMember | None,
    values: Mapping[str, Any],
    typed_by_id: int,
    at: datetime,
) -> None:
    """Keep a change as typed, in place of one that waits about the same person, and tell the signatories.

    Args:
        values: name, position and the term's days as they are to be; of who is to be taken out, as they are.

    Raises:
        RuleBroken: the term ends before it starts.
    """
    refuse_backward_term(values["term_starts_on"], values["term_ends_on"])
    if member is not None:
        earlier = _open().where(WaitingBoardChange.member_id == member.id)
        for waiting in db.session.scalars(earlier.where(WaitingBoardChange.cooperative_id == cooperative.id)):
            _settle(waiting, BoardOutcome.REPLACED, typed_by_id, at)
    db.session.add(
        WaitingBoardChange(
            cooperative_id=cooperative.id,
            act=act,
            member_id=member.id if member is not None else None,
            typed_at=at,
            typed_by_id=typed_by_id or None,
            **{name: values[name] for name in VALUES},
        )
    )
    db.session.flush()
    _tell_signatories(cooperative, at)


def waiting_changes(cooperative_id: int | None = None) -> Sequence[WaitingBoardChange]:
    """Those that wait, in the person's scope or of one cooperative, the first typed first."""
    found = _open().order_by(WaitingBoardChange.id).limit(SHOWN)
    if cooperative_id is not None:
        found = found.where(WaitingBoardChange.cooperative_id == cooperative_id)
    return db.session.scalars(
        found.options(joinedload(WaitingBoardChange.cooperative), joinedload(WaitingBoardChange.typed_by))
    ).all()


def count_waiting() -> int:
    """How many wait, in the person's scope."""
    return db.session.scalar(select(func.count()).select_from(_open().subquery())) or 0


def waits_about(member_id: int) -> bool:
    """Whether a change of this member waits."""
    return db.session.scalar(_open().where(WaitingBoardChange.member_id == member_id).limit(1)) is not None


def what_it_does(changes: Sequence[WaitingBoardChange]) -> dict[int, BoardChange | None]:
    """What each change would do to the board as it is now; nothing when the person left it meanwhile."""
    keys = [change.member_id for change in changes if change.member_id is not None]
    rows = db.session.scalars(select(BoardMember).where(BoardMember.id.in_(keys))) if keys else ()
    there = {row.id: guarantor_of(row) for row in rows}
    found: dict[int, BoardChange | None] = {}
    for change in changes:
        before = there.get(change.member_id or 0)
        wanted = None if change.act == BoardAct.REMOVE else guarantor_of(change)
        gone = before is None and change.act != BoardAct.ADD
        found[change.id] = None if gone else BoardChange(before, wanted)
    return found


def guarantor_of(row: BoardMember | WaitingBoardChange) -> Guarantor:
    """The values of a row of the register, or of a change."""
    return Guarantor(row.id, *(getattr(row, name) for name in VALUES))


def mark_of(before: Guarantor | None) -> str:
    """What the form of an answer carries of the member as the signatory saw it."""
    return board_mark((before,) if before is not None else ())


def consent(change: WaitingBoardChange, seen: str, settled_by_id: int, at: datetime) -> None:
    """Do what the change says, in the signatory's name, once the signatory saw what it does now.

    Raises:
        RuleBroken: it was settled already, the member is no more as ``seen``, or has left the board.
    """
    _refuse_settled(change)
    row = db.session.get(BoardMember, change.member_id) if change.member_id is not None else None
    if row is None and change.act != BoardAct.ADD:
        raise RuleBroken(NOT_THERE)
    if mark_of(guarantor_of(row) if row is not None else None) != seen:
        raise RuleBroken(MOVED)
    if row is not None and change.act == BoardAct.REMOVE:
        db.session.delete(row)
    else:
        row = row or BoardMember(cooperative_id=change.cooperative_id)
        for name in VALUES:
            setattr(row, name, getattr(change, name))
        db.session.add(row)
    _settle(change, BoardOutcome.AGREED, settled_by_id, at)
    db.session.flush()
    _tell_typist(change, BOARD_AGREED.name, at)


def decline(change: WaitingBoardChange, settled_by_id: int, at: datetime) -> None:
    """Leave the board as it is. Raises ``RuleBroken`` when the change was settled already."""
    _refuse_settled(change)
    _settle(change, BoardOutcome.DECLINED, settled_by_id, at)
    _tell_typist(change, BOARD_DECLINED.name, at)


def take_back(change: WaitingBoardChange, settled_by_id: int, at: datetime) -> None:
    """Leave the board as it is, as who typed the change wants by now. Raises ``RuleBroken`` as ``decline`` does."""
    _refuse_settled(change)
    _settle(change, BoardOutcome.TAKEN_BACK, settled_by_id, at)


def _open() -> Any:
    return select(WaitingBoardChange).where(WaitingBoardChange.outcome.is_(None))


def _settle(change: WaitingBoardChange, outcome: BoardOutcome, settled_by_id: int, at: datetime) -> None:
    change.outcome, change.settled_at, change.settled_by_id = outcome, at, settled_by_id or None


def _refuse_settled(change: WaitingBoardChange) -> None:
    db.session.refresh(change)
    if change.outcome is not None:
        raise RuleBroken(SETTLED)


def _tell_signatories(cooperative: Cooperative, at: datetime) -> None:
    """A notice and a mail for each active signatory."""
    statement = (
        select(User)
        .join(Membership, Membership.user_id == User.id)
        .where(
            Membership.cooperative_id == cooperative.id,
            Membership.active,
            Membership.role == Role.SIGNATORY.value,
            or_(User.active, User.active.is_(None)),
        )
    )
    readers = db.session.scalars(statement, execution_options={"unscoped": True}).unique().all()
    with force_locale(DEFAULT):
        letters = [
            Letter(
                reader.email,
                TEXT,
                {
                    "reader": reader.get_full_name().strip() or cooperative.name,
                    "happened": (gettext(BOARD_WAITS.done),),
                    "changes": (cooperative.name,),
                    "when": be_datetime(at),
                },
            )
            for reader in readers
        ]
    about = About(cooperative.id, None, PAGE, cooperative.name)
    tell(BOARD_WAITS.name, about, (reader.id for reader in readers), letters, at)


def _tell_typist(change: WaitingBoardChange, occasion: str, at: datetime) -> None:
    if change.typed_by_id is None or change.typed_by_id == change.settled_by_id:
        return
    words = f"{change.full_name} – {change.cooperative.name}"
    tell(occasion, About(change.cooperative_id, None, PAGE, words[:600]), [change.typed_by_id], (), at)
