"""The start page, different for each role; and whether the service is up."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import Flask, g, jsonify, url_for
from flask_appbuilder.baseviews import expose
from flask_babel import gettext
from flask_login import current_user

from app.domain.programmes import ApprovingBody
from app.domain.roles import Role
from app.domain.states import HOLDS_MONEY, NEWS, QUEUES, WAITS_FOR_ANSWER, State, code_of
from app.figures.reading import applications_by_state, in_reach
from app.security.acting import NOBODY, acting, acting_for, signed_in
from app.security.person import Capacity
from app.services.applications.ending import expires_on, expires_soon
from app.services.applications.signing import waiting_to_be_signed
from app.services.applications.waiting import Waiting, approved_last, bodies_of, own_applications, waiting_for
from app.services.cooperatives.waiting_board import count_waiting
from app.services.documents.checklist import progress_of
from app.services.eligibility.prechecks import AskedKind
from app.services.help.pages import terms_by_place
from app.services.jobs.expiry import waiting_for_leave
from app.services.jobs.readiness import Health, measured
from app.services.last_saved import last_saved_of
from app.services.messages.again import count_stopped, stopped_mails
from app.services.messages.tell import MOST_COUNTED, unread_count
from app.services.programmes.terms import money_left, open_programmes, papers_named
from app.ui.clock import today
from app.ui.formatting import years_in_words
from app.ui.labels import choices, labelled
from app.views.applications.register import paper_counts
from app.views.programmes.rate_words import (
    application_body,
    application_rate,
    body_words,
    decision_body,
    programme_rate,
)
from app.views.programmes.register import fiscal_years_to_pick
from app.views.shell.pages import Answer, FundView
from app.views.shell.returning import back_to, carried_back

TONES = {state: state.facts.tone for state in State}


@dataclass(frozen=True, slots=True)
class Pile:
    """The first rows of what waits, how many there are in all, and the address of the list that has them all.

    ``mixed``: they are in several states.
    """

    rows: Sequence[Any]
    total: int
    address: str
    mixed: bool


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
        if person.is_any(*QUEUES, *NEWS):
            return self._officer()
        if person.roles:
            return self._staff(person.is_any(Role.ADMINISTRATOR))
        return self._visitor()

    def _staff(self, looks_after: bool) -> Any:
        """The pages of the menu; above them what stands still until whoever looks after the system acts."""
        mails = stopped_mails() if looks_after else []
        return self.render_template(
            "home/staff.html",
            title=gettext("Home"),
            stopped=mails,
            number_stopped=count_stopped() if mails else 0,
            to_expire=waiting_for_leave(datetime.now(UTC)) if looks_after else 0,
        )

    def _visitor(self) -> Any:
        return self.render_template(
            "home/visitor.html",
            title=gettext("Apply for a loan from the Labour Fund"),
            signed_in=current_user.is_authenticated,
            kinds=choices(AskedKind),
            **_offers(),
        )

    def _cooperative(self, member: Capacity) -> Any:
        applications, unfinished = own_applications()
        shown = list({row.id: row for row in (*applications, *unfinished)}.values())
        papers = progress_of(shown, today())
        return self.render_template(
            "home/cooperative.html",
            title=member.cooperative,
            applications=applications,
            waiting=unfinished,
            words={state: gettext(state.facts.public) for state in State},
            tones=TONES,
            papers=papers,
            counts=paper_counts(applications, papers),
            to_sign=waiting_to_be_signed(row.id for row in unfinished),
            signs=acting().is_any(Role.SIGNATORY),
            board_waits=count_waiting() if acting().is_any(Role.SIGNATORY) else 0,
            saved=last_saved_of("loan_application", [row.id for row in shown if row.number is None]),
            **_offers(),
        )

    def _officer(self) -> Any:
        person = acting()
        own = next((role for role in QUEUES if role in person.roles), None)
        states = QUEUES[own] if own else ()
        asked = WAITS_FOR_ANSWER if own is Role.PROVINCIAL_OFFICER else frozenset()
        news = [state for role in NEWS if role in person.roles for state in NEWS[role]]
        counts = applications_by_state({*HOLDS_MONEY, *news})
        waiting = waiting_for(states, asked)
        return self.render_template(
            "home/officer.html",
            title=gettext("Work waiting for you") if own else gettext("Home"),
            queue=_pile(waiting.queue, counts, states),
            returned=_pile(waiting.returned, counts, asked),
            news=_pile(approved_last() if news else (), counts, news),
            papers=progress_of(waiting.queue, today()),
            bodies={key: body_words(body) for key, body in _bodies(waiting.queue).items()},
            words={state: labelled(state) for state in State},
            tones=TONES,
            counts=_shown_counts(counts),
            **_days(waiting),
        )


def _offers() -> dict[str, Any]:
    """The programmes that are open now, with what is left of each and the papers each asks for."""
    programmes = open_programmes(today())
    return {"programmes": programmes, "left": money_left(programmes), "asked": papers_named(programmes)}


def _pile(rows: Sequence[Any], counts: Mapping[str, int], states: Collection[State]) -> Pile | None:
    """What is in some states, for a start page that tells of them."""
    if not states:
        return None
    total = sum(counts.get(state.value, 0) for state in states)
    return Pile(rows, total, _list_of(code_of(states)), mixed=len(states) > 1)


def _days(waiting: Waiting) -> dict[str, Any]:
    """The days that are promised of what is shown."""
    promised = {row.id: waiting.clocks[row.id].due for row in waiting.queue if row.id in waiting.clocks}
    without_list = {year for each in waiting.clocks.values() for year in each.without_list}
    return {
        "clocks": waiting.clocks,
        "promised": promised,
        "late": {key for key, day in promised.items() if day is not None and day < today()},
        "without_list": years_in_words(sorted(without_list)),
    }


def _bodies(queue: Sequence[Any]) -> dict[int, ApprovingBody | None]:
    return bodies_of(queue) if Role.COMMITTEE in acting().roles else {}


def _shown_counts(counts: Mapping[str, int]) -> list[tuple[str, int, str]]:
    """How many applications are in each state that holds money and that the person sees: (label, number, list)."""
    seen = in_reach(HOLDS_MONEY)
    return [(labelled(state), counts.get(state.value, 0), _list_of(state.value)) for state in State if state in seen]


def _list_of(code: str) -> str:
    return url_for("LoanApplicationView.list", status=code)


class HealthView(FundView):
    """Whether this process answers, whatever else is away; for the proxy in front and for who restarts it."""

    route_base = "/health"
    default_view = "health"

    @expose("/")
    def health(self) -> Answer:
        return jsonify(status="ok")


class ReadyView(FundView):
    """Whether all that the service needs is there; for who watches it. Figures are at another address (metrics.py)."""

    route_base = "/ready"
    default_view = "ready"

    @expose("/")
    def ready(self) -> Answer:
        found = measured(datetime.now(UTC))
        late = Health.LATE in found.parts.values()
        status = "not ready" if not found.ready else "look at it" if late else "ready"
        return jsonify(status=status, parts=found.parts), 200 if found.ready else 503


def bind_page_values(app: Flask) -> None:
    """What the frame of every page shows: unread notices, and whom the person acts for; and rates in words."""
    # Globals, because macros are imported without the page's own values.
    app.jinja_env.globals["back_to"] = back_to
    app.jinja_env.globals["carried_back"] = carried_back
    app.jinja_env.globals["fiscal_years_to_pick"] = fiscal_years_to_pick
    app.jinja_env.globals["terms_by_place"] = terms_by_place
    app.jinja_env.globals["expires_on"] = expires_on
    app.jinja_env.globals["expires_soon"] = lambda application: expires_soon(application, today())
    app.jinja_env.globals["programme_rate"] = programme_rate
    app.jinja_env.globals["application_rate"] = application_rate
    app.jinja_env.globals["application_body"] = application_body
    app.jinja_env.globals["decision_body"] = decision_body

    @app.context_processor
    def frame() -> dict[str, Any]:
        person = NOBODY if g.get("in_trouble") else acting()
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
