"""The table of moves: every state is reached and named, and leads where we mean."""

from decimal import Decimal

import pytest

from app.domain.move_checks import Facts
from app.domain.roles import COOPERATIVE, Role
from app.domain.states import (
    BEFORE_DECISION,
    EDITABLE,
    FINAL,
    HOLDS_MONEY,
    QUEUES,
    SEEN_BY_COMMITTEE,
    STEPS,
    Outcome,
    State,
)
from app.domain.steps import FormPart
from app.domain.values.errors import RuleBroken
from app.domain.workflow import DECIDED, EVENTS, MOVES, TELL_FINDINGS, check_move, moves_for, sending_from

# Written by hand: from each state, the moves that leave it and where they lead.
EXITS = {
    State.DRAFT: {"submit": State.SUBMITTED, "discard": State.WITHDRAWN, "expire": State.EXPIRED},
    State.SUBMITTED: {"receive": State.RECEIVED, "withdraw": State.WITHDRAWN},
    State.RECEIVED: {"review": State.IN_REVIEW, "return": State.RETURNED, "withdraw": State.WITHDRAWN},
    State.IN_REVIEW: {"return": State.RETURNED, "recommend": State.RECOMMENDED, "withdraw": State.WITHDRAWN},
    State.RETURNED: {"answer": State.IN_REVIEW, "withdraw": State.WITHDRAWN, "expire": State.EXPIRED},
    State.RECOMMENDED: {"return": State.RETURNED, "put_forward": State.ON_AGENDA, "withdraw": State.WITHDRAWN},
    State.ON_AGENDA: {
        "approve": State.APPROVED,
        "reject": State.REJECTED,
        "defer": State.DEFERRED,
        "withdraw": State.WITHDRAWN,
    },
    State.DEFERRED: {"put_forward": State.ON_AGENDA, "withdraw": State.WITHDRAWN},
    State.APPROVED: {},
    State.REJECTED: {},
    State.WITHDRAWN: {},
    State.EXPIRED: {},
}
MADE_BY = {
    "submit": {Role.SIGNATORY},
    "receive": {Role.PROVINCIAL_OFFICER},
    "review": {Role.PROVINCIAL_OFFICER},
    "return": {Role.PROVINCIAL_OFFICER, Role.FUND_OFFICER},
    "answer": {Role.PREPARER, Role.SIGNATORY},
    "recommend": {Role.PROVINCIAL_OFFICER},
    "put_forward": {Role.FUND_OFFICER},
    "approve": {Role.COMMITTEE},
    "reject": {Role.COMMITTEE},
    "defer": {Role.COMMITTEE},
    "withdraw": {Role.SIGNATORY},
    "discard": {Role.PREPARER, Role.SIGNATORY},
    "expire": {Role.SYSTEM},
}
WORK = {"submit", "receive", "review", "return", "answer", "recommend", "put_forward"}
NEED_A_REASON = {"return", "recommend", "reject", "defer", "withdraw"}
DECISIONS = ("approve", "reject", "defer")
WORK_OF_THE_FUND = ("receive", "review", "return", "recommend", "put_forward", *DECISIONS)
ME, SOMEBODY = 7, 8


def facts(**values: object) -> Facts:
    given = {
        "actor_id": ME,
        "began_by": ME,
        "amount_asked": Decimal(100),
        "amount_approved": Decimal(100),
        "reason": "เหตุผล",
        "meeting_no": "12/2569",
    }
    return Facts(**{**given, **values})


GOOD = facts()


def attempt(name: str, given: Facts = GOOD, *, role: Role | None = None) -> None:
    move = MOVES[name]
    origin = min(move.origins)
    check_move(move, origin, {role or min(move.roles)}, given)


# The table


def test_every_state_is_reached_from_a_draft() -> None:
    reached, waiting = {State.DRAFT}, [State.DRAFT]
    while waiting:
        state = waiting.pop()
        found = {move.target for move in MOVES.values() if state in move.origins} - reached
        reached |= found
        waiting += found

    assert reached == set(State)


@pytest.mark.parametrize("state", State)
def test_state_has_the_exits_we_mean(state: State) -> None:
    assert {move.name: move.target for move in MOVES.values() if state in move.origins} == EXITS[state]


@pytest.mark.parametrize("state", State)
def test_state_has_a_label_public_words_and_a_step(state: State) -> None:
    assert state.label
    assert state.facts.public
    assert 1 <= state.facts.step <= len(STEPS)


def test_labels_and_public_words_tell_states_apart() -> None:
    assert len({state.label for state in State}) == len(State)
    assert len({state.facts.public for state in State}) == len(State)


def test_final_states_are_those_without_exits() -> None:
    assert {state for state in State if not EXITS[state]} == FINAL
    assert set(State) - FINAL == BEFORE_DECISION


def test_steps_never_go_back_but_for_a_question() -> None:
    # A fund officer's question sends an application from the committee's step back to the officers'.
    back = {
        (origin, move.name)
        for move in MOVES.values()
        for origin in move.origins
        if move.target.facts.step < origin.facts.step
    }

    assert back == {(State.RECOMMENDED, "return")}


def test_named_sets_of_states() -> None:
    assert {State.DRAFT, State.RETURNED} == EDITABLE
    assert {State.ON_AGENDA, State.APPROVED, State.REJECTED, State.DEFERRED} == SEEN_BY_COMMITTEE
    assert {
        State.SUBMITTED,
        State.RECEIVED,
        State.IN_REVIEW,
        State.RETURNED,
        State.RECOMMENDED,
        State.ON_AGENDA,
        State.DEFERRED,
    } == HOLDS_MONEY


def test_every_resolution_has_its_move() -> None:
    assert {MOVES[name].target.value for name in DECISIONS} == {outcome.value for outcome in Outcome}


# Who may


@pytest.mark.parametrize("name", MOVES)
def test_move_is_made_by_the_roles_we_mean(name: str) -> None:
    assert MOVES[name].roles == MADE_BY[name]


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.AUDITOR, Role.MANAGER, Role.FINANCE_OFFICER])
@pytest.mark.parametrize("state", State)
def test_role_without_a_part_in_the_workflow_is_offered_nothing(role: Role, state: State) -> None:
    assert moves_for(state, {role}) == ()


@pytest.mark.parametrize("name", MOVES)
def test_administrator_makes_no_move(name: str) -> None:
    with pytest.raises(RuleBroken, match="Your role may not do this"):
        attempt(name, role=Role.ADMINISTRATOR)


@pytest.mark.parametrize("name", MOVES)
def test_only_the_named_roles_make_a_move(name: str) -> None:
    for role in set(Role) - MADE_BY[name]:
        with pytest.raises(RuleBroken, match="Your role may not do this"):
            attempt(name, role=role)


@pytest.mark.parametrize("name", MOVES)
def test_each_named_role_makes_its_move(name: str) -> None:
    for role in MADE_BY[name]:
        attempt(name, role=role)


def test_every_move_says_what_was_done_and_tells_the_cooperative() -> None:
    for move in MOVES.values():
        assert move.label
        assert move.done
        assert {Role.PREPARER, Role.SIGNATORY} <= move.tells


def test_moves_are_offered_in_the_tables_order() -> None:
    assert [move.name for move in moves_for(State.ON_AGENDA, {Role.COMMITTEE})] == ["approve", "reject", "defer"]
    assert [move.name for move in moves_for(State.RETURNED, {Role.SIGNATORY})] == ["answer", "withdraw"]
    assert [move.name for move in moves_for(State.RETURNED, {Role.PREPARER})] == ["answer"]


def test_move_from_another_state_is_refused() -> None:
    for move in MOVES.values():
        for state in set(State) - move.origins:
            with pytest.raises(RuleBroken, match="has moved on"):
                check_move(move, state, move.roles, GOOD)


# What a row means


def test_whoever_is_told_as_staff_reads_what_to_do_next() -> None:
    for event in (*MOVES.values(), *EVENTS.values()):
        assert bool(event.tells - COOPERATIVE) == (event.next_for_staff is not None), event.name


def test_money_moves_when_something_is_sent_decided_or_ended() -> None:
    # A decision that is put off changes nothing about the money that is held.
    assert {name for name, move in MOVES.items() if move.takes_money} == {
        "submit", "answer", "approve", "reject", "withdraw", "expire",
    }  # fmt: skip


def test_what_the_cooperative_sends_is_complete_and_one_move_answers() -> None:
    assert [(move.name, move.answers) for move in MOVES.values() if move.sends] == [("submit", False), ("answer", True)]
    assert [sending_from(state).name for state in sorted(EDITABLE)] == ["submit", "answer"]


def test_findings_about_papers_are_told_when_the_office_is_done_with_them() -> None:
    assert {"return", "recommend", "put_forward"} == TELL_FINDINGS


def test_opinions_of_the_offices_are_no_letters_to_the_cooperative() -> None:
    assert {name for name, move in MOVES.items() if move.is_opinion} == {"recommend", "put_forward"}
    assert [name for name, move in MOVES.items() if move.recommends] == ["recommend"]


@pytest.mark.parametrize("name", MOVES)
def test_what_ends_an_application_against_its_cooperative_is_asked_about_in_red(name: str) -> None:
    move = MOVES[name]
    by_people = move.target.facts.final and move.roles != {Role.SYSTEM}

    assert (move.confirm is not None) == by_people
    assert move.dangerous == (by_people and not move.target.facts.granted)


def test_resolutions_ask_for_day_and_meeting_and_one_for_an_amount() -> None:
    assert [name for name, move in MOVES.items() if move.is_decision] == list(DECISIONS)
    assert [name for name, move in MOVES.items() if FormPart.AMOUNT in move.asks] == ["approve"]
    assert {State.APPROVED, State.REJECTED} == DECIDED


@pytest.mark.parametrize("state", State)
def test_something_is_waited_for_until_the_end(state: State) -> None:
    assert bool(state.facts.turn) == (not state.facts.final)


def test_work_stands_in_the_list_of_whoever_has_the_next_move() -> None:
    assert {
        Role.PROVINCIAL_OFFICER: (State.SUBMITTED, State.RECEIVED, State.IN_REVIEW),
        Role.FUND_OFFICER: (State.RECOMMENDED, State.DEFERRED),
        Role.COMMITTEE: (State.ON_AGENDA,),
    } == QUEUES
    for role, states in QUEUES.items():
        assert all(moves_for(state, {role}) for state in states)


def test_the_offices_clock_runs_while_it_has_the_application() -> None:
    assert {state for state in State if state.facts.office_has_it} == set(QUEUES[Role.PROVINCIAL_OFFICER])
    assert {state for state in State if state.facts.papers_checked} == SEEN_BY_COMMITTEE | {State.RECOMMENDED}


# Two persons


def test_working_on_an_application_is_preparing_it() -> None:
    assert {name for name, move in MOVES.items() if move.is_work} == WORK


@pytest.mark.parametrize("decision", DECISIONS)
def test_who_worked_on_an_application_cannot_decide(decision: str) -> None:
    attempt(decision, facts(workers={SOMEBODY}))

    with pytest.raises(RuleBroken, match="You worked on this application yourself"):
        attempt(decision, facts(workers={ME, SOMEBODY}))


@pytest.mark.parametrize("name", WORK_OF_THE_FUND)
def test_who_stands_on_the_cooperatives_side_does_not_work_for_the_fund(name: str) -> None:
    attempt(name, facts(applicants={SOMEBODY}))

    with pytest.raises(RuleBroken, match="act for this cooperative"):
        attempt(name, facts(applicants={ME, SOMEBODY}))


@pytest.mark.parametrize("name", sorted(set(MOVES) - set(WORK_OF_THE_FUND)))
def test_the_cooperatives_own_moves_are_made_by_its_own_people(name: str) -> None:
    attempt(name, facts(applicants={ME}))


def test_who_recommended_cannot_put_forward() -> None:
    with pytest.raises(RuleBroken, match="You gave the opinion"):
        attempt("put_forward", facts(recommenders={ME}))


def test_another_officer_puts_forward() -> None:
    attempt("put_forward", facts(recommenders={SOMEBODY}, workers={ME}))


@pytest.mark.parametrize("name", ["recommend", "put_forward"])
def test_nothing_goes_on_to_the_committee_with_a_refused_paper(name: str) -> None:
    with pytest.raises(RuleBroken, match=r"not replaced: งบการเงิน, ข้อบังคับ\."):
        attempt(name, facts(refused=("งบการเงิน", "ข้อบังคับ")))


def test_who_recommends_without_accepted_papers_says_why() -> None:
    for name in set(MOVES) - {"recommend"}:
        attempt(name, facts(unaccepted=("งบการเงิน",)))
    attempt("recommend", facts(unaccepted=("งบการเงิน",), papers_reason="ดูต้นฉบับแล้ว"))

    with pytest.raises(RuleBroken, match="not accepted yet: งบการเงิน, ข้อบังคับ") as refusal:
        attempt("recommend", facts(unaccepted=("งบการเงิน", "ข้อบังคับ"), papers_reason=" "))
    assert refusal.value.field == "papers_reason"


def test_a_refused_paper_does_not_keep_the_office_from_asking() -> None:
    attempt("return", facts(refused=("งบการเงิน",)))


def test_changed_answers_are_sent_by_the_signatory() -> None:
    attempt("answer", facts(answers_changed=True, signs=True))
    attempt("answer", facts(answers_changed=False, signs=False))

    with pytest.raises(RuleBroken, match="a signatory has to send them"):
        attempt("answer", facts(answers_changed=True, signs=False))


# Reasons, amounts, completeness


@pytest.mark.parametrize("name", MOVES)
def test_reason_is_required_where_we_mean(name: str) -> None:
    if name not in NEED_A_REASON:
        attempt(name, facts(reason=""))
        return

    for blank in ("", "  \n\t"):
        with pytest.raises(RuleBroken, match=f"Write: {MOVES[name].reason_label or 'Reason'}") as refusal:
            attempt(name, facts(reason=blank))
        assert refusal.value.field == "reason"


@pytest.mark.parametrize("name", DECISIONS)
def test_resolution_names_its_meeting(name: str) -> None:
    for blank in ("", "  \n\t"):
        with pytest.raises(RuleBroken, match="Write: Meeting number") as refusal:
            attempt(name, facts(meeting_no=blank))
        assert refusal.value.field == "meeting_no"


def test_approval_for_less_says_why() -> None:
    with pytest.raises(
        RuleBroken, match=r"99\.99 baht, is less than the 100\.00 baht asked\. Write the reason"
    ) as refusal:
        attempt("approve", facts(amount_approved=Decimal("99.99"), reason=" "))

    assert refusal.value.field == "reason"


@pytest.mark.parametrize("amount", ["0.01", "99.99", "100.00"])
def test_amount_up_to_the_one_asked_is_approved(amount: str) -> None:
    attempt("approve", facts(amount_approved=Decimal(amount)))


@pytest.mark.parametrize("amount", [None, Decimal(0), Decimal("-1")])
def test_approval_needs_an_amount_above_zero(amount: Decimal | None) -> None:
    with pytest.raises(RuleBroken, match="above zero"):
        attempt("approve", facts(amount_approved=amount))


def test_amount_above_the_one_asked_is_refused_with_both_figures() -> None:
    with pytest.raises(RuleBroken, match=r"100\.01 baht, is above the 100\.00 baht"):
        attempt("approve", facts(amount_approved=Decimal("100.01")))


@pytest.mark.parametrize("name", ["reject", "defer"])
def test_other_resolutions_take_no_amount(name: str) -> None:
    attempt(name, facts(amount_approved=None))


@pytest.mark.parametrize("name", ["submit", "answer"])
def test_application_with_a_problem_is_not_sent(name: str) -> None:
    problems = (RuleBroken("The first problem"), RuleBroken("The second problem"))

    with pytest.raises(RuleBroken, match="The first problem") as refusal:
        attempt(name, facts(problems=problems))

    assert refusal.value.every() == problems
