"""Registers of provinces and offices."""

from flask_babel import lazy_gettext as _

from app.domain.values.identifiers import phone
from app.domain.values.text import N_
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
    list_filters = (ListFilter("kind", N_("Kind"), lambda: choices(OfficeKind), lambda code: Office.kind == code),)
