"""How far one part of an application is, as its row in the task list says."""

from dataclasses import dataclass

from app.domain.values.errors import RuleBroken
from app.domain.values.labels import LabelledEnum
from app.domain.values.text import N_


class SectionState(LabelledEnum):
    """Where a part of an application stands; only what is done counts as done."""

    NOT_STARTED = "not_started", N_("Not started yet")
    IN_PROGRESS = "in_progress", N_("Begun")
    DONE = "done", N_("Part is done")
    ATTENTION = "attention", N_("To be mended")
    LOCKED = "locked", N_("Not possible yet")


@dataclass(frozen=True, slots=True)
class Standing:
    """The state of a part, with how much of it is there, and what is wrong first with the place to mend it."""

    state: SectionState
    there: int = 0
    of: int = 0
    problem: RuleBroken | None = None
    place: str = ""

    @property
    def done(self) -> bool:
        return self.state is SectionState.DONE

    @property
    def counted(self) -> bool:
        """Whether the row says how many of how many, in place of a word."""
        return self.state is SectionState.IN_PROGRESS and self.of > 0


def standing_by(problem: tuple[RuleBroken, str] | None, *, begun: bool = True) -> Standing:
    """The standing of a part that is done unless something is wrong with it; one not begun is merely not begun."""
    if not begun:
        return Standing(
            SectionState.NOT_STARTED, problem=problem[0] if problem else None, place=problem[1] if problem else ""
        )
    if problem is not None:
        return Standing(SectionState.ATTENTION, problem=problem[0], place=problem[1])
    return Standing(SectionState.DONE)
