"""The one route on which an application moves."""

from collections.abc import Sequence
from datetime import UTC, datetime

from flask import abort, flash, redirect, url_for
from flask_appbuilder.baseviews import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext

from app.domain.roles import COOPERATIVE, Role
from app.domain.values.errors import RuleBroken
from app.domain.workflow import MOVES
from app.extensions import db
from app.models.applications import LoanApplication
from app.security.acting import acting
from app.security.own_password import refuse_wrong_password
from app.services.applications.changed_answers import changed_since_sent
from app.services.applications.effects import MoveRequest
from app.services.applications.kept_boards import board_changed_since_sent
from app.services.applications.moves import MovedOn, move
from app.services.documents.checklist import checklist
from app.ui.clock import today
from app.ui.labels import explain
from app.views.applications.check_page import check_page
from app.views.applications.finding import NOTHING, WHOSE_AND_WHAT, application_in_sight, application_or_404
from app.views.applications.forms import MoveForm
from app.views.applications.out_of_sight import out_of_sight
from app.views.applications.request_form import RequestRow, notes_of, rows_sent
from app.views.applications.track_page import Refused, offered_steps, track_page
from app.views.shell.pages import Answer, FundView
from app.views.shell.places import row_id
from app.views.shell.returning import carried_back


class MoveView(FundView):
    """Takes the form of any move; a refused one comes back as it was filled in."""

    route_base = "/track"
    default_view = "move"

    @expose("/<pk>/move/<name>", methods=["GET"])
    @has_access
    @permission_name("move")
    def move_page(self, pk: str, name: str) -> Answer:
        """Where the address of a refused move leads when it is opened again."""
        return redirect(url_for("TrackView.show", pk=application_or_404(pk).id))

    @expose("/<pk>/move/<name>", methods=["POST"])
    @has_access
    def move(self, pk: str, name: str) -> Answer:
        if name not in MOVES:
            abort(404)
        step, form = MOVES[name], MoveForm(prefix=f"{name}-")
        form.fit(step, changed=step.answers and _signs_changed(pk))
        complete = form.validate() & form.is_complete() and _signs(form)
        asked: list[RequestRow] = []
        if step.asks_papers or not complete:
            # The move reads the application for itself.
            application = application_in_sight(pk, NOTHING if complete else WHOSE_AND_WHAT)
            if application is None:
                return out_of_sight(pk)
            asked = rows_sent(checklist(application, today())) if step.asks_papers else []
            if not all([complete, *[row.is_complete() for row in asked]]):
                return self._refused(application, Refused(name, form, asked)), 422
        return self._moved(pk, Refused(name, form, asked))

    def _moved(self, pk: str, sent: Refused) -> Answer:
        """Make the move of a form that is complete; ``sent`` is what is shown again if it is refused."""
        step, key = MOVES[sent.name], row_id(pk) or 0
        try:
            move(key, _request(sent.name, sent.form, sent.asked), acting(), datetime.now(UTC))
            db.session.commit()
        except LookupError:
            db.session.rollback()
            return out_of_sight(pk)
        except RuleBroken as refusal:
            db.session.rollback()
            application = application_in_sight(pk)
            if application is None:
                return out_of_sight(pk)
            status = 409 if isinstance(refusal, MovedOn) else 422
            return self._with_refusal(application, sent, refusal), status
        if step.checked_first:
            return redirect(url_for("TrackView.submitted", pk=key))
        flash(gettext(step.done), "success")
        return redirect(url_for("TrackView.show", pk=key, **carried_back()))

    def _with_refusal(self, application: LoanApplication, refused: Refused, refusal: RuleBroken) -> str:
        """The page with the refusal in the move's form, or above everything when the form is not offered any more."""
        # What is in the way of a submission is listed on the check page anyway; a change meanwhile is not.
        told_there = _checked_first(application, refused.name) and not isinstance(refusal, MovedOn)
        if told_there or any(step.name == refused.name for step in offered_steps(application)):
            refused.form.show_refusal(refusal)
        else:
            flash(explain(refusal), "danger")
        return self._refused(application, refused)

    def _refused(self, application: LoanApplication, refused: Refused) -> str:
        if _checked_first(application, refused.name):
            return self.draw(check_page(application, refused.form))
        return self.draw(track_page(application, refused=refused))


def _checked_first(application: LoanApplication, name: str) -> bool:
    """Whether the move's form stands on the check page: a draft is sent from there."""
    step = MOVES[name]
    return step.checked_first and application.state in step.origins and acting().is_any(*COOPERATIVE)


def _signs_changed(pk: str) -> bool:
    """Whether a signatory sends answers, or guarantors, that differ from what was sent last.

    What is out of sight the move refuses.
    """
    if not acting().is_any(Role.SIGNATORY):
        return False
    application = application_in_sight(pk, NOTHING)
    return application is not None and bool(changed_since_sent(application) or board_changed_since_sent(application))


def _signs(form: MoveForm) -> bool:
    """Whether who signs is who is signed in; the password is asked for with the declaration."""
    if not form.password.flags.required:
        return True
    try:
        refuse_wrong_password(form.password.data or "")
    except RuleBroken as refusal:
        form.password.errors = [explain(refusal)]
        return False
    return True


def _request(name: str, form: MoveForm, asked: Sequence[RequestRow]) -> MoveRequest:
    version = row_id(form.version.data) or 0
    return MoveRequest(
        name=name,
        version=version,
        reason=form.reason.data or "",
        amount=form.amount.data,
        decided_on=form.decided_on.data,
        meeting_no=form.meeting_no.data or "",
        papers_reason=form.papers_reason.data or "",
        board=form.board.data or "",
        asked=notes_of(asked),
    )
