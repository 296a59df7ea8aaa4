"""What happens to an application next: one table of moves that buttons, permissions, checks and history follow."""

from collections.abc import Collection
from dataclasses import dataclass

from app.domain.errors import RuleBroken
from app.domain.labels import LabelledEnum
from app.domain.move_checks import (
    REASON,
    WRITE,
    Check,
    Facts,
    amount_within_asked,
    changes_signed,
    cut_explained,
    meeting_named,
    money_reserved,
    not_applicant,
    not_own_recommendation,
    not_own_work,
    ready_to_submit,
    refusals_settled,
)
from app.domain.roles import COOPERATIVE, Role
from app.domain.text import N_, Phrase


class State(LabelledEnum):
    """Where an application is; officers read these words."""

    DRAFT = "draft", N_("Draft")
    SUBMITTED = "submitted", N_("Submitted")
    RECEIVED = "received", N_("Received")
    IN_REVIEW = "in_review", N_("Under review")
    RETURNED = "returned", N_("More information asked for")
    RECOMMENDED = "recommended", N_("Put forward for consideration")
    ON_AGENDA = "on_agenda", N_("On the meeting's agenda")
    APPROVED = "approved", N_("Approved")
    REJECTED = "rejected", N_("Not approved")
    DEFERRED = "deferred", N_("Consideration deferred")
    WITHDRAWN = "withdrawn", N_("Withdrawn")
    EXPIRED = "expired", N_("Expired")


class Outcome(LabelledEnum):
    """What the committee may resolve."""

    APPROVED = "approved", N_("Approve")
    REJECTED = "rejected", N_("Do not approve")
    DEFERRED = "deferred", N_("Defer")


FINAL = frozenset({State.APPROVED, State.REJECTED, State.WITHDRAWN, State.EXPIRED})
EDITABLE = frozenset({State.DRAFT, State.RETURNED})
BEFORE_DECISION = frozenset(set(State) - FINAL)
SEEN_BY_COMMITTEE = frozenset({State.ON_AGENDA, State.APPROVED, State.REJECTED, State.DEFERRED})
HOLDS_MONEY = frozenset(BEFORE_DECISION - {State.DRAFT})

# What the applicant reads; the exact state is the officers' business.
PUBLIC_WORDS = {
    State.DRAFT: N_("Draft, not yet submitted"),
    State.SUBMITTED: N_("Submitted, waiting to be received"),
    State.RECEIVED: N_("Received by the office"),
    State.IN_REVIEW: N_("The office is checking"),
    State.RETURNED: N_("We are waiting for you"),
    State.RECOMMENDED: N_("Being analysed by the fund"),
    State.ON_AGENDA: N_("Before the committee"),
    State.APPROVED: N_("Approved"),
    State.REJECTED: N_("Not approved"),
    State.DEFERRED: N_("The committee will consider it again"),
    State.WITHDRAWN: N_("Withdrawn"),
    State.EXPIRED: N_("Expired"),
}

# The steps an applicant counts, and the step each state belongs to.
STEPS = (
    N_("Fill in"),
    N_("Attach documents"),
    N_("Check and submit"),
    N_("Officers check"),
    N_("Committee"),
    N_("Result"),
)
STEP_OF = {
    State.DRAFT: 1,
    State.SUBMITTED: 4,
    State.RECEIVED: 4,
    State.IN_REVIEW: 4,
    State.RETURNED: 4,
    State.RECOMMENDED: 5,
    State.ON_AGENDA: 5,
    State.DEFERRED: 5,
    State.APPROVED: 6,
    State.REJECTED: 6,
    State.WITHDRAWN: 6,
    State.EXPIRED: 6,
}


@dataclass(frozen=True, slots=True)
class Move:
    """One row of the table: who may take an application from which states to which, and under what checks."""

    name: str
    origins: frozenset[State]
    target: State
    roles: frozenset[Role]
    label: str
    done: str
    checks: tuple[Check, ...] = ()
    reason_required: bool = False
    reason_label: str | None = None
    tells: frozenset[Role] = frozenset()


# Moves whose text is the offices' own opinion: the cooperative learns that they were made, not what was written.
OPINIONS = frozenset({"recommend", "put_forward"})


def _move(
    name: str,
    origins: set[State] | frozenset[State],
    target: State,
    roles: set[Role] | frozenset[Role],
    label: str,
    done: str,
    *checks: Check,
    reason_required: bool = False,
    reason_label: str | None = None,
    tells: set[Role] | frozenset[Role] = frozenset(),
) -> Move:
    return Move(
        name,
        frozenset(origins),
        target,
        frozenset(roles),
        label,
        done,
        checks,
        reason_required,
        reason_label,
        frozenset(tells),
    )


S, R = State, Role
MOVES: dict[str, Move] = {
    move.name: move
    for move in (
        _move(
            "submit", {S.DRAFT}, S.SUBMITTED, {R.SIGNATORY}, N_("Submit application"),
            N_("The application was submitted"),
            ready_to_submit, tells=COOPERATIVE | {R.PROVINCIAL_OFFICER},
        ),
        _move(
            "receive", {S.SUBMITTED}, S.RECEIVED, {R.PROVINCIAL_OFFICER}, N_("Receive"),
            N_("The office received the application"), not_applicant, tells=COOPERATIVE,
        ),
        _move(
            "review", {S.RECEIVED}, S.IN_REVIEW, {R.PROVINCIAL_OFFICER}, N_("Start checking"),
            N_("The office started checking"), not_applicant, tells=COOPERATIVE,
        ),
        _move(
            "return", {S.RECEIVED, S.IN_REVIEW, S.RECOMMENDED}, S.RETURNED, {R.PROVINCIAL_OFFICER, R.FUND_OFFICER},
            N_("Return / ask for documents"), N_("The application was returned for more information"),
            not_applicant,
            reason_required=True, reason_label=N_("What is missing or to be corrected"), tells=COOPERATIVE,
        ),
        _move(
            "answer", {S.RETURNED}, S.IN_REVIEW, COOPERATIVE, N_("Send the answer"), N_("The cooperative answered"),
            changes_signed, ready_to_submit, reason_label=N_("Answer to the office"),
            tells=COOPERATIVE | {R.PROVINCIAL_OFFICER},
        ),
        _move(
            "recommend", {S.IN_REVIEW}, S.RECOMMENDED, {R.PROVINCIAL_OFFICER}, N_("Give opinion and recommend"),
            N_("The office gave its opinion and passed the application on"), not_applicant, refusals_settled,
            reason_required=True, reason_label=N_("Opinion"), tells=COOPERATIVE | {R.FUND_OFFICER},
        ),
        _move(
            "put_forward", {S.RECOMMENDED, S.DEFERRED}, S.ON_AGENDA, {R.FUND_OFFICER}, N_("Put on the agenda"),
            N_("The application was put on the committee's agenda"), not_applicant, not_own_recommendation,
            refusals_settled,
            reason_label=N_("Analysis"), tells=COOPERATIVE | {R.COMMITTEE},
        ),
        _move(
            "approve", {S.ON_AGENDA}, S.APPROVED, {R.COMMITTEE}, N_("Approve"), N_("The committee approved the loan"),
            not_applicant, not_own_work, meeting_named, amount_within_asked, cut_explained, money_reserved,
            tells=COOPERATIVE | {R.PROVINCIAL_OFFICER, R.FUND_OFFICER, R.FINANCE_OFFICER},
        ),
        _move(
            "reject", {S.ON_AGENDA}, S.REJECTED, {R.COMMITTEE}, N_("Do not approve"),
            N_("The committee did not approve the loan"), not_applicant, not_own_work, meeting_named,
            reason_required=True, tells=COOPERATIVE | {R.PROVINCIAL_OFFICER, R.FUND_OFFICER},
        ),
        _move(
            "defer", {S.ON_AGENDA}, S.DEFERRED, {R.COMMITTEE}, N_("Defer"),
            N_("The committee deferred its consideration"),
            not_applicant, not_own_work, meeting_named, reason_required=True, tells=COOPERATIVE | {R.FUND_OFFICER},
        ),
        _move(
            "withdraw", BEFORE_DECISION, S.WITHDRAWN, {R.SIGNATORY}, N_("Withdraw application"),
            N_("The cooperative withdrew the application"), reason_label=REASON,
            tells=COOPERATIVE | {R.PROVINCIAL_OFFICER},
        ),
        _move(
            "expire", {S.DRAFT, S.RETURNED}, S.EXPIRED, {R.SYSTEM}, N_("Expire"),
            N_("The application expired because nothing was answered in time"), tells=COOPERATIVE,
        ),
    )
}  # fmt: skip


# What happens to an application without anybody moving it; people are told of it as of a move.
SERVED = _move(
    "served", frozenset(), S.SUBMITTED, frozenset(), N_("Off the waiting list"),
    N_("Money was reserved for the application: it is no longer on the waiting list"), tells=COOPERATIVE,
)  # fmt: skip
INFECTED = _move(
    "infected", frozenset(), S.RETURNED, frozenset(), N_("Malware found"),
    N_("Malware was found in a document: the file was kept apart and nobody can open it. A new one is needed"),
    tells=COOPERATIVE | {R.PROVINCIAL_OFFICER},
)  # fmt: skip
TOLD = {**MOVES, SERVED.name: SERVED, INFECTED.name: INFECTED}


def moves_for(state: State, roles: Collection[Role]) -> tuple[Move, ...]:
    """Moves a person in one of ``roles`` may make from ``state``, in the table's order."""
    return tuple(move for move in MOVES.values() if state in move.origins and move.roles & set(roles))


def check_move(move: Move, state: State, roles: Collection[Role], facts: Facts) -> None:
    """Raise ``RuleBroken`` unless the move is allowed from this state, for this person, under its checks."""
    if not move.roles & set(roles):
        raise RuleBroken(N_("Your role may not do this."))
    if state not in move.origins:
        raise RuleBroken(N_("The application has moved on meanwhile. Read its state below and choose again."))
    if move.reason_required and not facts.reason.strip():
        raise RuleBroken(WRITE, label=Phrase(move.reason_label or REASON)).at("reason")
    for check in move.checks:
        check(facts)
