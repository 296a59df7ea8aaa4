"""Who opened our files: of one application, and of all a cooperative has."""

from dataclasses import dataclass
from typing import Any

from flask import request
from flask_appbuilder.baseviews import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext, pgettext

from app.domain.roles import COOPERATIVE, Role
from app.models.audit import AuditKind
from app.security.acting import acting
from app.security.reach import Reach
from app.services.documents.access_log import DOSSIER, Opening, OpeningPage, all_openings, openings_of
from app.ui.formatting import be_datetime
from app.ui.labels import NOTHING, labelled
from app.views.applications.finding import application_or_404
from app.views.shell.pages import Answer, FundView
from app.views.shell.places import DEEPEST_PAGE, whole

# Who sees applications but not the audit trail.
WITHOUT_TRAIL = frozenset({Reach.AGENDA, Reach.APPROVED})


@dataclass(frozen=True, slots=True)
class OpeningLine:
    """One opening in words; ``application_id`` is nothing when it is not the reader's to see."""

    when: str
    who: str
    role: str
    address: str
    what: str
    purpose: str
    file: str
    number: str
    application_id: int | None


class ApplicationOpeningsView(FundView):
    """Who opened the files of one application."""

    route_base = "/track"
    default_view = "opened"

    @expose("/<pk>/opened", methods=["GET"])
    @has_access
    def opened(self, pk: str) -> Answer:
        application = application_or_404(pk)
        number = _page_number()
        return _drawn(self, openings_of(application, number), number, application=application)


class OpeningsView(FundView):
    """Who opened the files of all applications of the cooperative, or of all there are for an auditor."""

    route_base = "/openings"
    default_view = "every"

    @expose("/", methods=["GET"])
    @has_access
    def every(self) -> Answer:
        number = _page_number()
        return _drawn(self, all_openings(number), number, application=None)


def _page_number() -> int:
    return whole(request.args.get("page", "0"), DEEPEST_PAGE)


def _drawn(view: FundView, found: OpeningPage, number: int, *, application: Any) -> Any:
    person = acting()
    return view.render_template(
        "applications/opened.html",
        application=application,
        title=gettext("Who opened our files") if person.is_any(*COOPERATIVE) else gettext("Who opened the files"),
        rows=[_line(row) for row in found.rows],
        more=found.more,
        number=number,
        closed=person.scope.reach in WITHOUT_TRAIL,
    )


def _line(row: Opening) -> OpeningLine:
    event, kept = row.event, row.event.after or {}
    return OpeningLine(
        when=be_datetime(event.at),
        who=event.actor.get_full_name() if event.actor else gettext("The system"),
        role=labelled(Role(event.actor_role)) if event.actor_role in set(Role) else NOTHING,
        address=event.address or NOTHING,
        what=_what(event.kind, whole=event.entity == DOSSIER, in_dossier="in_dossier" in kept),
        purpose=str(kept.get("purpose_of_opening") or ""),
        file=event.summary,
        number=(row.application.number or gettext("Draft application")) if row.application else NOTHING,
        application_id=row.application.id if row.application else None,
    )


def _what(kind: str, *, whole: bool, in_dossier: bool) -> str:
    if whole:
        return gettext("Downloaded the dossier")
    if in_dossier:
        return gettext("Downloaded in the dossier")
    return pgettext("a file", "Opened") if kind == AuditKind.OPENED else gettext("Downloaded")
