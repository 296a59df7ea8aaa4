"""Every move of an application: checked, made and written down in one transaction."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from app.domain.calendar import bangkok_day, bangkok_hour, fiscal_year
from app.domain.errors import RuleBroken
from app.domain.move_checks import Facts, refusals_settled
from app.domain.papers import PaperState, ScanState
from app.domain.roles import Role
from app.domain.states import Outcome, State
from app.domain.steps import FormPart
from app.domain.text import N_, Phrase
from app.domain.workflow import MOVES, ApplicationMove, Effect, check_move
from app.extensions import db
from app.models.applications import Decision, LoanApplication, StatusChange
from app.models.audit import AuditKind
from app.models.documents import DocumentVerdict
from app.security.acting import Acting
from app.security.audit import record
from app.services.applicants import applicants_of
from app.services.applications.changed_answers import changed_since_sent
from app.services.applications.drafts import problems_of
from app.services.applications.numbers import APPLICATION_SERIES, next_number
from app.services.applications.told import tell_of, tell_served
from app.services.cooperatives.borrowers import never_borrowed
from app.services.documents.checklist import Paper, checklist
from app.services.documents.requests import ask
from app.services.loans.quotes import keep_approved_quote, keep_quote
from app.services.locking import locked
from app.services.programmes.envelopes import lock_envelope, must_wait, serve_waiting, settle
from app.services.programmes.versions import deciding_body, edition_for
from app.ui.formatting import be_date


class MovedOn(RuleBroken):
    """Somebody else's move came first; the message says whose and when."""


@dataclass(frozen=True, slots=True)
class MoveRequest:
    """What a person sends with a move; ``version`` is the one the person saw.

    ``asked`` holds the documents asked for, by the id of their type, with what is needed of each.
    """

    name: str
    version: int
    reason: str = ""
    amount: Decimal | None = None
    decided_on: date | None = None
    meeting_no: str = ""
    asked: Mapping[int, str] = field(default_factory=dict)


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


def _submit(application: LoanApplication, _wanted: MoveRequest, _person: Acting, at: datetime) -> None:
    application.number = next_number(APPLICATION_SERIES, bangkok_day(at))
    application.submitted_at = at
    application.cooperative_name = application.cooperative.name
    application.edition = edition_for(application, at)
    application.first_time = never_borrowed(application.cooperative_id)
    _as_sent(application, at)
    if must_wait(application):
        application.waiting_since = at


def _as_sent(application: LoanApplication, at: datetime) -> None:
    """Keep the amount and the quote as they are sent."""
    application.amount_sent = application.amount_asked
    keep_quote(application, bangkok_day(at))


def _ask(application: LoanApplication, wanted: MoveRequest, _person: Acting, at: datetime) -> None:
    ask(application, wanted.asked, at)


def _answer(application: LoanApplication, _wanted: MoveRequest, _person: Acting, at: datetime) -> None:
    for request in application.requests:
        request.answered_at = request.answered_at or at
    _as_sent(application, at)


def _decided_on(application: LoanApplication, wanted: MoveRequest, at: datetime) -> date:
    """The day of the resolution: today unless another is named, never before the application was put forward."""
    today = bangkok_day(at)
    day = wanted.decided_on or today
    if day > today:
        raise RuleBroken(
            N_("The day of the resolution, %(day)s, lies in the future. Enter the day of the meeting."),
            day=be_date(day),
        ).at("decided_on")
    put_forward = [change.at for change in application.changes if State(change.target).facts.awaits_decision]
    agenda = bangkok_day(max(put_forward)) if put_forward else day
    if day < agenda:
        raise RuleBroken(
            N_(
                "The day of the resolution, %(day)s, lies before %(agenda)s, when the application was put on the "
                "agenda. Enter the day of the meeting."
            ),
            day=be_date(day),
            agenda=be_date(agenda),
        ).at("decided_on")
    return day


def _decide(outcome: Outcome) -> Any:
    def effect(application: LoanApplication, wanted: MoveRequest, person: Acting, at: datetime) -> None:
        decided_on = _decided_on(application, wanted, at)
        approved = outcome is Outcome.APPROVED
        db.session.add(
            Decision(
                cooperative_id=application.cooperative_id,
                application=application,
                outcome=outcome,
                amount=wanted.amount if approved else None,
                body=deciding_body(application),
                decided_on=decided_on,
                meeting_no=wanted.meeting_no.strip() or None,
                reason=wanted.reason.strip() or None,
                recorded_at=at,
                recorded_by_id=person.user_id,
            )
        )
        if outcome is not Outcome.DEFERRED:
            application.amount_approved = wanted.amount if approved else None
            application.decided_on = decided_on
            application.decided_fiscal_year = fiscal_year(decided_on)
        if approved and wanted.amount is not None:
            keep_approved_quote(application, wanted.amount, decided_on)

    return effect


# What a move changes beside the status, by the name on its row.
EFFECTS: dict[str, Callable[[LoanApplication, MoveRequest, Acting, datetime], None]] = {
    Effect.FIRST_SENDING: _submit,
    Effect.REQUEST: _ask,
    Effect.ANSWER: _answer,
    Effect.APPROVAL: _decide(Outcome.APPROVED),
    Effect.REFUSAL: _decide(Outcome.REJECTED),
    Effect.DEFERRAL: _decide(Outcome.DEFERRED),
}

SYSTEM_ROLES = frozenset({Role.SYSTEM})
