"""An application's own page: where it is, what we wait for, its papers, and the moves the person may make."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import current_app, redirect, request, url_for
from flask_appbuilder.baseviews import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext

from app.domain.eligibility import Line
from app.domain.papers import PaperState
from app.domain.promises import WITH_THE_OFFICE
from app.domain.quotes import rows_of
from app.domain.roles import COOPERATIVE
from app.domain.workflow import EDITABLE, FINAL, PUBLIC_WORDS, STEP_OF, STEPS, Move, State, moves_for
from app.models.applications import LoanApplication
from app.security.acting import acting
from app.services.applications.reasons import first_words
from app.services.applications.service_time import clock
from app.services.cooperatives.figures import read_off
from app.services.documents.checklist import Paper, checklist, progress
from app.services.documents.verdicts import judged_of
from app.services.eligibility.judgement import judgement_of
from app.ui.clock import today
from app.ui.labels import labelled
from app.views.applications.finding import application_or_404, question_to
from app.views.applications.forms import MoveForm
from app.views.applications.out_of_sight import proof_of
from app.views.applications.request_form import AskedRow, rows_to_fill, usual_reason
from app.views.applications.timeline import timeline_of
from app.views.shell.pages import Answer, FundView

TONES = {
    State.DRAFT: "neutral",
    State.RETURNED: "waiting",
    State.APPROVED: "good",
    State.REJECTED: "bad",
    State.WITHDRAWN: "neutral",
    State.EXPIRED: "neutral",
}


ASKING = "return"


@dataclass(frozen=True, slots=True)
class Refused:
    """A form that was sent and refused, with the list of documents that came with it."""

    name: str
    form: MoveForm
    asked: Sequence[AskedRow] = ()


@dataclass(frozen=True, slots=True)
class OfferedMove:
    """A move the person may make now, with its form; ``unfold`` says that the form stands open."""

    step: Move
    form: MoveForm
    asked: Sequence[AskedRow]
    is_decision: bool
    unfold: bool


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

    def page(self, application: LoanApplication, *, refused: Refused | None = None, confirmation: bool = False) -> Any:
        person = acting()
        cooperative_side = person.is_any(*COOPERATIVE)
        state = application.state
        papers = checklist(application)
        lines = () if state in FINAL else judgement_of(application, today())
        running = clock(application)
        promised = running.due if running is not None and state in WITH_THE_OFFICE else None
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
            asked=[paper for paper in papers if paper.requested],
            missing=[paper for paper in papers if paper.missing and not paper.requested],
            judged=judged_of(application, papers),
            unaccepted=[paper for paper in papers if paper.required and paper.state is not PaperState.ACCEPTED],
            editable=cooperative_side and state in EDITABLE,
            moves=self._offered(application, papers, lines, refused),
            shown=proof_of(application.id),
            promised=promised,
            stopped=running if state is State.RETURNED else None,
            late=promised is not None and promised < today(),
            check_days=current_app.config["CHECK_WORKING_DAYS"],
            final=state in FINAL,
            lines=lines,
            read_off=read_off(application.cooperative_id),
            quote_rows=rows_of,
        )

    def _offered(
        self,
        application: LoanApplication,
        papers: list[Paper],
        lines: Sequence[Line],
        refused: Refused | None,
    ) -> list[OfferedMove]:
        offered = []
        steps = offered_steps(application)
        for step in steps:
            sent = refused if refused is not None and refused.name == step.name else None
            form = sent.form if sent is not None else MoveForm(formdata=None, prefix=f"{step.name}-")
            form.version.data = str(application.version)
            form.fit(step)
            asked = sent.asked if sent is not None else rows_to_fill(papers) if step.name == ASKING else ()
            if sent is None and any(row.ticked for row in asked):
                form.reason.data = usual_reason()
            if sent is None and step.target is State.REJECTED:
                form.reason.data = first_words(line for line in lines if line.unmet)
            if sent is not None:
                form.form_errors = [*form.form_errors, *(each for row in asked for each in row.problems())]
            unfold = (
                sent is not None
                or request.args.get("move") == step.name
                or (len(steps) == 1 and not acting().is_any(*COOPERATIVE))
            )
            offered.append(OfferedMove(step, form, asked, step.target in DECISIONS, unfold))
        return offered


def offered_steps(application: LoanApplication) -> list[Move]:
    """Moves with a form on the page; a submission has the check page."""
    return [step for step in moves_for(application.state, acting().roles) if step.name != "submit"]


DECISIONS = frozenset({State.APPROVED, State.REJECTED, State.DEFERRED})


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
