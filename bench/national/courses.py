"""The ways applications went, in the words of the product's own table of moves."""

from dataclasses import dataclass

from app.domain.states import State
from app.domain.workflow import MOVES


@dataclass(frozen=True, slots=True)
class Step:
    """One move of a course: the row of ``bench.course`` it becomes."""

    state: str
    unsent: bool
    step: int
    move: str
    origin: str
    target: str
    role: str


_TO_REVIEW = ("submit", "receive", "review")
_TO_AGENDA = (*_TO_REVIEW, "recommend", "put_forward")
# Moves, and whether the application was never sent. Where they end is the state the application is in.
COURSES: tuple[tuple[tuple[str, ...], bool], ...] = (
    (("submit",), False),
    (("submit", "receive"), False),
    (_TO_REVIEW, False),
    ((*_TO_REVIEW, "return"), False),
    ((*_TO_REVIEW, "recommend"), False),
    (_TO_AGENDA, False),
    ((*_TO_AGENDA, "defer"), False),
    ((*_TO_AGENDA, "approve"), False),
    ((*_TO_REVIEW, "return", "answer", "recommend", "put_forward", "reject"), False),
    (("submit", "receive", "withdraw"), False),
    ((*_TO_REVIEW, "return", "expire"), False),
    (("discard",), True),
    (("expire",), True),
)


def steps() -> list[Step]:
    """Every step of every course.

    Raises:
        ValueError: a course is no longer possible; the table of moves changed.
    """
    found = []
    for names, unsent in COURSES:
        end = MOVES[names[-1]].target
        state = State.DRAFT
        for number, name in enumerate(names, start=1):
            move = MOVES[name]
            if state not in move.origins:
                raise ValueError(f"{name} does not start from {state}")
            found.append(
                Step(end.value, unsent, number, name, state.value, move.target.value, sorted(move.roles)[-1].value)
            )
            state = move.target
    return found
