"""A row is written within reach alone, and never names a row of another cooperative."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.extensions import db
from app.models.applications import Decision, DocumentRequest, LoanApplication, StatusChange
from app.models.cooperatives import BoardMember, Cooperative
from app.models.documents import Document
from app.models.people import Membership
from app.security import scope as walls
from app.security.reach import EVERYTHING, NOTHING, Reach, Scope
from app.security.scope import OWNED, OutOfScope, current_scope, scoped, unscoped
from tests.integration.security.world import NOW, World, board_member, by_rows, changed_ids, of_a, officer, table_rows


def application_of(world: World, cooperative_id: int) -> LoanApplication:
    programme_id = world.rows["loan_application"][0]["programme_id"]
    return LoanApplication(
        cooperative_id=cooperative_id,
        programme_id=programme_id,
        request_key=str(uuid4()),
        amount_asked=Decimal(1),
        months=1,
        purpose="-",
        beneficiaries=1,
        member_rate=Decimal("0.05"),
    )


def change_of(cooperative_id: int, **more: Any) -> StatusChange:
    return StatusChange(
        cooperative_id=cooperative_id,
        move="submit",
        origin="draft",
        target="submitted",
        at=NOW,
        actor_role="system",
        **more,
    )


def request_of(cooperative_id: int, application_id: int, world: World) -> DocumentRequest:
    type_id = world.rows["document"][0]["document_type_id"]
    return DocumentRequest(
        cooperative_id=cooperative_id, application_id=application_id, document_type_id=type_id, asked_at=NOW
    )


def document_of(cooperative_id: int, application_id: int, world: World) -> Document:
    type_id = world.rows["document"][0]["document_type_id"]
    return Document(
        cooperative_id=cooperative_id,
        application_id=application_id,
        document_type_id=type_id,
        file_name="x.pdf",
        kind="pdf",
        size=1,
        sha256="0" * 64,
        storage_key=uuid4().hex,
    )


def decision_of(cooperative_id: int, application_id: int) -> Decision:
    return Decision(
        cooperative_id=cooperative_id,
        application_id=application_id,
        outcome="approved",
        amount=Decimal(1),
        decided_on=date(2026, 1, 1),
        recorded_at=NOW,
    )


# What somebody of cooperative A tries to store, each naming a row of B.
FOREIGN: dict[str, Callable[[World], Any]] = {
    "board member of B": lambda world: board_member(world.b.cooperative),
    "application of B": lambda world: application_of(world, world.b.cooperative),
    "membership of B": lambda world: Membership(
        user_id=world.a.user, cooperative_id=world.b.cooperative, role="cooperative_signatory"
    ),
    "change of B": lambda world: change_of(world.b.cooperative, application_id=world.b.application),
    "change of A on B's application": lambda world: change_of(world.a.cooperative, application_id=world.b.application),
    "change of B on A's application": lambda world: change_of(world.b.cooperative, application_id=world.a.application),
    "decision of A on B's application": lambda world: decision_of(world.a.cooperative, world.b.application),
    "decision of B on A's application": lambda world: decision_of(world.b.cooperative, world.a.application),
    "document of A on B's application": lambda world: document_of(world.a.cooperative, world.b.application, world),
    "document of B on A's application": lambda world: document_of(world.b.cooperative, world.a.application, world),
    "request of A on B's application": lambda world: request_of(world.a.cooperative, world.b.application, world),
    "request of B on A's application": lambda world: request_of(world.b.cooperative, world.a.application, world),
    "request of B": lambda world: request_of(world.b.cooperative, world.b.application, world),
    "cooperative that is not there": lambda world: board_member(2_000_000_000),
    "change of B on a new application of A": lambda world: change_of(
        world.b.cooperative, application=application_of(world, world.a.cooperative)
    ),
}


@pytest.mark.parametrize("what", sorted(FOREIGN))
def test_a_new_row_that_names_another_cooperative_is_refused(world: World, what: str) -> None:
    before = {model.__tablename__: len(table_rows(model)) for model in OWNED}

    with scoped(of_a(world)):
        db.session.add(FOREIGN[what](world))
        with pytest.raises(OutOfScope):
            db.session.flush()
        db.session.rollback()

    assert {model.__tablename__: len(table_rows(model)) for model in OWNED} == before


# Rows of one cooperative that name a row of another, tried by somebody who reaches both: being out of reach does not
# stop them, one of two walls does. The first stands before anything is written, the second sees keys once they are
# filled in.
MIXED = ("change of A on B's application", "decision of B on A's application", "document of A on B's application")


# Their parents cannot be looked up before the flush: one has no relationship to it, the other's has no key yet.
MIXED_BY_KEY_ALONE = ("request of B on A's application", "change of B on a new application of A")


IN_REACH_OF_ALL = Scope(Reach.ALL, may_write=True)


def refuse_mixed(row: Any) -> None:
    with scoped(IN_REACH_OF_ALL):
        db.session.add(row)
        with pytest.raises(OutOfScope, match="belong to different cooperatives"):
            db.session.flush()
        db.session.rollback()


@pytest.mark.parametrize("what", MIXED)
def test_two_cooperatives_are_not_mixed_in_a_row_before_it_is_written(world: World, what: str) -> None:
    event.remove(Session, "after_flush", walls._check_keys)
    try:
        refuse_mixed(FOREIGN[what](world))
    finally:
        event.listen(Session, "after_flush", walls._check_keys, insert=True)


@pytest.mark.parametrize("what", [*MIXED, *MIXED_BY_KEY_ALONE])
def test_two_cooperatives_are_not_mixed_in_the_keys_of_a_row(
    world: World, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(walls, "_check_same_owner", lambda _row, _found: None)

    refuse_mixed(FOREIGN[what](world))


def test_a_child_of_a_foreign_parent_by_object_is_refused(world: World) -> None:
    with unscoped():
        parent = db.session.get_one(Cooperative, world.b.cooperative)

    with scoped(of_a(world)):
        parent.board.append(board_member())
        with pytest.raises(OutOfScope):
            db.session.flush()


def test_a_request_appended_to_a_foreign_application_is_refused(world: World) -> None:
    with unscoped():
        parent = db.session.get_one(LoanApplication, world.b.application)
        assert len(parent.requests) == 1

    with scoped(of_a(world)):
        parent.requests.append(request_of(world.a.cooperative, world.b.application, world))
        with pytest.raises(OutOfScope):
            db.session.flush()


@pytest.mark.parametrize("to", ["theirs", "by object"])
def test_a_row_does_not_move_to_another_cooperative(world: World, to: str) -> None:
    with unscoped():
        theirs = db.session.get_one(Cooperative, world.b.cooperative)

    with scoped(of_a(world)):
        member = db.session.get_one(BoardMember, world.a.board_member)
        if to == "theirs":
            member.cooperative_id = world.b.cooperative
        else:
            member.cooperative = theirs
        with pytest.raises(OutOfScope):
            db.session.flush()


def test_a_row_does_not_move_within_reach_either(world: World) -> None:
    other = next(
        row["id"]
        for row in world.rows["cooperative"]
        if row["office_id"] == world.a.office and row["id"] != world.a.cooperative
    )

    with scoped(officer(world)):
        db.session.get_one(BoardMember, world.a.board_member).cooperative_id = other
        with pytest.raises(OutOfScope):
            db.session.flush()


def test_a_document_does_not_move_to_a_foreign_application(world: World) -> None:
    with scoped(of_a(world)):
        db.session.get_one(Document, world.a.document).application_id = world.b.application
        with pytest.raises(OutOfScope):
            db.session.flush()


@pytest.mark.parametrize("act", ["change", "delete"])
def test_a_foreign_row_in_hand_is_neither_changed_nor_deleted(world: World, act: str) -> None:
    with unscoped():
        member = db.session.get_one(BoardMember, world.b.board_member)

    with scoped(of_a(world)):
        if act == "change":
            member.position = "mark"
        else:
            db.session.delete(member)
        with pytest.raises(OutOfScope):
            db.session.flush()
        db.session.rollback()

    assert world.b.board_member in {row["id"] for row in table_rows(BoardMember)} - changed_ids(
        BoardMember, "position", "mark"
    )


def test_a_foreign_cooperative_in_hand_is_not_changed(world: World) -> None:
    with unscoped():
        cooperative = db.session.get_one(Cooperative, world.b.cooperative)

    with scoped(of_a(world)):
        cooperative.phone = "mark"
        with pytest.raises(OutOfScope):
            db.session.flush()


@pytest.mark.parametrize("reach", [Reach.ALL, Reach.COOPERATIVE])
def test_who_only_reads_cannot_write_own_rows(world: World, reach: Reach) -> None:
    with scoped(Scope(reach, cooperative_id=world.a.cooperative)):
        db.session.get_one(BoardMember, world.a.board_member).position = "mark"
        with pytest.raises(OutOfScope):
            db.session.flush()


def test_own_rows_are_written(world: World) -> None:
    with scoped(of_a(world)):
        application = application_of(world, world.a.cooperative)
        db.session.add_all([board_member(world.a.cooperative), application])
        db.session.flush()
        application.requests.append(request_of(world.a.cooperative, application.id, world))
        db.session.add(change_of(world.a.cooperative, application=application))
        db.session.get_one(BoardMember, world.a.board_member).position = "mark"
        db.session.commit()

    assert changed_ids(BoardMember, "position", "mark") == {world.a.board_member}


def test_unscoped_ends_with_its_block_and_with_an_error(world: World) -> None:
    def fail() -> None:
        raise ZeroDivisionError

    with scoped(of_a(world)):
        with unscoped():
            assert current_scope() is EVERYTHING
            with scoped(NOTHING):
                assert by_rows(Cooperative) == set()
            assert len(by_rows(Cooperative)) == len(world.rows["cooperative"])
        with pytest.raises(ZeroDivisionError), unscoped():
            fail()

        assert by_rows(Cooperative) == {world.a.cooperative}
    assert current_scope() is NOTHING


def test_a_new_owned_table_is_in_the_scope() -> None:
    owned = {mapper.class_ for mapper in db.Model.registry.mappers if "cooperative_id" in mapper.columns}

    assert owned | {Cooperative} == set(OWNED)
