"""What the pages of imports share: the chosen file's rows, storing them, and the template to fill in."""

import base64
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from flask import Response, request
from flask_appbuilder import Model
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField
from sqlalchemy.exc import IntegrityError
from wtforms import HiddenField
from wtforms.validators import StopValidation

from app.domain.file_kinds import FileKind, clean_file_name
from app.domain.values.errors import RuleBroken
from app.domain.values.text import N_
from app.extensions import db
from app.services.imports.files import LARGEST_FILE, SourceRow, read_rows
from app.services.imports.rows_back import rows_to_correct
from app.services.imports.sheets import Row, Sheet
from app.services.imports.template import template_workbook
from app.ui.fields import FundForm
from app.ui.labels import explain
from app.views.shell.audit_words import label_of, value_of

SHOWN_ROWS = 500
LARGEST_KEPT = 2**20  # bytes of a file that its report brings back; a larger one has to be chosen again
ROWS_BACK_NAME = "rows-to-correct.xlsx"
CLASHED = N_("Somebody else changed the register at the same moment. Nothing was stored; choose the file again.")

Judged = TypeVar("Judged")


@dataclass(frozen=True, slots=True)
class ChangedRow:
    """What a row of the file changes in one record: (label, before, after), in the reader's words."""

    number: int
    name: str
    lines: list[tuple[str, str, str]]


def changed_row(row: Row, name: str, existing: Model, changes: Mapping[str, Any]) -> ChangedRow:
    entity = existing.__tablename__
    lines = [
        (label_of(entity, key), _in_words(entity, key, getattr(existing, key)), _in_words(entity, key, after))
        for key, after in changes.items()
    ]
    return ChangedRow(row.number, name, lines)


def _in_words(entity: str, key: str, value: Any) -> str:
    return value_of(entity, key, value.isoformat() if isinstance(value, date) else value)


def _chosen(form: Any, field: Any) -> None:
    if not field.data and not form.kept.data:
        raise StopValidation(gettext("Choose a file."))


class FileForm(FundForm):
    """The file, or the one that this very page sent back with its report; and what of its changes was looked at."""

    file = FileField(_("Excel or CSV file"), [_chosen])
    kept = HiddenField()
    kept_name = HiddenField()
    seen = HiddenField()

    @property
    def file_name(self) -> str:
        return clean_file_name(self.file.data.filename if self.file.data else self.kept_name.data or "")

    def content(self) -> bytes:
        """The bytes of the file; they go back with the page, so that nobody has to choose it again.

        Raises:
            RuleBroken: what came back is not what was sent.
        """
        if self.file.data:
            content: bytes = self.file.data.stream.read(LARGEST_FILE + 1)
            self.seen.data = ""
        else:
            try:
                content = base64.b64decode(self.kept.data or "", validate=True)
            except ValueError as broken:
                raise RuleBroken(N_("The file did not come back whole. Choose it again.")) from broken
        small = len(content) <= LARGEST_KEPT
        self.kept.data = base64.b64encode(content).decode() if small else ""
        self.kept_name.data = self.file_name if small else ""
        return content

    def forget(self) -> None:
        """Bring nothing back with the page."""
        self.kept.data = self.kept_name.data = self.seen.data = ""

    def has_seen(self, changes: Sequence[ChangedRow]) -> bool:
        """Whether exactly these changes were shown before; a page that shows them says so from now on."""
        digest = hashlib.sha256(repr(changes).encode()).hexdigest()
        seen = self.seen.data == digest
        self.seen.data = digest
        return seen


def read_file(form: FileForm) -> list[SourceRow] | None:
    """Return the chosen file's rows; None, with the reason at the field, when it cannot be read."""
    try:
        return read_rows(form.content(), form.file_name)
    except RuleBroken as refusal:
        _refuse(form, refusal)
        return None


def judged(form: FileForm, rows: Sequence[SourceRow], judge: Callable[[Sequence[SourceRow]], Judged]) -> Judged | None:
    """Return the judgement about the rows; None, with the reason at the field, when their headings are not good."""
    try:
        return judge(rows)
    except RuleBroken as refusal:
        _refuse(form, refusal)
        return None


def _refuse(form: FileForm, refusal: RuleBroken) -> None:
    db.session.rollback()
    form.file.errors = [explain(refusal)]
    form.forget()


def refusals(form: FileForm, store: Callable[[str], object]) -> list[str]:
    """Store under the file's name and commit; return why nothing was stored, if nothing was."""
    try:
        store(form.file_name)
        db.session.commit()
    except RuleBroken as refusal:
        db.session.rollback()
        return [explain(refusal)]
    except IntegrityError:
        db.session.rollback()
        return [gettext(CLASHED)]
    return []


def wants_rows_back() -> bool:
    """Whether the button was pressed that gives the rows to be corrected back."""
    return request.form.get("wanted") == "rows"


def rows_back_answer(sheet: Sheet, rows: Sequence[SourceRow], judged_rows: Sequence[Row]) -> Response:
    """The rows to be corrected, as a workbook to keep."""
    return _workbook(rows_to_correct(sheet, rows, judged_rows), ROWS_BACK_NAME)


def template_answer(sheet: Sheet, file_name: str) -> Response:
    """The workbook to fill in, as a file to keep."""
    return _workbook(template_workbook(sheet), file_name)


def _workbook(content: bytes, file_name: str) -> Response:
    answer = Response(content, mimetype=FileKind.XLSX.mime)
    answer.headers["Content-Disposition"] = f'attachment; filename="{file_name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
