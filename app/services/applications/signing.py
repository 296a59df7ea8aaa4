"""Handing an application to the cooperative's signatory, and taking or giving it back."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.domain.values.calendar import bangkok_day
from app.domain.values.errors import RuleBroken
from app.domain.values.text import N_
from app.domain.workflow import SENT_BACK, TO_SIGN
from app.extensions import db
from app.models.applications import LoanApplication
from app.models.audit import AuditKind
from app.models.signing import SigningRequest
from app.security.acting import Acting
from app.security.audit import record
from app.services.applications.drafts import problems_of
from app.services.applications.told import readers_of, tell_of
from app.services.locking import lock_to_change
from app.ui.formatting import be_datetime

LONGEST_NOTE = 500  # characters
NOTHING_OPEN = N_("The application is not with the signatory any more. Look at how it stands now.")


def last_request(application: LoanApplication) -> SigningRequest | None:
    """The newest request for this time of preparing, open or given back; none from before it was sent last."""
    found = db.session.scalar(
        select(SigningRequest)
        .where(SigningRequest.application_id == application.id)
        .order_by(SigningRequest.id.desc())
        .options(joinedload(SigningRequest.asked_by), joinedload(SigningRequest.ended_by))
        .limit(1)
    )
    sent = application.submitted_at
    if found is None or (sent is not None and found.asked_at <= max(change.at for change in application.changes)):
        return None
    return found


def open_request(application: LoanApplication) -> SigningRequest | None:
    """The request that waits for the signatory."""
    return db.session.scalar(
        select(SigningRequest).where(SigningRequest.application_id == application.id, SigningRequest.ended_at.is_(None))
    )


def waiting_to_be_signed(keys: Iterable[int]) -> frozenset[int]:
    """Those of some applications that wait for a signature."""
    return frozenset(
        db.session.scalars(
            select(SigningRequest.application_id).where(
                SigningRequest.application_id.in_(list(keys)), SigningRequest.ended_at.is_(None)
            )
        )
    )


def hand_over(application: LoanApplication, person: Acting, note: str, at: datetime) -> None:
    """Ask the signatories, by notice and mail, to check, sign and send the application.

    Raises:
        RuleBroken: something stands in the way of sending, nobody may sign, or they are asked already.
    """
    lock_to_change(application)
    waits = open_request(application)
    if waits is not None:
        raise RuleBroken(
            N_("The application is with the signatory since %(when)s already."), when=be_datetime(waits.asked_at)
        )
    problems = problems_of(application, bangkok_day(at))
    if problems:
        raise problems[0]
    readers = readers_of(application, TO_SIGN, sent=False)
    if not readers.cooperative:
        raise RuleBroken(
            N_("Nobody is entered as a signatory of the cooperative yet. Ask the fund to enter one, then hand it over.")
        )
    request = SigningRequest(
        cooperative_id=application.cooperative_id,
        application_id=application.id,
        asked_at=at,
        asked_by_id=person.user_id,
        note=note.strip() or None,
    )
    db.session.add(request)
    db.session.flush()
    record(AuditKind.CREATED, request, summary=str(application), after={"note": request.note})
    tell_of(application, TO_SIGN, request.note, at, readers=readers)


def take_back(application: LoanApplication, person: Acting, at: datetime) -> None:
    """Take the application back from the signatory, to go on with it."""
    lock_to_change(application)
    _end(_open_or_refuse(application), person, None, at)


def send_back(application: LoanApplication, person: Acting, reply: str, at: datetime) -> None:
    """Give the application back to those who prepare it, with what has to be changed; they are told."""
    lock_to_change(application)
    _end(_open_or_refuse(application), person, reply.strip(), at)
    tell_of(application, SENT_BACK, reply.strip(), at, readers=readers_of(application, SENT_BACK, sent=False))


def end_with_sending(request: SigningRequest | None, person: Acting, at: datetime) -> None:
    """What was asked is done once the application is sent."""
    if request is not None:
        _end(request, person, None, at)


def _open_or_refuse(application: LoanApplication) -> SigningRequest:
    request = open_request(application)
    if request is None:
        raise RuleBroken(NOTHING_OPEN)
    return request


def _end(request: SigningRequest, person: Acting, reply: str | None, at: datetime) -> None:
    request.ended_at, request.ended_by_id, request.reply = at, person.user_id or None, reply
    record(
        AuditKind.CHANGED,
        request,
        summary=str(request.application_id),
        after={"reply": reply},
    )
