"""Who guarantees twice: told to the office with the other application, never to the cooperative."""

from datetime import timedelta

from app.domain.cooperatives import pack_board
from app.domain.states import State
from app.extensions import db
from app.models.applications import LoanApplication
from app.models.boards import KeptBoard
from app.models.cooperatives import BoardMember
from app.services.cooperatives.boards import board_of
from app.ui.clock import today
from tests import make
from tests.integration.applications.cooperative_place import CooperativePlace

NAME = "ผู้ค้ำสองแห่ง ตัวอย่าง"


def member(cooperative: int) -> BoardMember:
    return BoardMember(
        cooperative_id=cooperative,
        full_name=NAME,
        position="กรรมการ",
        term_starts_on=today() - timedelta(days=100),
        term_ends_on=today() + timedelta(days=900),
    )


def test_the_office_reads_what_else_a_guarantor_guarantees(place: CooperativePlace) -> None:
    key, draft = place.application(State.RECEIVED), place.application()
    with make.rows(place.app):
        other = make.application(State.RECEIVED)
        db.session.add_all([member(place.cooperative), member(other.cooperative_id)])
        db.session.flush()
        row = db.session.get_one(LoanApplication, key)
        db.session.add(
            KeptBoard(
                cooperative_id=place.cooperative,
                application_id=key,
                at=row.submitted_at,
                content=pack_board(board_of(place.cooperative)),
            )
        )
        number = other.number or ""

    fund, own = place.browser("fund").text(f"/track/{key}"), place.browser("preparer").text(f"/track/{key}")

    assert f"{NAME}: " in fund
    assert number in fund[fund.index('id="elsewhere"') :]
    assert f"/track/{draft}" not in fund[fund.index('id="elsewhere"') :]
    assert 'id="elsewhere"' not in own
    assert number not in own
