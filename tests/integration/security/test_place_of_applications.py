"""The office and the province that an application carries are its cooperative's, whoever changes what."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from app.domain.roles import Role
from app.domain.states import State
from app.extensions import db
from app.models.applications import LoanApplication
from app.models.cooperatives import Cooperative
from app.models.places import Office
from app.models.programmes import LoanProgramme
from app.models.transaction import writing
from app.security.reach import Reach, Scope
from app.security.scope import scoped
from app.services.applications import moves
from app.services.locking import locked
from app.services.programmes import envelopes
from tests import make

ELSEWHERE = "TH-50"


def misplaced() -> list[int]:
    """Applications that carry another place than their cooperative's."""
    differs = (LoanApplication.office_id != Cooperative.office_id) | (
        LoanApplication.province_id != Cooperative.province_id
    )
    return list(db.session.scalars(select(LoanApplication.id).join(LoanApplication.cooperative).where(differs)))


def seen_by(office: int) -> set[int]:
    with scoped(Scope(Reach.OFFICE, office_id=office)):
        return set(db.session.scalars(select(LoanApplication.id)))


def sent_to(office: int) -> set[int]:
    """What an office receives, by its cooperatives alone."""
    of_office = select(Cooperative.id).where(Cooperative.office_id == office)
    criteria = LoanApplication.cooperative_id.in_(of_office), LoanApplication.submitted_at.is_not(None)
    return set(db.session.scalars(select(LoanApplication.id).where(*criteria)))


def test_office_sees_what_its_cooperatives_sent_and_nothing_else(demo_app: Flask) -> None:
    with make.rows(demo_app):
        offices = list(db.session.scalars(select(Office.id)))

        assert {office: seen_by(office) for office in offices} == {office: sent_to(office) for office in offices}
        assert misplaced() == []


def test_applications_follow_a_cooperative_to_another_office(app: Flask) -> None:
    with make.rows(app):
        row = make.application(State.SUBMITTED)
        stays = make.application(State.SUBMITTED)
        before, after = row.cooperative.office_id, make.office(ELSEWHERE).id
        row.cooperative.office_id = after
        db.session.flush()

        assert (seen_by(before), seen_by(after)) == ({stays.id}, {row.id})
        assert misplaced() == []


@pytest.mark.parametrize("column", ["office_id", "province_id"])
def test_an_application_cannot_be_put_elsewhere(app: Flask, column: str) -> None:
    with make.rows(app):
        key, other = make.application(State.SUBMITTED).id, make.office(ELSEWHERE)
        place = other.id if column == "office_id" else other.provinces[0].id
    statement = update(LoanApplication).where(LoanApplication.id == key).values({column: place})

    with make.rows(app):
        try:
            db.session.execute(statement, execution_options={"synchronize_session": False})
        except IntegrityError:
            db.session.rollback()

        assert misplaced() == []


def test_application_begun_while_its_cooperative_moves_goes_along(app: Flask) -> None:
    with make.rows(app):
        row = make.application()
        cooperative, programme, other = row.cooperative_id, row.programme_id, make.office(ELSEWHERE).id
    moved = threading.Event()

    def begin() -> int:
        moved.wait(30)
        with writing(), make.rows(app):
            of, under = db.session.get_one(Cooperative, cooperative), db.session.get_one(LoanProgramme, programme)
            return make.application(of=of, under=under, complete=False).id

    with ThreadPoolExecutor(1) as pool:
        with writing(), make.rows(app):
            db.session.get_one(Cooperative, cooperative).office_id = other
            db.session.flush()
            begun = pool.submit(begin)
            moved.set()
            time.sleep(0.2)  # time enough to begin and to wait
        key = begun.result(30)

    with make.rows(app):
        assert db.session.get_one(LoanApplication, key).office_id == other
        assert misplaced() == []


# What is under way on an application while its cooperative moves to another office

Meanwhile = Callable[[], None]


def _received(key: int, meanwhile: Meanwhile, monkeypatch: pytest.MonkeyPatch) -> None:
    real = moves.case_of

    def case_of(*given: Any) -> Any:
        meanwhile()
        return real(*given)

    monkeypatch.setattr(moves, "case_of", case_of)
    row = db.session.get_one(LoanApplication, key)
    officer = make.acting_as(make.person(Role.PROVINCIAL_OFFICER))
    moves.move(key, make.wish(row, "receive"), officer, make.AT + timedelta(days=1))


def _attached(key: int, meanwhile: Meanwhile, _monkeypatch: pytest.MonkeyPatch) -> None:
    row = locked(key)
    meanwhile()
    make.document(row)


def _served(key: int, meanwhile: Meanwhile, monkeypatch: pytest.MonkeyPatch) -> None:
    real = envelopes.settle

    def settle(*given: Any) -> None:
        meanwhile()
        real(*given)

    monkeypatch.setattr(envelopes, "settle", settle)
    row = db.session.get_one(LoanApplication, key)
    envelopes.lock_envelope(row.programme_id)
    assert len(envelopes.serve_waiting(row.programme_id, make.AT)) == 1


@pytest.mark.parametrize("work", [_received, _attached, _served])
def test_work_on_an_application_and_its_cooperatives_move_wait_for_each_other(
    app: Flask, monkeypatch: pytest.MonkeyPatch, work: Callable[[int, Meanwhile, pytest.MonkeyPatch], None]
) -> None:
    waits = {"waiting_since": make.AT} if work is _served else {}
    with make.rows(app):
        row = make.application(State.SUBMITTED, **waits)
        key, cooperative, other = row.id, row.cooperative_id, make.office(ELSEWHERE).id

    def move_office() -> None:
        with writing(), make.rows(app):
            db.session.get_one(Cooperative, cooperative).office_id = other

    with ThreadPoolExecutor(1) as pool:
        moving: list[Future[None]] = []

        def meanwhile() -> None:
            moving.append(pool.submit(move_office))
            time.sleep(0.3)  # time enough to begin and to wait

        with writing(), make.rows(app):
            work(key, meanwhile, monkeypatch)
        moving[0].result(30)

    with make.rows(app):
        assert db.session.get_one(LoanApplication, key).office_id == other
        assert misplaced() == []
