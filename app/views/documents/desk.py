"""The desk: one file of an application at a time beside the checklist, and what the person has to do with it."""

from dataclasses import dataclass
from typing import Any

from flask import Response, abort, redirect, request
from flask_appbuilder.baseviews import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import force_locale, gettext
from flask_login import current_user
from sqlalchemy import select

from app.domain.errors import RuleBroken
from app.domain.file_kinds import FileKind
from app.domain.openings import OpeningPurpose
from app.domain.papers import Verdict
from app.domain.roles import COOPERATIVE
from app.extensions import db
from app.files.pictures.page_drawing import Order
from app.files.pictures.page_pictures import drawn_by_program, pages_in_store
from app.files.store import document_store
from app.models.applications import LoanApplication
from app.models.base import now
from app.models.documents import Document
from app.models.transaction import begin_writing
from app.security.acting import acting
from app.services.documents.access import (
    PurposeMissing,
    note_opening,
    opening_noted,
    refuse_unless_openable,
    refuse_without_purpose,
    state_purpose,
)
from app.services.documents.checklist import Paper, checklist, progress
from app.ui.formatting import be_datetime
from app.ui.labels import explain
from app.views.applications.finding import application_or_404, document_or_404
from app.views.documents.desk_page import TURNS, ZOOMS, address_of, look_at
from app.views.documents.desk_panels import side_of
from app.views.documents.purpose_form import PurposeForm
from app.views.shell.datamodel import row_id
from app.views.shell.pages import Answer, FundView


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


class DeskView(FundView):
    """All papers of an application on one page, one of them open."""

    route_base = "/desk"
    default_view = "show"

    @expose("/<pk>", methods=["GET"])
    @has_access
    def show(self, pk: str) -> Answer:
        return self.page(application_or_404(pk), None)

    @expose("/<pk>/<public_id>", methods=["GET"])
    @has_access
    @permission_name("show")
    def file(self, pk: str, public_id: str) -> Answer:
        return self.page(application_or_404(pk), public_id)

    def page(
        self,
        application: LoanApplication,
        public_id: str | None,
        *,
        purpose_form: PurposeForm | None = None,
        **more: Any,
    ) -> Any:
        """The page with one file open; ``more`` is what a refused form brings back."""
        papers = checklist(application)
        place = place_of(papers, public_id)
        looking = look_at(place.document, place.other) if place else None
        if looking and request.method == "GET":
            _noted([sheet.document.id for sheet in looking.sheets if sheet.shown])
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
        return self.render_template("desk/show.html", **shown, **side)

    @expose("/<pk>/<public_id>/purpose", methods=["GET"])
    @has_access
    @permission_name("show")
    def purpose_page(self, pk: str, public_id: str) -> Answer:
        """Where the address of a refused purpose leads when it is opened again."""
        return redirect(address_of(document_or_404(pk, public_id)))

    @expose("/<pk>/<public_id>/purpose", methods=["POST"])
    @has_access
    @permission_name("show")
    def purpose(self, pk: str, public_id: str) -> Answer:
        """Take down what an identity paper is opened for; it may then be looked at for a while."""
        document = document_or_404(pk, public_id)
        form = PurposeForm()
        if form.validate():
            try:
                state_purpose(document, OpeningPurpose(str(form.purpose.data)), form.note.data or "")
                db.session.commit()
                return redirect(address_of(document))
            except RuleBroken as refusal:
                db.session.rollback()
                form[refusal.field or "purpose"].errors = [explain(refusal)]
        return self.page(application_or_404(pk), public_id, purpose_form=form), 422  # type: ignore[return-value]

    @expose("/<pk>/<public_id>/page/<number>", methods=["GET"])
    @has_access
    @permission_name("show")
    def picture(self, pk: str, public_id: str, number: str) -> Answer:
        """One page of a file as a picture, drawn here, so that nothing of the file runs in the browser."""
        document = document_or_404(pk, public_id)
        order = _order(document, number)
        try:
            drawn = _drawn(document, order) if request.method == "GET" else _might_draw(document)
        except PurposeMissing as refusal:
            return _words(refusal, 403)
        except RuleBroken as refusal:
            return _words(refusal, 422)
        return _private(Response(drawn, mimetype="image/jpeg"))


def _might_draw(document: Document) -> bytes:
    """Nothing, when the acting person may look at the file; whether a page can be drawn is found out by drawing it."""
    refuse_unless_openable(document)
    refuse_without_purpose(document)
    return b""


def _drawn(document: Document, order: Order) -> bytes:
    """A page the acting person may look at, and the note of that; 404 for a page after the last."""
    _might_draw(document)
    key = document.id
    if order.page > (document.pages or pages_in_store(document.storage_key, FileKind(document.kind))):
        abort(404)
    pieces = document_store().stream(document.storage_key)
    # No transaction is held while the page is being drawn: that may take seconds.
    db.session.rollback()
    drawn = drawn_by_program(pieces, order)
    _noted([key])
    return drawn


def _noted(ids: list[int]) -> bool:
    """Note and store that the person looks at these files; whether there was anything to note."""
    rows = db.session.scalars(select(Document).where(Document.id.in_(ids)))
    new = [row.id for row in rows if not opening_noted(row)]
    if not new:
        return False
    begin_writing(db.session)
    for row in db.session.scalars(select(Document).where(Document.id.in_(new))):
        note_opening(row)
    db.session.commit()
    return True


def _order(document: Document, number: str) -> Order:
    """What to draw; 404 for a page, a size or a turn that there is not."""
    page, zoom, turn = row_id(number), request.args.get("zoom", "100"), request.args.get("turn", "0")
    if page is None or zoom not in map(str, ZOOMS) or turn not in map(str, TURNS) or not document.drawable:
        abort(404)
    mark = ""
    if document.document_type.identity:
        with force_locale("th"):
            mark = f"{current_user.get_full_name()} · {be_datetime(now())}"
    return Order(FileKind(document.kind).value, page, ZOOMS[int(zoom)], int(turn), mark)


def _words(refusal: RuleBroken, status: int) -> Response:
    """Why there is no picture, for whoever opens its address by itself."""
    return _private(Response(explain(refusal), status=status, mimetype="text/plain"))


def _private(answer: Response) -> Response:
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer
