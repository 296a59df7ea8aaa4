"""What became of a demonstration board after it was sent: a change the office sees, and one that waits."""

from datetime import datetime, timedelta

from sqlalchemy import select

from app.demo.seed_accounts import Accounts
from app.demo.seed_registers import Registers
from app.domain.cooperatives import BoardAct
from app.domain.roles import Role
from app.extensions import db
from app.models.boards import WaitingBoardChange
from app.models.cooperatives import BoardMember

COOPERATIVE = "chonburi-1"  # it has a granted loan, and an application that is being checked
NEW_POSITION_TH = "รองประธานกรรมการคนที่ 1"
NEW_NAME_TH, NEXT_POSITION_TH = "เหรัญญิกคนใหม่ สหกรณ์ชลบุรี 1", "เหรัญญิก"
TYPED = timedelta(hours=2)  # before the demonstration is made


def add_board_changes(registers: Registers, accounts: Accounts, at: datetime) -> None:
    """Change one guarantor, and keep a change of another for the signatory."""
    owner = registers.cooperatives[COOPERATIVE]
    people = select(BoardMember).where(BoardMember.cooperative_id == owner.id).order_by(BoardMember.id)
    _chair, deputy, *others = db.session.scalars(people).all()
    deputy.position = NEW_POSITION_TH
    treasurer = next((each for each in others if each.position == NEXT_POSITION_TH), others[0])
    preparer = accounts.acting(Role.PREPARER, COOPERATIVE)
    db.session.add(
        WaitingBoardChange(
            cooperative_id=owner.id,
            act=BoardAct.CHANGE,
            member_id=treasurer.id,
            full_name=NEW_NAME_TH,
            position=treasurer.position,
            term_starts_on=treasurer.term_starts_on,
            term_ends_on=treasurer.term_ends_on,
            typed_at=at - TYPED,
            typed_by_id=preparer.id if preparer is not None else None,
        )
    )
    db.session.flush()
