"""Who may judge an application's papers and when, and from when on the cooperative reads what was found."""

from collections.abc import Collection
from datetime import date

from app.domain.move_checks import Facts, not_applicant
from app.domain.papers import Verdict
from app.domain.roles import Role
from app.domain.states import State
from app.domain.values.errors import RuleBroken
from app.domain.values.text import N_
from app.domain.workflow import ASKING


def may_examine(state: State, roles: Collection[Role]) -> bool:
    """Whether papers are judged in this state by somebody in these roles."""
    return state in ASKING.origins and bool(ASKING.roles & set(roles))


def check_may_examine(state: State, roles: Collection[Role], actor_id: int, applicants: Collection[int]) -> None:
    """Raise ``RuleBroken`` unless the person may judge papers now, and is not on the cooperative's side."""
    if not ASKING.roles & set(roles):
        raise RuleBroken(N_("Your role may not do this."))
    if state not in ASKING.origins:
        raise RuleBroken(
            N_("Documents are judged while the office or the fund checks the application. It is not there now.")
        )
    not_applicant(Facts(actor_id, applicants=applicants))


def check_request(name: str, note: str) -> None:
    """Raise ``RuleBroken`` for asking for a paper without a word about what is needed."""
    if not note.strip():
        raise RuleBroken(N_("Write what is needed of “%(name)s”: the cooperative reads it."), name=name)


def check_in_date(verdict: Verdict, last_day: date | None, day: date, last_day_in_words: str) -> None:
    """Raise ``RuleBroken`` for accepting a paper that was out of date on ``day``: it would not count anyway."""
    if verdict is Verdict.ACCEPTED and last_day is not None and last_day < day:
        raise RuleBroken(
            N_("By the day on it the document could be used until %(last)s only. Choose “Out of date”."),
            last=last_day_in_words,
        ).at("issued_on")
