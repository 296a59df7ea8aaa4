"""Every move of an application: checked, made and written down in one transaction."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from app.domain.move_checks import Facts, refusals_settled
from app.domain.papers import PaperState, ScanState
from app.domain.roles import Role
from app.domain.states import State
from app.domain.steps import FormPart
from app.domain.values.calendar import bangkok_day, bangkok_hour
from app.domain.values.errors import RuleBroken
from app.domain.values.text import N_, Phrase
from app.domain.workflow import MOVES, ApplicationMove, check_move
from app.extensions import db
from app.models.applications import LoanApplication, StatusChange
from app.models.audit import AuditKind
from app.models.documents import DocumentVerdict
from app.security.acting import Acting
from app.security.audit import record
from app.services.applicants import applicants_of
from app.services.applications.changed_answers import changed_since_sent
from app.services.applications.drafts import problems_of
from app.services.applications.effects import EFFECTS, MoveRequest
from app.services.applications.told import tell_of, tell_served
from app.services.documents.checklist import Paper, checklist
from app.services.locking import locked
from app.services.programmes.envelopes import lock_envelope, serve_waiting, settle


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
    application = _locked(application_id, with_envelope=step.takes_money)
    if application.version != wanted.version:
        raise _moved_on(application)
    at = _after_findings(application, at)
    _make(application, step, wanted, person, at)
    return application


def _locked(application_id: int, *, with_envelope: bool) -> LoanApplication:
    """The row under its lock; a move that takes or frees money locks its programme first."""
    if with_envelope:
        programme_id = db.session.scalar(
            select(LoanApplication.programme_id).where(LoanApplication.id == application_id)
        )
        if programme_id is not None:
            lock_envelope(programme_id)
    return locked(application_id)


def _after_findings(application: LoanApplication, at: datetime) -> datetime:
    """The moment of the move: not before the last finding about a paper, which may have been stored while it waited."""
    last = select(func.max(DocumentVerdict.at)).where(DocumentVerdict.application_id == application.id)
    found = db.session.scalar(last, execution_options={"unscoped": True})
    return max(at, found) if found is not None else at


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


def _make(
    application: LoanApplication, step: ApplicationMove, wanted: MoveRequest, person: Acting, at: datetime
) -> None:
    today = bangkok_day(at)
    origin = application.state
    facts = Facts(
        actor_id=person.user_id,
        amount_asked=application.amount_asked,
        amount_approved=wanted.amount,
        workers=_actors(application, lambda made: made.is_work) | _judges(application),
        recommenders=_actors(application, lambda made: made.recommends),
        problems=problems_of(application, today) if step.sends and origin in step.origins else (),
        waits_for_money=application.waiting_since is not None,
        applicants=applicants_of(application),
        answers_changed=step.answers and bool(changed_since_sent(application)),
        signs=Role.SIGNATORY in person.roles,
        reason=wanted.reason,
        meeting_no=wanted.meeting_no,
        **(_unsettled(application, today) if refusals_settled in step.checks else {}),
    )
    check_move(step, origin, person.roles, facts)
    if step.effect is not None:
        EFFECTS[step.effect](application, wanted, person, at)
    application.status = step.target
    application.changed_at = at
    if step.takes_money:
        settle(application, at)
        tell_served(serve_waiting(application.programme_id, at), at)
    _write_history(application, step, origin, wanted, person, at)


def _actors(application: LoanApplication, counts: Callable[[ApplicationMove], bool]) -> frozenset[int | None]:
    """Who made an earlier move that counts."""
    return frozenset(change.actor_id for change in application.changes if counts(change.step))


def _judges(application: LoanApplication) -> frozenset[int | None]:
    """Who judged a document of the application."""
    judges = select(DocumentVerdict.judged_by_id).where(DocumentVerdict.application_id == application.id).distinct()
    return frozenset(db.session.scalars(judges, execution_options={"unscoped": True}))


def _unsettled(application: LoanApplication, today: date) -> dict[str, tuple[str, ...]]:
    """Names of the required papers that stand refused, and of those unscanned or missing because of malware."""
    papers = [paper for paper in checklist(application, today) if paper.required]
    return {
        "refused": tuple(paper.type.name for paper in papers if paper.state is PaperState.REFUSED),
        "unscanned": tuple(
            paper.type.name for paper in papers if paper.scanning or (paper.missing and _infected(paper))
        ),
    }


def _infected(paper: Paper) -> bool:
    return any(file.scan_state == ScanState.INFECTED for file in (*paper.files, *paper.earlier))


def _write_history(
    application: LoanApplication,
    step: ApplicationMove,
    origin: State,
    wanted: MoveRequest,
    person: Acting,
    at: datetime,
) -> None:
    role = next(iter(sorted(role.value for role in step.roles & person.roles)))
    reason = wanted.reason.strip() or None
    change = StatusChange(
        cooperative_id=application.cooperative_id,
        application=application,
        move=step.name,
        origin=origin,
        target=step.target,
        reason=reason,
        at=at,
        actor_id=person.user_id or None,
        actor_role=role,
    )
    db.session.add(change)
    db.session.flush()
    record(
        AuditKind.MOVED,
        application,
        summary=f"{application.number or ''} {step.name}".strip(),
        before={"status": origin.value},
        after={"status": step.target.value, "reason": reason, **_resolved(step, wanted)},
    )
    tell_of(application, step, reason, at)


def _resolved(step: ApplicationMove, wanted: MoveRequest) -> dict[str, Any]:
    """What the committee resolved, as the audit trail keeps it."""
    if not step.is_decision:
        return {}
    approved = {"amount_approved": str(wanted.amount)} if FormPart.AMOUNT in step.asks else {}
    return {**approved, "meeting_no": wanted.meeting_no.strip() or None}


SYSTEM_ROLES = frozenset({Role.SYSTEM})
