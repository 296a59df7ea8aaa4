"""Importing cooperatives' yearly figures: choose a file, read the report by row, correct, choose again."""

from flask import request
from flask_appbuilder.baseviews import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext

from app.services.cooperatives.import_years import KEY, YEARS, judge_years, store_years
from app.services.imports.files import MOST_ROWS
from app.services.imports.sheets import Row
from app.ui.clock import today
from app.ui.formatting import count
from app.ui.labels import NOTHING
from app.views.shell.imports import SHOWN_ROWS, FileForm, judged, refusals
from app.views.shell.pages import Answer, FundView


class FinancialImportView(FundView):
    """The page of the import."""

    route_base = "/financial-years/import"
    default_view = "upload"

    @expose("/", methods=["GET", "POST"])
    @has_access
    def upload(self) -> Answer:
        form = FileForm()
        rows = self._import(form) if request.method == "POST" and form.validate() else None
        bad = [row for row in rows or () if row.problems]
        page: str = self.render_template(
            "cooperatives/years.html",
            title=gettext("Import financial years"),
            form=form,
            rows=rows,
            bad=[(row.number, _name(row), YEARS.told(row)) for row in bad[:SHOWN_ROWS]],
            number=count(len(rows or ())),
            bad_number=count(len(bad)),
            columns=YEARS.listed(),
            most_rows=count(MOST_ROWS),
        )
        return page

    def _import(self, form: FileForm) -> list[Row] | None:
        """Judge the file and store it when every row is good; None when it cannot be read or stored."""
        rows = judged(form, lambda rows: judge_years(rows, today()))
        if rows is None or any(row.problems for row in rows):
            return rows
        form.file.errors = refusals(form, lambda file_name: store_years(rows, file_name))
        return None if form.file.errors else rows


def _name(row: Row) -> str:
    return row.values[KEY].name if KEY in row.values else NOTHING
