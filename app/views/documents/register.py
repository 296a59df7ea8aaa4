"""The register of attached documents, and the one address a file is served from."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from urllib.parse import quote

from flask import Response, abort, redirect, request
from flask_appbuilder.baseviews import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.wsgi import wrap_file

from app.domain.file_kinds import FileKind
from app.domain.values.text import N_
from app.extensions import db
from app.files.store import CHUNK, OpenFile
from app.models.documents import Document
from app.models.transaction import begin_writing
from app.services.documents.access import PurposeMissing, note_file, open_file
from app.ui.formatting import file_size
from app.views.documents.viewer import address_of
from app.views.shell.datamodel import FundInterface
from app.views.shell.pages import Answer, FundView
from app.views.shell.register import FundModelView
from app.views.shell.searching import holds


class DocumentView(FundModelView):
    """All attached documents the person may see."""

    route_base = "/documents"
    datamodel = FundInterface(Document, eager=("document_type", "application"))
    exclude_route_methods = {"download", "add", "edit", "delete", "show"}
    list_title = _("Documents")
    list_columns = ["file_name", "document_type", "application", "kind", "size", "uploaded_at", "removed_at"]
    base_order = ("id", "desc")
    order_by = {"uploaded_at": "id"}
    sorted_by = ("uploaded_at",)
    found_by = (holds(Document.file_name),)
    extra_labels = {"application": N_("Application")}
    extra_formatters = {"size": file_size}
    with_history = False


class DocumentFileView(FundView):
    """Serves a file by its random id, in scope, as an attachment that no browser runs on our site."""

    route_base = "/files"
    default_view = "download"

    @expose("/<public_id>", methods=["GET"])
    @has_access
    def download(self, public_id: str) -> Answer:
        opened = request.method == "GET"
        document = _named_or_404(public_id)
        try:
            # HEAD asks about the file without opening it, so nobody's having opened it is noted.
            pieces = _sent(_opened(document)) if opened else []
        except PurposeMissing:
            db.session.rollback()
            return redirect(address_of(_named_or_404(public_id)))
        answer = Response(pieces, mimetype=FileKind(document.kind).mime)
        answer.direct_passthrough = opened
        ascii_name = f"document{FileKind(document.kind).extensions[0]}"
        answer.headers["Content-Disposition"] = (
            f"attachment; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(document.file_name, safe='')}"
        )
        answer.headers["Content-Length"] = str(document.size)
        answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
        answer.headers["Cache-Control"] = "no-store"
        db.session.commit()
        return answer


def _named_or_404(public_id: str) -> Document:
    named = select(Document).where(Document.public_id == public_id[:40])
    document = db.session.scalar(named.options(joinedload(Document.document_type)))
    if document is None:
        abort(404)
    return document


def _opened(document: Document) -> Iterator[bytes]:
    """The file's bytes, and the note of who takes it: nobody waits for the database while the store is asked."""
    at, public_id = datetime.now(UTC), document.public_id
    pieces = open_file(document, at)
    begin_writing(db.session)
    note_file(_named_or_404(public_id), at)
    return pieces


def _sent(pieces: Iterator[bytes]) -> Iterable[bytes]:
    """A file of this machine is left to the server to send."""
    return wrap_file(request.environ, pieces, CHUNK) if isinstance(pieces, OpenFile) else pieces
