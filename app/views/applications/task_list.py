"""The task list of an application that may be edited, and the page of its guarantors."""

from datetime import date, timedelta
from itertools import groupby

from flask import current_app, redirect, url_for
from flask_appbuilder.baseviews import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext

from app.domain.states import EDITABLE
from app.domain.values.standing import SectionState, Standing
from app.models.applications import LoanApplication
from app.security.acting import acting
from app.services.applications.sections import BOARD, SECTIONS, Prepared, Section, prepared
from app.services.last_saved import last_saved
from app.ui.clock import today
from app.ui.labels import explain, labelled
from app.views.applications.finding import WITH_LEVELS, application_or_404, question_to
from app.views.shell.pages import Answer, FundView, Shown

TONES = {
    SectionState.NOT_STARTED: "neutral",
    SectionState.IN_PROGRESS: "info",
    SectionState.DONE: "good",
    SectionState.ATTENTION: "bad",
    SectionState.LOCKED: "neutral",
}


class TaskListView(FundView):
    """Where somebody who prepares an application sees what is done, what is left and what to mend first."""

    route_base = "/apply"
    default_view = "tasks"

    @expose("/<pk>", methods=["GET"])
    @has_access
    def tasks(self, pk: str) -> Answer:
        application = application_or_404(pk, WITH_LEVELS)
        if application.state not in EDITABLE or application.cooperative_id != acting().cooperative_id:
            return redirect(url_for("TrackView.show", pk=application.id))
        return self.draw(task_list(application))

    @expose("/<pk>/guarantors", methods=["GET"])
    @has_access
    @permission_name("tasks")
    def guarantors(self, pk: str) -> Answer:
        application = application_or_404(pk, WITH_LEVELS)
        if application.state not in EDITABLE or application.cooperative_id != acting().cooperative_id:
            return redirect(url_for("TrackView.show", pk=application.id))
        return self.draw(guarantors_page(application))


def _row(section: Section, each: Prepared, standing: Standing) -> dict[str, object]:
    """One row as its template shows it."""
    locked = standing.state is SectionState.LOCKED
    words = labelled(standing.state)
    if standing.counted:
        words = gettext("%(there)s of %(asked)s", there=standing.there, asked=standing.of)
    return {
        "section": section,
        "state": standing.state.value,
        "words": words,
        "tone": TONES[standing.state],
        "answered": explain(standing.problem)
        if standing.state is SectionState.ATTENTION and standing.problem
        else section.answered(each),
        "address": "" if locked else url_for(section.page, pk=each.application.id, _anchor=standing.place or None),
        "locked": locked,
    }


def task_list(application: LoanApplication) -> Shown:
    """The list, every row by the one judgement."""
    each = prepared(application, today())
    standings = [(section, section.state(each)) for section in SECTIONS]
    rows = [_row(section, each, standing) for section, standing in standings]
    values = {
        "application": application,
        "groups": [(heading, list(group)) for heading, group in groupby(rows, key=lambda row: row["section"].heading)],  # type: ignore[attr-defined]
        "done": sum(1 for _section, standing in standings if standing.done),
        "total": len(standings),
        "next": _next(standings, rows),
        "papers": [paper for paper in each.grounds.papers if paper.required],
        "terms": each.grounds.terms,
        "saved": last_saved(application),
        "question": question_to(application),
        "title": application.programme.name,
    }
    return Shown("applications/tasks.html", values)


def _next(standings: list[tuple[Section, Standing]], rows: list[dict[str, object]]) -> dict[str, object] | None:
    """The first row to mend, else the first that is not done and can be opened."""
    open_rows = [
        (standing, row)
        for (_section, standing), row in zip(standings, rows, strict=True)
        if not standing.done and row["address"]
    ]
    to_mend = (row for standing, row in open_rows if standing.state is SectionState.ATTENTION)
    return next(to_mend, open_rows[0][1] if open_rows else None)


def _term(ends_on: date, day: date, soon: date) -> str:
    """How a guarantor's term stands."""
    return "ended" if ends_on < day else "soon" if ends_on < soon else "good"


def guarantors_page(application: LoanApplication) -> Shown:
    """The operating board with its terms, and what is missing or ends soon."""
    each, day = prepared(application, today()), today()
    soon = day + timedelta(days=current_app.config["BOARD_TERM_WARNING_DAYS"])
    board = each.grounds.known.board
    wrong = each.wrong(BOARD)
    values = {
        "application": application,
        "board": [(guarantor, _term(guarantor.term_ends_on, day, soon)) for guarantor in board],
        "wrong": explain(wrong[0]) if wrong else "",
        "question": question_to(application),
        "title": gettext("Guarantors: the operating board"),
    }
    return Shown("applications/guarantors.html", values)
