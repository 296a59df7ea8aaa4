"""The row scope under the ORM session: who reads and writes which rows, whatever statement is used."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import delete, event, exists, func, insert, select, update
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from app.extensions import db
from app.files.store import document_store
from app.models.applications import Decision, DocumentRequest, LoanApplication, StatusChange
from app.models.audit import AuditEvent, AuditKind
from app.models.cooperatives import BoardMember, Cooperative, FinancialYear
from app.models.document_types import DocumentType
from app.models.documents import Document, DocumentVerdict
from app.models.envelopes import EnvelopeEntry
from app.models.notices import Notice, OutboxMail
from app.models.people import Membership
from app.models.places import Office
from app.models.programmes import LoanProgramme
from app.models.transaction import writing
from app.security import scope as walls
from app.security.reach import EVERYTHING, NOTHING, Reach, Scope
from app.security.scope import OWNED, OutOfScope, current_scope, scoped, unscoped

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
COMMITTEE_STATES = {"on_agenda", "approved", "rejected", "deferred"}
ADMINISTRATORS_TABLES = {"cooperative", "board_member", "financial_year", "membership", "outbox_mail"}
ADMINISTRATORS_ENTITIES = {
    "financial_year",
    "programme_rate",
    "approval_level",
    "programme_criterion",
    "province",
    "office",
    "cooperative",
    "board_member",
    "membership",
    "office_post",
    "ab_user",
    "loan_programme",
    "document_type",
    "programme_document",
}
BY_APPLICATION = {
    "status_change",
    "decision",
    "document_request",
    "document",
    "document_verdict",
    "envelope_entry",
    "outbox_mail",
}
Rows = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Side:
    """One cooperative with a row in every owned table."""

    cooperative: int
    office: int
    user: int
    application: int
    board_member: int
    document: int
    change: int


@dataclass(frozen=True, slots=True)
class World:
    """Two cooperatives of two offices, and every owned row as the tables hold it, read past the ORM.

    Beside what each side names, it has an application that was never sent, with as much hanging on it.
    """

    a: Side
    b: Side
    rows: Rows


def side(username: str) -> Side:
    """Add an approved application and a draft, with what hangs on them, for a cooperative of the demonstration."""
    user = db.session.scalars(select(User).where(User.username == username)).one()
    cooperative = db.session.scalars(
        select(Cooperative)
        .join(Membership, Membership.cooperative_id == Cooperative.id)
        .where(Membership.user_id == user.id)
    ).one()
    programme = db.session.scalars(select(LoanProgramme).order_by(LoanProgramme.id)).first()
    kind = db.session.scalars(select(DocumentType).order_by(DocumentType.id)).first()
    assert programme is not None
    assert kind is not None
    owner = {"cooperative_id": cooperative.id}
    application = LoanApplication(
        **owner,
        programme_id=programme.id,
        request_key=str(uuid4()),
        cooperative_name=cooperative.name,
        amount_asked=Decimal(100),
        months=12,
        purpose="-",
        beneficiaries=1,
        member_rate=Decimal("0.05"),
        status="approved",
        submitted_at=NOW,
    )
    draft = LoanApplication(
        **owner,
        programme_id=programme.id,
        request_key=str(uuid4()),
        cooperative_name=cooperative.name,
        amount_asked=Decimal(200),
        months=12,
        purpose="-",
        beneficiaries=1,
        member_rate=Decimal("0.05"),
    )
    db.session.add_all([application, draft])
    db.session.flush()
    _hanging_on(draft, programme, kind, user)
    document, change = _hanging_on(application, programme, kind, user)
    member = BoardMember(
        **owner, full_name="ก", position="ประธาน", term_starts_on=date(2026, 1, 1), term_ends_on=date(2027, 1, 1)
    )
    year = FinancialYear(
        **owner,
        year=2569,
        members=1,
        share_capital=Decimal(1),
        reserve=Decimal(1),
        debts=Decimal(0),
        profit=Decimal(-1),
    )
    changed = AuditEvent(kind=AuditKind.CREATED.value, entity="cooperative", entity_id=cooperative.id, **owner)
    db.session.add_all([member, year, changed])
    db.session.flush()
    return Side(cooperative.id, cooperative.office_id, user.id, application.id, member.id, document.id, change.id)


def _hanging_on(
    application: LoanApplication, programme: LoanProgramme, kind: DocumentType, user: User
) -> tuple[Document, StatusChange]:
    """Add a row of every table that points to an application; returns its file and its first move."""
    owner = {"cooperative_id": application.cooperative_id}
    about = {**owner, "application_id": application.id}
    change = StatusChange(**about, move="submit", origin="draft", target="submitted", at=NOW, actor_role="system")
    document = Document(
        **about,
        document_type_id=kind.id,
        file_name="a.pdf",
        kind="pdf",
        size=1,
        sha256="0" * 64,
        storage_key=document_store().put(b"%PDF-1.4").key,
    )
    db.session.add_all(
        [
            change,
            document,
            Decision(**about, outcome="approved", amount=Decimal(1), decided_on=date(2026, 1, 1), recorded_at=NOW),
            DocumentRequest(**about, document_type_id=kind.id, asked_at=NOW),
            EnvelopeEntry(**about, programme_id=programme.id, kind="reserve", amount=Decimal(100), at=NOW),
            Notice(**about, user_id=user.id, move="submit"),
            OutboxMail(**about, recipient="a@example.or.th", subject="-", body="-", message_id=uuid4().hex),
            AuditEvent(kind=AuditKind.CREATED.value, entity="loan_application", entity_id=application.id, **owner),
        ]
    )
    db.session.flush()
    db.session.add(AuditEvent(kind=AuditKind.ATTACHED.value, entity="document", entity_id=document.id, **owner))
    # A finding from before the office asked, and one that it has not told yet.
    for at in (NOW, NOW + timedelta(hours=2)):
        db.session.add(DocumentVerdict(**about, document_id=document.id, verdict="accepted", at=at))
    asked = StatusChange(
        **about, move="return", origin="in_review", target="returned", at=NOW + timedelta(hours=1), actor_role="system"
    )
    db.session.add(asked)
    db.session.flush()
    return document, change


def table_rows(model: Any) -> list[dict[str, Any]]:
    """All rows as the table has them, through a connection that knows no scope."""
    with db.engine.connect() as connection:
        return [dict(row) for row in connection.execute(select(model.__table__)).mappings()]


@pytest.fixture
def world(demo_app: Flask) -> Iterator[World]:
    """Rows of both sides, stored; the test runs outside any request."""
    with demo_app.app_context(), writing():
        with unscoped():
            a, b = side("coop1"), side("coop2")
            db.session.commit()
        db.session.remove()
        yield World(a, b, {model.__tablename__: table_rows(model) for model in OWNED})
        db.session.remove()


def of_a(world: World) -> Scope:
    return Scope(Reach.COOPERATIVE, world.a.user, cooperative_id=world.a.cooperative, may_write=True)


def officer(world: World) -> Scope:
    return Scope(Reach.OFFICE, office_id=world.a.office, may_write=True)


SCOPES: dict[str, Callable[[World], Scope]] = {
    "nothing": lambda world: NOTHING,
    "cooperative": of_a,
    "office": officer,
    "agenda": lambda world: Scope(Reach.AGENDA, may_write=True),
    "approved": lambda world: Scope(Reach.APPROVED, may_write=True),
    "registers": lambda world: Scope(Reach.REGISTERS, may_write=True),
    "sent": lambda world: Scope(Reach.SENT, world.b.user, may_write=True),
    "all": lambda world: Scope(Reach.ALL, world.b.user),
}


def meant(world: World, scope: Scope) -> dict[str, set[int]]:
    """Ids of each table that the scope is meant to show, worked out row by row in plain Python."""
    return {name: {row["id"] for row in rows if shown(world, scope, name, row)} for name, rows in world.rows.items()}


def shown(world: World, scope: Scope, table: str, row: dict[str, Any]) -> bool:
    if table == "notice":
        return scope.user_id is not None and row["user_id"] == scope.user_id
    owner = row["id"] if table == "cooperative" else row["cooperative_id"]
    offices = {each["id"]: each["office_id"] for each in world.rows["cooperative"]}
    match scope.reach:
        case Reach.ALL:
            return True
        case Reach.COOPERATIVE:
            return bool(owner == scope.cooperative_id) and (table != "document_verdict" or told(world, row))
        case Reach.OFFICE:
            return owner is not None and offices.get(owner) == scope.office_id and sent(world, table, row)
        case Reach.SENT:
            return sent(world, table, row)
        case Reach.AGENDA:
            return in_states(world, table, row, owner, COMMITTEE_STATES)
        case Reach.APPROVED:
            return in_states(world, table, row, owner, {"approved"})
        case Reach.REGISTERS:
            return (
                row["entity"] in ADMINISTRATORS_ENTITIES if table == "audit_event" else table in ADMINISTRATORS_TABLES
            )
    return False


def sent(world: World, table: str, row: dict[str, Any]) -> bool:
    """Whether a row is no part of an application that its cooperative never sent."""
    unsent = {each["id"] for each in world.rows["loan_application"] if each["submitted_at"] is None}
    papers = {each["id"] for each in world.rows["document"] if each["application_id"] in unsent}
    if table == "audit_event":
        return row["entity_id"] not in {"loan_application": unsent, "document": papers}.get(row["entity"], set())
    if table in BY_APPLICATION:
        return row["application_id"] not in unsent
    return table != "loan_application" or row["id"] not in unsent


def told(world: World, verdict: dict[str, Any]) -> bool:
    return any(
        change["move"] in ("return", "recommend", "put_forward")
        and change["application_id"] == verdict["application_id"]
        and change["at"] >= verdict["at"]
        for change in world.rows["status_change"]
    )


def in_states(world: World, table: str, row: dict[str, Any], owner: int, states: set[str]) -> bool:
    applications = [each for each in world.rows["loan_application"] if each["status"] in states]
    if table == "loan_application":
        return row["status"] in states
    if table in BY_APPLICATION:
        return row["application_id"] in {each["id"] for each in applications}
    if table == "audit_event":
        return False
    return owner in {each["cooperative_id"] for each in applications}


def by_rows(model: Any) -> set[int]:
    return {row.id for row in db.session.scalars(select(model))}


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


def changed_ids(model: Any, column: str, value: Any) -> set[int]:
    return {row["id"] for row in table_rows(model) if row[column] == value}


@pytest.mark.parametrize("reach", sorted(SCOPES))
def test_rows_are_not_changed_or_deleted_in_bulk(world: World, reach: str) -> None:
    scope = SCOPES[reach](world)

    with scoped(scope):
        for model in OWNED:
            for statement in (update(model).values(id=model.id), delete(model)):
                if model is Notice:
                    continue
                with pytest.raises(OutOfScope):
                    db.session.execute(statement)


def test_who_only_reads_still_marks_own_notices_as_read(world: World) -> None:
    with scoped(Scope(Reach.ALL, world.b.user)):
        db.session.execute(update(Notice).values(read_at=NOW))
        db.session.commit()

    own = {row["id"] for row in world.rows["notice"] if row["user_id"] == world.b.user}
    assert changed_ids(Notice, "read_at", NOW) >= own
    assert {row["user_id"] for row in table_rows(Notice) if row["read_at"] == NOW} == {world.b.user}


def test_a_bulk_update_by_ids_is_refused(world: World) -> None:
    theirs = [{"id": row["id"], "read_at": NOW} for row in world.rows["notice"] if row["user_id"] == world.b.user]

    with scoped(of_a(world)), pytest.raises(OutOfScope):
        db.session.execute(update(Notice), theirs)

    db.session.rollback()
    assert changed_ids(Notice, "read_at", NOW) == set()


def test_a_bulk_insert_of_owned_rows_is_refused(world: World) -> None:
    values = [
        {
            "cooperative_id": world.b.cooperative,
            "full_name": "ก",
            "position": "ข",
            "term_starts_on": date(2026, 1, 1),
            "term_ends_on": date(2026, 1, 2),
        }
    ]

    with scoped(of_a(world)), pytest.raises(OutOfScope):
        db.session.execute(insert(BoardMember), values)
    with scoped(of_a(world)), pytest.raises(OutOfScope):
        db.session.scalars(insert(BoardMember).values(values[0]).returning(BoardMember.id)).all()


def board_member(cooperative_id: int | None = None, **more: Any) -> BoardMember:
    if cooperative_id is not None:
        more["cooperative_id"] = cooperative_id
    return BoardMember(
        full_name="ก", position="ข", term_starts_on=date(2026, 1, 1), term_ends_on=date(2027, 1, 1), **more
    )


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
        event.listen(Session, "after_flush", walls._check_keys)


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
