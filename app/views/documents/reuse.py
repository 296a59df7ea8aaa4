"""Taking over a document that the fund already holds, instead of attaching it again."""

from contextlib import suppress
from datetime import UTC, datetime

from flask import flash, redirect, url_for
from flask_appbuilder.baseviews import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext

from app.domain.values.errors import RuleBroken
from app.extensions import db
from app.files.store import StoreUnavailable, document_store
from app.security.acting import acting
from app.services.documents.reuse import Copied, copy_bytes, reuse, to_copy
from app.ui.labels import explain
from app.views.applications.finding import application_or_404
from app.views.shell.pages import Answer, FundView
from app.views.shell.places import row_id


class ReuseView(FundView):
    """The applicant confirms that a held document stands for a paper of this application."""

    route_base = "/apply"
    default_view = "reuse"

    @expose("/<pk>/reuse/<type_id>", methods=["POST"])
    @has_access
    def reuse(self, pk: str, type_id: str) -> Answer:
        application, key, at = application_or_404(pk), row_id(type_id) or 0, datetime.now(UTC)
        copied: list[Copied] = []
        try:
            row, held = application.id, to_copy(application, key, at)
            db.session.rollback()  # nobody waits for the database while the store copies
            copied = copy_bytes(held)
            taken = reuse(row, key, copied, acting(), at)
            db.session.commit()
            copied = []
            flash(gettext("Taken over: %(name)s", name=", ".join(file.file_name for file in taken)), "success")
        except RuleBroken as refusal:
            db.session.rollback()
            flash(explain(refusal), "danger")
        finally:
            _forget(copied)
        return redirect(url_for("AttachView.documents", pk=pk, _anchor=f"paper-{key}"))


def _forget(copied: list[Copied]) -> None:
    """Delete copies that no row names; when the store is away just now, the search for orphans finds them."""
    if copied:
        db.session.rollback()
    with suppress(StoreUnavailable):
        for copy in copied:
            document_store().delete(copy.stored.key)
