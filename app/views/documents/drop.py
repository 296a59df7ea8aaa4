"""Several files at once, each put to the paper it probably is; and saying that one is another paper."""

from collections.abc import Sequence
from datetime import UTC, datetime

from flask import flash, redirect, request, url_for
from flask_appbuilder.baseviews import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext
from werkzeug.datastructures import FileStorage

from app.domain.file_kinds import clean_file_name
from app.domain.states import EDITABLE
from app.domain.values.errors import RuleBroken
from app.domain.values.text import N_
from app.extensions import db
from app.files.pictures.page_pictures import words_of
from app.models.document_types import DocumentType
from app.security.acting import acting
from app.services.documents.attachments import Sent, keep, may_add, sort_to
from app.services.documents.checklist import checklist
from app.services.documents.guessing import guess
from app.services.locking import why_kept
from app.ui.clock import today
from app.ui.labels import explain
from app.ui.naming import named
from app.views.applications.finding import application_or_404, document_or_404
from app.views.documents.attach import MOST_AT_ONCE, PATIENCE, looked_into, looking
from app.views.shell.pages import Answer, FundView
from app.views.shell.places import row_id

UNKNOWN = N_("It cannot be told which document this is. Attach it below, at its document.")
BUSY = N_("Many files are being checked at the moment. Try again in a minute.")


class DropView(FundView):
    """All papers in one go; each file is looked into as one that is attached alone."""

    route_base = "/apply"
    default_view = "drop_page"

    @expose("/<pk>/drop", methods=["GET"])
    @has_access
    @permission_name("drop")
    def drop_page(self, pk: str) -> Answer:
        """Where the address leads when it is opened again."""
        return redirect(url_for("AttachView.documents", pk=application_or_404(pk).id))

    @expose("/<pk>/drop", methods=["POST"])
    @has_access
    def drop(self, pk: str) -> Answer:
        application = application_or_404(pk)
        files = [file for file in request.files.getlist("files") if file.filename]
        papers = checklist(application, today())
        kinds = [paper.type for paper in papers if may_add(application, paper, papers)]
        if application.state not in EDITABLE:
            flash(gettext(why_kept(application)), "danger")
        elif not files:
            flash(gettext("Choose a file first."), "danger")
        elif len(files) > MOST_AT_ONCE:
            flash(gettext("Send at most %(most)s files at once.", most=MOST_AT_ONCE), "danger")
        else:
            db.session.expunge_all()  # the names of the papers are read on while nobody waits for the database
            db.session.rollback()
            with looking.one(PATIENCE) as taken:
                if taken:
                    _sorted(row_id(pk) or 0, files, kinds)
                else:
                    flash(gettext(BUSY), "danger")
        return redirect(url_for("AttachView.documents", pk=pk))

    @expose("/<pk>/sort/<public_id>", methods=["POST"])
    @has_access
    @permission_name("drop")
    def sort(self, pk: str, public_id: str) -> Answer:
        document = document_or_404(pk, public_id)
        key = row_id(request.form.get("type", "")) or 0
        try:
            sort_to(document, key, datetime.now(UTC))
            db.session.commit()
            db.session.refresh(document)
            flash(_which(document.file_name, document.document_type), "success")
        except RuleBroken as refusal:
            db.session.rollback()
            flash(explain(refusal), "danger")
        return redirect(url_for("AttachView.documents", pk=pk, _anchor=f"paper-{key}"))


def _which(name: str, kind: DocumentType) -> str:
    return gettext("%(name)s is attached as “%(paper)s”.", name=name, paper=named(kind))


def _sorted(pk: int, files: Sequence[FileStorage], kinds: Sequence[DocumentType]) -> None:
    """Attach each file by itself and say as what; one that is refused says why and keeps no other back."""
    for file in files:
        name = clean_file_name(file.filename or "")
        try:
            incoming = looked_into([file])
            kind = guess(incoming.name, words_of(incoming.content, incoming.kind), kinds)
            if kind is None:
                raise RuleBroken(UNKNOWN)
            keep(pk, Sent(kind.id, incoming.name), incoming, acting(), datetime.now(UTC))
            db.session.commit()
            flash(_which(incoming.name, kind), "success")
        except RuleBroken as refusal:
            db.session.rollback()
            flash(f"{name}: {explain(refusal)}", "danger")
