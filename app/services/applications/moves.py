"""Every move of an application: judged, then held, looked at again, made and written down in one transaction.

Locks are taken in one order: cooperative, then programme, then application. A programme is held by everybody who
applies under it, so it is taken late: what can be read before is read before, and read again if it changed meanwhile.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager

from app.domain.move_checks import Facts
from app.domain.roles import Role
from app.domain.states import State
from app.domain.steps import FormPart
from app.domain.values.calendar import bangkok_day, bangkok_hour
from app.domain.values.errors import RuleBroken
from app.domain.values.text import N_, Phrase
from app.domain.workflow import MOVES, ApplicationMove, check_move
from app.extensions import db
from app.models.applications import Decision, LoanApplication, StatusChange
from app.models.audit import AuditKind
from app.models.cooperatives import Cooperative
from app.models.documents import DocumentVerdict
from app.models.programme_versions import ProgrammeVersion
from app.security.acting import Acting
from app.security.audit import record
from app.security.owners import find_owners_before
from app.security.scope import current_scope
from app.services.applications.cases import case_of
from app.services.applications.drafts import problems_by
from app.services.applications.effects import EFFECTS, Case, MoveRequest
from app.services.applications.told import tell_of, tell_served
from app.services.eligibility.judgement import judged
from app.services.locking import holding
from app.services.programmes.envelopes import balance_beside, balance_for, lock_envelope_for, serve_waiting, settle


class MovedOn(RuleBroken):
    """Somebody else's move came first; the message says whose and when."""


def move(application_id: int, wanted: MoveRequest, person: Acting, at: datetime) -> LoanApplication:
    """Make one move under a row lock, with its history, decision, notices and audit event.

    Raises:
        RuleBroken: the move is refused; nothing changed.
        MovedOn: somebody else's move came first.
        LookupError: no such application for this person, or no such move.
    """
    step = MOVES.get(wanted.name)
    if step is None:
        raise LookupError(wanted.name)
    application = _read(application_id, step)
    if application.version != wanted.version:
        raise _moved_on(application)
    case = case_of(application, step, wanted, person, at)
    # Everything a move writes goes to the database in one go at the end, the shorter to hold what others wait for.
    with db.session.no_autoflush:
        _make(_with_money(case) if step.takes_money else case)
        db.session.flush()
    return case.application


def _read(application_id: int, step: ApplicationMove) -> LoanApplication:
    """The application with whose it is, under what and what was decided on it, read anew.

    Held from here on is the cooperative: what it holds beside the application, in any programme, stays as it was
    judged, and nobody moves it to another office meanwhile. A move that takes or frees no money holds the application
    behind it at once.
    """
    statement = (
        select(LoanApplication)
        .join(LoanApplication.cooperative)
        .join(Cooperative.province)
        .join(LoanApplication.programme)
        .outerjoin(LoanApplication.terms_version)
        .outerjoin(LoanApplication.decisions)
        .where(LoanApplication.id == application_id)
        .order_by(Decision.id)
        .options(
            contains_eager(LoanApplication.cooperative).contains_eager(Cooperative.province),
            contains_eager(LoanApplication.programme),
            contains_eager(LoanApplication.terms_version),
            contains_eager(LoanApplication.decisions),
        )
        .execution_options(populate_existing=True)
    )
    held = (Cooperative,) if step.takes_money else (Cooperative, LoanApplication)
    found = db.session.scalars(holding(statement, *held)).unique().one_or_none()
    if found is None:
        raise LookupError(application_id)
    return found


def _with_money(case: Case) -> Case:
    """The case with the programme and the application held and the money counted; read again if something changed."""
    application = case.application
    find_owners_before(db.session(), current_scope(), application, application.cooperative)
    terms_version, version = lock_envelope_for(application)
    if version != application.version:
        db.session.expire_all()
        raise _moved_on(_read(application.id, case.step))
    newest = select(func.max(ProgrammeVersion.id)).where(ProgrammeVersion.programme_id == application.programme_id)
    finding = select(func.max(DocumentVerdict.at)).where(DocumentVerdict.application_id == application.id)
    case.balance, seen = balance_beside(application, newest.scalar_subquery(), finding.scalar_subquery())
    if (terms_version, *seen) != (application.programme.version, _version_of(case, seen[0]), case.last_finding):
        db.session.expire_all()
        again = _read(application.id, case.step)
        case = case_of(again, case.step, case.wanted, case.person, case.at)
        case.balance = balance_for(again)
    return case


def _version_of(case: Case, newest: int | None) -> int | None:
    """The version of the terms that the case was judged by; one that is settled already never changes."""
    if case.grounds is None or case.application.number is not None:
        return newest
    return case.last_version.id if case.last_version is not None else None


def _moved_on(application: LoanApplication) -> MovedOn:
    last = application.changes[-1] if application.changes else None
    if last is None:
        return MovedOn(
            N_("The application was changed while you had it open. Read it again and repeat what is still needed.")
        )
    return MovedOn(
        N_(
            "The application changed while you had it open. The last step was “%(what)s” by %(who)s at %(when)s. "
            "Read it again and repeat what is still needed."
        ),
        who=last.actor.get_full_name() if last.actor else "–",
        what=Phrase(last.step.done),
        when=bangkok_hour(last.at),
    )


def _make(case: Case) -> None:
    application, step, at = case.application, case.step, case.at
    origin = application.state
    check_move(step, origin, case.person.roles, _facts(case))
    if step.effect is not None:
        EFFECTS[step.effect](case)
    application.status = step.target
    application.changed_at = at
    if case.balance is not None:
        settle(application, at, case.balance)
        if case.balance.somebody_waits:
            db.session.flush()
            tell_served(serve_waiting(application.programme_id, at), at)
    _write_history(case, origin)


def _facts(case: Case) -> Facts:
    application, wanted = case.application, case.wanted
    return Facts(
        actor_id=case.person.user_id,
        amount_asked=application.amount_asked,
        amount_approved=wanted.amount,
        problems=_problems(case),
        waits_for_money=application.waiting_since is not None,
        left_to_approve=case.balance.left_to_approve if case.balance is not None else None,
        signs=Role.SIGNATORY in case.person.roles,
        began_by=application.created_by_id,
        reason=wanted.reason,
        meeting_no=wanted.meeting_no,
        papers_reason=wanted.papers_reason,
        **case.facts,
    )


def _problems(case: Case) -> tuple[RuleBroken, ...]:
    if case.grounds is None or case.balance is None:
        return ()
    lines = judged(case.application, case.grounds, case.balance, bangkok_day(case.at))
    return problems_by(lines, case.grounds)


def _write_history(case: Case, origin: State) -> None:
    application, step, wanted, at = case.application, case.step, case.wanted, case.at
    role = next(iter(sorted(role.value for role in step.roles & case.person.roles)))
    reason = wanted.reason.strip() or None
    papers = _without(case)
    change = StatusChange(
        cooperative_id=application.cooperative_id,
        application=application,
        move=step.name,
        origin=origin,
        target=step.target,
        reason=reason,
        **papers,
        at=at,
        actor_id=case.person.user_id or None,
        actor_role=role,
    )
    db.session.add(change)
    record(
        AuditKind.MOVED,
        application,
        summary=f"{application.number or ''} {step.name}".strip(),
        before={"status": origin.value},
        after={"status": step.target.value, "reason": reason, **papers, **_resolved(step, wanted)},
    )
    tell_of(application, step, reason, at, readers=case.readers, unmet=case.unmet)


def _without(case: Case) -> dict[str, str]:
    """The documents that the office goes on without, and why."""
    names = case.facts.get("unaccepted") if FormPart.UNACCEPTED in case.step.asks else None
    return {"unaccepted": ", ".join(names), "papers_reason": case.wanted.papers_reason.strip()} if names else {}


def _resolved(step: ApplicationMove, wanted: MoveRequest) -> dict[str, Any]:
    """What the committee resolved, as the audit trail keeps it."""
    if not step.is_decision:
        return {}
    approved = {"amount_approved": str(wanted.amount)} if FormPart.AMOUNT in step.asks else {}
    return {**approved, "meeting_no": wanted.meeting_no.strip() or None}


SYSTEM_ROLES = frozenset({Role.SYSTEM})
