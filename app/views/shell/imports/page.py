"""A page that imports rows: choose a file, read the report, correct or confirm, choose again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, ClassVar

from flask import Response, request
from flask_appbuilder.baseviews import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext
from sqlalchemy.exc import IntegrityError

from app.domain.file_kinds import FileKind
from app.domain.values.errors import RuleBroken
from app.domain.values.text import N_
from app.extensions import db
from app.services.imports.files import LARGEST_FILE, MOST_ROWS, SourceRow, read_rows
from app.services.imports.reports import Report, RowState, Storing
from app.services.imports.rows_back import rows_to_correct
from app.services.imports.sheets import Sheet
from app.services.imports.template import template_workbook
from app.ui.clock import today
from app.ui.formatting import count
from app.ui.labels import explain
from app.views.shell.imports.form import ChangedRow, FileForm, ImportMode, changed_row
from app.views.shell.pages import Answer, FundView

SHOWN_ROWS = 500
ROWS_BACK_NAME = "rows-to-correct.xlsx"
CLASHED = N_("Somebody else changed the register at the same moment. Nothing was stored; choose the file again.")
TONES = {RowState.NEW: "good", RowState.CHANGED: "info", RowState.UNCHANGED: "neutral", RowState.REFUSED: "bad"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a file: its report, what it changes, and whether it was stored or has to be confirmed first."""

    report: Report[Any] | None = None
    changes: Sequence[ChangedRow] = ()
    asked: bool = False
    stored: bool = False


class ImportView(FundView):
    """The page of an import, and the template to fill in; a register's own says what is read, and stores it.

    ``page`` is the template that tells what the file must look like; ``register`` the view whose list the page belongs
    to, and whose pages its rows open.
    """

    default_view = "upload"
    sheet: ClassVar[Sheet]
    import_title: ClassVar[Any]
    page: ClassVar[str]
    register: ClassVar[str]
    template_name: ClassVar[str]

    def judge(self, rows: Sequence[SourceRow], at: date) -> Report[Any]:
        """Judge the rows; nothing is stored.

        Raises:
            RuleBroken: their headings are not good.
        """
        raise NotImplementedError

    def store(self, report: Report[Any], storing: Storing) -> None:
        """Store what was judged; the page commits.

        Raises:
            RuleBroken: it may not be stored like this.
        """
        raise NotImplementedError

    @expose("/", methods=["GET", "POST"])
    @has_access
    def upload(self) -> Answer:
        form, outcome = FileForm(), Outcome()
        if request.method == "POST" and form.validate():
            try:
                rows = read_rows(form.content(), form.file_name)
                report = self.judge(rows, today())
            except RuleBroken as refusal:
                db.session.rollback()
                form.file.errors = [explain(refusal)]
                form.forget()
            else:
                if request.form.get("wanted") == "rows":
                    return _workbook(rows_to_correct(self.sheet, rows, report.rows), ROWS_BACK_NAME)
                outcome = self._settle(form, report)
        page: str = self.render_template(
            self.page,
            title=self.import_title,
            form=form,
            report=outcome.report,
            stored=outcome.stored,
            asked=outcome.asked,
            changes=outcome.changes,
            tones=TONES,
            sheet=self.sheet,
            register=self.register,
            template_url=f"{self.endpoint}.template",
            most_shown=SHOWN_ROWS,
            most_rows=count(MOST_ROWS),
            most_megabytes=LARGEST_FILE // 2**20,
        )
        return page

    @expose("/template.xlsx", methods=["GET"])
    @has_access
    @permission_name("upload")
    def template(self) -> Answer:
        return _workbook(template_workbook(self.sheet), self.template_name)

    def _settle(self, form: FileForm, report: Report[Any]) -> Outcome:
        """Store what was judged when it was asked for and allowed; changes of the register are shown first."""
        mode = ImportMode(form.mode.data)
        changes = [changed_row(row) for row in report.in_state(RowState.CHANGED)]
        seen = form.has_seen(changes)
        good_only = mode is ImportMode.GOOD
        if mode is ImportMode.CHECK:
            return Outcome(report, changes)
        if changes and not seen and (good_only or not (report.refused or report.unknown_headings)):
            return Outcome(report, changes, asked=True)
        storing = Storing(form.file_name, datetime.now(UTC), good_only=good_only, note=form.note.data or "")
        form.form_errors = self._refusals(report, storing)
        if not form.form_errors and not report.refused:
            form.forget()
        return Outcome(report, changes, stored=not form.form_errors)

    def _refusals(self, report: Report[Any], storing: Storing) -> list[str]:
        """Store and commit; return why nothing was stored, if nothing was."""
        try:
            self.store(report, storing)
            db.session.commit()
        except RuleBroken as refusal:
            db.session.rollback()
            return [explain(refusal)]
        except IntegrityError:
            db.session.rollback()
            return [gettext(CLASHED)]
        return []


def _workbook(content: bytes, file_name: str) -> Response:
    """A workbook to keep."""
    answer = Response(content, mimetype=FileKind.XLSX.mime)
    answer.headers["Content-Disposition"] = f'attachment; filename="{file_name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
