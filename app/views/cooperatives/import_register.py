"""Importing cooperatives from an Excel or CSV file: choose, read the report, correct, choose again."""

from flask import request
from flask_appbuilder.baseviews import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import RadioField

from app.domain.values.labels import LabelledEnum
from app.domain.values.text import N_
from app.services.cooperatives.import_columns import REGISTER
from app.services.cooperatives.import_register import Report, RowState, judge, store
from app.services.imports.files import LARGEST_FILE, MOST_ROWS
from app.ui.clock import today
from app.ui.fields import Longest, ThaiTextField
from app.ui.formatting import count
from app.ui.labels import choices
from app.views.shell.imports import SHOWN_ROWS, FileForm, judged, refusals, template_answer
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


class CooperativeImportView(FundView):
    """The page of the import, and the template to fill in."""

    route_base = "/cooperatives/import"
    default_view = "upload"

    @expose("/", methods=["GET", "POST"])
    @has_access
    def upload(self) -> Answer:
        form = ImportForm()
        report, stored = self._import(form) if request.method == "POST" and form.validate() else (None, False)
        return self.render_template(
            "cooperatives/import.html",
            title=gettext("Import cooperatives"),
            form=form,
            report=report,
            stored=stored,
            tones=TONES,
            sheet=REGISTER,
            most_shown=SHOWN_ROWS,
            most_rows=count(MOST_ROWS),
            most_megabytes=LARGEST_FILE // 2**20,
        )

    def _import(self, form: ImportForm) -> tuple[Report | None, bool]:
        """Judge the file, and store it when it was asked for and allowed; no report when it cannot be read."""
        mode, note = ImportMode(form.mode.data), form.note.data or ""
        report = judged(form, lambda rows: judge(rows, today=today()))
        if report is None or mode is ImportMode.CHECK:
            return report, False
        good_only = mode is ImportMode.GOOD
        form.form_errors = refusals(
            form, lambda name: store(report, good_only=good_only, file_name=name, person_note=note)
        )
        return report, not form.form_errors

    @expose("/template.xlsx", methods=["GET"])
    @has_access
    def template(self) -> Answer:
        return template_answer(REGISTER, TEMPLATE_NAME)
