"""What happened to an application, as its page and its dossier tell it."""

from dataclasses import dataclass

from flask_appbuilder.security.sqla.models import User
from flask_babel import gettext

from app.domain.roles import Role
from app.models.applications import LoanApplication, StatusChange
from app.services.applications.changed_answers import changed_at_answers
from app.services.applications.history import history_of
from app.services.applications.kept_boards import Boards, changed_at_sendings
from app.ui.formatting import be_datetime
from app.ui.labels import NOTHING, labelled
from app.views.applications.changed_answers import changes_in_words
from app.views.cooperatives.board_words import all_lines


@dataclass(frozen=True, slots=True)
class TimelineItem:
    """One move in words; ``changes`` are (label, before, after) of answers and guarantors; ``without`` of documents."""

    when: str
    title: str
    detail: str
    note: str
    without: str
    changes: list[tuple[str, str, str]]
    state: str


def timeline_of(application: LoanApplication, boards: Boards, *, show_people: bool) -> list[TimelineItem]:
    """Every move, oldest first. A cooperative is told neither the officers' names nor the offices' own opinions."""
    changes = history_of(application)
    changed = changed_at_answers(application)
    guarantors = changed_at_sendings(boards)
    return [
        TimelineItem(
            when=be_datetime(change.at),
            title=gettext(change.step.done),
            detail=who(change.actor if show_people else None, change.actor_role),
            note="" if change.step.is_opinion and not show_people else (change.reason or ""),
            without=_without(change) if show_people else "",
            changes=[*changes_in_words(changed.get(change.id, ())), *all_lines(guarantors.get(change.at, ()))],
            state="current" if index == len(changes) - 1 else "done",
        )
        for index, change in enumerate(changes)
    ]


def went_without(application: LoanApplication) -> StatusChange | None:
    """The office's opinion on what is before the fund and the committee, if it was given without some documents."""
    if not application.state.facts.papers_checked:
        return None
    last = next((change for change in reversed(application.changes) if change.step.recommends), None)
    return last if last is not None and last.unaccepted else None


def _without(change: StatusChange) -> str:
    if not change.unaccepted:
        return ""
    return gettext(
        "Documents not accepted then: %(names)s. Why it went on without them: %(why)s",
        names=change.unaccepted,
        why=change.papers_reason or NOTHING,
    )


def who(person: User | None, role: str) -> str:
    """Name and role; the role alone when the name is not told."""
    words = labelled(Role(role))
    return f"{person.get_full_name()} ({words})" if person is not None else words
