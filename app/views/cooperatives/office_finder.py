"""Where a cooperative's office is and how to reach it, for everybody."""

from urllib.parse import urlencode

from flask import request
from flask_appbuilder.baseviews import expose
from flask_babel import gettext

from app.models.places import Office
from app.services.cooperatives.offices import offices_serving, provinces_by_name
from app.views.shell.pages import Answer, FundView

MAP = "https://www.google.com/maps/search/?api=1&"


class OfficeFinderView(FundView):
    """The offices of a province, with telephone and a link to a map."""

    route_base = "/find-office"
    default_view = "page"

    @expose("/", methods=["GET"])
    def page(self) -> Answer:
        provinces, code = provinces_by_name(), request.args.get("province")
        chosen = next((each for each in provinces if each.code == code), None)
        page: str = self.render_template(
            "cooperatives/office_finder.html",
            title=gettext("Find your office"),
            provinces=provinces,
            chosen=chosen,
            unknown=code is not None and chosen is None,
            offices=[(each, _map_of(each), _lines_of(each)) for each in offices_serving(chosen.code)] if chosen else [],
        )
        return page


def _lines_of(office: Office) -> list[tuple[str, str]]:
    """Each telephone number as it is kept, and what a telephone dials: the first line, without an extension."""
    numbers = (office.phone or "").split(", ")
    return [(one, one.partition(" ")[0].partition("-")[0]) for one in numbers if one]


def _map_of(office: Office) -> str:
    """A search for the office by its Thai name, which maps of Thailand know, and its address."""
    return MAP + urlencode({"query": " ".join(part for part in (office.name, office.address) if part)})
