"""The dossier of an application: what is in it, what it is opened for, and the download."""

import hashlib
import os
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import structlog
from flask import Response, request
from flask_appbuilder.baseviews import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import force_locale, gettext
from werkzeug.wsgi import wrap_file

from app.domain.archive_names import safe_name
from app.domain.roles import COOPERATIVE
from app.domain.values.errors import RuleBroken
from app.extensions import db
from app.files.zip_writing import CHUNK, Member
from app.models.applications import LoanApplication
from app.reports.dossier_files import INDEX_NAME, SUMS_NAME, checksums, dossier_pdf, index_page
from app.security.acting import acting
from app.services.documents.access import purpose_in_words
from app.services.documents.checklist import checklist
from app.services.documents.dossier import (
    DossierFile,
    DossierPaper,
    FileChanged,
    contents,
    holds_identity,
    included,
    keys_of,
    lost_files,
    members_of,
    note_download,
)
from app.services.documents.dossier_sending import fill, outgoing, turn
from app.ui.clock import today
from app.ui.labels import explain
from app.views.applications.finding import application_or_404
from app.views.documents.dossier_words import sheet_of, title_of
from app.views.documents.purpose_form import PurposeForm
from app.views.shell.pages import Answer, FundView

log = structlog.get_logger()

ZIP = "application/zip"


@dataclass(frozen=True, slots=True)
class Bundle:
    """A dossier ready to be sent."""

    name: str
    members: Sequence[Member]
    files: Sequence[DossierFile]


class DossierView(FundView):
    """One archive of everything an application holds, for everybody who may open its files."""

    route_base = "/dossier"
    default_view = "show"

    @expose("/<pk>", methods=["GET"])
    @has_access
    def show(self, pk: str) -> Answer:
        application = application_or_404(pk)
        return self._page(application, contents(checklist(application, today())), PurposeForm(formdata=None))

    @expose("/<pk>", methods=["POST"])
    @has_access
    def download(self, pk: str) -> Answer:
        application = application_or_404(pk)
        papers = contents(checklist(application, today()))
        form = PurposeForm()
        asks = _asks_purpose(papers)
        if asks and not form.validate():
            return self._page(application, papers, form), 422
        try:
            purpose = purpose_in_words(form.chosen, form.note.data or "") if asks else None
        except RuleBroken as refusal:
            form[refusal.field or "purpose"].errors = [explain(refusal)]
            return self._page(application, papers, form), 422
        try:
            with turn():
                keys = keys_of(papers)
                db.session.rollback()  # nobody waits for the database while the store is asked
                lost = lost_files(keys)
                return _answer(application_or_404(pk), purpose, lost)
        except RuleBroken as refusal:
            db.session.rollback()
            if isinstance(refusal, FileChanged):
                log.error("dossier_with_changed_file", application=pk, file=refusal.values["name"])
            form.form_errors = [explain(refusal)]
            application = application_or_404(pk)
            return self._page(application, contents(checklist(application, today())), form), 503

    def _page(self, application: LoanApplication, papers: list[DossierPaper], form: PurposeForm) -> Any:
        files = included(papers)
        return self.render_template(
            "dossier/show.html",
            title=gettext("Dossier of application %(number)s", number=application.number or gettext("(draft)")),
            application=application,
            papers=papers,
            number=len(files),
            size=sum(file.document.size for file in files),
            asks_purpose=_asks_purpose(papers),
            form=form,
        )


def _asks_purpose(papers: list[DossierPaper]) -> bool:
    """Whether the person has to say first what identity papers are opened for: not on the cooperative's own side."""
    return holds_identity(papers) and not acting().is_any(*COOPERATIVE)


def _answer(application: LoanApplication, purpose: str | None, lost: Collection[int]) -> Response:
    """The archive, its download noted before anything of it can go out; the server sends the file by itself."""
    with force_locale("th"):
        bundle = _bundle(application, lost, datetime.now(UTC))
    file = outgoing(bundle.members, acting().user_id)
    try:
        note_download(application, bundle.files, bundle.name, purpose)
        db.session.commit()
        fill(file, bundle.members)  # after the commit: nobody waits for the database meanwhile
    except BaseException:
        file.close()
        raise
    size = os.fstat(file.fileno()).st_size
    answer = Response(wrap_file(request.environ, file, CHUNK), mimetype=ZIP, direct_passthrough=True)
    answer.headers["Content-Disposition"] = (
        f"attachment; filename=\"dossier.zip\"; filename*=UTF-8''{quote(bundle.name, safe='')}"
    )
    answer.headers["Content-Length"] = str(size)
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _bundle(application: LoanApplication, lost: Collection[int], at: datetime) -> Bundle:
    papers = contents(checklist(application, today()), lost=lost)
    files = included(papers)
    sheet = sheet_of(application, papers, at)
    title = title_of(application)
    pdf_name, zip_name = safe_name(f"{title}.pdf"), safe_name(gettext("Dossier of %(what)s", what=title) + ".zip")
    pdf = dossier_pdf(sheet)
    index = index_page({**sheet, "pdf_name": pdf_name, "sums_name": SUMS_NAME})
    made = [(INDEX_NAME, index), (pdf_name, pdf)]
    sums = checksums(
        [
            *((name, hashlib.sha256(content).hexdigest()) for name, content in made),
            *((file.path, file.document.sha256) for file in files),
        ]
    )
    made.append((SUMS_NAME, sums))
    return Bundle(zip_name, [*(_made(name, content, at) for name, content in made), *members_of(files)], files)


def _made(name: str, content: bytes, at: datetime) -> Member:
    return Member(name, len(content), at, lambda: [content])
