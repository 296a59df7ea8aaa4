"""The office and the province that an application carries are its cooperative's, whoever changes what."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from app.domain.states import State
from app.extensions import db
from app.models.applications import LoanApplication
from app.models.cooperatives import Cooperative
from app.models.places import Office
from app.models.programmes import LoanProgramme
from app.models.transaction import writing
from app.security.reach import Reach, Scope
from app.security.scope import scoped
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
