"""The register of applications: a list that each role reads in its own words."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any

from flask import flash, redirect, request, url_for
from flask_appbuilder.actions import action
from flask_appbuilder.baseviews import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from markupsafe import Markup
from sqlalchemy import ColumnElement, or_, select

from app.domain.papers import Progress
from app.domain.roles import COOPERATIVE, Role
from app.domain.states import FINAL, SETS, State, states_called
from app.domain.steps import Tone
from app.domain.values.errors import RuleBroken
from app.domain.values.text import N_
from app.extensions import db
from app.models.applications import LoanApplication
from app.models.programmes import LoanProgramme, ProgrammeStatus
from app.reports.criteria import decided_years, in_fiscal_year, in_province
from app.security.acting import acting
from app.services.applications.effects import MoveRequest
from app.services.applications.moves import move
from app.services.documents.checklist import progress_of
from app.services.last_saved import Saved, last_saved_of
from app.ui.clock import today
from app.ui.formatting import be_datetime
from app.ui.labels import NOTHING, explain, labelled, papers_in_words
from app.ui.language import current_locale
from app.views.shell.choices import Offered, programmes, provinces, years
from app.views.shell.datamodel import FundInterface
from app.views.shell.list_arguments import ListFilter
from app.views.shell.pages import Answer
from app.views.shell.places import row_id
from app.views.shell.register import FundModelView
from app.views.shell.returning import carried_back

_WAITS = N_("All that wait for: %(who)s")


def _states() -> list[tuple[str, str]]:
    return list(_states_in(current_locale(), acting().is_any(*COOPERATIVE)))


@cache
def _states_in(_language: str, applying: bool) -> tuple[tuple[str, str], ...]:
    """All states in the words of one side; neither the states nor their words change while the program runs.

    Staff may choose all that wait for one of their sides, too: what a start page begins with is whole there.
    """
    states = tuple((state.value, gettext(state.facts.public) if applying else labelled(state)) for state in State)
    sets = () if applying else tuple((code, gettext(_WAITS, who=labelled(Role(code)))) for code in SETS)
    return sets + states


def _in_states(code: str) -> ColumnElement[bool]:
    first, *others = (state.value for state in states_called(code))
    return LoanApplication.status.in_([first, *others]) if others else LoanApplication.status == first


_TONES = {state.value: state.facts.tone.value for state in State}


def _pill(code: str) -> Markup:
    """A state as start pages show it, in the words of the reader's side."""
    words = dict(_states()).get(code, code)
    return Markup('<span class="badge badge-{}">{}</span>').format(_TONES.get(code, Tone.NEUTRAL), words)


def _numbers(rows: Sequence[Any]) -> dict[int, str]:
    """What names each application: its number, or of a draft who saved it last, which tells it from other drafts."""
    saved = last_saved_of("loan_application", [row.id for row in rows if row.number is None])
    return {row.id: row.number or _draft_words(saved.get(row.id)) for row in rows}


def _draft_words(saved: Saved | None) -> str:
    if saved is None:
        return gettext("Draft")
    return gettext("Draft, saved %(when)s by %(who)s", when=be_datetime(saved.at), who=saved.who)


def paper_counts(rows: Sequence[Any], found: Mapping[int, Progress] | None = None) -> dict[int, str]:
    """How many of the documents that must be there are there, in words, by application.

    A dash for an application that ended without any here: its papers were never on this system.
    """
    found = progress_of(rows, today()) if found is None else found
    elsewhere = {row.id for row in rows if row.status in FINAL and not found[row.id].there}
    words = {count: papers_in_words(count) for count in set(found.values())}
    return {key: NOTHING if key in elsewhere else words[count] for key, count in found.items()}


@cache
def _own(programmes_: Offered) -> Offered:
    """For a cooperative: where its own applications are, and where it may apply."""
    return programmes_.where(
        or_(
            LoanProgramme.status == ProgrammeStatus.OPEN.value,
            LoanProgramme.id.in_(select(LoanApplication.programme_id)),
        )
    )


def _of_programme(key: str) -> ColumnElement[bool]:
    return LoanApplication.programme_id == int(key)


_BY_STATE = ListFilter("status", N_("Status"), _states, _in_states)
_BY_YEAR = ListFilter(
    "year",
    N_("Fiscal year of the decision"),
    lambda: years(decided_years()),
    lambda year: in_fiscal_year(int(year)),
)


class LoanApplicationView(FundModelView):
    """All applications the person may see; a row opens its tracking page."""

    route_base = "/applications"
    datamodel = FundInterface(LoanApplication, eager=("programme",))
    exclude_route_methods = {"download", "add", "edit", "delete"}
    list_title, show_title = _("Loan applications"), _("Loan application")
    list_columns = [
        "number",
        "cooperative_name",
        "programme",
        "amount_asked",
        "amount_approved",
        "status",
        "papers",
        "submitted_at",
    ]
    base_order = ("id", "desc")
    with_history = False
    extra_labels = {"papers": N_("Documents")}
    extra_formatters = {"status": _pill}
    extra_classes = {"number": "short", "papers": "short"}
    worked_out = {"number": _numbers, "papers": paper_counts}
    read_besides = ("number", "cooperative_id", "programme_id", "edition_id", "first_time")
    list_filters = (
        _BY_STATE,
        ListFilter("programme", N_("Programme"), programmes, _of_programme),
        ListFilter("province", N_("Province"), provinces, lambda key: in_province(int(key))),
        _BY_YEAR,
    )
    own_filters = (
        _BY_STATE,
        ListFilter("programme", N_("Programme"), lambda: _own(programmes()), _of_programme),
        _BY_YEAR,
    )

    def filters_for_reader(self) -> Sequence[ListFilter]:
        return self.own_filters if acting().is_any(*COOPERATIVE) else self.list_filters

    def columns_for_reader(self) -> Sequence[str]:
        own = acting().is_any(*COOPERATIVE)
        return [name for name in self.list_columns if not (own and name == "cooperative_name")]

    def list_links(self) -> Sequence[tuple[str, str, str]]:
        """A way back for those who came from a figure of the dashboard; the argument names its programme, or all."""
        came_from = request.args.get("dashboard")
        if not came_from or not self.appbuilder.sm.has_access("can_volume", "DashboardView"):
            return ()
        # The framework leaves arguments that are None out of the address.
        year, programme = request.args.get("year", ""), row_id(came_from)
        address = url_for("DashboardView.volume", year=year, programme=programme)
        return ((gettext("Back to the dashboard"), address, "secondary"),)

    @expose("/show/<pk>", methods=["GET"])
    @has_access
    def show(self, pk: str) -> Answer:
        return redirect(url_for("TrackView.show", pk=self._row_or_404(pk).id, **carried_back()))

    @action(
        "receive", _("Receive the ticked applications"), _("Receive the {ticked} ticked applications?"), single=False
    )
    def receive(self, rows: Sequence[LoanApplication]) -> Answer:
        at = datetime.now(UTC)
        received, refused = 0, []
        for row in list(rows):
            number = str(row)
            try:
                move(row.id, MoveRequest("receive", row.version), acting(), at)
                db.session.commit()
                received += 1
            except RuleBroken as refusal:
                db.session.rollback()
                refused.append(f"{number}: {explain(refusal)}")
        if received:
            flash(gettext("%(count)s applications received.", count=received), "success")
        if refused:
            said = gettext("%(count)s applications could not be received.", count=len(refused))
            flash(" ".join([said, *refused]), "danger")
        return redirect(self._list_url())
