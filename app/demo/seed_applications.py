"""Adds the demonstration's applications with their numbers, histories, requests and resolutions."""

from collections.abc import Sequence
from datetime import date
from uuid import NAMESPACE_URL, uuid5

from app.demo.cooperatives import BOARD_TERM
from app.demo.loan_rows import Application
from app.demo.loans import APPLICATIONS
from app.demo.seed_accounts import Accounts
from app.demo.seed_registers import Registers
from app.demo.stories import ASKED_FOR, REFUSED, Step, meeting_numbers, started_at, steps_of
from app.domain.states import Outcome, State
from app.domain.values.calendar import bangkok_day, fiscal_year
from app.extensions import db
from app.models.applications import Decision, DocumentRequest, LoanApplication, StatusChange
from app.services.applications.kept_boards import keep_board
from app.services.applications.numbers import APPLICATION_SERIES, next_number
from app.services.cooperatives.boards import board_of
from app.services.loans.quotes import keep_approved_quote, keep_quote
from app.services.programmes.envelopes import settle
from app.services.programmes.versions import latest_version

OUTCOMES = {"approve": Outcome.APPROVED, "reject": Outcome.REJECTED, "defer": Outcome.DEFERRED}
CLOSING_OUTCOMES = {State.APPROVED, State.REJECTED}


def add_applications(registers: Registers, accounts: Accounts) -> dict[str, LoanApplication]:
    """Add the applications and flush them; numbers run in order of submission, drafts come last and have none."""
    stories = {each.key: steps_of(each) for each in APPLICATIONS}
    submitted = sorted((each for each in APPLICATIONS if stories[each.key]), key=lambda each: stories[each.key][0].at)
    drafts = [each for each in APPLICATIONS if not stories[each.key]]
    numbers = {each.key: next_number(APPLICATION_SERIES, stories[each.key][0].at.date()) for each in submitted}
    meetings = meeting_numbers(APPLICATIONS)
    rows = {}
    for each in (*submitted, *drafts):
        steps = stories[each.key]
        row = rows[each.key] = _application(each, steps, numbers.get(each.key), registers, accounts)
        db.session.add(row)
        for step in steps:
            _add_step(row, each, step, accounts)
            # What was sent earlier came from elsewhere, and nobody knows the board of then.
            if step.move.sends and step.at.date() >= BOARD_TERM[0]:
                keep_board(row, board_of(row.cooperative_id), step.at)
            if step.move.name in OUTCOMES:
                _add_decision(row, each, step, meetings, accounts)
            if step.move.name == "return":
                row.requests.append(_request(row, each, steps, step, registers))
    db.session.flush()
    for row in rows.values():
        settle(row, row.changed_at)
        if row.submitted_at is not None:
            keep_quote(row, bangkok_day(row.submitted_at))
        if row.amount_approved is not None and row.decided_on is not None:
            keep_approved_quote(row, row.amount_approved, row.decided_on)
    return rows


def _application(
    application: Application, steps: Sequence[Step], number: str | None, registers: Registers, accounts: Accounts
) -> LoanApplication:
    cooperative = registers.cooperatives[application.cooperative]
    # A deferred item has a resolution but is not decided.
    decided_on = application.decided_on if State(application.status) in CLOSING_OUTCOMES else None
    return LoanApplication(
        cooperative_id=cooperative.id,
        cooperative=cooperative,
        cooperative_name=cooperative.name,
        programme=registers.programmes[application.programme],
        terms_version=latest_version(registers.programmes[application.programme]) if steps else None,
        number=number,
        request_key=str(uuid5(NAMESPACE_URL, application.key)),
        amount_asked=application.amount_asked,
        amount_sent=application.amount_asked if steps else None,
        first_time=_first_time(application, steps[0].at.date()) if steps else None,
        months=application.months,
        purpose=application.purpose_th,
        beneficiaries=application.beneficiaries,
        member_rate=application.member_rate,
        status=State(application.status),
        created_at=started_at(application),
        changed_at=steps[-1].at if steps else started_at(application),
        created_by=accounts.applicant(application.cooperative),
        submitted_at=steps[0].at if steps else None,
        amount_approved=application.amount_approved,
        decided_on=decided_on,
        decided_fiscal_year=fiscal_year(decided_on) if decided_on else None,
    )


def _first_time(application: Application, day: date) -> bool:
    """Whether no loan of the cooperative had been approved when it submitted."""
    return not any(
        each.cooperative == application.cooperative
        and each.status == State.APPROVED
        and each.decided_on is not None
        and each.decided_on <= day
        for each in APPLICATIONS
        if each.key != application.key
    )


def _add_step(row: LoanApplication, application: Application, step: Step, accounts: Accounts) -> None:
    db.session.add(
        StatusChange(
            cooperative_id=row.cooperative_id,
            application=row,
            move=step.move.name,
            origin=step.origin,
            target=step.move.target,
            reason=step.reason,
            at=step.at,
            actor=accounts.acting(step.role, application.cooperative),
            actor_role=step.role.value,
        )
    )


def _add_decision(
    row: LoanApplication, application: Application, step: Step, meetings: dict[date, str], accounts: Accounts
) -> None:
    day = step.at.date()
    db.session.add(
        Decision(
            cooperative_id=row.cooperative_id,
            application=row,
            outcome=OUTCOMES[step.move.name],
            amount=application.amount_approved if step.move.name == "approve" else None,
            decided_on=day,
            # No meeting's number was in the news.
            meeting_no=None if application.origin == "published" else meetings[day],
            reason=step.reason,
            recorded_at=step.at,
            recorded_by=accounts.acting(step.role, application.cooperative),
        )
    )


def _request(
    row: LoanApplication, application: Application, steps: Sequence[Step], asked: Step, registers: Registers
) -> DocumentRequest:
    answers = (step.at for step in steps if step.move.name == "answer" and step.at > asked.at)
    return DocumentRequest(
        cooperative_id=row.cooperative_id,
        document_type_id=registers.document_types[ASKED_FOR[application.key]].id,
        note=REFUSED[application.key].note_th if application.key in REFUSED else asked.reason,
        asked_at=asked.at,
        answered_at=next(answers, None),
    )
