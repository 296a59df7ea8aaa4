"""What each move and each state of an application means, written once more by hand."""

import pytest

from app.domain.occasions import happened
from app.domain.roles import Role
from app.domain.states import (
    GRANTED,
    NEWS,
    PAPERS_CHECKED,
    QUEUES,
    WAITS_FOR_ANSWER,
    State,
    code_of,
    states_called,
)
from app.domain.workflow import ASKING, DECIDED, EVENTS, MOVES, SENT_JUST_NOW, TELL_FINDINGS, sending_from

S = State
# The moves of which a fact is true.
TRUE_OF = {
    "sends": {"submit", "answer"},
    "answers": {"answer"},
    "takes_money": {"submit", "answer", "approve", "reject", "withdraw", "expire"},
    "is_work": {"submit", "receive", "review", "return", "answer", "recommend", "put_forward"},
    "recommends": {"recommend"},
    "tells_findings": {"return", "recommend", "put_forward"},
    "checked_first": {"submit"},
    "is_opinion": {"recommend", "put_forward"},
    "is_decision": {"approve", "reject", "defer"},
    "asks_papers": {"return"},
    "dangerous": {"reject", "withdraw", "discard"},
    "lists_requests": {"return"},
    "lists_unmet": {"reject"},
    "reason_required": {"return", "recommend", "reject", "defer", "withdraw"},
}
STEP_OF = {
    S.DRAFT: 1, S.SUBMITTED: 4, S.RECEIVED: 4, S.IN_REVIEW: 4, S.RETURNED: 4, S.RECOMMENDED: 5, S.ON_AGENDA: 5,
    S.DEFERRED: 5, S.APPROVED: 6, S.REJECTED: 6, S.WITHDRAWN: 6, S.EXPIRED: 6,
}  # fmt: skip


@pytest.mark.parametrize("fact", TRUE_OF)
def test_a_fact_is_true_of_the_moves_we_mean(fact: str) -> None:
    found = {name: getattr(move, fact) for name, move in MOVES.items()}

    assert found == {name: name in TRUE_OF[fact] for name in MOVES}


def test_sets_of_moves_and_states_follow_their_facts() -> None:
    assert ASKING.name == "return"
    assert TRUE_OF["tells_findings"] == TELL_FINDINGS
    assert {S.SUBMITTED} == SENT_JUST_NOW
    assert {S.APPROVED, S.REJECTED} == DECIDED
    assert {S.RETURNED} == WAITS_FOR_ANSWER
    assert {S.APPROVED} == GRANTED
    assert {S.RECOMMENDED, S.ON_AGENDA, S.APPROVED, S.REJECTED, S.DEFERRED} == PAPERS_CHECKED


def test_staff_work_on_what_has_reached_them() -> None:
    office, both = {Role.PROVINCIAL_OFFICER}, {Role.PROVINCIAL_OFFICER, Role.FUND_OFFICER}
    at_the_office = {S.SUBMITTED, S.RECEIVED, S.IN_REVIEW, S.RETURNED}

    assert S.DRAFT.facts.staff == set()
    assert all(state.facts.staff == (office if state in at_the_office else both) for state in set(State) - {S.DRAFT})


def test_each_role_has_its_queue() -> None:
    assert QUEUES == {
        Role.PROVINCIAL_OFFICER: (S.SUBMITTED, S.RECEIVED, S.IN_REVIEW),
        Role.FUND_OFFICER: (S.RECOMMENDED, S.DEFERRED),
        Role.COMMITTEE: (S.ON_AGENDA,),
    }
    assert NEWS == {Role.FINANCE_OFFICER: (S.APPROVED,)}


@pytest.mark.parametrize("states", [*QUEUES.values(), *NEWS.values(), *((state,) for state in State)])
def test_a_list_names_states_by_a_code_that_leads_back_to_them(states: tuple[State, ...]) -> None:
    assert states_called(code_of(states)) == states


def test_a_queue_is_of_one_clock() -> None:
    # Start pages sort a queue by its days, or by its submissions where no day is promised.
    assert all(len({state.facts.office_has_it for state in states}) == 1 for states in QUEUES.values())


def test_an_applicant_counts_the_steps_we_mean() -> None:
    assert {state: state.facts.step for state in State} == STEP_OF


def test_a_cooperative_sends_a_draft_and_an_answer() -> None:
    assert [sending_from(state).name for state in (S.DRAFT, S.RETURNED)] == ["submit", "answer"]


def test_a_mail_about_malware_lists_the_documents_asked_for() -> None:
    assert {name for name, event in EVENTS.items() if event.lists_requests} == {"infected"}


def test_people_are_told_of_moves_and_of_what_nobody_moved() -> None:
    assert happened("receive") == "The office received the application"
    assert happened("served") == "Money was reserved for the application: it is no longer on the waiting list"
