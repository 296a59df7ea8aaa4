"""Importing cooperatives from an Excel or CSV file: choose, read the report, correct, choose again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import request
from flask_appbuilder.baseviews import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import RadioField

from app.domain.values.labels import LabelledEnum
from app.domain.values.text import N_
from app.services.cooperatives.import_columns import REGISTER
from app.services.cooperatives.import_register import JudgedRow, Report, RowState, judge, store
from app.services.imports.files import LARGEST_FILE, MOST_ROWS
from app.ui.clock import today
from app.ui.fields import Longest, ThaiTextField
from app.ui.formatting import count
from app.ui.labels import choices
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

TEMPLATE_NAME = "cooperatives.xlsx"
TONES = {RowState.NEW: "good", RowState.CHANGED: "info", RowState.UNCHANGED: "neutral", RowState.REFUSED: "bad"}


class ImportMode(LabelledEnum):
    """What to do with a file in which some rows have to be corrected."""

    ALL = "all", N_("Store nothing unless all rows are good")
    GOOD = "good", N_("Store the good rows and leave the others out")
    CHECK = "check", N_("Only check the file, store nothing")


class ImportForm(FileForm):
    """The file, what to do with it, and where its figures come from."""

    mode = RadioField(
        _("If some rows have to be corrected"), choices=lambda: choices(ImportMode), default=ImportMode.ALL.value
    )
    note = ThaiTextField(
        _("Where the figures come from"),
        [Longest(200)],
        description=_("May stay empty; kept in the audit trail"),
    )


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a file: its report, what it changes, and whether it was stored or has to be confirmed first."""

    report: Report | None = None
    changes: Sequence[ChangedRow] = ()
    asked: bool = False
    stored: bool = False


def _changed(row: JudgedRow) -> ChangedRow:
    if row.existing is None:
        raise ValueError("a row that changes nothing")
    return changed_row(row, row.name, row.existing, row.changes)


class CooperativeImportView(FundView):
    """The page of the import, and the template to fill in."""

    route_base = "/cooperatives/import"
    default_view = "upload"

    @expose("/", methods=["GET", "POST"])
    @has_access
    def upload(self) -> Answer:
        form, outcome = ImportForm(), Outcome()
        if request.method == "POST" and form.validate():
            rows = read_file(form)
            report = judged(form, rows, lambda found: judge(found, today=today())) if rows is not None else None
            if rows is not None and report is not None and wants_rows_back():
                return rows_back_answer(REGISTER, rows, report.rows)
            if report is not None:
                outcome = self._store(form, report)
        page: str = self.render_template(
            "cooperatives/import.html",
            title=gettext("Import cooperatives"),
            form=form,
            report=outcome.report,
            stored=outcome.stored,
            asked=outcome.asked,
            changes=outcome.changes,
            tones=TONES,
            sheet=REGISTER,
            most_shown=SHOWN_ROWS,
            most_rows=count(MOST_ROWS),
            most_megabytes=LARGEST_FILE // 2**20,
        )
        return page

    def _store(self, form: ImportForm, report: Report) -> Outcome:
        """Store what was judged when it was asked for and allowed; changes of the register are shown first."""
        mode, note = ImportMode(form.mode.data), form.note.data or ""
        changes = [_changed(row) for row in report.in_state(RowState.CHANGED)]
        seen = form.has_seen(changes)
        good_only = mode is ImportMode.GOOD
        if mode is ImportMode.CHECK:
            return Outcome(report, changes=changes)
        if changes and not seen and (good_only or not (report.refused or report.unknown_headings)):
            return Outcome(report, changes=changes, asked=True)
        form.form_errors = refusals(
            form,
            lambda name: store(report, good_only=good_only, file_name=name, at=datetime.now(UTC), person_note=note),
        )
        if not form.form_errors and not report.refused:
            form.forget()
        return Outcome(report, changes=changes, stored=not form.form_errors)

    @expose("/template.xlsx", methods=["GET"])
    @has_access
    def template(self) -> Answer:
        return template_answer(REGISTER, TEMPLATE_NAME)
