"""What a move changes beside the state: one function for each effect that a row of the table names."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from app.domain.cooperatives import board_mark
from app.domain.eligibility import Line
from app.domain.quotes import QuoteKind
from app.domain.states import Outcome, State
from app.domain.values.calendar import bangkok_day, fiscal_year
from app.domain.values.errors import RuleBroken
from app.domain.values.text import N_
from app.domain.workflow import ApplicationMove, Effect
from app.extensions import db
from app.models.applications import Decision, LoanApplication
from app.models.programme_versions import ProgrammeVersion
from app.models.signing import SigningRequest
from app.security.acting import Acting
from app.services.applications.kept_boards import keep_board
from app.services.applications.numbers import APPLICATION_SERIES, next_number
from app.services.applications.signing import end_with_sending
from app.services.applications.told import Readers
from app.services.cooperatives.borrowers import first_time_beside
from app.services.documents.requests import ask
from app.services.eligibility.judgement import Grounds
from app.services.programmes.envelopes import Balance
from app.services.programmes.versions import deciding_body, version_for
from app.ui.formatting import be_date


@dataclass(frozen=True, slots=True)
class MoveRequest:
    """What a person sends with a move; ``version`` is the one the person saw.

    ``asked`` holds the documents asked for, by the id of their type, with what is needed of each; ``board`` is the mark
    of the board that the person saw (``domain/cooperatives.py``), empty where none was shown.
    """

    name: str
    version: int
    reason: str = ""
    amount: Decimal | None = None
    decided_on: date | None = None
    meeting_no: str = ""
    papers_reason: str = ""
    board: str = ""
    asked: Mapping[int, str] = field(default_factory=dict)


@dataclass(slots=True)
class Case:
    """A move that is being made: what is asked, and what was read for it.

    ``grounds`` and ``last_version`` are there for a move that sends what the cooperative wrote, ``quote`` for one that
    keeps a quote, packed, ``to_sign`` the request to sign that ends with the sending; ``balance`` for one that takes or
    frees money, read while its programme is held. ``last_finding`` is the moment of the last finding about a paper: no
    move is dated before it. ``unmet`` are the rules that a refusal names.
    """

    application: LoanApplication
    step: ApplicationMove
    wanted: MoveRequest
    person: Acting
    at: datetime
    readers: Readers
    facts: dict[str, Any]
    last_finding: datetime | None = None
    grounds: Grounds | None = None
    last_version: ProgrammeVersion | None = None
    quote: bytes | None = None
    to_sign: SigningRequest | None = None
    balance: Balance | None = None
    unmet: Sequence[Line] = ()


Change = Callable[[Case], None]
BOARD_MOVED = N_(
    "The operating board was changed while you had the page open, and it goes with what you send. Look at the "
    "guarantors as they are now, then send again."
)


def _submit(case: Case) -> None:
    application, at, grounds, balance = case.application, case.at, case.grounds, case.balance
    if grounds is None or balance is None:
        raise LookupError("a submission is judged first")
    application.number = next_number(APPLICATION_SERIES, bangkok_day(at))
    application.submitted_at = at
    application.cooperative_name = application.cooperative.name
    application.terms_version = version_for(application, grounds.terms, case.last_version, at)
    application.first_time = first_time_beside(application, grounds.known.others)
    _as_sent(case)
    if grounds.terms.waiting_list and balance.must_wait(application.amount_asked):
        application.waiting_since = at


def _as_sent(case: Case) -> None:
    """Keep the amount, the quote and the board as they are sent; the board is the one that was seen."""
    if case.grounds is None:
        raise LookupError("what is sent is judged first")
    board = case.grounds.known.board
    if case.wanted.board not in ("", board_mark(board)):
        raise RuleBroken(BOARD_MOVED)
    keep_board(case.application, board, case.at)
    end_with_sending(case.to_sign, case.person, case.at)
    case.application.amount_sent = case.application.amount_asked
    case.application.keep_quote(QuoteKind.SENT, case.quote)


def _ask(case: Case) -> None:
    ask(case.application, case.wanted.asked, case.at)


def _answer(case: Case) -> None:
    for request in case.application.requests:
        request.answered_at = request.answered_at or case.at
    _as_sent(case)


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


def _decide(outcome: Outcome) -> Change:
    def effect(case: Case) -> None:
        application, wanted, person, at = case.application, case.wanted, case.person, case.at
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
        if approved:
            application.keep_quote(QuoteKind.APPROVED, case.quote)

    return effect


# What a move changes beside the status, by the name on its row.
EFFECTS: dict[str, Change] = {
    Effect.FIRST_SENDING: _submit,
    Effect.REQUEST: _ask,
    Effect.ANSWER: _answer,
    Effect.APPROVAL: _decide(Outcome.APPROVED),
    Effect.REFUSAL: _decide(Outcome.REJECTED),
    Effect.DEFERRAL: _decide(Outcome.DEFERRED),
}
