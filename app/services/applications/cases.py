"""What is read for a move before it is made: the facts its checks look at, and what it is judged by.

Nothing here holds a lock, and nothing is about money: that is read when everything that money follows from is held.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm.attributes import set_committed_value

from app.domain.move_checks import (
    Facts,
    changes_signed,
    not_applicant,
    not_own_recommendation,
    not_own_work,
    refusals_settled,
    unaccepted_explained,
)
from app.domain.papers import PaperState, ScanState
from app.domain.roles import Role
from app.domain.steps import FormPart
from app.domain.values.calendar import bangkok_day
from app.domain.workflow import ApplicationMove
from app.extensions import db
from app.models.applications import LoanApplication
from app.models.documents import DocumentVerdict
from app.security.acting import Acting
from app.services.applicants import applicants_of
from app.services.applications.changed_answers import changed_since_sent
from app.services.applications.effects import Case, MoveRequest
from app.services.applications.kept_boards import board_changed_since_sent
from app.services.applications.reasons import unmet_rules
from app.services.applications.signing import open_request
from app.services.applications.told import readers_of
from app.services.cooperatives.borrowers import first_time_beside
from app.services.documents.checklist import Paper, checklist
from app.services.eligibility.judgement import grounds_of
from app.services.loans.quotes import packed_quote, quote_by
from app.services.programmes.versions import latest_version

Check = Callable[[Facts], None]
Judges = Mapping[int | None, datetime]  # who judged a paper of the application, and when last


def case_of(
    application: LoanApplication, step: ApplicationMove, wanted: MoveRequest, person: Acting, at: datetime
) -> Case:
    """Read everything a move needs beside the money; it is dated after the last finding about a paper."""
    judges = _judges(application)
    last_finding = max(judges.values(), default=None)
    at = max(at, last_finding) if last_finding is not None else at
    case = Case(
        application=application,
        step=step,
        wanted=wanted,
        person=person,
        at=at,
        readers=readers_of(application, step, sent=step.sends or application.submitted_at is not None),
        facts=_facts(application, _asked_of(step, person), judges, bangkok_day(at)),
        last_finding=last_finding,
    )
    if step.lists_unmet:
        case.unmet = unmet_rules(application, bangkok_day(at))
    if application.state in step.origins:
        if step.sends:
            _judge_by(case)
            case.to_sign = open_request(application)
        if FormPart.AMOUNT in step.asks and wanted.amount is not None:
            case.quote = packed_quote(application, wanted.amount, wanted.decided_on or bangkok_day(at))
        _read_what_is_replaced(case)
    return case


def _read_what_is_replaced(case: Case) -> None:
    """A quote takes the place of one kept before, and an answer settles what was asked for: read while nobody waits."""
    application = case.application
    if application.number is None:
        set_committed_value(application, "quotes", [])  # a draft was never quoted
    elif case.quote is not None:
        _ = application.quotes
    if case.step.answers:
        _ = application.requests


def _judges(application: LoanApplication) -> Judges:
    # What was never sent was never judged.
    if application.submitted_at is None:
        return {}
    last = select(DocumentVerdict.judged_by_id, func.max(DocumentVerdict.at)).group_by(DocumentVerdict.judged_by_id)
    found = db.session.execute(
        last.where(DocumentVerdict.application_id == application.id), execution_options={"unscoped": True}
    )
    return {judge: at for judge, at in found}


def _judge_by(case: Case) -> None:
    """Read what the application is judged by, and work out its quote."""
    application, today = case.application, bangkok_day(case.at)
    case.grounds = grounds = grounds_of(application, today)
    if application.number is None:
        case.last_version = latest_version(application.programme)
    first_time = first_time_beside(application, grounds.known.others)
    quote = quote_by(grounds.terms, application, application.amount_asked, paid_out_on=today, first_time=first_time)
    case.quote = quote.packed() if quote else None


def _asked_of(step: ApplicationMove, person: Acting) -> list[Check]:
    """The checks of the move that ask something of this person: what was changed is no question to who signs."""
    signs = Role.SIGNATORY in person.roles
    return [check for check in step.checks if not (signs and check is changes_signed)]


def _facts(application: LoanApplication, checks: Iterable[Check], judges: Judges, today: date) -> dict[str, Any]:
    """What the checks look at, and nothing that none of them does."""
    found: dict[str, Any] = {}
    for read in dict.fromkeys(READ_FOR[check] for check in checks if check in READ_FOR):
        found |= read(application, judges, today)
    return found


def _workers(application: LoanApplication, judges: Judges, _today: date) -> dict[str, Any]:
    return {"workers": _actors(application, lambda made: made.is_work) | frozenset(judges)}


def _recommenders(application: LoanApplication, _judges: Judges, _today: date) -> dict[str, Any]:
    return {"recommenders": _actors(application, lambda made: made.recommends)}


def _applicants(application: LoanApplication, _judges: Judges, _today: date) -> dict[str, Any]:
    return {"applicants": applicants_of(application)}


def _changed(application: LoanApplication, _judges: Judges, _today: date) -> dict[str, Any]:
    return {"answers_changed": bool(changed_since_sent(application) or board_changed_since_sent(application))}


def _actors(application: LoanApplication, counts: Callable[[ApplicationMove], bool]) -> frozenset[int | None]:
    """Who made an earlier move that counts."""
    return frozenset(change.actor_id for change in application.changes if counts(change.step))


def _unsettled(application: LoanApplication, _judges: Judges, today: date) -> dict[str, Any]:
    """Names of the required papers that stand refused, of those unscanned or missing because of malware, and of all
    that nobody accepted."""
    papers = [paper for paper in checklist(application, today) if paper.required]
    return {
        "refused": tuple(paper.type.both_names for paper in papers if paper.state is PaperState.REFUSED),
        "unscanned": tuple(
            paper.type.both_names for paper in papers if paper.scanning or (paper.missing and _infected(paper))
        ),
        "unaccepted": tuple(paper.type.both_names for paper in papers if paper.unaccepted),
    }


def _infected(paper: Paper) -> bool:
    return any(file.scan_state == ScanState.INFECTED for file in (*paper.files, *paper.earlier))


# What a check looks at that is read from the database; a test compares this with what each check names.
READ_FOR: dict[Callable[[Facts], None], Callable[[LoanApplication, Judges, date], dict[str, Any]]] = {
    not_own_work: _workers,
    not_own_recommendation: _recommenders,
    not_applicant: _applicants,
    changes_signed: _changed,
    refusals_settled: _unsettled,
    unaccepted_explained: _unsettled,
}
