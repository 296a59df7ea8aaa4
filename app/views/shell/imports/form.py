"""The file of an import: chosen, brought back with its report, and what of its changes was looked at."""

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField
from wtforms import HiddenField, RadioField
from wtforms.validators import StopValidation

from app.domain.file_kinds import clean_file_name
from app.domain.values.errors import RuleBroken
from app.domain.values.labels import LabelledEnum
from app.domain.values.text import N_
from app.services.imports.files import LARGEST_FILE
from app.services.imports.reports import JudgedRow
from app.ui.fields import FundForm, Longest, ThaiTextField
from app.ui.labels import choices
from app.views.shell.audit_words import label_of, value_of

LARGEST_KEPT = 2**20  # bytes of a file that its report brings back; a larger one has to be chosen again


@dataclass(frozen=True, slots=True)
class ChangedRow:
    """What a row of the file changes in one record: (label, before, after), in the reader's words."""

    number: int
    name: str
    lines: list[tuple[str, str, str]]


def changed_row(row: JudgedRow) -> ChangedRow:
    entity = row.existing.__tablename__
    lines = [
        (label_of(entity, key), _in_words(entity, key, getattr(row.existing, key)), _in_words(entity, key, after))
        for key, after in row.changes.items()
    ]
    return ChangedRow(row.number, row.name, lines)


def _in_words(entity: str, key: str, value: Any) -> str:
    return value_of(entity, key, value.isoformat() if isinstance(value, date) else value)


def _chosen(form: Any, field: Any) -> None:
    if not field.data and not form.kept.data:
        raise StopValidation(gettext("Choose a file."))


class ImportMode(LabelledEnum):
    """What to do with a file in which some rows have to be corrected."""

    ALL = "all", N_("Store nothing unless all rows are good")
    GOOD = "good", N_("Store the good rows and leave the others out")
    CHECK = "check", N_("Only check the file, store nothing")


class FileForm(FundForm):
    """The file, or the one that this very page sent back with its report; and what of its changes was looked at.

    Beside it, what to do with the file, and where its values come from.
    """

    file = FileField(_("Excel or CSV file"), [_chosen])
    kept = HiddenField()
    kept_name = HiddenField()
    seen = HiddenField()
    mode = RadioField(
        _("If some rows have to be corrected"), choices=lambda: choices(ImportMode), default=ImportMode.ALL.value
    )
    note = ThaiTextField(
        _("Where the figures come from"),
        [Longest(200)],
        description=_("May stay empty; kept in the audit trail"),
    )

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
