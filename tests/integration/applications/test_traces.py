"""What every move leaves behind: history, an event, notices and mails."""

from datetime import timedelta
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.domain.roles import COOPERATIVE, Role
from app.domain.states import State
from app.domain.workflow import MOVES
from app.extensions import db
from app.models.applications import Decision, LoanApplication, RunningNumber, StatusChange
from app.models.audit import AuditEvent, AuditKind
from app.models.notices import Notice, OutboxMail
from app.models.transaction import writing
from app.services.jobs.due_work import run_due_work
from tests import make
from tests.integration.applications.people import LATER, People, applied, make_move

pytestmark = pytest.mark.usefixtures("all_rows")


HISTORY = (StatusChange, AuditEvent, Notice, OutboxMail)


def counts() -> dict[str, int]:
    return {model.__tablename__: db.session.scalar(select(func.count(model.id))) or 0 for model in HISTORY}


def origin_of(name: str) -> State:
    """An origin of the move that one path leads to, the one nearest to the draft."""
    return min(MOVES[name].origins, key=lambda state: len(make.path_to(state)))


def make_any(row: LoanApplication, people: People, name: str) -> None:
    if name == "expire":
        run_due_work(LATER + timedelta(days=365))
        return
    roles = MOVES[name].roles
    maker = people.signatory if Role.SIGNATORY in roles else next(people.by_role[role] for role in sorted(roles))
    make_move(row, maker, name, reason="เหตุผล", amount=Decimal(1_000_000))


@pytest.mark.parametrize("name", MOVES)
def test_move_leaves_its_history_an_event_notices_and_mails(people: People, name: str) -> None:
    row = applied(people, origin_of(name))
    before = counts()

    make_any(row, people, name)
    db.session.commit()

    after = counts()
    event = db.session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc()).limit(1)).one()
    told = set(db.session.scalars(select(Notice.user_id).where(Notice.move == name)))
    assert after["status_change"] == before["status_change"] + 1
    assert after["audit_event"] == before["audit_event"] + 1
    assert (event.kind, event.entity, event.entity_id) == (AuditKind.MOVED, "loan_application", row.id)
    assert event.after["status"] == MOVES[name].target == row.status
    # What never reached the offices is not told to them.
    concerned = MOVES[name].tells if row.submitted_at is not None else MOVES[name].tells & COOPERATIVE
    assert told == {people.by_role[role].id for role in concerned if role in people.by_role}
    assert after["outbox_mail"] - before["outbox_mail"] == len(told)


@pytest.mark.parametrize("name", [name for name in MOVES if name != "expire"])
def test_rolled_back_move_leaves_nothing(people: People, name: str) -> None:
    row = applied(people, origin_of(name))
    state, before = row.state, counts()
    decided = db.session.scalar(select(func.count(Decision.id)))
    numbers = db.session.scalars(select(RunningNumber.last)).all()
    db.session.commit()

    with writing():
        make_any(row, people, name)
        db.session.rollback()

    assert counts() == before
    assert db.session.get_one(LoanApplication, row.id).state is state
    assert db.session.scalar(select(func.count(Decision.id))) == decided
    assert db.session.scalars(select(RunningNumber.last)).all() == numbers


def test_notice_reaches_only_the_office_and_the_cooperative_concerned(people: People) -> None:
    strangers = {
        make.person(Role.SIGNATORY, of=make.cooperative()).id,
        make.person(Role.PROVINCIAL_OFFICER, place=make.PATHUM_THANI).id,
    }
    row = applied(people)

    make_move(row, people.signatory, "submit")

    told = set(db.session.scalars(select(Notice.user_id)))
    assert told == {people.signatory.id, people.preparer.id, people.officer.id}
    assert not told & strangers


def test_person_switched_off_is_not_told(people: People) -> None:
    people.preparer.active = False
    row = applied(people)

    make_move(row, people.signatory, "submit")

    assert people.preparer.id not in set(db.session.scalars(select(Notice.user_id)))


def test_mail_names_number_state_and_reason(people: People, app: Flask) -> None:
    row = applied(people, State.IN_REVIEW)

    make_move(row, people.officer, "return", reason="ขอรายงานการประชุมฉบับล่าสุด")

    mail = db.session.scalars(select(OutboxMail).where(OutboxMail.recipient == people.signatory.email)).one()
    assert str(row.number) in mail.subject
    assert "ขอรายงานการประชุมฉบับล่าสุด" in mail.body
    assert "5,000,000.00" in mail.body
    assert f"/track/{row.id}" in mail.body
    assert make.in_thai(app, "We are waiting for you") in mail.body


def test_approval_event_keeps_the_amount_and_the_meeting(people: People) -> None:
    row = applied(people, State.ON_AGENDA)

    make_move(row, people.committee, "approve", amount=Decimal(900_000), meeting_no="3/2570")
    db.session.commit()

    event = db.session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc()).limit(1)).one()
    assert event.after == {
        "status": "approved", "reason": "เหตุผล", "amount_approved": "900000", "meeting_no": "3/2570",
    }  # fmt: skip
