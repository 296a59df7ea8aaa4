"""Registers of cooperatives and their yearly figures."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from flask import url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import select
from wtforms.validators import InputRequired

from app.domain.cooperatives import (
    CooperativeKind,
    check_arrears,
    check_year_end,
    refuse_foreign_office,
    refuse_future_year,
)
from app.domain.roles import Role
from app.domain.values.identifiers import cooperative_code, cooperative_name, email, phone, postcode, tax_id
from app.domain.values.money import LARGEST_AMOUNT
from app.domain.values.text import N_
from app.models.cooperatives import Cooperative, CooperativeStatus, FinancialYear
from app.models.places import Office
from app.services.cooperatives.figures import read_off
from app.services.cooperatives.office_change import tell_offices
from app.ui.clock import today
from app.ui.fields import BahtField, MonthField, follows
from app.ui.formatting import month_name, phone_number, tax_number
from app.ui.labels import choices
from app.views.shell.choices import provinces
from app.views.shell.datamodel import FundInterface
from app.views.shell.list_arguments import ListFilter
from app.views.shell.register import FundModelView
from app.views.shell.searching import related_holds
from app.views.shell.validators import keeps, not_in_future, whole_between

# What the certificate says, who is responsible and how it stands with the fund decide whether a cooperative borrows:
# the fund's to say, not that of the office which later recommends the loan.
_BY_FUND = dict.fromkeys(
    (
        *("name", "registration_no", "cooperative_code", "tax_id", "kind", "registered_on", "status"),
        *("province", "office", "borrowing_ceiling", "ceiling_fiscal_year"),
        *("borrowed_before", "fund_arrears", "arrears_on"),
    ),
    frozenset({Role.FUND_OFFICER, Role.ADMINISTRATOR}),
)


def _offices() -> Any:
    return select(Office).where(Office.active).order_by(Office.name_sort)


def _day_of_its_month(form: Any, field: Any) -> None:
    keeps(check_year_end, field.data, form.year_end_month.data)


class CooperativeView(FundModelView):
    """The fund's borrowers."""

    route_base = "/cooperatives"
    datamodel = FundInterface(Cooperative, eager=("province", "office"))
    list_title, show_title = _("Cooperatives"), _("Cooperative")
    add_title, edit_title = _("Add a cooperative"), _("Edit cooperative")
    list_columns = ["name", "registration_no", "kind", "province", "members", "borrowing_ceiling", "status"]
    show_fieldsets = [
        (
            _("The cooperative"),
            {
                "fields": [
                    "name",
                    "registration_no",
                    "cooperative_code",
                    "tax_id",
                    "kind",
                    "workplace",
                    "registered_on",
                    "status",
                ]
            },
        ),
        (
            _("Where it is"),
            {"fields": ["address", "sub_district", "district", "province", "postcode", "phone", "email", "office"]},
        ),
        (
            _("Figures"),
            {
                "fields": [
                    "members",
                    "share_capital",
                    "reserve",
                    "borrowing_ceiling",
                    "ceiling_fiscal_year",
                    "ordinary_rate",
                    "year_end_day",
                    "year_end_month",
                ]
            },
        ),
        (_("With the fund"), {"fields": ["borrowed_before", "fund_arrears", "arrears_on"]}),
    ]
    add_fieldsets = edit_fieldsets = show_fieldsets
    filled_in_by = _BY_FUND
    base_order = ("name_sort", "asc")
    order_by = {"name": "name_sort"}
    options = {"office": _offices}
    related = (
        ("BoardMemberView", "cooperative"),
        ("FinancialYearView", "cooperative"),
        ("MembershipView", "cooperative"),
    )
    extra_formatters = {"tax_id": tax_number, "phone": phone_number, "year_end_month": month_name}
    checks = {
        "name": [follows(cooperative_name)],
        "cooperative_code": [follows(cooperative_code)],
        "tax_id": [follows(tax_id)],
        "postcode": [follows(postcode)],
        "phone": [follows(phone)],
        "email": [follows(email)],
        "registered_on": [not_in_future],
        "arrears_on": [not_in_future],
        "year_end_day": [whole_between(1, 31), _day_of_its_month],
    }
    extra_fields = {"year_end_month": MonthField(_("Accounting year ends: month"))}
    list_filters = (
        ListFilter("kind", N_("Kind"), lambda: choices(CooperativeKind), lambda code: Cooperative.kind == code),
        ListFilter("province", N_("Province"), provinces, lambda key: Cooperative.province_id == int(key)),
        ListFilter("status", N_("Status"), lambda: choices(CooperativeStatus), lambda code: Cooperative.status == code),
    )

    def list_links(self) -> Sequence[tuple[str, str, str]]:
        if not self.appbuilder.sm.has_access("can_upload", "CooperativeImportView"):
            return ()
        return ((gettext("Import from Excel or CSV"), url_for("CooperativeImportView.upload"), "secondary"),)

    def fill(self, form: Any, row: Cooperative) -> None:
        form.office_before = row.office_id
        super().fill(form, row)
        row.year_end_month = form.year_end_month.data

    def pre_add(self, row: Cooperative) -> None:
        refuse_foreign_office(row.office, row.province)
        check_arrears(row.fund_arrears, row.arrears_on)

    def pre_update(self, row: Cooperative) -> None:
        self.pre_add(row)

    def saved(self, form: Any, row: Cooperative, *, created: bool) -> None:
        if not created:
            tell_offices([(row, form.office_before)], datetime.now(UTC))


class FinancialYearView(FundModelView):
    """Cooperatives' figures year by year, from their audited statements."""

    route_base = "/financial-years"
    datamodel = FundInterface(FinancialYear, eager=("cooperative",))
    list_title, show_title = _("Financial years"), _("Financial year")
    add_title, edit_title = _("Add a financial year"), _("Edit financial year")
    list_columns = ["cooperative", "year", "share_capital", "reserve", "debts", "profit", "control_class"]
    add_columns = ["cooperative", "year", "members", "share_capital", "reserve", "debts", "profit", "control_class"]
    edit_columns = ["year", "members", "share_capital", "reserve", "debts", "profit", "control_class"]
    show_columns = add_columns
    base_order = ("id", "desc")
    found_by = (related_holds(FinancialYear.cooperative),)
    extra_fields = {
        "profit": BahtField(
            _("Net profit (baht)"),
            [InputRequired()],
            minimum=-LARGEST_AMOUNT,
            description=_("With a minus for a loss"),
        )
    }

    def list_links(self) -> Sequence[tuple[str, str, str]]:
        if not self.appbuilder.sm.has_access("can_upload", "FinancialImportView"):
            return ()
        return ((gettext("Import from Excel or CSV"), url_for("FinancialImportView.upload"), "secondary"),)

    def show_links(self, row: FinancialYear) -> Sequence[tuple[str, str]]:
        """The page of the statement the figures were read off, for whoever sees that file."""
        if not self.appbuilder.sm.has_access("can_show", "DeskView"):
            return ()
        return [
            (
                gettext("Read off %(file)s, page %(page)s", file=each.file_name, page=each.page)
                if each.page
                else gettext("Read off %(file)s", file=each.file_name),
                url_for(
                    "DeskView.file",
                    pk=each.application_id,
                    public_id=each.public_id,
                    page=each.page,
                    year=each.year,
                ),
            )
            for each in read_off(row.cooperative_id, year=row.year)
        ]

    def fill(self, form: Any, row: FinancialYear) -> None:
        super().fill(form, row)
        row.profit = form.profit.data

    def pre_add(self, row: FinancialYear) -> None:
        refuse_future_year(row.year, today(), row.cooperative.year_end_day, row.cooperative.year_end_month)

    def pre_update(self, row: FinancialYear) -> None:
        self.pre_add(row)
