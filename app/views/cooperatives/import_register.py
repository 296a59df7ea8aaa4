"""Importing cooperatives from an Excel or CSV file."""

from collections.abc import Sequence
from datetime import date

from flask_babel import lazy_gettext as _

from app.services.cooperatives.import_columns import REGISTER
from app.services.cooperatives.import_register import CooperativeRow, judge, store
from app.services.imports.files import SourceRow
from app.services.imports.reports import Report, Storing
from app.views.shell.imports.page import ImportView


class CooperativeImportView(ImportView):
    """The register of cooperatives."""

    route_base = "/cooperatives/import"
    sheet, page, register = REGISTER, "cooperatives/import.html", "CooperativeView"
    import_title = _("Import cooperatives")
    template_name = "cooperatives.xlsx"

    def judge(self, rows: Sequence[SourceRow], at: date) -> Report[CooperativeRow]:
        return judge(rows, at)

    def store(self, report: Report[CooperativeRow], storing: Storing) -> None:
        store(report, storing)
