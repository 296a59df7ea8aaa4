"""The pages on which a cooperative prepares an application."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from flask import jsonify, redirect, request, url_for
from flask_appbuilder.baseviews import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext
from sqlalchemy.exc import IntegrityError
from werkzeug.datastructures import MultiDict

from app.domain.papers import Progress
from app.domain.quotes import Quote
from app.domain.states import EDITABLE
from app.domain.values.calendar import bangkok_hour
from app.domain.values.errors import RuleBroken
from app.domain.values.text import N_
from app.extensions import db
from app.models.applications import LoanApplication
from app.models.cooperatives import Cooperative
from app.models.programmes import LoanProgramme
from app.security.acting import acting
from app.services.applications.drafts import FormUsed, answers_of, change, start
from app.services.applications.earlier import NOT_GRANTED, earlier_ones
from app.services.cooperatives.borrowers import is_first_time, never_borrowed
from app.services.documents.checklist import progress_of
from app.services.locking import lock_to_change
from app.services.programmes.terms import money_left, open_to_draft, programmes_to_apply, with_rates
from app.services.programmes.versions import terms_for
from app.ui.clock import today
from app.ui.labels import explain
from app.views.applications.changed_answers import answer_in_words
from app.views.applications.check_page import check_page
from app.views.applications.finding import WITH_LEVELS, application_in_sight, application_or_404
from app.views.applications.form_key import form_key, refuse_other_capacity
from app.views.applications.forms import ApplicationForm
from app.views.applications.going_on import after_saving
from app.views.applications.live_quote import limits_of, own_ceiling, quoted, share_of
from app.views.shell.pages import Answer, FundView
from app.views.shell.places import row_id
from app.views.shell.typed.meeting import Desk, Meeting, meet, remember
from app.views.shell.typed.pairs import packed


def _first_time(application: LoanApplication | None) -> bool:
    """Whether what the form asks for is a first loan of the acting person's cooperative."""
    return is_first_time(application) if application is not None else never_borrowed(acting().cooperative_id or 0)


def _own_cooperative() -> Cooperative | None:
    """The cooperative the person acts for."""
    return db.session.get(Cooperative, acting().cooperative_id) if acting().cooperative_id is not None else None


def _progress(application: LoanApplication | None) -> Progress | None:
    """How far the papers of a draft are; what was sent has its steps behind it."""
    if application is None or application.number is not None:
        return None
    return progress_of([application], today())[application.id]


ANSWERS = ("programme", "amount", "months", "beneficiaries", "member_rate")
MET_DRAFT = N_("Somebody else saved this application meanwhile. Press Save: the page then shows what both changed.")
INCOMPLETE = N_("The draft is not saved yet: some answers are missing or wrong.")
CALCULATE = "calculate"  # the button that works the cost out and stores nothing


class ApplyView(FundView):
    """A cooperative's way from the first answer to the check before sending."""

    route_base = "/apply"
    default_view = "start"

    @expose("/new", methods=["GET", "POST"])
    @has_access
    def start(self) -> Answer:
        # Who opened the form before the money was used up keeps what was typed, and reads the reason at the check.
        programmes = open_to_draft(today()) if request.method == "POST" else programmes_to_apply(today())
        form = ApplicationForm()
        form.offer(programmes)
        form.cooperative = _own_cooperative()
        if form.is_submitted() and CALCULATE in request.form:
            return self._form_page(form, programmes, None, quote=self._quoted(form, None))
        if form.validate_on_submit():
            try:
                return redirect(url_for("TaskListView.tasks", pk=self._started(form)))
            except RuleBroken as refusal:
                db.session.rollback()
                form.form_errors = [explain(refusal)]
                used = refusal.application_id if isinstance(refusal, FormUsed) else None
                return self._form_page(form, programmes, None, used=used), 409
        if request.method == "GET":
            form.request_key.data = str(uuid4())
            form.membership.data = str(acting().membership_id)
            chosen = row_id(request.args.get("programme", ""))
            form.programme.data = chosen if chosen in {row.id for row in programmes} else None
            form.begin_with_figures(request.args)
            return self._form_page(form, programmes, None, earlier=self._begun_from(form))
        return self._form_page(form, programmes, None)

    def _begun_from(self, form: ApplicationForm) -> LoanApplication | None:
        """The application whose answers the form begins with, if the address names one of the cooperative's."""
        earlier = application_in_sight(request.args.get("from", ""))
        if earlier is not None and earlier.cooperative_id == acting().cooperative_id:
            form.begin_with(answers_of(earlier))
            return earlier
        return None

    def _started(self, form: ApplicationForm) -> int:
        """Store the draft, and return its id."""
        refuse_other_capacity(form.membership.data)
        key, at = form_key(form.request_key.data), datetime.now(UTC)
        try:
            started = start(acting(), form.answers(), key, at).id
            db.session.commit()
        except IntegrityError:
            # The same form sent twice at the same moment: the first one is the application.
            db.session.rollback()
            started = start(acting(), form.answers(), key, at).id
        return started

    @expose("/<pk>/edit", methods=["GET", "POST"])
    @has_access
    def edit(self, pk: str) -> Answer:
        application = application_or_404(pk)
        form, programmes = self._edit_form(application)
        meeting = None
        if request.method == "POST":
            lock_to_change(application)
            if CALCULATE in request.form:
                return self._form_page(form, programmes, application, quote=self._quoted(form, application))
            form, meeting = meet(form, self._desk(application))
            if meeting is None and form.validate() and self._saved(form, application):
                return redirect(after_saving(application))
        elif application.state not in EDITABLE:
            return redirect(url_for("TrackView.show", pk=application.id))
        else:
            remember(form, ANSWERS)
        return self._form_page(form, programmes, application, meeting=meeting)

    @expose("/autosave", methods=["POST"])
    @has_access
    @permission_name("start")
    def autosave_new(self) -> Answer:
        """Make a draft of a new form once its answers are complete; from then on it saves itself like any other."""
        form = ApplicationForm()
        form.offer(open_to_draft(today()))
        if not form.validate_on_submit():
            return jsonify(message=gettext(INCOMPLETE)), 422
        try:
            application = application_or_404(str(self._started(form)))
        except RuleBroken as refusal:
            db.session.rollback()
            return jsonify(message=explain(refusal)), 409
        return jsonify(
            **self._kept(application),
            edit=url_for("ApplyView.edit", pk=application.id),
            autosave=url_for("ApplyView.autosave", pk=application.id),
        )

    @expose("/<pk>/autosave", methods=["POST"])
    @has_access
    def autosave(self, pk: str) -> Answer:
        application = application_or_404(pk)
        lock_to_change(application)
        form, _programmes = self._edit_form(application)
        form, meeting = meet(form, self._desk(application))
        if meeting is not None or request.form.get("seen"):
            return jsonify(message=gettext(MET_DRAFT)), 409
        if not form.validate() or not self._saved(form, application):
            return jsonify(message=gettext(INCOMPLETE)), 422
        return jsonify(**self._kept(application))

    def _kept(self, application: LoanApplication) -> dict[str, Any]:
        """When a draft was stored, and what its form is from then on opened with."""
        opened = packed(self._edit_form(application, formdata=None)[0], ANSWERS)
        return {"saved_at": bangkok_hour(datetime.now(UTC)), "version": application.version, "opened": opened}

    def _desk(self, application: LoanApplication) -> Desk:
        def make(sent: MultiDict[str, str] | None) -> ApplicationForm:
            return self._edit_form(application, formdata=sent)[0]

        return Desk(application, ANSWERS, make, answer_in_words)

    def _edit_form(
        self, application: LoanApplication, **sent: MultiDict[str, str] | None
    ) -> tuple[ApplicationForm, list[LoanProgramme]]:
        form = ApplicationForm(
            **sent,
            programme=application.programme_id,
            amount=application.amount_asked,
            months=application.months,
            beneficiaries=application.beneficiaries,
            member_rate=application.member_rate,
            version=application.version,
        )
        del form.purpose  # on a page of its own
        programmes = [application.programme]
        if application.number is None:
            programmes += [row for row in programmes_to_apply(today()) if row.id != application.programme_id]
        form.offer(programmes)
        form.cooperative = application.cooperative
        if application.number is not None:
            form.terms = terms_for(application)
        return form, programmes

    def _saved(self, form: ApplicationForm, application: LoanApplication) -> bool:
        try:
            change(application, replace(form.answers(), purpose=application.purpose), datetime.now(UTC))
            db.session.commit()
        except RuleBroken as refusal:
            db.session.rollback()
            form.form_errors = [explain(refusal)]
            return False
        return True

    @expose("/<pk>/quote", methods=["GET"])
    @has_access
    @permission_name("edit")
    def quote(self, pk: str) -> Answer:
        """What the figures in the address would cost under the application's own terms; its form asks while one types.

        The public calculator knows open programmes alone; a returned application may be of one that closed meanwhile.
        """
        application = application_or_404(pk)
        if application.state not in EDITABLE or not {"programme", "amount", "months"} & request.args.keys():
            return redirect(url_for("ApplyView.edit", pk=application.id))
        form, _programmes = self._edit_form(application, formdata=request.args)
        return self._quote_page(form, application)

    @expose("/quote", methods=["GET"])
    @has_access
    @permission_name("start")
    def quote_new(self) -> Answer:
        """The same for a form that is not stored yet."""
        form = ApplicationForm(request.args)
        form.offer(programmes_to_apply(today()))
        return self._quote_page(form, None)

    def _quote_page(self, form: ApplicationForm, application: LoanApplication | None) -> str:
        page: str = self.render_template(
            "applications/quote.html",
            application=application,
            form=form,
            quote=self._quoted(form, application),
            share=share_of(form),
            title=gettext("What it would cost"),
        )
        return page

    def _quoted(self, form: ApplicationForm, application: LoanApplication | None) -> Quote | None:
        return quoted(form, paid_out_on=today(), first_time=_first_time(application))

    def _form_page(
        self,
        form: ApplicationForm,
        programmes: list[LoanProgramme],
        application: LoanApplication | None,
        *,
        used: int | None = None,
        quote: Quote | None = None,
        meeting: Meeting | None = None,
        earlier: LoanApplication | None = None,
    ) -> str:
        if request.method == "POST":
            with_rates(programmes)
        page: str = self.render_template(
            "applications/form.html",
            form=form,
            limits=limits_of(form),
            left=money_left(programmes),
            application=application,
            progress=_progress(application),
            first_time=_first_time(application),
            used=used,
            quote=quote,
            meeting=meeting,
            share=share_of(form),
            own_ceiling=own_ceiling(form),
            earlier=earlier,
            not_granted=NOT_GRANTED,
            begin_from=earlier_ones(acting().cooperative_id) if application is None and earlier is None else (),
            title=gettext("Apply for a loan") if application is None else gettext("Amount and term"),
        )
        return page

    @expose("/<pk>/check", methods=["GET"])
    @has_access
    def check(self, pk: str) -> Answer:
        application = application_or_404(pk, WITH_LEVELS)
        if application.state not in EDITABLE:
            return redirect(url_for("TrackView.show", pk=application.id))
        return self.draw(check_page(application))
