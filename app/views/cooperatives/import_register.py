"""Importing cooperatives from an Excel or CSV file: choose, read the report, correct, choose again."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask import Response, request
from flask_appbuilder.baseviews import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField, FileRequired
from sqlalchemy.exc import IntegrityError
from wtforms import RadioField
from wtforms.validators import Length

from app.domain.errors import RuleBroken
from app.domain.file_kinds import FileKind, clean_file_name
from app.domain.labels import LabelledEnum
from app.domain.text import N_
from app.extensions import db
from app.services.cooperatives.import_columns import COLUMNS, LABELS, REQUIRED
from app.services.cooperatives.import_file import LARGEST_FILE, MOST_ROWS, read_rows
from app.services.cooperatives.import_register import JudgedRow, Report, RowState, judge, store
from app.services.cooperatives.import_template import template_workbook
from app.ui.clock import today
from app.ui.fields import FundForm, ThaiTextField
from app.ui.formatting import count
from app.ui.labels import choices, explain, labelled
from app.views.shell.pages import Answer, FundView

SHOWN_ROWS = 500
TEMPLATE_NAME = "cooperatives.xlsx"
CLASHED = N_("Somebody else changed the register at the same moment. Nothing was stored; choose the file again.")
TONES = {RowState.NEW: "good", RowState.CHANGED: "info", RowState.UNCHANGED: "neutral", RowState.REFUSED: "bad"}


class ImportMode(LabelledEnum):
    """What to do with a file in which some rows have to be corrected."""

    ALL = "all", N_("Store nothing unless all rows are good")
    GOOD = "good", N_("Store the good rows and leave the others out")
    CHECK = "check", N_("Only check the file, store nothing")


class ImportForm(FundForm):
    """The file, what to do with it, and where its figures come from."""

    file = FileField(_("Excel or CSV file"), [FileRequired(_("Choose a file."))])
    mode = RadioField(
        _("If some rows have to be corrected"), choices=lambda: choices(ImportMode), default=ImportMode.ALL.value
    )
    note = ThaiTextField(
        _("Where the figures come from"),
        [Length(max=200)],
        description=_("May stay empty; kept in the audit trail"),
    )


@dataclass(frozen=True, slots=True)
class ReportLine:
    """A row of the file as the template draws it."""

    number: str
    registration_no: str
    name: str
    cooperative_id: int | None
    state: str
    tone: str
    problems: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class ShownReport:
    """The report as the template draws it."""

    title: str
    stored: bool
    counts: Sequence[tuple[str, str]]
    refused: Sequence[ReportLine]
    good: Sequence[ReportLine]
    unknown_headings: Sequence[str]
    missing_headings: Sequence[str]
    more_refused: int
    more_good: int


class CooperativeImportView(FundView):
    """The page of the import, and the template to fill in."""

    route_base = "/cooperatives/import"
    default_view = "upload"

    @expose("/", methods=["GET", "POST"])
    @has_access
    def upload(self) -> Answer:
        form = ImportForm()
        report = self._import(form) if request.method == "POST" and form.validate() else None
        return self.render_template(
            "cooperatives/import.html",
            title=gettext("Import cooperatives"),
            form=form,
            report=report,
            columns=[(gettext(LABELS[column.name]), column.name in REQUIRED) for column in COLUMNS],
            most_rows=count(MOST_ROWS),
            most_megabytes=LARGEST_FILE // 2**20,
        )

    def _import(self, form: ImportForm) -> ShownReport | None:
        """Judge the file, and store it when it was asked for and allowed; None when it cannot be read."""
        upload = form.file.data
        mode = ImportMode(form.mode.data)
        try:
            rows = read_rows(upload.stream.read(LARGEST_FILE + 1), upload.filename)
            report = judge(rows, today=today())
        except RuleBroken as refusal:
            db.session.rollback()
            form.file.errors = [explain(refusal)]
            return None
        stored = mode is not ImportMode.CHECK and self._stored(form, report, good_only=mode is ImportMode.GOOD)
        return _shown(report, stored=stored)

    def _stored(self, form: ImportForm, report: Report, *, good_only: bool) -> bool:
        name = clean_file_name(form.file.data.filename)
        try:
            store(report, good_only=good_only, file_name=name, person_note=form.note.data or "")
            db.session.commit()
        except RuleBroken as refusal:
            db.session.rollback()
            form.form_errors = [explain(refusal)]
            return False
        except IntegrityError:
            db.session.rollback()
            form.form_errors = [gettext(CLASHED)]
            return False
        return True

    @expose("/template.xlsx", methods=["GET"])
    @has_access
    def template(self) -> Answer:
        answer = Response(template_workbook(), mimetype=FileKind.XLSX.mime)
        answer.headers["Content-Disposition"] = f'attachment; filename="{TEMPLATE_NAME}"'
        answer.headers["Cache-Control"] = "no-store"
        return answer


def _shown(report: Report, *, stored: bool) -> ShownReport:
    refused = report.in_state(RowState.REFUSED)
    good = report.in_state(RowState.NEW, RowState.CHANGED, RowState.UNCHANGED)
    return ShownReport(
        title=gettext("The rows are stored") if stored else gettext("Nothing was stored"),
        stored=stored,
        counts=[(labelled(state), count(report.count(state))) for state in RowState],
        refused=_lines(refused),
        good=_lines(good),
        unknown_headings=report.unknown_headings,
        missing_headings=[gettext(LABELS[name]) for name in report.missing_columns],
        more_refused=max(len(refused) - SHOWN_ROWS, 0),
        more_good=max(len(good) - SHOWN_ROWS, 0),
    )


def _lines(rows: Sequence[JudgedRow]) -> list[ReportLine]:
    return [
        ReportLine(
            number=count(row.number),
            registration_no=row.registration_no,
            name=row.name,
            cooperative_id=row.cooperative_id,
            state=labelled(row.state),
            tone=TONES[row.state],
            problems=list(_problems(row)),
        )
        for row in rows[:SHOWN_ROWS]
    ]


def _problems(row: JudgedRow) -> Iterable[tuple[str, str]]:
    for column, refusal in row.problems:
        yield gettext(LABELS[column]), explain(refusal)
