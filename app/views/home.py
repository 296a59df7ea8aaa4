"""The start page, different for each role; and whether the service is up."""

from datetime import date
from typing import Any

from flask import Flask, jsonify, url_for
from flask_appbuilder.baseviews import expose
from flask_babel import gettext
from flask_login import current_user
from sqlalchemy import func, select, text
from sqlalchemy.orm import joinedload

from app.domain.roles import Role
from app.domain.states import EDITABLE, HOLDS_MONEY, QUEUES, WAITS_FOR_ANSWER, State
from app.domain.workflow import moves_for
from app.extensions import db
from app.models.applications import LoanApplication
from app.security.acting import acting, acting_for, signed_in
from app.security.person import Capacity
from app.services.applications.service_time import clocks
from app.services.documents.checklist import progress_of
from app.services.messages.tell import MOST_COUNTED, unread_count
from app.services.programmes.terms import money_shown, open_programmes
from app.ui.clock import today
from app.ui.labels import labelled
from app.views.programmes.rate_words import application_body, application_rate, decision_body, programme_rate
from app.views.programmes.register import fiscal_years_to_pick
from app.views.shell.pages import Answer, FundView

SHOWN = 20


class HomeView(FundView):
    """Where everybody starts."""

    route_base = ""
    default_view = "index"

    @expose("/")
    def index(self) -> Answer:
        person = acting()
        member = acting_for()
        if member is not None:
            return self._cooperative(member)
        if person.is_any(*QUEUES):
            return self._officer()
        if person.roles:
            return self.render_template("home/staff.html", title=gettext("Home"))
        return self._visitor()

    def _visitor(self) -> Any:
        programmes = open_programmes(today())
        return self.render_template(
            "home/visitor.html",
            title=gettext("Apply for a loan from the Labour Fund"),
            programmes=programmes,
            left=money_shown(programmes),
            signed_in=current_user.is_authenticated,
        )

    def _cooperative(self, member: Capacity) -> Any:
        programmes = open_programmes(today())
        applications = _first(select(LoanApplication), LoanApplication.id.desc())
        return self.render_template(
            "home/cooperative.html",
            title=member.cooperative,
            programmes=programmes,
            left=money_shown(programmes),
            applications=applications,
            waiting=[row for row in applications if row.state in EDITABLE],
            words={row.id: gettext(row.state.facts.public) for row in applications},
            moves={row.id: moves_for(row.state, acting().roles) for row in applications},
            papers=progress_of(applications, today()),
        )

    def _officer(self) -> Any:
        queue, returned = self._queue(), self._returned()
        running = clocks([*queue, *returned])
        promised = {row.id: running[row.id].due for row in queue if row.state.facts.office_has_it}
        # A question moved the day of some; what is due first stands first.
        queue.sort(key=lambda row: promised.get(row.id) or date.max)
        return self.render_template(
            "home/officer.html",
            title=gettext("Work waiting for you"),
            queue=queue,
            papers=progress_of(queue, today()),
            promised=promised,
            bodies={row.id: application_body(row) for row in queue} if Role.COMMITTEE in acting().roles else {},
            returned=returned,
            clocks=running,
            late={key for key, day in promised.items() if day is not None and day < today()},
            words={state: labelled(state) for state in State},
            counts=self._counts(),
        )

    def _queue(self) -> list[LoanApplication]:
        """What waits for a move of the person's roles, the longest first."""
        states = [state for role, turns in QUEUES.items() if role in acting().roles for state in turns]
        # By state, as the index has them: the longest waiting of all are among the longest waiting of each.
        waiting = [row for state in states for row in _first_in(state, LoanApplication.submitted_at)]
        return sorted(waiting, key=lambda row: (row.submitted_at, row.id))[:SHOWN]

    def _counts(self) -> list[tuple[str, int, str]]:
        """How many applications are in each state that holds money: (label, number, address of the list)."""
        shown = select(LoanApplication.status, func.count()).where(LoanApplication.status.in_(sorted(HOLDS_MONEY)))
        by_state = shown.group_by(LoanApplication.status)
        counts = {State(status): number for status, number in db.session.execute(by_state)}
        return [
            (labelled(state), counts.get(state, 0), url_for("LoanApplicationView.list", status=state.value))
            for state in State
            if state in HOLDS_MONEY
        ]

    def _returned(self) -> list[LoanApplication]:
        """What waits for its cooperative, the longest first: an office's work that stands still."""
        if not acting().is_any(Role.PROVINCIAL_OFFICER):
            return []
        waiting = [row for state in WAITS_FOR_ANSWER for row in _first_in(state, LoanApplication.changed_at)]
        return sorted(waiting, key=lambda row: (row.changed_at, row.id))[:SHOWN]


def _first_in(state: State, since: Any) -> list[LoanApplication]:
    return _first(select(LoanApplication).where(LoanApplication.status == state.value), since, LoanApplication.id)


def _first(statement: Any, *order: Any) -> list[LoanApplication]:
    chosen = statement.order_by(*order).limit(SHOWN)
    return list(
        db.session.scalars(
            chosen.options(joinedload(LoanApplication.programme), joinedload(LoanApplication.cooperative))
        )
    )


class HealthView(FundView):
    """Whether the service and its database answer; for the proxy in front."""

    route_base = "/health"
    default_view = "health"

    @expose("/")
    def health(self) -> Answer:
        db.session.execute(text("SELECT 1"))
        return jsonify(status="ok")


def bind_page_values(app: Flask) -> None:
    """What the frame of every page shows: unread notices, and whom the person acts for; and rates in words."""
    # Globals, because macros are imported without the page's own values.
    app.jinja_env.globals["fiscal_years_to_pick"] = fiscal_years_to_pick
    app.jinja_env.globals["programme_rate"] = programme_rate
    app.jinja_env.globals["application_rate"] = application_rate
    app.jinja_env.globals["application_body"] = application_body
    app.jinja_env.globals["decision_body"] = decision_body

    @app.context_processor
    def frame() -> dict[str, Any]:
        person = acting()
        if not person.roles:
            return {"unread_notices": None, "acting_for": None, "other_capacities": [], "may_return_to_staff": False}
        account = signed_in()
        capacity = acting_for()
        return {
            "unread_notices": unread_count(account.id),
            "most_notices": MOST_COUNTED,
            "acting_for": capacity,
            "may_return_to_staff": capacity is not None and bool(account.staff_roles),
            "other_capacities": [other for other in account.capacities if other != capacity],
        }
