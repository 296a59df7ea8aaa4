"""Every way to read shows exactly the rows within reach."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import exists, func, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from app.extensions import db
from app.models.applications import LoanApplication, StatusChange
from app.models.cooperatives import Cooperative
from app.models.documents import Document
from app.models.people import Membership
from app.models.places import Office
from app.security.reach import NOTHING, Scope
from app.security.scope import OWNED, OutOfScope, current_scope, scoped, unscoped
from tests.integration.security.meant import meant
from tests.integration.security.world import SCOPES, World, board_member, by_rows, of_a


def by_columns(model: Any) -> set[int]:
    return set(db.session.scalars(select(model.id)))


def by_alias(model: Any) -> set[int]:
    other = aliased(model)
    return set(db.session.scalars(select(other.id)))


def by_subquery(model: Any) -> set[int]:
    return set(db.session.scalars(select(select(model.id).subquery().c.id)))


def by_expression(model: Any) -> set[int]:
    named = select(model.id).cte("named")
    return set(db.session.scalars(select(named.c.id)))


def by_exists(model: Any) -> set[int]:
    other = aliased(model)
    return set(db.session.scalars(select(model.id).where(exists(select(other.id).where(other.id == model.id)))))


def by_query(model: Any) -> set[int]:
    return {row.id for row in db.session.query(model)}


def by_union(model: Any) -> set[int]:
    return set(db.session.scalars(select(model.id).union(select(model.id))))


def by_stream(model: Any) -> set[int]:
    return {row.id for row in db.session.scalars(select(model).execution_options(yield_per=50))}


WAYS = (by_rows, by_columns, by_alias, by_subquery, by_expression, by_exists, by_query, by_union, by_stream)


@pytest.mark.parametrize("reach", sorted(SCOPES))
def test_every_kind_of_select_shows_exactly_the_rows_meant(world: World, reach: str) -> None:
    scope = SCOPES[reach](world)
    wanted = meant(world, scope)

    with scoped(scope):
        seen = {way.__name__: {model.__tablename__: way(model) for model in OWNED} for way in WAYS}

    for name, tables in seen.items():
        assert tables == wanted, name


def test_two_sides_make_every_scope_but_nothing_and_all_a_real_choice(world: World) -> None:
    both = {"cooperative": world.a.cooperative, "loan_application": world.a.application}
    theirs = {"cooperative": world.b.cooperative, "loan_application": world.b.application}

    for reach in ("cooperative", "office"):
        wanted = meant(world, SCOPES[reach](world))
        assert all(key in wanted[table] for table, key in both.items())
        assert not any(key in wanted[table] for table, key in theirs.items())
    assert all(world.rows[model.__tablename__] for model in OWNED)


@pytest.mark.parametrize("reach", sorted(SCOPES))
def test_counts_and_sums_count_the_rows_meant_only(world: World, reach: str) -> None:
    scope = SCOPES[reach](world)
    wanted = {table: len(keys) for table, keys in meant(world, scope).items()}

    with scoped(scope):
        counted = {
            model.__tablename__: db.session.scalar(
                select(func.count()).select_from(select(model.id).limit(10_001).subquery())
            )
            for model in OWNED
        }
        plain = {model.__tablename__: db.session.scalar(select(func.count(model.id))) for model in OWNED}

    assert counted == wanted
    assert plain == wanted


@pytest.mark.parametrize("reach", sorted(SCOPES))
def test_a_row_out_of_reach_is_not_there_by_its_id(world: World, reach: str) -> None:
    scope = SCOPES[reach](world)
    wanted = meant(world, scope)
    tried = {model: [row["id"] for row in world.rows[model.__tablename__]][-25:] for model in OWNED}

    with scoped(scope):
        found = {
            model.__tablename__: {key for key in keys if db.session.get(model, key) is not None}
            for model, keys in tried.items()
        }

    assert found == {model.__tablename__: wanted[model.__tablename__] & set(keys) for model, keys in tried.items()}


def test_outside_a_request_there_are_no_rows_and_nothing_is_written(world: World) -> None:
    seen = {model.__tablename__: by_rows(model) for model in OWNED}
    db.session.add(board_member(world.a.cooperative))

    assert current_scope() is NOTHING
    assert not any(seen.values())
    with pytest.raises(OutOfScope):
        db.session.flush()


def test_another_thread_starts_with_nothing(world: World, demo_app: Flask) -> None:
    def reach_there() -> Scope:
        with demo_app.app_context():
            return current_scope()

    with unscoped(), ThreadPoolExecutor(1) as pool:
        found = pool.submit(reach_there).result()

    assert found is NOTHING


def test_lazy_loads_bring_no_row_of_another_cooperative(world: World) -> None:
    with unscoped():
        cooperative = db.session.get_one(Cooperative, world.b.cooperative)
        application = db.session.get_one(LoanApplication, world.b.application)
        change = db.session.get_one(StatusChange, world.b.change)
        document = db.session.get_one(Document, world.b.document)
        db.session.expunge(cooperative)
        db.session.expunge(application)

    with scoped(of_a(world)):
        assert change.application is None
        assert document.application is None
        db.session.expunge_all()
        db.session.add_all([cooperative, application])
        assert cooperative.board == []
        assert application.changes == []
        assert application.decisions == []
        assert application.requests == []


@pytest.mark.parametrize("load", [selectinload, joinedload])
def test_eager_loads_bring_no_row_of_another_cooperative(world: World, load: Callable[..., Any]) -> None:
    # Neither office nor user is owned by a cooperative, so the way leads through rows that everybody reads.
    wanted = meant(world, of_a(world))
    statement = select(Membership).options(load(Membership.cooperative)).execution_options(populate_existing=True)

    with scoped(of_a(world)):
        memberships = db.session.scalars(statement).all()
        documents = db.session.scalars(select(Document).options(load(Document.application))).all()

    assert {row.id for row in memberships} == wanted["membership"]
    assert {row.cooperative.id for row in memberships} == {world.a.cooperative}
    assert {row.application.cooperative_id for row in documents} == {world.a.cooperative}


def test_a_join_from_a_table_of_nobody_shows_own_rows_only(world: World) -> None:
    wanted = meant(world, of_a(world))
    statement = (
        select(Office.id, Cooperative.id, LoanApplication.id)
        .join(Cooperative, Cooperative.office_id == Office.id)
        .join(LoanApplication, LoanApplication.cooperative_id == Cooperative.id)
    )

    with scoped(of_a(world)):
        found = db.session.execute(statement).all()

    assert {row[1] for row in found} == {world.a.cooperative}
    assert {row[2] for row in found} == wanted["loan_application"]
