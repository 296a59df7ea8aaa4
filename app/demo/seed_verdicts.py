"""Adds what officers found about the demonstration's papers, and the figures they read off one of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from app.demo.loan_rows import Application
from app.demo.loans import APPLICATIONS
from app.demo.seed_accounts import Accounts
from app.demo.seed_papers import FINISHED_KEY
from app.demo.stories import ASKED_FOR, REFUSED, Step, steps_of
from app.domain.papers import Verdict
from app.domain.roles import Role
from app.domain.states import State
from app.extensions import db
from app.models.applications import LoanApplication
from app.models.cooperatives import FinancialYear
from app.models.documents import Document, DocumentVerdict

PAUSE = timedelta(minutes=4)  # between one file and the next
JUDGED_IN_REVIEW = 3  # of an application that is still being checked


@dataclass(frozen=True, slots=True)
class Look:
    """A time at which an officer went through the papers; ``all`` is False for one that is not done yet."""

    step: Step
    all: bool


def add_verdicts(rows: dict[str, LoanApplication], accounts: Accounts) -> None:
    """Judge the papers of every application that somebody checked, and flush the findings."""
    for application in APPLICATIONS:
        files = list(
            db.session.scalars(
                select(Document).where(Document.application_id == rows[application.key].id).order_by(Document.id)
            )
        )
        judged: set[int] = set()
        for look in _looks(application):
            there = [file for file in files if file.id not in judged and file.uploaded_at < look.step.at]
            for number, file in enumerate(there if look.all else there[:JUDGED_IN_REVIEW], 1):
                judged.add(file.id)
                _judge(application, files, file, look.step.at + number * PAUSE, accounts)
    db.session.flush()
    _read_figures(rows[FINISHED_KEY])


def _looks(application: Application) -> Iterator[Look]:
    """When the papers were gone through: as the check began, and again after an answer."""
    state = State(application.status)
    for step in steps_of(application):
        if step.move.name in ("review", "answer"):
            yield Look(step, state is not State.IN_REVIEW)


def _judge(application: Application, files: list[Document], file: Document, at: datetime, accounts: Accounts) -> None:
    refusal = REFUSED.get(application.key)
    newer = [each for each in files if each.id > file.id and each.document_type_id == file.document_type_id]
    refused = refusal is not None and ASKED_FOR[application.key] == file.document_type.code
    if refused and newer:
        newer[0].replaces_id = file.id
    elif refused and _was_answered(application):
        refused = False
    db.session.add(
        DocumentVerdict(
            cooperative_id=file.cooperative_id,
            application=file.application,
            document=file,
            verdict=refusal.verdict if refused and refusal else Verdict.ACCEPTED,
            note=refusal.note_th if refused and refusal else None,
            page=1 if refused else None,
            at=at,
            judged_by=accounts.acting(Role.PROVINCIAL_OFFICER, application.cooperative),
        )
    )


def _was_answered(application: Application) -> bool:
    return any(step.move.name == "answer" for step in steps_of(application))


def _read_figures(application: LoanApplication) -> None:
    """Link the last year's figures of one cooperative to the statement they stand in."""
    statement = db.session.scalars(
        select(Document).where(Document.application_id == application.id).order_by(Document.id.desc()).limit(1)
    ).one()
    year = db.session.scalars(
        select(FinancialYear)
        .where(FinancialYear.cooperative_id == application.cooperative_id)
        .order_by(FinancialYear.year.desc())
        .limit(1)
    ).one()
    year.document_id, year.document_page = statement.id, 1
    db.session.flush()
