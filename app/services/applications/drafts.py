"""Use cases of a loan application before it is sent: start, change, and what stands in the way of sending."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from app.domain.eligibility import Line
from app.domain.states import State
from app.domain.values.errors import RuleBroken
from app.domain.values.text import N_
from app.extensions import db
from app.models.applications import LoanApplication
from app.models.audit import AuditKind
from app.models.cooperatives import Cooperative
from app.security.acting import Acting
from app.security.audit import record
from app.services.applications.open_drafts import refuse_one_more
from app.services.documents.lacking import day_lacking, lack_of
from app.services.eligibility.judgement import Grounds, grounds_of, judged
from app.services.locking import holding, refuse_unless_editable
from app.services.programmes.envelopes import balance_for


class FormUsed(RuleBroken):
    """A draft came from the same form already, and it has other answers."""

    def __init__(self, application_id: int) -> None:
        super().__init__(
            N_(
                "A draft from this form exists already, with other answers. Open that draft to change it. For a "
                "further application open a new form."
            )
        )
        self.application_id = application_id


@dataclass(frozen=True, slots=True)
class Answers:
    """What the cooperative fills in; amounts in baht, the rate as a fraction a year."""

    programme_id: int
    amount_asked: Decimal
    months: int
    purpose: str
    beneficiaries: int
    member_rate: Decimal


def start(person: Acting, answers: Answers, request_key: str, at: datetime) -> LoanApplication:
    """Add a draft for the person's cooperative; the same ``request_key`` and answers again give the same draft.

    Raises:
        FormUsed: the draft that came from the form has other answers.
        RuleBroken: the cooperative has as many drafts as it may.
    """
    own = select(Cooperative).where(Cooperative.id == person.cooperative_id)
    cooperative = db.session.scalars(holding(own, Cooperative)).one()
    again = db.session.scalar(
        select(LoanApplication).where(
            LoanApplication.cooperative_id == cooperative.id, LoanApplication.request_key == request_key
        )
    )
    if again is not None:
        if any(getattr(again, key) != value for key, value in _values(answers).items()):
            raise FormUsed(again.id)
        return again
    refuse_one_more(cooperative)
    application = LoanApplication(
        cooperative_id=cooperative.id,
        cooperative_name=cooperative.name,
        request_key=request_key,
        created_at=at,
        changed_at=at,
        created_by_id=person.user_id,
        status=State.DRAFT,
        **_values(answers),
    )
    db.session.add(application)
    db.session.flush()
    record(AuditKind.CREATED, application, summary=application.purpose[:200], after=_plain(answers))
    return application


def change(application: LoanApplication, answers: Answers, at: datetime) -> None:
    """Store new answers in a draft or a returned application. The programme of a numbered application stays."""
    refuse_unless_editable(application)
    if application.number is not None and answers.programme_id != application.programme_id:
        raise RuleBroken(N_("The programme of a submitted application cannot be changed. Withdraw it and apply again."))
    new = _values(answers)
    before = {key: str(getattr(application, key)) for key, value in new.items() if getattr(application, key) != value}
    for key, value in new.items():
        setattr(application, key, value)
    if before:
        application.changed_at = at
        after = {key: str(new[key]) for key in before}
        record(AuditKind.CHANGED, application, summary=str(application), before=before, after=after)


def answers_of(application: LoanApplication) -> Answers:
    """The answers as they are stored."""
    return Answers(
        programme_id=application.programme_id,
        amount_asked=application.amount_asked,
        months=application.months,
        purpose=application.purpose,
        beneficiaries=application.beneficiaries,
        member_rate=application.member_rate,
    )


def problems_of(application: LoanApplication, today: date) -> tuple[RuleBroken, ...]:
    """Everything that stands in the way of sending the application, rules first, then missing papers."""
    grounds = grounds_of(application, today)
    return problems_by(judged(application, grounds, balance_for(application), today), grounds)


def problems_by(lines: Iterable[Line], grounds: Grounds) -> tuple[RuleBroken, ...]:
    """The same of an application that was judged already."""
    return tuple(refusal for refusal, _place in obstacles(lines, grounds))


def obstacles(lines: Iterable[Line], grounds: Grounds) -> list[tuple[RuleBroken, str]]:
    """The same, each with where it can be mended: a field of the answers, ``paper-7``, ``day-9`` of a file, or
    nothing."""
    rules = [(line.refusal, line.place) for line in lines if line.blocks and line.refusal]
    papers = [(lack_of(paper), f"paper-{paper.type.id}") for paper in grounds.papers if paper.missing]
    days = [(day_lacking(paper), f"day-{paper.undated[0].id}") for paper in grounds.papers if paper.undated]
    return [*rules, *papers, *days]


def _values(answers: Answers) -> dict[str, Any]:
    return {
        "programme_id": answers.programme_id,
        "amount_asked": answers.amount_asked,
        "months": answers.months,
        "purpose": answers.purpose,
        "beneficiaries": answers.beneficiaries,
        "member_rate": answers.member_rate,
    }


def _plain(answers: Answers) -> dict[str, str]:
    return {key: str(value) for key, value in _values(answers).items()}
