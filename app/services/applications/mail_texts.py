"""What mails about an application say: one text for the cooperative, another for the staff member it waits for."""

from collections.abc import Sequence
from datetime import datetime

from flask import current_app
from flask_appbuilder.security.sqla.models import User
from flask_babel import gettext

from app.domain.eligibility import Line
from app.domain.programmes import ApprovingBody
from app.domain.text import N_
from app.domain.workflow import INFECTED, OPINIONS, PUBLIC_WORDS, Move, State
from app.models.applications import LoanApplication
from app.services.applications.reasons import sheet_lines
from app.services.documents.requests import open_requests
from app.ui.formatting import baht, be_datetime
from app.ui.labels import labelled

# What staff who are told of a move do next, by the state the application came to.
NEXT_FOR_STAFF = {
    State.SUBMITTED: N_("Please receive the application and check its documents."),
    State.IN_REVIEW: N_("Please read the answer and go on checking."),
    State.RECOMMENDED: N_("Please analyse the application and put it on the committee's agenda, or return it."),
    State.ON_AGENDA: N_("Please consider the application and record the committee's resolution."),
    State.APPROVED: N_("Please go on with the contract and the payment as far as they are your duty."),
    State.REJECTED: N_("This is for your information; nothing needs to be done."),
    State.DEFERRED: N_("Please prepare what the committee asked for and put the application on the agenda again."),
    State.WITHDRAWN: N_("This is for your information; nothing needs to be done."),
}
# The same for what happens without a move, and what stands above the note of it.
NEXT_WITHOUT_MOVE = {INFECTED.name: N_("Please ask the cooperative for a new copy of the document.")}
NOTE_HEADINGS = {INFECTED.name: N_("Which file it is:")}


def subject_of(application: LoanApplication, step: Move) -> str:
    """The subject of every mail about a move."""
    return gettext("Application %(number)s: %(what)s", number=application.number or "–", what=gettext(step.done))


def to_cooperative(
    application: LoanApplication, step: Move, reason: str | None, at: datetime, unmet: Sequence[Line] = ()
) -> str:
    """The text for the applicant, in the applicant's words for states; ``unmet`` are the rules of a refusal."""
    status = gettext(PUBLIC_WORDS[application.state])
    return "\n".join(
        [
            gettext("To %(name)s", name=application.cooperative_name),
            "",
            gettext(step.done),
            *_facts(application, status),
            *_note(step, reason),
            *_unmet(unmet),
            *_asked(application, step),
            *_closing(application, at),
        ]
    )


def to_staff(
    application: LoanApplication,
    step: Move,
    reason: str | None,
    at: datetime,
    reader: User,
    unmet: Sequence[Line] = (),
) -> str:
    """The text for one officer or committee member: what happened, the exact state, and what to do next."""
    return "\n".join(
        [
            gettext("To %(name)s", name=reader.get_full_name().strip() or gettext("the officer")),
            "",
            gettext(step.done),
            gettext(NEXT_WITHOUT_MOVE.get(step.name) or NEXT_FOR_STAFF[step.target]),
            "",
            gettext("Cooperative: %(name)s", name=application.cooperative_name),
            *_facts(application, labelled(application.state)),
            *_note(step, reason),
            *_unmet(unmet),
            *_closing(application, at),
        ]
    )


def _facts(application: LoanApplication, status: str) -> list[str]:
    approved = application.amount_approved
    decision = application.decision
    body = decision.body if decision is not None else None
    return [
        gettext("Application number: %(number)s", number=application.number or "–"),
        gettext("Programme: %(name)s", name=application.programme.name),
        gettext("Amount asked: %(amount)s baht", amount=baht(application.amount_asked)),
        *([gettext("Amount approved: %(amount)s baht", amount=baht(approved))] if approved is not None else []),
        *([gettext("Decided by: %(body)s", body=labelled(ApprovingBody(body)))] if body else []),
        gettext("Status: %(status)s", status=status),
    ]


def _note(step: Move, reason: str | None) -> list[str]:
    heading = NOTE_HEADINGS.get(step.name, N_("Note from the sender:"))
    return ["", gettext(heading), reason] if reason and step.name not in OPINIONS else []


def _unmet(lines: Sequence[Line]) -> list[str]:
    """The rules that were not met on the day of the refusal, from the same judgement as the check sheet."""
    return ["", gettext("Rules that are not met as judged on this day:"), *sheet_lines(lines)] if lines else []


def _asked(application: LoanApplication, step: Move) -> list[str]:
    """Every document the office waits for with what is needed of it, and where to attach it."""
    asked = open_requests(application) if step.target is State.RETURNED else []
    if not asked:
        return []
    return [
        "",
        gettext("Documents we wait for:"),
        *(line for number, each in enumerate(asked, 1) for line in (f"{number}. {each.type.name}", each.note)),
        gettext("Attach them at %(address)s", address=_address(application, "apply", "/documents")),
    ]


def _address(application: LoanApplication, page: str, rest: str = "") -> str:
    return f"{current_app.config['PUBLIC_URL'].rstrip('/')}/{page}/{application.id}{rest}"


def _closing(application: LoanApplication, at: datetime) -> list[str]:
    return [
        "",
        gettext("When: %(when)s", when=be_datetime(at)),
        gettext("Follow the application at %(address)s", address=_address(application, "track")),
        "",
        gettext("Labour Fund, Department of Labour Protection and Welfare"),
    ]
