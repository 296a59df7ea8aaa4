"""Dated versions of a programme's terms: who put them in force, when and why; applications point to one."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext, pgettext
from sqlalchemy import Text, bindparam, cast, select

from app.domain.programme_file import to_plain
from app.domain.programmes import ApprovingBody, DocumentAsked, DocumentCondition, ProgrammeTerms
from app.domain.values.errors import RuleBroken
from app.domain.values.text import N_
from app.extensions import db
from app.models.applications import LoanApplication
from app.models.programme_versions import ProgrammeVersion, terms_from
from app.models.programmes import LoanProgramme, ProgrammeStatus
from app.services.programmes.terms import stored_documents_of, stored_provinces_of, terms_of


def latest_version(programme: LoanProgramme) -> ProgrammeVersion | None:
    """The version in force; None while the programme is a draft that was never opened."""
    newest = select(ProgrammeVersion).where(ProgrammeVersion.programme_id == programme.id)
    return db.session.scalar(newest.order_by(ProgrammeVersion.number.desc()).limit(1))


def keep_version(programme: LoanProgramme, why: str, made_by: int | None, at: datetime) -> ProgrammeVersion:
    """Add a version when the terms differ from the last one's; otherwise return the last one.

    Raises:
        RuleBroken: the terms contradict themselves.
    """
    db.session.flush()
    db.session.expire(programme)
    kept = _kept(programme, terms_of(programme), latest_version(programme), why, made_by, at)
    db.session.flush()
    return kept


def _kept(
    programme: LoanProgramme,
    terms: ProgrammeTerms,
    last: ProgrammeVersion | None,
    why: str,
    made_by: int | None,
    at: datetime,
) -> ProgrammeVersion:
    terms.refuse_odd()
    if last is not None and last.read == terms:
        return last
    kept = ProgrammeVersion(
        programme_id=programme.id,
        number=last.number + 1 if last else 1,
        terms=to_plain(terms),
        at=at,
        made_by_id=made_by or None,
        why=why,
    )
    db.session.add(kept)
    return kept


def after_change(programme: LoanProgramme, why: str, made_by: int | None, at: datetime) -> None:
    """Follow a change of a programme or of its parts: one that applicants see needs a reason and makes a version.

    Raises:
        RuleBroken: the reason is missing, or the terms contradict themselves.
    """
    if programme.status == ProgrammeStatus.DRAFT:
        return
    last = latest_version(programme)
    db.session.flush()
    db.session.expire(programme)
    changed = last is not None and last.read != terms_of(programme)
    if changed and not why.strip():
        raise RuleBroken(
            N_("The programme is open or was open: write why its terms change. The change becomes a version.")
        )
    keep_version(programme, why.strip() or pgettext("a programme", "Opened"), made_by, at)


def version_for(
    application: LoanApplication, terms: ProgrammeTerms, last: ProgrammeVersion | None, at: datetime
) -> ProgrammeVersion:
    """The version an application is submitted under: the programme's terms, and its last version, as they stand now."""
    return _kept(application.programme, terms, last, gettext("In force at a submission"), None, at)


def terms_for(application: LoanApplication) -> ProgrammeTerms:
    """The terms an application is judged by: its own version once submitted, before that the programme's."""
    if application.terms_version is not None:
        return application.terms_version.read
    return terms_of(application.programme)


def deciding_body(application: LoanApplication) -> ApprovingBody | None:
    """Who decides on the application by its terms, from the amount asked; None when the terms name nobody."""
    return terms_for(application).decided_by(application.amount_asked)


@dataclass(frozen=True, slots=True)
class PaperTerms:
    """The part of the terms that says which papers are asked for; provinces only where a condition is about them."""

    documents: tuple[DocumentAsked, ...]
    provinces: tuple[str, ...]


def paper_terms_of(application: LoanApplication) -> PaperTerms:
    """The papers an application's terms ask for, read without the rest of the terms."""
    if application.edition_id is not None and application.terms_version is not None:
        return _paper_terms(application.terms_version.read)
    return _paper_terms_now([application.programme_id])[application.programme_id]


def paper_terms_by_id(applications: Iterable[Any]) -> dict[int, PaperTerms]:
    """The same for many applications, by their ids; three statements at most, however many versions there are."""
    rows = list(applications)
    kept = versions_read({row.edition_id for row in rows if row.edition_id is not None})
    asked = {key: _paper_terms(terms) for key, terms in kept.items()}
    now = _paper_terms_now({row.programme_id for row in rows if row.edition_id not in asked})
    return {row.id: asked[row.edition_id] if row.edition_id in asked else now[row.programme_id] for row in rows}


# As text: what was read from the same text before is not read again.
_KEPT = select(ProgrammeVersion.id, cast(ProgrammeVersion.terms, Text)).where(
    ProgrammeVersion.id.in_(bindparam("ids", expanding=True))
)


def versions_read(ids: Collection[int]) -> dict[int, ProgrammeTerms]:
    """The terms of versions by their ids, by one statement."""
    if not ids:
        return {}
    return {key: terms_from(text) for key, text in db.session.execute(_KEPT, {"ids": list(ids)})}


def _paper_terms(terms: ProgrammeTerms) -> PaperTerms:
    return PaperTerms(terms.documents, terms.provinces)


def _paper_terms_now(programmes: Collection[int]) -> dict[int, PaperTerms]:
    """The papers that programmes ask for as they stand; their provinces are read only when a paper depends on them."""
    if not programmes:
        return {}
    documents = stored_documents_of(programmes)
    by_place = [
        key
        for key, asked in documents.items()
        if any(document.condition is DocumentCondition.DISASTER for document in asked)
    ]
    provinces = stored_provinces_of(by_place) if by_place else {}
    return {key: PaperTerms(asked, provinces.get(key, ())) for key, asked in documents.items()}
