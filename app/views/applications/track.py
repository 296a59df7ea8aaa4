"""An application's own page, and the confirmation right after sending it."""

from flask import redirect, url_for
from flask_appbuilder.baseviews import expose
from flask_appbuilder.security.decorators import has_access

from app.domain.roles import COOPERATIVE
from app.domain.workflow import SENT_JUST_NOW
from app.security.acting import acting
from app.views.applications.finding import WITH_OFFICE, application_or_404
from app.views.applications.track_page import track_page
from app.views.shell.pages import Answer, FundView


class TrackView(FundView):
    """One page for everybody an application concerns; words and moves follow the person's role."""

    route_base = "/track"
    default_view = "show"

    @expose("/<pk>", methods=["GET"])
    @has_access
    def show(self, pk: str) -> Answer:
        return self.draw(track_page(application_or_404(pk, WITH_OFFICE)))

    @expose("/<pk>/submitted", methods=["GET"])
    @has_access
    def submitted(self, pk: str) -> Answer:
        """The confirmation right after sending; later, and for the offices, it is the usual page."""
        application = application_or_404(pk, WITH_OFFICE)
        if application.state not in SENT_JUST_NOW or not acting().is_any(*COOPERATIVE):
            return redirect(url_for("TrackView.show", pk=application.id))
        return self.draw(track_page(application, confirmation=True))
