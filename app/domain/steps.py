"""The engine of a subject's table of moves: what a row says, who may do what next, and what is refused.

It knows no subject. Applications have their table in ``workflow.py``; loans, meetings and registrations bring theirs.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, Protocol, Self, TypeVar

from app.domain.roles import Role
from app.domain.values.errors import RuleBroken
from app.domain.values.labels import LabelledEnum
from app.domain.values.text import N_, Phrase

WRITE = N_("Write: %(label)s")
REASON = N_("Reason")
NOTE = N_("Note from the sender:")


class Tone(StrEnum):
    """How a state is coloured wherever it is shown."""

    NEUTRAL = "neutral"
    INFO = "info"
    WAITING = "waiting"
    GOOD = "good"
    BAD = "bad"


class FormPart(StrEnum):
    """What the form of a move asks for or shows beside its text."""

    AMOUNT = "amount"
    RESOLUTION = "resolution"  # the day and the meeting
    PAPERS = "papers"  # documents to ask for, each with what is needed
    UNACCEPTED = "unaccepted"  # the required documents that nobody has accepted yet, and why it goes on without
    DECLARATION = "declaration"  # a box to tick


@dataclass(frozen=True, slots=True, kw_only=True)
class StateFacts:
    """What a state means to people.

    ``public`` is what the applicant reads; ``step`` the place on the applicant's way, counted from 1; ``turn`` says in
    words whose turn it is, empty when nothing is waited for; ``queue`` is the role in whose list of work it stands.
    """

    public: str
    step: int
    tone: Tone = Tone.INFO
    turn: str = ""
    queue: Role | None = None
    final: bool = False


class StateEnum(LabelledEnum):
    """States of a subject, each with its facts on its line: ``DRAFT = "draft", N_("Draft"), StateFacts(…)``."""

    facts: Any

    def __new__(cls, value: str, label: str = "", facts: StateFacts | None = None) -> Self:
        if not label or facts is None:  # optional only for type checkers, which read State("draft") as a call of this
            raise TypeError(f"{value} has no label or no facts")
        member = str.__new__(cls, value)
        member._value_, member.label, member.facts = value, label, facts
        return member


class HasReason(Protocol):
    """What the checks of any subject's moves are told, at the least: what the person wrote."""

    @property
    def reason(self) -> str: ...


StateT = TypeVar("StateT", bound=StateEnum)
FactsT = TypeVar("FactsT", bound=HasReason)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happens of which people are told: a move, or what happens without anybody moving anything.

    ``done`` says that it happened; ``next_for_staff`` what staff who are told of it do next, and is there whenever
    staff are told; ``note_heading`` stands above the text that comes with it. ``is_opinion`` marks a text of the
    offices that the cooperative does not read; ``lists_requests`` and ``lists_unmet`` say that the mail lists the
    documents asked for, and the rules that are not met. ``leads_to`` is the endpoint that a notice about no application
    leads to.
    """

    name: str
    done: str
    tells: frozenset[Role] = frozenset()
    next_for_staff: str | None = None
    note_heading: str = NOTE
    is_opinion: bool = False
    lists_requests: bool = False
    lists_unmet: bool = False
    leads_to: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move(Event, Generic[StateT, FactsT]):
    """One row of a table: who may take something from which states to which, under what checks, and what it means.

    ``asks`` is what its form has; ``reason_hint`` stands below its text. ``dangerous`` colours its button, ``confirm``
    is the question before it and ``decline`` the button of who thinks better of it. ``effect`` names what changes
    beside the state, for the service that makes the move.
    """

    label: str
    origins: frozenset[StateT]
    target: StateT
    roles: frozenset[Role]
    checks: tuple[Callable[[FactsT], None], ...] = ()
    reason_required: bool = False
    reason_label: str | None = None
    reason_hint: str | None = None
    asks: frozenset[FormPart] = frozenset()
    dangerous: bool = False
    confirm: str | None = None
    decline: str | None = None
    effect: str | None = None


MoveT = TypeVar("MoveT", bound=Move[Any, Any])


def moves_from(table: Mapping[str, MoveT], state: StateEnum, roles: Collection[Role]) -> tuple[MoveT, ...]:
    """Moves of a table that a person in one of ``roles`` may make from ``state``, in the table's order."""
    return tuple(move for move in table.values() if state in move.origins and move.roles & set(roles))


def check_step(
    move: Move[StateT, FactsT], state: StateT, roles: Collection[Role], facts: FactsT, *, moved_on: str
) -> None:
    """Raise ``RuleBroken`` unless the move is allowed from this state, for this person, under its checks.

    Args:
        moved_on: what is said when the move does not start from ``state``: somebody else was quicker.
    """
    if not move.roles & set(roles):
        raise RuleBroken(N_("Your role may not do this."))
    if state not in move.origins:
        raise RuleBroken(moved_on)
    if move.reason_required and not facts.reason.strip():
        raise RuleBroken(WRITE, label=Phrase(move.reason_label or REASON)).at("reason")
    for check in move.checks:
        check(facts)
