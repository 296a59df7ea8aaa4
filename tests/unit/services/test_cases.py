"""What is read for the checks of a move."""

from dataclasses import fields

from app.domain.move_checks import Facts, ready_to_submit
from app.domain.workflow import MOVES
from app.services.applications.cases import READ_FOR

# Known without reading anything beside the application, the form and the person.
AT_HAND = {
    "actor_id",
    "amount_asked",
    "amount_approved",
    "waits_for_money",
    "left_to_approve",
    "signs",
    "began_by",
    "reason",
    "meeting_no",
    "papers_reason",
}
READ = {
    "_workers": {"workers"},
    "_recommenders": {"recommenders"},
    "_applicants": {"applicants"},
    "_changed": {"answers_changed"},
    "_unsettled": {"refused", "unscanned", "unaccepted"},
}


def test_every_check_finds_the_facts_it_looks_at() -> None:
    names = {field.name for field in fields(Facts)}
    blind = {}
    for check in {check for move in MOVES.values() for check in move.checks}:
        looks_at = set(check.__code__.co_names) & names
        given = READ[READ_FOR[check].__name__] if check in READ_FOR else set()
        # What blocks a sending is judged when the money is counted.
        given |= {"problems"} if check is ready_to_submit else set()
        blind[check.__name__] = looks_at - given - AT_HAND

    assert {name: missing for name, missing in blind.items() if missing} == {}


def test_only_what_sends_is_checked_to_be_complete() -> None:
    assert {move.name for move in MOVES.values() if ready_to_submit in move.checks} == {
        move.name for move in MOVES.values() if move.sends
    }
