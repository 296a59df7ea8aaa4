"""What the pages of imports share: the chosen file's rows, storing them, and the template to fill in."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from flask import Response
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField, FileRequired
from sqlalchemy.exc import IntegrityError

from app.domain.file_kinds import FileKind, clean_file_name
from app.domain.values.errors import RuleBroken
from app.domain.values.text import N_
from app.extensions import db
from app.services.imports.files import LARGEST_FILE, SourceRow, read_rows
from app.services.imports.sheets import Sheet
from app.services.imports.template import template_workbook
from app.ui.fields import FundForm
from app.ui.labels import explain

SHOWN_ROWS = 500
CLASHED = N_("Somebody else changed the register at the same moment. Nothing was stored; choose the file again.")

Judged = TypeVar("Judged")


class FileForm(FundForm):
    """The file."""

    file = FileField(_("Excel or CSV file"), [FileRequired(_("Choose a file."))])


def judged(form: FileForm, judge: Callable[[Sequence[SourceRow]], Judged]) -> Judged | None:
    """Return the judgement about the chosen file's rows; None, with the reason at the field, when it cannot be read."""
    upload = form.file.data
    try:
        return judge(read_rows(upload.stream.read(LARGEST_FILE + 1), upload.filename))
    except RuleBroken as refusal:
        db.session.rollback()
        form.file.errors = [explain(refusal)]
        return None


def refusals(form: FileForm, store: Callable[[str], object]) -> list[str]:
    """Store under the file's name and commit; return why nothing was stored, if nothing was."""
    try:
        store(clean_file_name(form.file.data.filename))
        db.session.commit()
    except RuleBroken as refusal:
        db.session.rollback()
        return [explain(refusal)]
    except IntegrityError:
        db.session.rollback()
        return [gettext(CLASHED)]
    return []


def template_answer(sheet: Sheet, file_name: str) -> Response:
    """The workbook to fill in, as a file to keep."""
    answer = Response(template_workbook(sheet), mimetype=FileKind.XLSX.mime)
    answer.headers["Content-Disposition"] = f'attachment; filename="{file_name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
