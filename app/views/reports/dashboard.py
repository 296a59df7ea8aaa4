"""The manager's dashboard: every figure has its table, and opens exactly its rows."""

from collections.abc import Callable
from typing import Any

from flask import abort, current_app, jsonify, request, url_for
from flask_appbuilder.baseviews import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext
from sqlalchemy import select

from app.domain.states import State
from app.extensions import db
from app.models.programmes import LoanProgramme
from app.reports.charts import CHARTS, Choice, totals
from app.reports.criteria import application_years, latest_approved_year
from app.reports.specs import NONE_COLOUR, bar_spec, map_spec
from app.ui.formatting import in_english
from app.views.shell.datamodel import row_id
from app.views.shell.pages import Answer, FundView


class DashboardView(FundView):
    """Approved loan volume by province, fiscal year and programme."""

    route_base = "/dashboard"
    default_view = "volume"

    @expose("/", methods=["GET"])
    @has_access
    def volume(self) -> Answer:
        choice = _choice()
        rows = _with_links(CHARTS["volume-by-province"].rows(choice), choice)
        page: str = self.render_template(
            "dashboard/volume.html",
            title=gettext("Approved loan volume by province"),
            choice=choice,
            years=application_years(),
            programmes=_programmes(),
            totals=totals(choice),
            all_url=_list_url(choice),
            rows=[row for row in rows if row["contracts"]],
            empty=sum(1 for row in rows if not row["contracts"]),
            by_programme=_with_links(CHARTS["volume-by-programme"].rows(choice), choice),
            figures_url=url_for("DashboardView.figures", **{"year": "", **_arguments(choice)}),
            none_colour=NONE_COLOUR,
        )
        return page

    @expose("/figures.json", methods=["GET"])
    @has_access
    def figures(self) -> Answer:
        """The specifications the page draws."""
        choice = _choice()
        rows = _with_links(CHARTS["volume-by-province"].rows(choice), choice)
        words = {
            "province": gettext("Province"),
            "million": gettext("Million baht"),
            "contracts": gettext("Approved applications"),
        }
        english = in_english()
        return jsonify(
            map=map_spec(rows, _asset("th-provinces.topo.json"), words, english=english),
            bars=bar_spec(rows, words, english=english),
        )


def _asset(name: str) -> str:
    address: Callable[[str], str] = current_app.jinja_env.globals["asset"]  # type: ignore[assignment]
    return address(name)


def _choice() -> Choice:
    """What the address asks for; anything but a year and a programme we have is refused.

    A bare address opens on the newest year with an approved loan; an empty year means all years.
    """
    if not request.args:
        return Choice(latest_approved_year())
    year, programme = request.args.get("year", ""), request.args.get("programme", "")
    if year and year not in {code for code, _label in application_years()}:
        abort(400)
    key = row_id(programme) if programme else None
    if programme and (key is None or db.session.get(LoanProgramme, key) is None):
        abort(400)
    return Choice(int(year) if year else None, key)


def _programmes() -> list[tuple[int, str]]:
    rows = db.session.execute(select(LoanProgramme.id, LoanProgramme.name).order_by(LoanProgramme.opens_on.desc()))
    return [(key, name) for key, name in rows]


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


def _with_links(rows: list[dict[str, Any]], choice: Choice) -> list[dict[str, Any]]:
    linked = []
    for row in rows:
        more = {"province": row["province_id"]} if "province_id" in row else {"programme": row["programme_id"]}
        linked.append({**row, "url": _list_url(choice, **more)})
    return linked
