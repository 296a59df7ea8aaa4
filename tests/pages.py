"""Every page a person can open, found from the application's routes and the demonstration's rows."""

import re
from dataclasses import dataclass

from flask import Flask
from sqlalchemy import select

from app.domain.states import EDITABLE, State
from app.extensions import db
from app.models.applications import LoanApplication
from app.models.audit import AuditEvent
from app.models.cooperatives import BoardMember, Cooperative, FinancialYear
from app.models.document_types import DocumentType
from app.models.documents import Document
from app.models.envelopes import EnvelopeEntry
from app.models.help_pages import HelpPage, HelpTerm
from app.models.notices import OutboxMail
from app.models.people import Membership, OfficePost
from app.models.places import Office, Province
from app.models.programme_versions import ProgrammeVersion
from app.models.programmes import ApprovalLevel, LoanProgramme, ProgrammeCriterion, ProgrammeDocument, ProgrammeRate
from app.models.workdays import Holiday
from app.security.scope import unscoped
from tests.client import FundClient

PEOPLE = ("coop1", "coop1s", "coop2", "officer1", "fund", "finance", "committee1", "manager", "auditor", "admin")
REGISTERS = {
    "provinces": Province,
    "offices": Office,
    "holidays": Holiday,
    "cooperatives": Cooperative,
    "board": BoardMember,
    "programmes": LoanProgramme,
    "document-types": DocumentType,
    "programme-documents": ProgrammeDocument,
    "programme-rates": ProgrammeRate,
    "approval-levels": ApprovalLevel,
    "programme-criteria": ProgrammeCriterion,
    "programme-versions": ProgrammeVersion,
    "envelopes": EnvelopeEntry,
    "financial-years": FinancialYear,
    "memberships": Membership,
    "office-posts": OfficePost,
    "help-pages": HelpPage,
    "help-terms": HelpTerm,
    "audit": AuditEvent,
    "outbox": OutboxMail,
}


@dataclass(frozen=True, slots=True)
class Opened:
    """A page that opened for somebody."""

    path: str
    code: int
    html: str


def paths(app: Flask, *, most: int = 3) -> list[str]:
    """Addresses of all kinds of pages, each with a row of the demonstration; ``most`` applications of each state."""
    found = [
        "/",
        "/login/",
        "/notices/",
        "/password/",
        "/dashboard/",
        "/dashboard/?year=2566",
        "/apply/new",
        "/quote/",
        "/quote/?programme=23&amount=5000000&months=24&first_time=y",
        "/quote/?programme=23&amount=50000000&months=24",
        "/may-we-borrow/",
        "/prepare/",
        "/find-office/",
        "/find-office/?province=TH-20",
        "/find-office/?province=no",
        "/may-we-borrow/?kind=savings&province=TH-20&amount=500000&months=12&beneficiaries=10&guarantors=2",
        "/nothing-here",
    ]
    found += ["/users/list/", "/users/show/1", "/users/edit/2", "/users/add", "/users/reset-password/2"]
    found += ["/applications/list/", "/applications/list/?q=ชล", "/documents/list/", "/cooperatives/import/"]
    found += [
        "/financial-years/import/",
        "/programme-files/",
        "/openings/",
        "/board-changes/",
        "/document-types/1/example",
        "/forgotten-password/",
        "/my-data/",
        "/privacy/",
        "/help/",
        "/help/?q=คำขอ",
        "/help/apply",
        "/help/mistakes",
        "/help/terms",
        "/help-pictures/",
        "/help-pages/1/versions",
    ]
    with app.app_context(), unscoped():
        for route, model in REGISTERS.items():
            key = db.session.scalar(select(model.id).order_by(model.id.desc()).limit(1))  # type: ignore[attr-defined]
            found += [f"/{route}/list/", f"/{route}/add", f"/{route}/show/{key}", f"/{route}/edit/{key}"]
        for state in State:
            keys = db.session.scalars(
                select(LoanApplication.id)
                .where(LoanApplication.status == state)
                .order_by(LoanApplication.id.desc())
                .limit(most)
            )
            found += [f"/track/{key}" for key in keys]
        own = db.session.scalars(
            select(LoanApplication.id).where(LoanApplication.cooperative_id.in_(select(Membership.cooperative_id)))
        )
        for key in own:
            found += [
                f"/track/{key}",
                f"/track/{key}/submitted",
                f"/track/{key}/opened",
                f"/desk/{key}",
                f"/dossier/{key}",
                f"/apply/{key}",
            ]
            found += [f"/apply/{key}/{step}" for step in ("edit", "purpose", "guarantors", "documents", "check")]
        for key, programme in db.session.execute(
            select(LoanApplication.id, LoanApplication.programme_id).where(
                LoanApplication.status.in_(EDITABLE),
                LoanApplication.cooperative_id.in_(select(Membership.cooperative_id)),
            )
        ):
            found += [
                f"/apply/{key}/quote?programme={programme}&amount={amount}&months=12" for amount in (1_000_000, 10**12)
            ]
        found += _desks()
    return list(dict.fromkeys(found))


def _desks() -> list[str]:
    """Statements on the desk and the form that asks for documents: under review, returned and decided."""
    found = []
    for state in (State.IN_REVIEW, State.RETURNED, State.APPROVED):
        rows = db.session.execute(
            select(Document.application_id, Document.public_id)
            .join(Document.application)
            .join(Document.document_type)
            .where(LoanApplication.status == state, DocumentType.has_figures)
            .order_by(Document.id)
            .limit(2)
        )
        for key, public_id in rows:
            found += [f"/desk/{key}/{public_id}", f"/desk/{key}/{public_id}?year=2560", f"/track/{key}?move=return"]
    return found


def kinds_opened_by(app: Flask, username: str | None) -> list[str]:
    """One address of each kind of page that opens for a person: an application once in each state, a refusal once."""
    seen: set[str] = set()
    kept = []
    client = _browser_of(app, username)
    for path in paths(app):
        kind = re.sub(r"/\d+", "", path)
        if kind in seen:
            continue
        page = _opened(client, path)
        if page is None:
            continue
        if page.code >= 400:
            kind = f"refused with {page.code}"
        elif path.startswith("/track/"):
            badge = re.search(r'<span class="badge [^"]*">([^<]*)</span>', page.html)
            kind = f"{kind} {badge[1] if badge else ''}"
        if kind not in seen:
            seen.add(kind)
            kept.append(path)
    return kept


def opened_by(app: Flask, username: str | None) -> list[Opened]:
    """Every page that opens for a person (nobody when ``username`` is nothing), and its error pages."""
    client = _browser_of(app, username)
    return [page for path in paths(app) if (page := _opened(client, path)) is not None]


def _browser_of(app: Flask, username: str | None) -> FundClient:
    client = FundClient(app)
    if username is not None:
        client.enter(username)
    return client


def _opened(client: FundClient, path: str) -> Opened | None:
    answer = client.get(path)
    assert answer.status_code < 500, f"{path}: {answer.status_code}"
    if answer.mimetype != "text/html" or answer.status_code in (301, 302, 303):
        return None
    return Opened(path, answer.status_code, answer.get_data(as_text=True))
