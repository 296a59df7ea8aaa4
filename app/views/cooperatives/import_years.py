"""Importing cooperatives' yearly figures: choose a file, read the report by row, correct, choose again."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import request
from flask_appbuilder.baseviews import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext

from app.services.cooperatives.import_years import YEARS, YearReport, YearRow, judge_years, store_years
from app.services.imports.files import MOST_ROWS
from app.ui.clock import today
from app.ui.formatting import count
from app.ui.labels import NOTHING
from app.views.shell.imports import (
    SHOWN_ROWS,
    ChangedRow,
    FileForm,
    changed_row,
    judged,
    read_file,
    refusals,
    rows_back_answer,
    template_answer,
    wants_rows_back,
)
from app.views.shell.pages import Answer, FundView

TEMPLATE_NAME = "financial-years.xlsx"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a file: its report, what it changes, and whether it was stored or has to be confirmed first."""

    report: YearReport | None = None
    changes: Sequence[ChangedRow] = ()
    asked: bool = False
    stored: bool = False


class FinancialImportView(FundView):
    """The page of the import."""

    route_base = "/financial-years/import"
    default_view = "upload"

    @expose("/", methods=["GET", "POST"])
    @has_access
    def upload(self) -> Answer:
        form, outcome = FileForm(), Outcome()
        if request.method == "POST" and form.validate():
            rows = read_file(form)
            report = judged(form, rows, lambda found: judge_years(found, today())) if rows is not None else None
            if rows is not None and report is not None and wants_rows_back():
                return rows_back_answer(YEARS, rows, report.rows)
            if report is not None:
                outcome = self._store(form, report)
        report = outcome.report
        page: str = self.render_template(
            "cooperatives/years.html",
            title=gettext("Import financial years"),
            form=form,
            report=report,
            stored=outcome.stored,
            asked=outcome.asked,
            changes=outcome.changes,
            bad=[(row.number, row.name or NOTHING, YEARS.told(row)) for row in report.refused[:SHOWN_ROWS]]
            if report
            else [],
            number=count(len(report.rows)) if report else "",
            bad_number=count(len(report.refused)) if report else "",
            columns=YEARS.listed(),
            most_shown=SHOWN_ROWS,
            most_rows=count(MOST_ROWS),
        )
        return page

    @expose("/template.xlsx", methods=["GET"])
    @has_access
    @permission_name("upload")
    def template(self) -> Answer:
        return template_answer(YEARS, TEMPLATE_NAME)

    def _store(self, form: FileForm, report: YearReport) -> Outcome:
        """Store the file when every row is good; what it changes of recorded years is shown first."""
        changes = [_changed(row) for row in report.changed]
        if report.refused or (not form.has_seen(changes) and changes):
            return Outcome(report, changes, asked=not report.refused)
        form.file.errors = refusals(form, lambda file_name: store_years(report, file_name))
        if form.file.errors:
            return Outcome()
        form.forget()
        return Outcome(report, changes, stored=True)


def _changed(row: YearRow) -> ChangedRow:
    if row.existing is None:
        raise ValueError("a row that changes nothing")
    return changed_row(row, row.name, row.existing, row.changes)
