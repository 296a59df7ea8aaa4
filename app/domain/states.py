"""Where an application is: its states, each with all that it means on its line, and the sets that follow from them."""

from collections.abc import Collection
from dataclasses import dataclass

from app.domain.roles import Role
from app.domain.steps import StateEnum, StateFacts, Tone
from app.domain.values.labels import LabelledEnum
from app.domain.values.text import N_

OFFICE = frozenset({Role.PROVINCIAL_OFFICER})
OFFICE_AND_FUND = OFFICE | {Role.FUND_OFFICER}


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationFacts(StateFacts):
    """What a state of an application means, beside what any state means.

    ``editable``: the cooperative may change it. ``office_has_it``: the time promised for the check runs.
    ``waits_for_answer``: the office asked something. ``papers_checked``: the office has finished with the papers.
    ``committee_sees_it`` and ``awaits_decision``: it is, or was, before the committee. ``granted``: money was granted.
    ``staff`` are the roles that work on it; ``news_for`` is one that has no move from here and is shown the newest.
    """

    editable: bool = False
    office_has_it: bool = False
    waits_for_answer: bool = False
    papers_checked: bool = False
    committee_sees_it: bool = False
    awaits_decision: bool = False
    granted: bool = False
    staff: frozenset[Role] = OFFICE_AND_FUND
    news_for: Role | None = None


_facts = ApplicationFacts
_COOPERATIVE = N_("the cooperative")
_OFFICE = N_("the provincial office")
_FUND = N_("the fund")


def _at_office(public: str) -> ApplicationFacts:
    return ApplicationFacts(
        public=public, step=4, turn=_OFFICE, queue=Role.PROVINCIAL_OFFICER, office_has_it=True, staff=OFFICE
    )


class State(StateEnum):
    """Where an application is; officers read these words."""

    facts: ApplicationFacts

    DRAFT = (
        "draft",
        N_("Draft"),
        _facts(
            public=N_("Draft, not yet submitted"),
            step=1,
            tone=Tone.NEUTRAL,
            turn=_COOPERATIVE,
            editable=True,
            staff=frozenset(),
        ),
    )
    SUBMITTED = "submitted", N_("Submitted"), _at_office(N_("Submitted, waiting to be received"))
    RECEIVED = "received", N_("Received"), _at_office(N_("Received by the office"))
    IN_REVIEW = "in_review", N_("Under review"), _at_office(N_("The office is checking"))
    RETURNED = (
        "returned",
        N_("More information asked for"),
        _facts(
            public=N_("We are waiting for you"),
            step=4,
            tone=Tone.WAITING,
            turn=_COOPERATIVE,
            editable=True,
            waits_for_answer=True,
            staff=OFFICE,
        ),
    )
    RECOMMENDED = (
        "recommended",
        N_("Put forward for consideration"),
        _facts(
            public=N_("Being analysed by the fund"),
            step=5,
            turn=_FUND,
            queue=Role.FUND_OFFICER,
            papers_checked=True,
        ),
    )
    ON_AGENDA = (
        "on_agenda",
        N_("On the meeting's agenda"),
        _facts(
            public=N_("Before the committee"),
            step=5,
            turn=N_("the committee"),
            queue=Role.COMMITTEE,
            papers_checked=True,
            committee_sees_it=True,
            awaits_decision=True,
        ),
    )
    APPROVED = (
        "approved",
        N_("Approved"),
        _facts(
            public=N_("Approved"),
            step=6,
            tone=Tone.GOOD,
            news_for=Role.FINANCE_OFFICER,
            final=True,
            papers_checked=True,
            committee_sees_it=True,
            granted=True,
        ),
    )
    REJECTED = (
        "rejected",
        N_("Not approved"),
        _facts(
            public=N_("Not approved"),
            step=6,
            tone=Tone.BAD,
            final=True,
            papers_checked=True,
            committee_sees_it=True,
        ),
    )
    DEFERRED = (
        "deferred",
        N_("Consideration deferred"),
        _facts(
            public=N_("The committee will consider it again"),
            step=5,
            turn=_FUND,
            queue=Role.FUND_OFFICER,
            papers_checked=True,
            committee_sees_it=True,
        ),
    )
    WITHDRAWN = "withdrawn", N_("Withdrawn"), _facts(public=N_("Withdrawn"), step=6, tone=Tone.NEUTRAL, final=True)
    EXPIRED = "expired", N_("Expired"), _facts(public=N_("Expired"), step=6, tone=Tone.NEUTRAL, final=True)


class Outcome(LabelledEnum):
    """What the committee may resolve."""

    APPROVED = "approved", N_("Approve")
    REJECTED = "rejected", N_("Do not approve")
    DEFERRED = "deferred", N_("Defer")


# The steps an applicant counts.
STEPS = (
    N_("Fill in"),
    N_("Attach documents"),
    N_("Check and submit"),
    N_("Officers check"),
    N_("Committee"),
    N_("Result"),
)
FINAL = frozenset(state for state in State if state.facts.final)
EDITABLE = frozenset(state for state in State if state.facts.editable)
BEFORE_DECISION = frozenset(set(State) - FINAL)
HOLDS_MONEY = frozenset(BEFORE_DECISION - {State.DRAFT})
SEEN_BY_COMMITTEE = frozenset(state for state in State if state.facts.committee_sees_it)
GRANTED = frozenset(state for state in State if state.facts.granted)
PAPERS_CHECKED = frozenset(state for state in State if state.facts.papers_checked)
WAITS_FOR_ANSWER = frozenset(state for state in State if state.facts.waits_for_answer)


def _by_role(fact: str) -> dict[Role, tuple[State, ...]]:
    """The states of each role that a fact names."""
    roles = dict.fromkeys(getattr(state.facts, fact) for state in State)
    return {
        role: tuple(state for state in State if getattr(state.facts, fact) is role)
        for role in roles
        if role is not None
    }


QUEUES = _by_role("queue")
NEWS = _by_role("news_for")


# Sets of several states that lists offer like one: the queues, each by its role's name.
SETS = {role.value: states for role, states in QUEUES.items() if len(states) > 1}


def states_called(code: str) -> tuple[State, ...]:
    """The states that a code of a list stands for: one, or those of a set."""
    return SETS.get(code) or (State(code),)


def code_of(states: Collection[State]) -> str:
    """The code that stands for one state, or for a set of several."""
    if len(states) == 1:
        return next(iter(states)).value
    return next(code for code, of_set in SETS.items() if set(of_set) == set(states))
