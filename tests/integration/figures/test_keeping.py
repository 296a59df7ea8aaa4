"""Kept figures: who is held up by keeping them, who reads how much of them, and what a check finds and mends."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from decimal import Decimal
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, text, update

from app.domain.roles import Role
from app.domain.states import State
from app.extensions import db
from app.figures.checking import Difference, check, differences
from app.figures.declared import LOANS
from app.figures.folding import fold, turn
from app.figures.reading import applications_by_state, loans_by
from app.figures.sums import from_rows
from app.models.applications import LoanApplication
from app.models.cooperatives import Cooperative
from app.models.figures import figure_change, figure_sum
from app.models.transaction import own_transaction
from app.reports.criteria import application_years
from app.security.reach import Reach, Scope
from app.security.scope import scoped
from app.services.jobs.due_work import run_due_work
from tests import make

APPLICATIONS, COOPERATIVES = LoanApplication.__table__, Cooperative.__table__
MOVES, AT_ONCE = 200, 8


def waiting() -> int:
    """How many changes are not folded yet."""
    return db.session.scalar(select(func.count()).select_from(figure_change)) or 0


# Nobody waits


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_two_hundred_moves_wait_for_nobody_and_are_counted_exactly(app: Flask) -> None:
    with make.rows(app):
        cooperative, programme = make.cooperative(), make.programme(required=0)
        first = make.application(State.APPROVED, of=cooperative, under=programme, amount_asked=Decimal("1.01"))
        columns = [column for column in APPLICATIONS.c if column.name not in ("id", "request_key", "number")]
        names = ", ".join(column.name for column in columns)
        db.session.execute(
            text(
                f"INSERT INTO loan_application ({names}, request_key) SELECT {names}, CAST(g AS text)"  # noqa: S608  our own names
                f" FROM loan_application, generate_series(1, {MOVES}) AS g WHERE id = {first.id}"
            )
        )
        keys = list(db.session.scalars(select(LoanApplication.id)))

    def reject(key: int) -> None:
        with app.app_context(), own_transaction(db.engine, writes=True) as connection:
            connection.execute(text("SET LOCAL lock_timeout = '20s'"))
            connection.execute(update(APPLICATIONS).where(APPLICATIONS.c.id == key).values(status="rejected"))

    with app.app_context(), ExitStack() as stack:
        # One of the same cooperative and programme is moved and not stored until all others are, and somebody folds.
        held = stack.enter_context(own_transaction(db.engine, writes=True))
        held.execute(update(APPLICATIONS).where(APPLICATIONS.c.id == keys[0]).values(status="rejected"))
        with ThreadPoolExecutor(AT_ONCE) as pool:
            moved = [pool.submit(reject, key) for key in keys[1:]]
            for _time in range(5):
                fold()
            for each in moved:
                each.result(timeout=120)
        (before,) = loans_of_everybody()
        held.commit()
        after = loans_of_everybody()
        checked = check()

    assert (before.number, before.baht, before.cooperatives) == (1, Decimal("1.01"), 1)
    assert after == []
    assert checked.differences == ()


def loans_of_everybody() -> Any:
    with scoped(Scope(Reach.ALL)):
        found = loans_by("province_id", None, None)
    db.session.rollback()
    return found


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_who_folds_while_another_does_leaves_it_to_the_other(app: Flask) -> None:
    with make.rows(app):
        make.application(State.APPROVED)
    with app.app_context():
        with turn(db.engine, waits=False):
            assert fold() == 0
        assert fold() > 0
        assert check().differences == ()


def test_many_folders_at_once_count_each_change_once(app: Flask) -> None:
    with make.rows(app):
        for _application in range(3):
            make.application(State.APPROVED)
    start = Barrier(AT_ONCE)

    def folder(_place: int) -> int:
        start.wait(30)
        with app.app_context():
            return fold()

    with app.app_context():
        changes = waiting()
        db.session.rollback()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        folded = list(pool.map(folder, range(AT_ONCE)))

    with app.app_context():
        assert sum(folded) == changes
        assert check().differences == ()


def test_the_worker_folds(app: Flask) -> None:
    with make.rows(app):
        make.application(State.APPROVED)
        assert waiting() > 0

    with app.app_context():
        done = run_due_work(make.AT)

    with make.rows(app):
        assert done["folded"] > 0
        assert waiting() == 0


# Whose figures


@pytest.fixture
def country(app: Flask) -> Flask:
    """Two places, loans of two years in each, something that waits in one."""
    with make.rows(app):
        programme = make.programme()
        own, other = make.cooperative(), make.cooperative(place=make.PATHUM_THANI)
        for of, years in ((own, (2567, 2567)), (other, (2566,))):
            for year in years:
                make.application(State.APPROVED, of=of, under=programme).decided_fiscal_year = year
        make.application(State.REJECTED, of=other, under=programme).decided_fiscal_year = 2565
        make.application(State.IN_REVIEW, of=own, under=programme)
        make.application(State.SUBMITTED, of=other, under=programme)
        make.application(of=own, under=programme)
        for role in (Role.MANAGER, Role.FUND_OFFICER, Role.PROVINCIAL_OFFICER, Role.FINANCE_OFFICER, Role.COMMITTEE):
            make.person(role, username=role.value)
        make.person(Role.ADMINISTRATOR, username="administrator")
        make.person(Role.PREPARER, of=own, username="preparer")
    return app


ALL = (3, 2, [2567, 2566, 2565], {"in_review": 1, "submitted": 1})
OWN = (2, 1, [2567], {"in_review": 1})
EXPECTED = {
    "manager": ALL,
    "fund_officer": ALL,
    "provincial_officer": OWN,
    "finance_officer": (3, 2, [2567, 2566], {}),
    "committee": (3, 2, [2567, 2566, 2565], {}),
    "preparer": OWN,
    "administrator": (0, 0, [], {}),
}


@pytest.mark.parametrize("folded", [False, True])
def test_figures_are_those_of_the_rows_a_person_sees(country: Flask, folded: bool) -> None:
    with country.app_context():
        if folded:
            fold()
    seen: dict[str, Any] = {}
    with make.rows(country):
        for username in EXPECTED:
            person = db.session.scalars(select(make.User).where(make.User.username == username)).one()
            with make.acting(person):
                loans = loans_by("province_id", None, None)
                states = applications_by_state([State.IN_REVIEW, State.SUBMITTED])
                sums = (sum(row.number for row in loans), sum(row.cooperatives for row in loans))
                seen[username] = (*sums, [int(year) for year, _label in application_years()], states)

    assert seen == EXPECTED


# What a check finds


def test_a_figure_that_is_wrong_is_named_and_put_right(app: Flask) -> None:
    with make.rows(app):
        make.application(State.APPROVED)
        fold_later = make.cooperative(place=make.PATHUM_THANI)
        make.application(State.APPROVED, of=fold_later)
    runner = app.test_cli_runner()
    assert runner.invoke(args=["fund", "check-figures"]).exit_code == 0
    with app.app_context():
        fold()
        with own_transaction(db.engine, writes=True) as connection:
            whole = (figure_sum.c.figure == "loans") & (figure_sum.c.year == -1) & (figure_sum.c.programme_id == -1)
            first = select(func.min(figure_sum.c.province_id)).where(whole).scalar_subquery()
            changed = update(figure_sum).where(whole, figure_sum.c.province_id == first)
            connection.execute(changed.values(members=figure_sum.c.members + 7))

    found = runner.invoke(args=["fund", "check-figures"])
    mended = runner.invoke(args=["fund", "check-figures", "--mend"])
    again = runner.invoke(args=["fund", "check-figures"])

    assert (found.exit_code, mended.exit_code, again.exit_code) == (1, 0, 0)
    assert found.output.count("loans: kind approved, province_id ") == 1
    assert "members kept 107, true 100" in found.output
    assert "put right: 1" in mended.output
    assert "differences: 0" in again.output


def test_what_went_round_the_database_s_own_keeping_is_found(app: Flask) -> None:
    with make.rows(app):
        make.application(State.APPROVED)
    with app.app_context(), own_transaction(db.engine, writes=True) as connection:
        connection.execute(delete(figure_change).where(figure_change.c.figure == "loans"))
        found = list(differences(connection))

        # Four groupings, and of each a number, an amount, members and a cooperative.
        assert {each.figure for each in found} == {"loans"}
        assert len(found) == 16
        number = Difference("loans", {**found[0].dimensions}, "number", 0, 1)
        assert number in found
        connection.rollback()


def test_a_cooperative_takes_its_figures_along_and_its_old_place_is_left_with_none(app: Flask) -> None:
    with make.rows(app):
        moving, staying = make.cooperative(), make.cooperative(place=make.PATHUM_THANI)
        make.application(State.APPROVED, of=moving)
        make.application(State.APPROVED, of=staying)
        old, new = moving.province_id, staying.province_id
        place = (staying.province_id, staying.office_id)
        key = moving.id
    with app.app_context():
        fold()
    with app.app_context(), own_transaction(db.engine, writes=True) as connection:
        here = update(COOPERATIVES).where(COOPERATIVES.c.id == key)
        connection.execute(here.values(office_id=place[1]))  # its office first, then its province
        connection.execute(here.values(province_id=place[0]))

    with make.rows(app):
        seen = {row.province_id: (row.number, row.cooperatives) for row in loans_by("province_id", None, None)}
    with app.app_context():
        fold()
    with make.rows(app):
        kept = select(figure_sum.c.province_id).where(figure_sum.c.figure == "loans", figure_sum.c.number > 0)
        places = set(db.session.scalars(kept))
        true = {row.province_id for row in db.session.execute(from_rows(LOANS))}

    assert seen == {new: (2, 2)}
    assert places == true == {new}
    assert old != new
