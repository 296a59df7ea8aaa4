"""The register of civil-service holidays, by which working days are counted."""

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _
from flask_login import current_user
from sqlalchemy import Integer, cast, extract, select

from app.domain.values.calendar import BUDDHIST_ERA, from_be
from app.domain.values.text import N_
from app.domain.values.workdays import HolidayKind, refuse_odd_year
from app.models.workdays import Holiday
from app.services.workdays.calendar import years_without_list
from app.ui.clock import today
from app.ui.formatting import years_in_words
from app.ui.labels import choices
from app.views.shell.choices import years
from app.views.shell.datamodel import FundInterface
from app.views.shell.list_arguments import ListFilter
from app.views.shell.register import FundModelView
from app.views.shell.searching import holds

_YEARS = select((cast(extract("year", Holiday.day), Integer) + BUDDHIST_ERA).label("year")).distinct()


def _of_year(year: str) -> Any:
    return Holiday.day.between(date(from_be(int(year)), 1, 1), date(from_be(int(year)), 12, 31))


class HolidayView(FundModelView):
    """The days on which offices are closed."""

    route_base = "/holidays"
    datamodel = FundInterface(Holiday, eager=("added_by",))
    list_template = "workdays/list.html"
    list_title, show_title = _("Civil-service holidays"), _("Holiday")
    add_title, edit_title = _("Add a holiday"), _("Edit holiday")
    list_columns = ["day", "name", "name_en", "kind", "source"]
    show_columns = [*list_columns, "added_by"]
    add_columns = edit_columns = list_columns
    base_order = ("day", "desc")
    sorted_by = ("day",)
    found_by = (holds(Holiday.name, Holiday.name_en, Holiday.source),)
    list_filters = (
        ListFilter("year", N_("Calendar year"), lambda: years(_YEARS), _of_year),
        ListFilter("kind", N_("Kind of holiday"), lambda: choices(HolidayKind), lambda code: Holiday.kind == code),
    )

    def list_extra(self) -> dict[str, Any]:
        return {"without_list": years_in_words(years_without_list(today()))}

    def pre_add(self, row: Holiday) -> None:
        refuse_odd_year(row.day)
        row.added_by_id = current_user.id

    def pre_update(self, row: Holiday) -> None:
        refuse_odd_year(row.day)
