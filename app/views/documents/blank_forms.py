"""Blank forms and examples of document types: everybody downloads them, who keeps the types changes them."""

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from flask import Response, abort, flash, redirect, request, url_for
from flask_appbuilder.baseviews import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField

from app.domain.file_kinds import ALLOWED_KINDS, LARGEST_FILE, FileKind
from app.domain.values.errors import RuleBroken
from app.extensions import db
from app.files.store import StoreUnavailable, document_store
from app.models.document_types import DocumentType
from app.services.documents.blank_forms import (
    ExampleChanged,
    bring_example,
    example_of,
    put_example,
    remove_example,
    version_of,
)
from app.ui.fields import FundForm
from app.ui.labels import explain
from app.views.shell.pages import Answer, FundView
from app.views.shell.places import row_id

KEPT_BY_BROWSERS = "public, max-age=300"  # seconds; the same for everybody, and soon anew when it is replaced


class ExampleForm(FundForm):
    """The file of one document type, and which one the person saw there before."""

    version = HiddenField()
    file = FileField(_("Blank form or example"), [FileRequired(_("Choose a file."))])


class ExampleView(FundView):
    """Serves a type's blank form to everybody, signed in or not."""

    route_base = "/forms"
    default_view = "download"

    @expose("/<code>", methods=["GET"])
    def download(self, code: str) -> Answer:
        example = example_of(code[:40])
        if example is None:
            abort(404)
        kind = FileKind(example.kind)
        content = document_store().stream(example.storage_key) if request.method == "GET" else []
        answer = Response(content, mimetype=kind.mime)
        answer.headers["Content-Disposition"] = (
            f"attachment; filename=\"form{kind.extensions[0]}\"; filename*=UTF-8''{quote(example.file_name, safe='')}"
        )
        answer.headers["Content-Length"] = str(example.size)
        answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
        answer.headers["Cache-Control"] = KEPT_BY_BROWSERS
        return answer


class ExampleKeepingView(FundView):
    """Where the blank form of a document type is put, replaced and taken away."""

    route_base = "/document-types"
    default_view = "upload"

    @expose("/<pk>/example", methods=["GET", "POST"])
    @has_access
    def upload(self, pk: str) -> Answer:
        kind = _type_or_404(pk)
        form = ExampleForm()
        if not form.is_submitted():
            return self._page(kind, form)
        if not form.validate():
            return self._page(kind, form), 422
        try:
            self._put(pk, form)
        except ExampleChanged as changed:
            return self._changed_meanwhile(pk, form, changed)
        except RuleBroken as refusal:
            db.session.rollback()
            form.file.errors = [explain(refusal)]
            return self._page(_type_or_404(pk), form), 422
        return redirect(url_for("DocumentTypeView.show", pk=pk))

    def _put(self, pk: str, form: ExampleForm) -> None:
        file = form.file.data
        content = file.stream.read(LARGEST_FILE + 1)
        db.session.rollback()  # nobody waits for the database while the file is looked into and stored
        brought = bring_example(content, file.filename)
        forgotten: str | None = brought.stored.key
        try:
            forgotten = put_example(_type_or_404(pk), brought, datetime.now(UTC), seen=form.version.data or "")
            db.session.commit()
        finally:
            db.session.rollback()
            _forget(forgotten)
        flash(gettext("Saved: %(name)s", name=file.filename), "success")

    @expose("/<pk>/example/remove", methods=["POST"])
    @has_access
    @permission_name("upload")
    def remove(self, pk: str) -> Answer:
        kind = _type_or_404(pk)
        form = ExampleForm()
        try:
            old = remove_example(kind, seen=form.version.data or "")
        except ExampleChanged as changed:
            return self._changed_meanwhile(pk, form, changed)
        db.session.commit()
        _forget(old)
        if old:
            flash(gettext("The blank form was removed."), "success")
        return redirect(url_for("DocumentTypeView.show", pk=kind.id))

    def _changed_meanwhile(self, pk: str, form: ExampleForm, changed: ExampleChanged) -> Any:
        """The page as it is now with what happened; sending its form again counts as having looked."""
        db.session.rollback()
        form.form_errors = [explain(changed)]
        return self._page(_type_or_404(pk), form), 409

    def _page(self, kind: DocumentType, form: ExampleForm) -> Any:
        form.version.data = version_of(kind.example)
        return self.render_template(
            "document_types/example.html",
            title=gettext("Blank form or example"),
            kind=kind,
            form=form,
            kinds=[each.label for each in ALLOWED_KINDS],
            largest=LARGEST_FILE,
            accept=",".join(ending for each in ALLOWED_KINDS for ending in each.extensions),
        )


def _type_or_404(pk: str) -> DocumentType:
    key = row_id(pk)
    found = db.session.get(DocumentType, key) if key is not None else None
    if found is None:
        abort(404)
    return found


def _forget(key: str | None) -> None:
    """Delete bytes that no row names any more; when the store is away just now, the search for orphans finds them."""
    if key is not None:
        with suppress(StoreUnavailable):
            document_store().delete(key)
