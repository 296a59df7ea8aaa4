"""Registers of provinces and offices."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import ColumnElement, func, select

from app.domain.values.identifiers import phone
from app.domain.values.text import N_
from app.extensions import db
from app.models.places import Office, OfficeKind, Province, Region
from app.ui.fields import follows
from app.ui.formatting import phone_number
from app.ui.labels import choices
from app.views.shell.datamodel import FundInterface
from app.views.shell.list_arguments import ListFilter
from app.views.shell.register import FundModelView


class ProvinceView(FundModelView):
    """The 77 provinces."""

    route_base = "/provinces"
    datamodel = FundInterface(Province, eager=("offices",))
    list_title, show_title, add_title, edit_title = (
        _("Provinces"),
        _("Province"),
        _("Add a province"),
        _("Edit province"),
    )
    list_columns = ["name", "name_en", "code", "region"]
    show_columns = ["name", "name_en", "code", "region", "offices"]
    add_columns = edit_columns = ["name", "name_en", "code", "region"]
    base_order = ("name_sort", "asc")
    order_by = {"name": "name_sort"}
    page_size = 100
    list_filters = (ListFilter("region", N_("Region"), lambda: choices(Region), lambda code: Province.region == code),)


NONE = "none"
_NO_TELEPHONE = func.coalesce(Office.phone, "") == ""


def _telephones() -> list[tuple[str, str]]:
    return [(NONE, gettext("No number recorded")), ("known", gettext("A number recorded"))]


def _by_telephone(code: str) -> ColumnElement[bool]:
    return _NO_TELEPHONE if code == NONE else ~_NO_TELEPHONE


def without_telephone(number: int) -> str:
    """The line above the offices; cooperatives read the same of their own office on their applications' pages."""
    return gettext(
        "%(count)s offices in use have no telephone number. Their cooperatives are told to ask the Labour Fund "
        "instead: open such an office and add its number.",
        count=number,
    )


class OfficeView(FundModelView):
    """The offices that receive applications, and the provinces they serve."""

    route_base = "/offices"
    datamodel = FundInterface(Office, eager=("provinces",))
    list_title, show_title, add_title, edit_title = _("Offices"), _("Office"), _("Add an office"), _("Edit office")
    list_columns = ["short_name", "name", "kind", "provinces", "phone", "active"]
    show_columns = ["name", "short_name", "name_en", "code", "kind", "provinces", "phone", "email", "address", "active"]
    add_columns = edit_columns = show_columns
    base_order = ("name_sort", "asc")
    order_by = {"name": "name_sort"}
    page_size = 100
    checks = {"phone": [follows(phone)]}
    extra_formatters = {"phone": phone_number}
    list_filters = (
        ListFilter("kind", N_("Kind"), lambda: choices(OfficeKind), lambda code: Office.kind == code),
        ListFilter("telephone", N_("Telephone"), _telephones, _by_telephone),
    )

    def list_extra(self) -> dict[str, Any]:
        """How many offices cooperatives cannot ring up, for who can change it."""
        if not self._may("edit"):
            return {}
        number = db.session.scalar(select(func.count(Office.id)).where(Office.active, _NO_TELEPHONE))
        return {"list_intro": without_telephone(number)} if number else {}
