"""An application's own page: where it is, what we wait for, its papers, and the moves the person may make."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import abort, current_app, flash, redirect, request, url_for
from flask_appbuilder.baseviews import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext

from app.domain.errors import RuleBroken
from app.domain.quotes import rows_of
from app.domain.workflow import (
    COOPERATIVE,
    EDITABLE,
    FINAL,
    MOVES,
    PUBLIC_WORDS,
    STEP_OF,
    STEPS,
    Move,
    State,
    moves_for,
)
from app.extensions import db
from app.models.applications import LoanApplication
from app.security.acting import acting
from app.services.applications import MovedOn, MoveRequest, move
from app.services.checklists import Paper, checklist, progress
from app.services.judgement import judgement_of
from app.services.promises import promised_day
from app.ui.labels import explain, labelled
from app.views.application_forms import MoveForm
from app.views.applications import ApplyView, application_or_404, question_to, today
from app.views.datamodel import row_id
from app.views.pages import Answer, FundView
from app.views.timelines import timeline_of

TONES = {
    State.DRAFT: "neutral",
    State.RETURNED: "waiting",
    State.APPROVED: "good",
    State.REJECTED: "bad",
    State.WITHDRAWN: "neutral",
    State.EXPIRED: "neutral",
}


@dataclass(frozen=True, slots=True)
class OfferedMove:
    """A move the person may make now, with its form."""

    step: Move
    form: MoveForm
    asks_documents: bool
    is_decision: bool


class TrackView(FundView):
    """One page for everybody an application concerns; words and moves follow the person's role."""

    route_base = "/track"
    default_view = "show"

    @expose("/<pk>", methods=["GET"])
    @has_access
    def show(self, pk: str) -> Answer:
        return self.page(application_or_404(pk))

    @expose("/<pk>/submitted", methods=["GET"])
    @has_access
    def submitted(self, pk: str) -> Answer:
        """The confirmation right after sending; later, and for the offices, it is the usual page."""
        application = application_or_404(pk)
        if application.state is not State.SUBMITTED or not acting().is_any(*COOPERATIVE):
            return redirect(url_for("TrackView.show", pk=application.id))
        return self.page(application, confirmation=True)

    def page(
        self, application: LoanApplication, *, refused: tuple[str, MoveForm] | None = None, confirmation: bool = False
    ) -> Any:
        person = acting()
        cooperative_side = person.is_any(*COOPERATIVE)
        state = application.state
        papers = checklist(application)
        promised = promised_day(application.submitted_at)
        return self.render_template(
            "applications/track.html",
            application=application,
            title=application.number or gettext("Draft application"),
            confirmation=confirmation and application.number is not None,
            cooperative_side=cooperative_side,
            state_words=gettext(PUBLIC_WORDS[state]) if cooperative_side else labelled(state),
            tone=TONES.get(state, "info"),
            step_words=[gettext(step) for step in STEPS],
            current_step=STEP_OF[state],
            timeline=timeline_of(application, show_people=not cooperative_side),
            waiting_for=_waiting_for(state),
            question=question_to(application),
            papers=papers,
            progress=progress(papers),
            missing=[paper for paper in papers if paper.missing],
            editable=cooperative_side and state in EDITABLE,
            moves=self._offered(application, papers, refused),
            promised=promised if state in CHECKING else None,
            late=promised is not None and promised < today(),
            check_days=current_app.config["CHECK_WORKING_DAYS"],
            final=state in FINAL,
            lines=[] if state in FINAL else judgement_of(application, today()),
            quote_rows=rows_of,
        )

    def _offered(
        self, application: LoanApplication, papers: list[Paper], refused: tuple[str, MoveForm] | None
    ) -> list[OfferedMove]:
        offered = []
        for step in _offered_steps(application):
            form = refused[1] if refused is not None and refused[0] == step.name else None
            if form is None:
                form = MoveForm(formdata=None, prefix=f"{step.name}-")
            form.version.data = str(application.version)
            form.fit(step)
            offered.append(OfferedMove(step, form, step.name == "return", step.target in DECISIONS))
        return offered


def _offered_steps(application: LoanApplication) -> list[Move]:
    """Moves with a form on the page; a submission has the check page."""
    return [step for step in moves_for(application.state, acting().roles) if step.name != "submit"]


DECISIONS = frozenset({State.APPROVED, State.REJECTED, State.DEFERRED})


# States in which the office checks; while it waits for an answer it has promised no day.
CHECKING = frozenset({State.SUBMITTED, State.RECEIVED, State.IN_REVIEW})


def _waiting_for(state: State) -> str:
    """Whose turn it is, in words; empty when nothing is waited for."""
    turns = {
        State.DRAFT: gettext("the cooperative"),
        State.SUBMITTED: gettext("the provincial office"),
        State.RECEIVED: gettext("the provincial office"),
        State.IN_REVIEW: gettext("the provincial office"),
        State.RETURNED: gettext("the cooperative"),
        State.RECOMMENDED: gettext("the fund"),
        State.ON_AGENDA: gettext("the committee"),
        State.DEFERRED: gettext("the fund"),
    }
    return turns.get(state, "")


class MoveView(FundView):
    """The one route on which an application moves."""

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
        application = application_or_404(pk)
        if name not in MOVES:
            abort(404)
        form = MoveForm(prefix=f"{name}-")
        form.fit(MOVES[name])
        if not (form.validate() & form.is_complete()):
            return self._refused(application, name, form), 422  # type: ignore[return-value]
        try:
            move(application.id, _request(name, form), acting(), datetime.now(UTC))
            db.session.commit()
        except LookupError:
            abort(404)
        except RuleBroken as refusal:
            db.session.rollback()
            status = 409 if isinstance(refusal, MovedOn) else 422
            return self._told(application_or_404(pk), name, form, refusal), status  # type: ignore[return-value]
        flash(gettext(MOVES[name].done), "success")
        if name == "submit":
            return redirect(url_for("TrackView.submitted", pk=application.id))
        return redirect(url_for("TrackView.show", pk=application.id))

    def _told(self, application: LoanApplication, name: str, form: MoveForm, refusal: RuleBroken) -> Any:
        """The page with the refusal in the move's form, or above everything when the form is not offered any more."""
        # What is in the way of a submission is listed on the check page anyway; a change meanwhile is not.
        told_there = _checked_first(application, name) and not isinstance(refusal, MovedOn)
        if told_there or any(step.name == name for step in _offered_steps(application)):
            form.tell(refusal)
        else:
            flash(explain(refusal), "danger")
        return self._refused(application, name, form)

    def _refused(self, application: LoanApplication, name: str, form: MoveForm) -> Any:
        if _checked_first(application, name):
            return self._view(ApplyView).check_page(application, form)
        return self._view(TrackView).page(application, refused=(name, form))

    def _view(self, kind: type[Any]) -> Any:
        return next(view for view in self.appbuilder.baseviews if isinstance(view, kind))


def _checked_first(application: LoanApplication, name: str) -> bool:
    """Whether the move's form stands on the check page: a draft is sent from there."""
    return name == "submit" and application.state is State.DRAFT and acting().is_any(*COOPERATIVE)


def _request(name: str, form: MoveForm) -> MoveRequest:
    version = row_id(form.version.data) or 0
    asked = tuple(key for text in request.form.getlist("asked") if (key := row_id(text)) is not None)
    return MoveRequest(
        name=name,
        version=version,
        reason=form.reason.data or "",
        amount=form.amount.data,
        decided_on=form.decided_on.data,
        meeting_no=form.meeting_no.data or "",
        asked_types=asked,
    )
