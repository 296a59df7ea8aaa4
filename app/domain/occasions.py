"""Everything people are told of, from the tables of all subjects, by the name that is kept with a notice."""

from app.domain import cooperatives
from app.domain.steps import Event
from app.domain.workflow import EVENTS, MOVES

OCCASIONS: dict[str, Event] = {**MOVES, **EVENTS, **cooperatives.EVENTS}


def happened(name: str) -> str:
    """The sentence that says what happened, to be translated for its reader."""
    return OCCASIONS[name].done
