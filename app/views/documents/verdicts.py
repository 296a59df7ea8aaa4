"""Stores what an officer finds about a file on the desk, and the figures read off it."""

from datetime import UTC, datetime
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask_appbuilder.baseviews import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from app.domain.papers import Verdict
from app.domain.values.errors import RuleBroken
from app.domain.values.text import N_
from app.extensions import db
from app.models.applications import LoanApplication
from app.models.documents import Document
from app.security.acting import acting
from app.services.cooperatives.figures import FIGURES, FiguresChanged, Reading, keep_figures
from app.services.documents.checklist import checklist
from app.services.documents.verdicts import Finding, VerdictMeanwhile, examined_of, findings_about, give_verdict
from app.ui.clock import today
from app.ui.formatting import year_label
from app.ui.labels import labelled
from app.views.applications.finding import application_or_404
from app.views.documents.desk_page import desk_page, place_of
from app.views.documents.desk_panels import FiguresForm, JudgingForm, show_refusal
from app.views.shell.pages import Answer, FundView
from app.views.shell.places import row_id


class DeskAct(FundView):
    """What is done on the desk; a refused form comes back on the desk's own page."""

    route_base = "/desk"

    def found(self, pk: str, public_id: str) -> tuple[LoanApplication, Document]:
        """The application and the file on its desk. Raises 404 when either is not there for the person."""
        application = application_or_404(pk)
        place = place_of(checklist(application, today()), public_id)
        if place is None:
            abort(404)
        return application, place.document

    def back(self, pk: str, public_id: str) -> Answer:
        """Where the address of a refused form leads when it is opened again."""
        application, document = self.found(pk, public_id)
        return redirect(url_for("DeskView.file", pk=application.id, public_id=document.public_id))

    def again(self, pk: str, public_id: str, **forms: Any) -> str:
        """The desk with what was typed."""
        return self.draw(desk_page(application_or_404(pk), public_id, **forms))


class VerdictView(DeskAct):
    """Findings about files."""

    default_view = "judge"

    @expose("/<pk>/<public_id>/verdict", methods=["GET"])
    @has_access
    @permission_name("judge")
    def judge_page(self, pk: str, public_id: str) -> Answer:
        return self.back(pk, public_id)

    @expose("/<pk>/<public_id>/verdict", methods=["POST"])
    @has_access
    def judge(self, pk: str, public_id: str) -> Answer:
        application, document = self.found(pk, public_id)
        form = JudgingForm(prefix="accept-" if "accept-verdict" in request.form else "refuse-")
        if not form.validate():
            return self.again(pk, public_id, judging_form=form), 422
        try:
            give_verdict(document, _finding(form), acting(), datetime.now(UTC))
            db.session.commit()
        except RuleBroken as refusal:
            db.session.rollback()
            show_refusal(form, refusal)
            if isinstance(refusal, VerdictMeanwhile):
                # Their finding is told and stands beside the form: the next save counts as made in its knowledge.
                form.seen.data = str(findings_about(document)[0].id)
            status = 409 if isinstance(refusal, VerdictMeanwhile) else 422
            return self.again(pk, public_id, judging_form=form), status
        verdict = labelled(form.verdict.data)
        flash(gettext("Stored: %(name)s – %(verdict)s", name=document.file_name, verdict=verdict), "success")
        waiting = examined_of(application, checklist(application, today())).waiting
        if not waiting:
            flash(gettext("All files are judged."), "success")
        following = waiting[0] if waiting else document
        return redirect(url_for("DeskView.file", pk=application.id, public_id=following.public_id))


def _finding(form: JudgingForm) -> Finding:
    return Finding(
        verdict=Verdict(str(form.verdict.data)),
        note=form.note.data or "",
        page=form.page.data,
        issued_on=form.issued_on.data,
        seen_id=row_id(form.seen.data),
    )


class FiguresView(DeskAct):
    """Yearly figures read off a financial statement."""

    default_view = "keep"

    @expose("/<pk>/<public_id>/figures", methods=["GET"])
    @has_access
    @permission_name("keep")
    def keep_page(self, pk: str, public_id: str) -> Answer:
        return self.back(pk, public_id)

    @expose("/<pk>/<public_id>/figures", methods=["POST"])
    @has_access
    def keep(self, pk: str, public_id: str) -> Answer:
        application, document = self.found(pk, public_id)
        form = FiguresForm(prefix="figures-")
        if not document.document_type.has_figures:
            raise RuleBroken(N_("No figures are read off this kind of document."))
        if not form.validate():
            return self.again(pk, public_id, figures_form=form), 422
        try:
            row = keep_figures(document, _figures(form))
            year = row.year
            db.session.commit()
        except (RuleBroken, StaleDataError, IntegrityError) as error:
            db.session.rollback()
            refusal = error if isinstance(error, RuleBroken) else FiguresChanged()
            show_refusal(form, refusal)
            return self.again(pk, public_id, figures_form=form), 409
        flash(gettext("Stored: the figures of accounting year %(year)s", year=year_label(year)), "success")
        page = form.page.data or None
        return redirect(url_for("DeskView.file", pk=application.id, public_id=document.public_id, year=year, page=page))


def _figures(form: FiguresForm) -> Reading:
    figures = {name: form[name].data for name in FIGURES}
    year = row_id(form.year.data)
    if year is None or not 2500 <= year <= 2700:
        raise RuleBroken(N_("Choose the accounting year again."))
    return Reading(year, figures, form.page.data, row_id(form.version.data) or 0, bool(form.replace.data))
