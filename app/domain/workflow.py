"""What happens to an application next: its table of moves, each with all that it means on its row.

Buttons, forms, permissions, checks, history, notices, mails and the diagram follow the rows; nothing elsewhere decides
by the name of a move or by a list of states.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from app.domain.move_checks import (
    Facts,
    amount_within_asked,
    changes_signed,
    cut_explained,
    meeting_named,
    money_reserved,
    not_applicant,
    not_own_recommendation,
    not_own_work,
    own_draft,
    ready_to_submit,
    refusals_settled,
    unaccepted_explained,
    within_what_is_left,
)
from app.domain.roles import COOPERATIVE, Role
from app.domain.states import HOLDS_MONEY, WAITS_FOR_ANSWER, State
from app.domain.steps import Event, FormPart, Move, check_step, moves_from
from app.domain.values.text import N_


class Effect(StrEnum):
    """What a move changes beside the state; ``services/applications/effects.py`` does it."""

    FIRST_SENDING = "first_sending"
    REQUEST = "request"
    ANSWER = "answer"
    APPROVAL = "approval"
    REFUSAL = "refusal"
    DEFERRAL = "deferral"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationMove(Move[State, Facts]):
    """A row of the table of applications, beside what any move is.

    ``sends``: what the cooperative wrote goes to the office, complete. ``takes_money``: the application holds more or
    less of its programme's envelope afterwards. ``is_work``: who did it does not decide on the application;
    ``recommends``: nor puts it forward. ``tells_findings``: the cooperative reads from now on what was found about its
    papers. ``checked_first``: its form stands on the page where all answers are checked, and nowhere else.
    """

    sends: bool = False
    takes_money: bool = False
    is_work: bool = False
    recommends: bool = False
    tells_findings: bool = False
    checked_first: bool = False

    @property
    def answers(self) -> bool:
        """Whether it sends the answer to a question of the office."""
        return self.sends and bool(self.origins & WAITS_FOR_ANSWER)

    @property
    def asks_papers(self) -> bool:
        """Whether it asks the cooperative for documents."""
        return FormPart.PAPERS in self.asks

    @property
    def is_decision(self) -> bool:
        """Whether it is a resolution of the committee."""
        return FormPart.RESOLUTION in self.asks


S, R, _move = State, Role, ApplicationMove
_CANNOT_BE_UNDONE = N_(
    "%(what)s: application %(number)s of %(cooperative)s, which asks for %(asked)s baht (%(words)s)? "
    "This cannot be undone."
)
_FOR_INFORMATION = N_("This is for your information; nothing needs to be done.")
_TO_OFFICE = COOPERATIVE | {R.PROVINCIAL_OFFICER}
MOVES: dict[str, ApplicationMove] = {
    move.name: move
    for move in (
        _move(
            name="submit", label=N_("Submit application"), done=N_("The application was submitted"),
            origins=frozenset({S.DRAFT}), target=S.SUBMITTED, roles=frozenset({R.SIGNATORY}),
            checks=(ready_to_submit,), asks=frozenset({FormPart.DECLARATION}), sends=True, takes_money=True,
            is_work=True, checked_first=True, effect=Effect.FIRST_SENDING, tells=_TO_OFFICE,
            next_for_staff=N_("Please receive the application and check its documents."),
        ),
        _move(
            name="receive", label=N_("Receive"), done=N_("The office received the application"),
            origins=frozenset({S.SUBMITTED}), target=S.RECEIVED, roles=frozenset({R.PROVINCIAL_OFFICER}),
            checks=(not_applicant,), is_work=True, tells=COOPERATIVE,
        ),
        _move(
            name="review", label=N_("Start checking"), done=N_("The office started checking"),
            origins=frozenset({S.RECEIVED}), target=S.IN_REVIEW, roles=frozenset({R.PROVINCIAL_OFFICER}),
            checks=(not_applicant,), is_work=True, tells=COOPERATIVE,
        ),
        _move(
            name="return", label=N_("Return / ask for documents"),
            done=N_("The application was returned for more information"),
            origins=frozenset({S.RECEIVED, S.IN_REVIEW, S.RECOMMENDED}), target=S.RETURNED,
            roles=frozenset({R.PROVINCIAL_OFFICER, R.FUND_OFFICER}), checks=(not_applicant,),
            reason_required=True, reason_label=N_("What is missing or to be corrected"),
            asks=frozenset({FormPart.PAPERS}), is_work=True, tells_findings=True, effect=Effect.REQUEST,
            lists_requests=True, tells=COOPERATIVE,
        ),
        _move(
            name="answer", label=N_("Send the answer"), done=N_("The cooperative answered"),
            origins=frozenset({S.RETURNED}), target=S.IN_REVIEW, roles=COOPERATIVE,
            checks=(changes_signed, ready_to_submit), reason_label=N_("Answer to the office"),
            sends=True, takes_money=True, is_work=True, effect=Effect.ANSWER, tells=_TO_OFFICE,
            next_for_staff=N_("Please read the answer and go on checking."),
        ),
        _move(
            name="recommend", label=N_("Give opinion and recommend"),
            done=N_("The office gave its opinion and passed the application on"),
            origins=frozenset({S.IN_REVIEW}), target=S.RECOMMENDED, roles=frozenset({R.PROVINCIAL_OFFICER}),
            checks=(not_applicant, refusals_settled, unaccepted_explained),
            reason_required=True, reason_label=N_("Opinion"),
            asks=frozenset({FormPart.UNACCEPTED}), is_work=True, is_opinion=True, recommends=True, tells_findings=True,
            tells=COOPERATIVE | {R.FUND_OFFICER},
            next_for_staff=N_(
                "Please analyse the application and put it on the committee's agenda, or return it."
            ),
        ),
        _move(
            name="put_forward", label=N_("Put on the agenda"),
            done=N_("The application was put on the committee's agenda"),
            origins=frozenset({S.RECOMMENDED, S.DEFERRED}), target=S.ON_AGENDA, roles=frozenset({R.FUND_OFFICER}),
            checks=(not_applicant, not_own_recommendation, refusals_settled), reason_label=N_("Analysis"),
            is_work=True, is_opinion=True, tells_findings=True, tells=COOPERATIVE | {R.COMMITTEE},
            next_for_staff=N_("Please consider the application and record the committee's resolution."),
        ),
        _move(
            name="approve", label=N_("Approve"), done=N_("The committee approved the loan"),
            origins=frozenset({S.ON_AGENDA}), target=S.APPROVED, roles=frozenset({R.COMMITTEE}),
            checks=(
                not_applicant, not_own_work, meeting_named, amount_within_asked, cut_explained, money_reserved,
                within_what_is_left,
            ),
            reason_hint=N_("Required when less than asked is approved."),
            asks=frozenset({FormPart.RESOLUTION, FormPart.AMOUNT}), takes_money=True, effect=Effect.APPROVAL,
            confirm=N_(
                "Approve {approve-amount} for application %(number)s of %(cooperative)s, which asks for "
                "%(asked)s baht? This cannot be undone."
            ),
            decline=N_("Do not approve yet"),
            tells=COOPERATIVE | {R.PROVINCIAL_OFFICER, R.FUND_OFFICER, R.FINANCE_OFFICER},
            next_for_staff=N_("Please go on with the contract and the payment as far as they are your duty."),
        ),
        _move(
            name="reject", label=N_("Do not approve"), done=N_("The committee did not approve the loan"),
            origins=frozenset({S.ON_AGENDA}), target=S.REJECTED, roles=frozenset({R.COMMITTEE}),
            checks=(not_applicant, not_own_work, meeting_named), reason_required=True,
            asks=frozenset({FormPart.RESOLUTION}), takes_money=True, dangerous=True, confirm=_CANNOT_BE_UNDONE,
            decline=N_("Do not decide yet"), effect=Effect.REFUSAL, lists_unmet=True,
            tells=COOPERATIVE | {R.PROVINCIAL_OFFICER, R.FUND_OFFICER}, next_for_staff=_FOR_INFORMATION,
        ),
        _move(
            name="defer", label=N_("Defer"), done=N_("The committee deferred its consideration"),
            origins=frozenset({S.ON_AGENDA}), target=S.DEFERRED, roles=frozenset({R.COMMITTEE}),
            checks=(not_applicant, not_own_work, meeting_named), reason_required=True,
            asks=frozenset({FormPart.RESOLUTION}), effect=Effect.DEFERRAL, tells=COOPERATIVE | {R.FUND_OFFICER},
            next_for_staff=N_(
                "Please prepare what the committee asked for and put the application on the agenda again."
            ),
        ),
        _move(
            name="withdraw", label=N_("Withdraw application"), done=N_("The cooperative withdrew the application"),
            origins=HOLDS_MONEY, target=S.WITHDRAWN, roles=frozenset({R.SIGNATORY}), reason_required=True,
            reason_label=N_("Why it is withdrawn"), takes_money=True, dangerous=True, confirm=_CANNOT_BE_UNDONE,
            decline=N_("Do not withdraw"), tells=_TO_OFFICE, next_for_staff=_FOR_INFORMATION,
        ),
        _move(
            name="discard", label=N_("Discard draft"), done=N_("The draft was discarded"),
            origins=frozenset({S.DRAFT}), target=S.WITHDRAWN, roles=COOPERATIVE, checks=(own_draft,), dangerous=True,
            confirm=N_("Discard the draft of %(cooperative)s for %(asked)s baht? This cannot be undone."),
            decline=N_("Keep the draft"), tells=COOPERATIVE,
        ),
        _move(
            name="expire", label=N_("Expire"),
            done=N_("The application expired because nothing was answered in time"),
            origins=frozenset({S.DRAFT, S.RETURNED}), target=S.EXPIRED, roles=frozenset({R.SYSTEM}),
            takes_money=True, tells=COOPERATIVE,
        ),
    )
}  # fmt: skip

# What happens to an application without anybody moving it.
SERVED = Event(
    name="served",
    done=N_("Money was reserved for the application: it is no longer on the waiting list"),
    tells=COOPERATIVE,
)
INFECTED = Event(
    name="infected",
    done=N_("Malware was found in a document: the file was kept apart and nobody can open it. A new one is needed"),
    tells=_TO_OFFICE,
    next_for_staff=N_("Please ask the cooperative for a new copy of the document."),
    note_heading=N_("Which file it is:"),
    lists_requests=True,
)
_EXPIRES_ON = N_("It expires on:")
EXPIRES_SOON = Event(
    name="expires_soon",
    done=N_("The application expires soon because nobody works on it: go on with it, or send it"),
    tells=COOPERATIVE,
    note_heading=_EXPIRES_ON,
)
EXPIRES_NEXT = Event(
    name="expires_next",
    done=N_("The application expires in a few days because nobody works on it: go on with it, or send it, now"),
    tells=COOPERATIVE,
    note_heading=_EXPIRES_ON,
)
BOARD_CHANGED = Event(
    name="board_changed",
    done=N_("The operating board was changed after the application was sent"),
    tells=frozenset({R.PROVINCIAL_OFFICER}),
    next_for_staff=N_("Please look at what differs on the application's page; ask the cooperative if need be."),
)
GUARANTORS_CHANGED = Event(
    name="guarantors_changed",
    done=N_("The operating board was changed after the loan was granted, with the signatory's consent"),
    tells=frozenset({R.PROVINCIAL_OFFICER, R.FUND_OFFICER, R.FINANCE_OFFICER}),
    next_for_staff=BOARD_CHANGED.next_for_staff,
)
TO_SIGN = Event(
    name="to_sign",
    done=N_("The application is ready: please check it, sign it and send it"),
    tells=frozenset({R.SIGNATORY}),
    note_heading=N_("Who prepared it writes:"),
)
SENT_BACK = Event(
    name="sent_back",
    done=N_("The signatory gave the application back: please change what is written below"),
    tells=frozenset({R.PREPARER}),
    note_heading=N_("The signatory writes:"),
)
_EVENTS = (TO_SIGN, SENT_BACK, SERVED, INFECTED, EXPIRES_SOON, EXPIRES_NEXT, BOARD_CHANGED, GUARANTORS_CHANGED)
EVENTS: dict[str, Event] = {event.name: event for event in _EVENTS}

# Whose papers may be judged: who may ask the cooperative for others judges those that are there.
ASKING = next(move for move in MOVES.values() if move.asks_papers)
# Moves by which an office is done with the papers. Until one of them an officer may have second thoughts, so the
# cooperative does not read what was found.
TELL_FINDINGS = frozenset(move.name for move in MOVES.values() if move.tells_findings)
# States in which a cooperative reads that its application was sent.
SENT_JUST_NOW = frozenset(move.target for move in MOVES.values() if move.checked_first)
# States that a move leads to: in any other an application was never moved.
MOVED_TO = frozenset(move.target for move in MOVES.values())
DECIDED = frozenset(move.target for move in MOVES.values() if move.is_decision and move.target.facts.final)


def moves_for(state: State, roles: Collection[Role]) -> tuple[ApplicationMove, ...]:
    """Moves a person in one of ``roles`` may make from ``state``, in the table's order."""
    return moves_from(MOVES, state, roles)


def sending_from(state: State) -> ApplicationMove:
    """The move by which a cooperative sends what it wrote, from a state in which it may write."""
    return next(move for move in MOVES.values() if move.sends and state in move.origins)


def check_move(move: ApplicationMove, state: State, roles: Collection[Role], facts: Facts) -> None:
    """Raise ``RuleBroken`` unless the move is allowed from this state, for this person, under its checks."""
    moved_on = N_("The application has moved on meanwhile. Read its state below and choose again.")
    check_step(move, state, roles, facts, moved_on=moved_on)
