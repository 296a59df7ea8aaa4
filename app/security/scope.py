"""Which rows a person may read or write: hooked to the session, so that no page, report or export can forget it.

Every ORM select is narrowed by criteria for each owned table; every flush is checked; writes in bulk are refused.
Outside a request, and for a request without a person, there are no rows at all: commands and jobs say ``unscoped()``.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import Any

from flask_appbuilder import Model
from sqlalchemy import (
    BindParameter,
    ColumnElement,
    ForeignKey,
    True_,
    and_,
    bindparam,
    event,
    exists,
    false,
    inspect,
    or_,
    select,
    true,
)
from sqlalchemy.orm import ORMExecuteState, Session

from app.domain.states import GRANTED, SEEN_BY_COMMITTEE, State
from app.domain.workflow import TELL_FINDINGS
from app.models.applications import Decision, DocumentRequest, KeptQuote, LoanApplication, StatusChange
from app.models.audit import REGISTER_ENTITIES, AuditEvent
from app.models.base import Owned
from app.models.boards import KeptBoard, WaitingBoardChange
from app.models.cooperatives import BoardMember, Cooperative, FinancialYear
from app.models.documents import Document, DocumentVerdict
from app.models.envelopes import EnvelopeEntry
from app.models.notices import Notice, OutboxMail
from app.models.people import Membership
from app.models.signing import SigningRequest
from app.security.acting import acting
from app.security.narrowing import Criterion, Narrowing
from app.security.owners import Target, owner_column, owners_known, remember_owners
from app.security.reach import EVERYTHING, Reach, Scope

_override: ContextVar[Scope | None] = ContextVar("scope", default=None)
_cooperatives = Cooperative.__table__
_applications = LoanApplication.__table__
_changes = StatusChange.__table__
_documents = Document.__table__
# Written out in every statement, so that PostgreSQL knows them for those of the index.
_entities: BindParameter[Any] = bindparam("registers", REGISTER_ENTITIES, expanding=True, literal_execute=True)

# Tables an administrator sets up; what belongs to an application is not among them.
REGISTERS = (Cooperative, BoardMember, WaitingBoardChange, FinancialYear, Membership, OutboxMail)
BY_APPLICATION = (
    StatusChange, Decision, DocumentRequest, KeptQuote, KeptBoard, Document, DocumentVerdict, EnvelopeEntry, OutboxMail,
    SigningRequest,
)  # fmt: skip
_EVERY: tuple[type[Any], ...] = (*REGISTERS, LoanApplication, *BY_APPLICATION, Notice, AuditEvent)
OWNED = tuple(dict.fromkeys(_EVERY))


class OutOfScope(PermissionError):
    """A write named a row that the person may not touch; nothing was stored."""


def current_scope() -> Scope:
    """The scope in force: one set by ``scoped``, else the acting person's."""
    override = _override.get()
    return override if override is not None else acting().scope


@contextmanager
def scoped(scope: Scope) -> Iterator[None]:
    """Run a block under a scope of its own."""
    token = _override.set(scope)
    try:
        yield
    finally:
        _override.reset(token)


def unscoped() -> Any:
    """All rows, for commands, jobs and the few reviewed places that count over all cooperatives."""
    return scoped(EVERYTHING)


def _by_state(model: type[Any], states: frozenset[State]) -> Criterion:
    if model is LoanApplication:
        return LoanApplication.status.in_(sorted(states))
    if model is AuditEvent:
        return false()
    by_key = model in BY_APPLICATION
    column = _applications.c.id if by_key else _applications.c.cooperative_id
    chosen = select(column).where(_applications.c.status.in_(sorted(states)))
    criterion: Criterion = (model.application_id if by_key else owner_column(model)).in_(chosen)
    return criterion


def _application(key: Any, *, sent: bool, **known: Any) -> ColumnElement[bool]:
    """Whether the application of a key was sent, or never was, and has these values; asked by key, row for row."""
    one = _applications.alias()
    state = one.c.submitted_at.is_not(None) if sent else one.c.submitted_at.is_(None)
    return exists().where(one.c.id == key, state, *(one.c[name] == value for name, value in known.items()))


def _sent(model: type[Any]) -> Criterion:
    """What is no part of an application that was never sent: until then it is the cooperative's own business."""
    if model is LoanApplication:
        return LoanApplication.submitted_at.is_not(None)
    if model in BY_APPLICATION:
        key = model.application_id  # of some mails none
        return ~_application(key, sent=False) if model is OutboxMail else _application(key, sent=True)
    if model is AuditEvent:
        paper = _documents.alias()
        of_draft = select(paper.c.id).where(paper.c.id == AuditEvent.entity_id, _draft(paper.c.application_id))
        return ~or_(
            (AuditEvent.entity == LoanApplication.__tablename__) & _draft(AuditEvent.entity_id),
            (AuditEvent.entity == Document.__tablename__) & of_draft.scalar_subquery().is_not(None),
        )
    return true()


def _draft(key: Any) -> ColumnElement[bool]:
    """Whether the application of a key was never sent. Of what exists PostgreSQL would gather all drafts first."""
    one = _applications.alias()
    return select(one.c.id).where(one.c.id == key, one.c.submitted_at.is_(None)).scalar_subquery().is_not(None)


def _findings_told() -> ColumnElement[bool]:
    """A finding about a paper exists for the cooperative once the office sent it, or was done with the papers."""
    return exists().where(
        _changes.c.application_id == DocumentVerdict.application_id,
        _changes.c.move.in_(sorted(TELL_FINDINGS)),
        _changes.c.at >= DocumentVerdict.at,
    )


def _registers(model: type[Any]) -> Criterion:
    if model is AuditEvent:
        return AuditEvent.entity.in_(_entities)
    return true() if model in REGISTERS else false()


def _served(model: type[Any], office: int | None) -> Criterion:
    """What an office's cooperatives have, and of applications what they have sent."""
    # The database keeps the office of an application as that of its cooperative.
    if model is LoanApplication:
        return and_(LoanApplication.office_id == office, _sent(model))
    if model in BY_APPLICATION:
        return _application(model.application_id, sent=True, office_id=office)
    return owner_column(model).in_(select(_cooperatives.c.id).where(_cooperatives.c.office_id == office)) & _sent(model)


def criterion_for(model: type[Any], scope: Scope) -> Criterion:
    """The condition that a row of ``model`` has to meet to exist for ``scope``."""
    if model is Notice:
        return Notice.user_id == scope.user_id if scope.user_id else false()
    owner = owner_column(model)
    match scope.reach:
        case Reach.COOPERATIVE:
            own: Criterion = owner == scope.cooperative_id
            return own & _findings_told() if model is DocumentVerdict else own
        case Reach.OFFICE:
            return _served(model, scope.office_id)
        case Reach.AGENDA:
            return _by_state(model, SEEN_BY_COMMITTEE)
        case Reach.APPROVED:
            return _by_state(model, GRANTED)
        case Reach.REGISTERS:
            return _registers(model)
        case Reach.SENT:
            return _sent(model)
        case Reach.ALL:
            return true()
        case _:
            return false()


@lru_cache(maxsize=512)
def _narrowing(scope: Scope) -> Narrowing:
    """What narrows statements to a scope; the same scope asks again and again."""
    criteria = {model: criterion_for(model, scope) for model in OWNED}
    return Narrowing({model: criterion for model, criterion in criteria.items() if not isinstance(criterion, True_)})


@event.listens_for(Session, "do_orm_execute")
def _narrow(state: ORMExecuteState) -> None:
    if state.is_column_load or state.execution_options.get("unscoped"):
        return
    scope = current_scope()
    if scope is EVERYTHING:
        return
    if state.is_insert or state.is_update or state.is_delete:
        _refuse_in_bulk(state)
    if not state.is_insert:
        state.statement = state.statement.options(_narrowing(scope))


def _refuse_in_bulk(state: ORMExecuteState) -> None:
    """A person's own notices are marked as read together; nothing else is written but through the flush below."""
    bulk = {mapper.class_ for mapper in state.all_mappers} & set(OWNED)
    if bulk - {Notice} or (bulk and (state.is_insert or isinstance(state.parameters, list))):
        raise OutOfScope("rows of a cooperative are written one by one, so that each is checked")


# The order of these two among others is written down in models/base.py.
@event.listens_for(Session, "before_flush")
def _check_writes(session: Session, _context: object, _instances: object) -> None:
    scope = current_scope()
    if scope is EVERYTHING:
        return
    with session.no_autoflush:
        changed = [row for row in session.dirty if session.is_modified(row)]
        checked = [row for row in (*session.new, *changed, *session.deleted) if _is_checked(row)]
        named = [target for row in checked for target in _targets_of(session, row, scope)]
        found = owners_known(session, named, scope)
        for target in named:
            _check_target(target, found)
    remember_owners(session, scope, found)


def _is_checked(row: Any) -> bool:
    """Whether a row is one of a cooperative's; notices and mails the system writes to whoever a move concerns."""
    return isinstance(row, (Owned, Cooperative)) and not isinstance(row, (Notice, OutboxMail))


def _targets_of(session: Session, row: Any, scope: Scope) -> Iterator[Target]:
    """Every owned row that this one points to, and a cooperative itself; refuses what may not be written at all."""
    if not scope.may_write:
        raise OutOfScope(f"{type(row).__name__} may not be written under this role")
    state = inspect(row)
    if isinstance(row, Owned) and state.persistent and state.attrs["cooperative_id"].history.has_changes():
        raise OutOfScope(f"{type(row).__name__} may not move to another cooperative")
    if isinstance(row, Cooperative) and state.persistent:
        yield Target(row, "itself", Cooperative, row.id)
    for relation in state.mapper.relationships:
        target: type[Model] = relation.mapper.class_
        if relation.direction.name != "MANYTOONE" or target not in OWNED:
            continue
        related = getattr(row, relation.key) if relation.key in state.dict else None
        column = next(iter(relation.local_columns))
        key = related.id if related is not None else getattr(row, column.key)
        if key is not None:
            yield Target(row, relation.key, target, key)
        elif not column.nullable and (related is None or related not in session.new):
            raise OutOfScope(f"{type(row).__name__} names no {relation.key}")


def _check_target(target: Target, found: Mapping[tuple[type[Any], int], int]) -> None:
    """It exists in the person's scope and belongs to the same cooperative as the row that names it."""
    row, owner = target.row, found.get((target.model, target.key))
    if owner is None:
        raise OutOfScope(f"{type(row).__name__} or its {target.relation} is out of reach")
    _check_same_owner(target, owner)


def _check_same_owner(target: Target, owner: int) -> None:
    row = target.row
    if not isinstance(row, Owned) or target.model is Cooperative:
        return
    mine = row.cooperative_id or getattr(getattr(row, "cooperative", None), "id", None)
    if mine is not None and mine != owner:
        raise OutOfScope(f"{type(row).__name__} and its {target.model.__name__} belong to different cooperatives")


@event.listens_for(Session, "after_flush", insert=True)
def _check_keys(session: Session, _context: object) -> None:
    """Once the flush has filled in the foreign keys, also those of tables without a relationship to their parent."""
    scope = current_scope()
    if scope is EVERYTHING:
        return
    with session.no_autoflush:
        named = [
            Target(row, key.parent.key, model, getattr(row, key.parent.key))
            for row in (*session.new, *session.dirty)
            if isinstance(row, Owned) and _is_checked(row)
            for key, model in _owned_keys(inspect(row).mapper.class_)
            if getattr(row, key.parent.key) is not None
        ]
        found = owners_known(session, named, scope)
    for target in named:
        if found.get((target.model, target.key)) != target.row.cooperative_id:
            names = f"{type(target.row).__name__} and its {target.model.__name__}"
            raise OutOfScope(f"{names} belong to different cooperatives")


@lru_cache(maxsize=64)
def _owned_keys(of: type[Any]) -> tuple[tuple[ForeignKey, type[Any]], ...]:
    """The foreign keys of a table that lead to rows of a cooperative."""
    models = {model.__table__: model for model in OWNED}
    keys = (key for column in inspect(of).columns for key in column.foreign_keys)
    return tuple((key, models[key.column.table]) for key in keys if key.column.table in models)


__all__ = ["OutOfScope", "criterion_for", "current_scope", "scoped", "unscoped"]
