"""The people around one cooperative's applications, and moves made by them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_appbuilder.security.sqla.models import User

from app.domain.roles import Role
from app.domain.states import State
from app.extensions import db
from app.models.applications import LoanApplication
from app.services.applications.effects import MoveRequest
from app.services.applications.moves import move
from tests import make

LATER = make.AT + timedelta(days=3)


@dataclass
class People:
    """One person in each role an application meets, at the cooperative's own office."""

    signatory: User
    preparer: User
    officer: User
    fund: User
    committee: User

    @property
    def by_role(self) -> dict[Role, User]:
        return {
            Role.SIGNATORY: self.signatory,
            Role.PREPARER: self.preparer,
            Role.PROVINCIAL_OFFICER: self.officer,
            Role.FUND_OFFICER: self.fund,
            Role.COMMITTEE: self.committee,
        }


def applied(people: People, state: State = State.DRAFT, **values: Any) -> LoanApplication:
    cooperative = make.acting_as(people.signatory).cooperative_id
    row = make.application(state, of=db.session.get_one(make.Cooperative, cooperative), by=people.by_role, **values)
    db.session.commit()
    return row


def make_move(row: LoanApplication, user: User, name: str, *, at: datetime = LATER, **values: Any) -> LoanApplication:
    said = {"meeting_no": "12/2569", "reason": "เหตุผล"} if name in make.DECIDING else {}
    said["papers_reason"] = "ดูต้นฉบับที่สำนักงานแล้ว"  # kept only where papers are not accepted
    request = MoveRequest(**{"name": name, "version": row.version, **said, **values})
    with make.acting(user) as person:
        return move(row.id, request, person, at)
