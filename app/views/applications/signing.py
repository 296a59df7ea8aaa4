"""Handing an application to the signatory, and taking or giving it back; the forms stand on the check page."""

from collections.abc import Callable
from datetime import UTC, datetime

from flask import abort, flash, redirect, url_for
from flask_appbuilder.baseviews import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext

from app.domain.roles import Role
from app.domain.values.errors import RuleBroken
from app.domain.values.text import N_
from app.extensions import db
from app.models.applications import LoanApplication
from app.security.acting import acting
from app.services.applications.signing import hand_over, send_back, take_back
from app.ui.labels import explain
from app.views.applications.check_page import check_page
from app.views.applications.finding import application_or_404
from app.views.applications.forms import SendBackForm, SigningForm
from app.views.shell.pages import Answer, FundView

Act = Callable[[LoanApplication, str, datetime], None]
# What each address does, and what is said when it is done.
ACTS: dict[str, tuple[Act, str]] = {
    "ask": (
        lambda row, note, at: hand_over(row, acting(), note, at),
        N_("Sent to the signatory, who is told here and by mail."),
    ),
    "take-back": (
        lambda row, _note, at: take_back(row, acting(), at),
        N_("Taken back from the signatory. You can go on with it."),
    ),
    "send-back": (
        lambda row, note, at: send_back(row, acting(), note, at),
        N_("Sent back to those who prepare it, who are told here and by mail."),
    ),
}


class SigningView(FundView):
    """One route for the three acts around a signature; the signature itself is a move."""

    route_base = "/apply"
    default_view = "sign_page"

    @expose("/<pk>/sign/<name>", methods=["GET"])
    @has_access
    def sign_page(self, pk: str, name: str) -> Answer:
        """Where the address of a refused act leads when it is opened again."""
        return redirect(url_for("ApplyView.check", pk=application_or_404(pk).id))

    @expose("/<pk>/sign/<name>", methods=["POST"])
    @has_access
    def sign(self, pk: str, name: str) -> Answer:
        application = application_or_404(pk)
        if name not in ACTS or (name == "send-back" and not acting().is_any(Role.SIGNATORY)):
            abort(404)
        form = SendBackForm() if name == "send-back" else SigningForm()
        make, done = ACTS[name]
        if not form.validate():
            return self.draw(check_page(application, signing=form)), 422
        try:
            make(application, form.note.data or "", datetime.now(UTC))
            db.session.commit()
        except RuleBroken as refusal:
            db.session.rollback()
            form.form_errors = [explain(refusal)]
            return self.draw(check_page(application_or_404(pk), signing=form)), 422
        flash(gettext(done), "success")
        return redirect(url_for("ApplyView.check", pk=application.id))
