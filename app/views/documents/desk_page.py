"""What the desk shows: the checklist, where the open file lies in it, the file itself, and the panels beside it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import abort, request
from flask_babel import gettext
from sqlalchemy import select

from app.domain.papers import Verdict
from app.domain.roles import COOPERATIVE
from app.extensions import db
from app.models.applications import LoanApplication
from app.models.documents import Document
from app.models.transaction import begin_writing
from app.security.acting import acting
from app.services.documents.access import note_opening, opening_noted
from app.services.documents.checklist import Paper, checklist, progress
from app.ui.clock import today
from app.views.documents.desk_panels import side_of
from app.views.documents.purpose_form import PurposeForm
from app.views.documents.viewer import address_of, look_at
from app.views.shell.pages import Shown


@dataclass(frozen=True, slots=True)
class Place:
    """A file on the desk: its paper, the files before and after it in the checklist's order, and its other version."""

    paper: Paper
    document: Document
    before: Document | None
    after: Document | None
    number: int
    total: int

    @property
    def other(self) -> Document | None:
        """The refused file it replaces, or the newest that replaces it."""
        files = sorted((*self.paper.files, *self.paper.earlier), key=lambda file: -file.id)
        older = [file for file in files if file.id == self.document.replaces_id]
        newer = [file for file in files if file.replaces_id == self.document.id]
        return next(iter([*older, *newer]), None)


def place_of(papers: list[Paper], public_id: str | None) -> Place | None:
    """Where a file lies; the first one when none is named. Raises 404 for a file that is not among them."""
    files = [(paper, file) for paper in papers for file in (*paper.files, *paper.earlier)]
    ids = [file.public_id for _paper, file in files]
    if public_id is not None and public_id not in ids:
        abort(404)
    if not files:
        return None
    at = ids.index(public_id) if public_id is not None else 0
    before = files[at - 1][1] if at else None
    after = files[at + 1][1] if at + 1 < len(files) else None
    return Place(*files[at], before, after, at + 1, len(files))


def desk_page(
    application: LoanApplication, public_id: str | None, *, purpose_form: PurposeForm | None = None, **more: Any
) -> Shown:
    """The page with one file open; ``more`` is what a refused form brings back."""
    papers = checklist(application, today())
    place = place_of(papers, public_id)
    looking = look_at(place.document, place.other) if place else None
    if looking and request.method == "GET":
        note_openings([sheet.document for sheet in looking.sheets if sheet.shown])
    asks = bool(looking and looking.sheet.asks_purpose)
    shown = {
        "title": gettext("Documents of application %(number)s", number=application.number or "–"),
        "application": application,
        "papers": papers,
        "progress": progress(papers),
        "place": place,
        "looking": looking,
        "address_of": address_of,
        "cooperative_side": acting().is_any(*COOPERATIVE),
        "verdict_words": {verdict.value: gettext(verdict.label) for verdict in Verdict},
        "purpose_form": purpose_form or (PurposeForm(formdata=None) if asks else None),
    }
    side = side_of(application, papers, place.document if place else None, **more)
    return Shown("desk/show.html", {**shown, **side})


def note_openings(files: Iterable[Document]) -> bool:
    """Note and store that the person looks at these files; whether there was anything to note."""
    new = [file.id for file in files if not opening_noted(file, datetime.now(UTC))]
    if not new:
        return False
    begin_writing(db.session)
    for row in db.session.scalars(select(Document).where(Document.id.in_(new))):
        note_opening(row, datetime.now(UTC))
    db.session.commit()
    return True
