"""The page on which a cooperative writes what its members use the money for."""

from dataclasses import replace
from datetime import UTC, datetime

from flask import jsonify, redirect, request, url_for
from flask_appbuilder.baseviews import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from app.domain.states import EDITABLE
from app.domain.values.calendar import bangkok_hour
from app.domain.values.errors import RuleBroken
from app.extensions import db
from app.models.applications import LoanApplication
from app.services.applications.drafts import answers_of, change
from app.services.locking import lock_to_change
from app.ui.labels import explain
from app.views.applications.apply import INCOMPLETE, MET_DRAFT
from app.views.applications.changed_answers import answer_in_words
from app.views.applications.finding import application_or_404
from app.views.applications.forms import PurposeForm
from app.views.applications.going_on import after_saving
from app.views.shell.pages import Answer, FundView
from app.views.shell.typed.meeting import Desk, Meeting, meet, remember
from app.views.shell.typed.pairs import packed

ANSWERS = ("purpose",)


class PurposeView(FundView):
    """One answer on a page of its own; it saves itself like the others."""

    route_base = "/apply"
    default_view = "purpose"

    @expose("/<pk>/purpose", methods=["GET", "POST"])
    @has_access
    def purpose(self, pk: str) -> Answer:
        application = application_or_404(pk)
        form, meeting = _opened(application), None
        if request.method == "POST":
            lock_to_change(application)
            form, meeting = meet(form, _desk(application))
            if meeting is None and form.validate() and _saved(form, application):
                return redirect(after_saving(application))
        elif application.state not in EDITABLE:
            return redirect(url_for("TrackView.show", pk=application.id))
        else:
            remember(form, ANSWERS)
        return self._page(form, application, meeting)

    @expose("/<pk>/purpose/autosave", methods=["POST"])
    @has_access
    @permission_name("purpose")
    def autosave(self, pk: str) -> Answer:
        application = application_or_404(pk)
        lock_to_change(application)
        form, meeting = meet(_opened(application), _desk(application))
        if meeting is not None or request.form.get("seen"):
            return jsonify(message=gettext(MET_DRAFT)), 409
        if not form.validate() or not _saved(form, application):
            return jsonify(message=gettext(INCOMPLETE)), 422
        kept = packed(_form(application, None), ANSWERS)
        return jsonify(saved_at=bangkok_hour(datetime.now(UTC)), version=application.version, opened=kept)

    def _page(self, form: PurposeForm, application: LoanApplication, meeting: Meeting | None) -> str:
        page: str = self.render_template(
            "applications/purpose.html",
            form=form,
            application=application,
            meeting=meeting,
            title=gettext("What the members use the money for"),
        )
        return page


def _opened(application: LoanApplication) -> PurposeForm:
    """The form as it was sent, or as it is opened."""
    return PurposeForm(purpose=application.purpose, version=application.version)


def _form(application: LoanApplication, sent: MultiDict[str, str] | None) -> PurposeForm:
    return PurposeForm(formdata=sent, purpose=application.purpose, version=application.version)


def _desk(application: LoanApplication) -> Desk:
    return Desk(application, ANSWERS, lambda sent: _form(application, sent), answer_in_words)


def _saved(form: PurposeForm, application: LoanApplication) -> bool:
    try:
        change(application, replace(answers_of(application), purpose=form.purpose.data or ""), datetime.now(UTC))
        db.session.commit()
    except RuleBroken as refusal:
        db.session.rollback()
        form.form_errors = [explain(refusal)]
        return False
    return True
