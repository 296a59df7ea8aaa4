"""The desk: one file of an application at a time beside the checklist, and what the person has to do with it."""

from datetime import UTC, datetime

from flask import Response, abort, redirect, request
from flask_appbuilder.baseviews import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import force_locale
from flask_login import current_user
from sqlalchemy import select

from app.domain.file_kinds import FileKind
from app.domain.purposes import OpeningPurpose
from app.domain.values.errors import RuleBroken
from app.extensions import db
from app.files.pictures.page_drawing import Order
from app.files.pictures.page_pictures import drawn_by_program, pages_in_store
from app.files.store import document_store
from app.models.base import now
from app.models.documents import Document
from app.services.documents.access import (
    PurposeMissing,
    refuse_unless_openable,
    refuse_without_purpose,
    state_purpose,
)
from app.ui.formatting import be_datetime
from app.ui.labels import explain
from app.views.applications.finding import application_or_404, document_or_404
from app.views.documents.desk_page import desk_page, note_openings
from app.views.documents.purpose_form import PurposeForm
from app.views.documents.viewer import TURNS, ZOOMS, address_of
from app.views.shell.pages import Answer, FundView
from app.views.shell.places import row_id


class DeskView(FundView):
    """All papers of an application on one page, one of them open."""

    route_base = "/desk"
    default_view = "show"

    @expose("/<pk>", methods=["GET"])
    @has_access
    def show(self, pk: str) -> Answer:
        return self.draw(desk_page(application_or_404(pk), None))

    @expose("/<pk>/<public_id>", methods=["GET"])
    @has_access
    @permission_name("show")
    def file(self, pk: str, public_id: str) -> Answer:
        return self.draw(desk_page(application_or_404(pk), public_id))

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
        return self.draw(desk_page(application_or_404(pk), public_id, purpose_form=form)), 422

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
    refuse_without_purpose(document, datetime.now(UTC))
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
    note_openings(db.session.scalars(select(Document).where(Document.id == key)))
    return drawn


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
