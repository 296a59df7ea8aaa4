"""What to prepare for each programme that is open, for everybody, to read and to print."""

from flask_appbuilder.baseviews import expose
from flask_babel import gettext

from app.domain.programmes import DocumentCondition
from app.services.programmes.terms import open_programmes, papers_explained
from app.ui.clock import today
from app.ui.labels import labelled
from app.views.shell.pages import Answer, FundView


class PreparingView(FundView):
    """The papers of every open programme with what is written of each."""

    route_base = "/prepare"
    default_view = "page"

    @expose("/", methods=["GET"])
    def page(self) -> Answer:
        programmes = open_programmes(today())
        page: str = self.render_template(
            "programmes/preparing.html",
            title=gettext("What to prepare"),
            programmes=programmes,
            papers=papers_explained(programmes),
            when={condition.value: labelled(condition) for condition in DocumentCondition},
        )
        return page
