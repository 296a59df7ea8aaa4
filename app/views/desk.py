"""The desk: one file of an application at a time beside the checklist, and what the person has to do with it."""

from dataclasses import dataclass
from typing import Any

from flask import abort
from flask_appbuilder.baseviews import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext

from app.models.applications import LoanApplication
from app.models.documents import Document
from app.services.checklists import Paper, checklist, progress
from app.views.applications import application_or_404
from app.views.desk_side import side_of
from app.views.pages import Answer, FundView


@dataclass(frozen=True, slots=True)
class Place:
    """A file on the desk: its paper, and the files before and after it in the checklist's order."""

    paper: Paper
    document: Document
    before: Document | None
    after: Document | None


def place_of(papers: list[Paper], public_id: str | None) -> Place | None:
    """Where a file lies; the first one when none is named. Raises 404 for a file that is not among them."""
    files = [(paper, file) for paper in papers for file in (*paper.files, *paper.earlier)]
    if not files:
        return None
    ids = [file.public_id for _paper, file in files]
    if public_id is not None and public_id not in ids:
        abort(404)
    at = ids.index(public_id) if public_id is not None else 0
    before = files[at - 1][1] if at else None
    after = files[at + 1][1] if at + 1 < len(files) else None
    return Place(*files[at], before, after)


class DeskView(FundView):
    """All papers of an application on one page, one of them open."""

    route_base = "/desk"
    default_view = "show"

    @expose("/<pk>", methods=["GET"])
    @has_access
    def show(self, pk: str) -> Answer:
        return self.page(application_or_404(pk), None)

    @expose("/<pk>/<public_id>", methods=["GET"])
    @has_access
    @permission_name("show")
    def file(self, pk: str, public_id: str) -> Answer:
        return self.page(application_or_404(pk), public_id)

    def page(self, application: LoanApplication, public_id: str | None, **more: Any) -> Any:
        """The page with one file open; ``more`` is what a refused form brings back."""
        papers = checklist(application)
        place = place_of(papers, public_id)
        return self.render_template(
            "desk/show.html",
            title=gettext("Documents of application %(number)s", number=application.number or "–"),
            application=application,
            papers=papers,
            progress=progress(papers),
            place=place,
            **side_of(application, papers, place.document if place else None, **more),
        )
