"""Importing cooperatives' yearly figures from an Excel or CSV file."""

from collections.abc import Sequence
from datetime import date

from flask_babel import lazy_gettext as _

from app.services.cooperatives.import_years import YEARS, judge, store
from app.services.imports.files import SourceRow
from app.services.imports.reports import JudgedRow, Report, Storing
from app.views.shell.imports.page import ImportView


class FinancialImportView(ImportView):
    """The yearly figures, within the cooperatives that the person sees."""

    route_base = "/financial-years/import"
    sheet, page, register = YEARS, "cooperatives/import_years.html", "FinancialYearView"
    import_title = _("Import financial years")
    template_name = "financial-years.xlsx"

    def judge(self, rows: Sequence[SourceRow], at: date) -> Report[JudgedRow]:
        return judge(rows, at)

    def store(self, report: Report[JudgedRow], storing: Storing) -> None:
        store(report, storing)
