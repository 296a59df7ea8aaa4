"""Kinds of papers programmes may ask for: what they are for, what files they take, how long they hold."""

from collections.abc import Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms.fields import SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.widgets import CheckboxInput, ListWidget

from app.domain.file_kinds import ALLOWED_KINDS, LARGEST_FILE
from app.domain.papers import MIB, MOST_MONTHS, kinds_from, refuse_odd_validity
from app.models.document_types import DocumentType
from app.views.shell.datamodel import FundInterface
from app.views.shell.register import FundModelView
from app.views.shell.validators import whole_between

LONGEST_KEPT = 100  # years


class KindsField(SelectMultipleField):
    """Kinds of file as boxes to tick; a row keeps them as words in one text, and none ticked means all."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label, choices=[SelectChoice(kind.value, kind.label) for kind in ALLOWED_KINDS], **kwargs)

    def process_data(self, value: Any) -> None:
        self.data = value.split() if isinstance(value, str) else value


def _kind_names(codes: str) -> str:
    return ", ".join(kind.label for kind in kinds_from(codes)) if codes else gettext("All kinds that are taken")


class DocumentTypeView(FundModelView):
    """Kinds of papers programmes may ask for."""

    route_base = "/document-types"
    datamodel = FundInterface(DocumentType)
    list_title, show_title = _("Document types"), _("Document type")
    add_title, edit_title = _("Add a document type"), _("Edit document type")
    list_columns = ["name", "name_en", "validity", "retention_years", "position", "active"]
    show_columns = [
        "name", "name_en", "code", "purpose", "purpose_en", "help_text", "help_text_en", "kinds", "largest_mb",
        "most_files", "validity", "valid_months", "reusable", "identity", "has_figures", "retention_years", "position",
        "active",
    ]  # fmt: skip
    add_columns = edit_columns = show_columns
    show_columns = [*show_columns, "example"]
    base_order = ("position", "asc")
    order_by = {"name": "name_sort"}
    extra_formatters = {"kinds": _kind_names, "example": lambda row: row.file_name if row else None}
    extra_fields = {"kinds": KindsField(_("Accepted kinds of file"), description=_("None ticked: all of them"))}
    checks = {
        "largest_mb": [whole_between(1, LARGEST_FILE // MIB)],
        "most_files": [whole_between(1, 100)],
        "valid_months": [whole_between(1, MOST_MONTHS)],
        "retention_years": [whole_between(1, LONGEST_KEPT)],
    }

    def show_links(self, row: DocumentType) -> Sequence[tuple[str, str]]:
        if not self.appbuilder.sm.has_access("can_upload", "ExampleKeepingView"):
            return ()
        label = gettext("Replace the blank form") if row.example else gettext("Add a blank form or example")
        return ((label, url_for("ExampleKeepingView.upload", pk=row.id)),)

    def fill(self, form: Any, row: DocumentType) -> None:
        super().fill(form, row)
        row.kinds = " ".join(form.kinds.data or ())

    def pre_add(self, row: DocumentType) -> None:
        refuse_odd_validity(row.validity, row.valid_months)

    def pre_update(self, row: DocumentType) -> None:
        self.pre_add(row)
