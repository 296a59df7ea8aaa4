"""The manager's dashboard: every figure has its table, and opens exactly its rows."""

from typing import Any
from urllib.parse import urlencode

from flask import abort, jsonify, request, url_for
from flask_appbuilder.baseviews import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext
from sqlalchemy import select

from app.domain.states import State
from app.extensions import db
from app.models.programmes import LoanProgramme
from app.reports.chart import Chart, Row
from app.reports.charts import CHARTS
from app.reports.criteria import Choice, application_years, latest_approved_year
from app.reports.volume import totals
from app.services.read_copy import from_copy
from app.ui.naming import named
from app.views.shell.pages import Answer, FundView
from app.views.shell.places import row_id


class DashboardView(FundView):
    """Approved loan volume by province, fiscal year and programme."""

    route_base = "/dashboard"
    default_view = "volume"

    @expose("/", methods=["GET"])
    @has_access
    def volume(self) -> Answer:
        page: str = self.render_template(
            "dashboard/volume.html", title=gettext("Approved loan volume by province"), **from_copy(_volume)
        )
        return page

    @expose("/figures.json", methods=["GET"])
    @has_access
    def figures(self) -> Answer:
        """The specifications the page draws."""
        drawn = from_copy(_drawn)
        return jsonify({drawing.key: drawing.spec(rows) for chart, rows in drawn for drawing in chart.drawings})


def _volume() -> dict[str, Any]:
    choice = _choice()
    return {
        "choice": choice,
        "years": application_years(),
        "programmes": _programmes(),
        "totals": totals(choice),
        "all_url": _list_url(choice),
        "charts": [(chart, _linked_rows(chart, choice)) for chart in CHARTS],
        "script_draws_first": any(drawing.still is None for chart in CHARTS for drawing in chart.drawings),
        "figures_url": url_for("DashboardView.figures", **{"year": "", **_arguments(choice)}),
    }


def _drawn() -> list[tuple[Chart, list[Row]]]:
    choice = _choice()
    return [(chart, _linked_rows(chart, choice)) for chart in CHARTS if chart.drawings]


def _choice() -> Choice:
    """What the address asks for; anything but a year and a programme we have is refused.

    An address without either opens on the newest year with an approved loan; an empty year means all years. What
    LINE and Facebook hang on a link that is passed on asks for nothing.
    """
    if not {"year", "programme"} & request.args.keys():
        return Choice(latest_approved_year())
    year, programme = request.args.get("year", ""), request.args.get("programme", "")
    if year and year not in {code for code, _label in application_years()}:
        abort(400)
    key = row_id(programme) if programme else None
    if programme and (key is None or db.session.get(LoanProgramme, key) is None):
        abort(400)
    return Choice(int(year) if year else None, key)


def _programmes() -> list[tuple[int, str]]:
    columns = (LoanProgramme.id, LoanProgramme.name, LoanProgramme.name_en)
    rows = db.session.execute(select(*columns).order_by(LoanProgramme.opens_on.desc()))
    return [(row.id, named(row)) for row in rows]


def _arguments(choice: Choice) -> dict[str, Any]:
    return {
        key: value
        for key, value in (("year", choice.fiscal_year), ("programme", choice.programme_id))
        if value is not None
    }


def _list_url(choice: Choice, **more: Any) -> str:
    return url_for(
        "LoanApplicationView.list",
        status=State.APPROVED.value,
        dashboard=choice.programme_id or "all",
        **{**_arguments(choice), **more},
    )


def _linked_rows(chart: Chart, choice: Choice) -> list[Row]:
    """The chart's rows, each with the address of its list."""
    begun, fixed = _list_url(choice), _arguments(choice)
    linked = []
    for row in chart.rows(choice):
        opened = chart.opens(row)
        # The address begins alike for all rows; to build each anew takes longer than the rest of a row.
        again = not opened or opened.keys() & fixed.keys()
        url = _list_url(choice, **opened) if again else f"{begun}&{urlencode(opened)}"
        linked.append({**row, "url": url})
    return linked
