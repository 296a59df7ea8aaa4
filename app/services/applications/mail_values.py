"""What mails about an application say: the values of the texts' placeholders, for the cooperative and for staff."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_appbuilder.security.sqla.models import User
from flask_babel import gettext

from app.domain.eligibility import Line
from app.domain.programmes import ApprovingBody
from app.domain.steps import Event
from app.models.applications import LoanApplication
from app.services.applications.reasons import sheet_lines
from app.services.documents.requests import open_requests
from app.services.messages.tell import absolute
from app.ui.formatting import baht, be_datetime
from app.ui.labels import labelled

Values = dict[str, Any]


def for_cooperative(
    application: LoanApplication, event: Event, reason: str | None, at: datetime, unmet: Sequence[Line] = ()
) -> Values:
    """Values for the applicant, in the applicant's words for states; ``unmet`` are the rules of a refusal."""
    return {
        **_common(application, event, reason, at, unmet),
        "happened": (gettext(event.done),),
        "status": gettext(application.state.facts.public),
        "requests_heading": gettext("Documents we wait for:"),
        "requests": _requests(application) if event.lists_requests else (),
    }


def for_staff(
    application: LoanApplication,
    event: Event,
    reason: str | None,
    at: datetime,
    reader: User,
    unmet: Sequence[Line] = (),
) -> Values:
    """Values for one officer or committee member: what happened, the exact state, and what to do next."""
    following = (gettext(event.next_for_staff),) if event.next_for_staff else ()
    return {
        **_common(application, event, reason, at, unmet),
        "happened": (gettext(event.done), *following),
        "status": labelled(application.state),
        "reader": reader.get_full_name().strip() or gettext("the officer"),
    }


def _common(
    application: LoanApplication, event: Event, reason: str | None, at: datetime, unmet: Sequence[Line]
) -> Values:
    approved, decision = application.amount_approved, application.decision
    body = decision.body if decision is not None else None
    return {
        "number": application.number or "–",
        "cooperative": application.cooperative_name,
        "programme": application.programme.name,
        "amount_asked": baht(application.amount_asked),
        "amount_approved": baht(approved) if approved is not None else None,
        "decided_by": labelled(ApprovingBody(body)) if body else None,
        "note_heading": gettext(event.note_heading),
        "note": (reason,) if reason and not event.is_opinion else (),
        # From the same judgement as the check sheet.
        "unmet_heading": gettext("Rules that are not met as judged on this day:"),
        "unmet_rules": sheet_lines(unmet),
        "when": be_datetime(at),
    }


def _requests(application: LoanApplication) -> list[str]:
    """Every document the office waits for with what is needed of it, and where to attach it."""
    asked = open_requests(application)
    if not asked:
        return []
    address = absolute(f"/apply/{application.id}/documents")
    numbered = (line for number, each in enumerate(asked, 1) for line in (f"{number}. {each.type.name}", each.note))
    return [*numbered, gettext("Attach them at %(address)s", address=address)]
