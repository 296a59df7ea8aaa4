"""Registers of loan programmes, document types, and which programme asks for what."""

from flask_babel import lazy_gettext as _

from app.domain.errors import RuleBroken
from app.domain.text import N_
from app.models.programmes import DocumentType, LoanProgramme, ProgrammeDocument, ProgrammeStatus
from app.ui.labels import choices
from app.views.base import FundModelView
from app.views.checks import whole_between
from app.views.datamodel import FundInterface
from app.views.lists import ListFilter, related_holds


class LoanProgrammeView(FundModelView):
    """Loan programmes: policy as data."""

    route_base = "/programmes"
    datamodel = FundInterface(LoanProgramme)
    list_title, show_title = _("Loan programmes"), _("Loan programme")
    add_title, edit_title = _("Add a loan programme"), _("Edit loan programme")
    list_columns = [
        "name",
        "opens_on",
        "closes_on",
        "envelope",
        "ceiling",
        "longest_term_months",
        "annual_rate",
        "status",
    ]
    show_fieldsets = [
        (_("The programme"), {"fields": ["name", "name_en", "key", "notification_no", "notification_date", "status"]}),
        (
            _("Terms"),
            {
                "fields": [
                    "opens_on",
                    "closes_on",
                    "envelope",
                    "ceiling",
                    "longest_term_months",
                    "annual_rate",
                    "rate_note",
                    "member_rate_rule",
                ]
            },
        ),
        (_("For applicants"), {"fields": ["purpose", "eligible"]}),
        (_("Where the terms come from"), {"fields": ["source", "note"]}),
    ]
    add_fieldsets = edit_fieldsets = show_fieldsets
    base_order = ("opens_on", "desc")
    order_by = {"name": "name_sort"}
    related = (("ProgrammeDocumentView", "programme"),)
    checks = {"longest_term_months": [whole_between(1, 360)]}
    list_filters = (
        ListFilter("status", N_("Status"), lambda: choices(ProgrammeStatus), lambda code: LoanProgramme.status == code),
    )

    def pre_add(self, row: LoanProgramme) -> None:
        _refuse_odd_terms(row)

    def pre_update(self, row: LoanProgramme) -> None:
        _refuse_odd_terms(row)


def _refuse_odd_terms(row: LoanProgramme) -> None:
    if row.closes_on < row.opens_on:
        raise RuleBroken(N_("The programme closes before it opens. Correct one of the two dates."))
    if row.ceiling <= 0 or row.envelope <= 0:
        raise RuleBroken(N_("Envelope and ceiling must be above zero."))
    if row.ceiling > row.envelope:
        raise RuleBroken(
            N_("The ceiling per cooperative, %(ceiling)s baht, is above the envelope of %(envelope)s baht."),
            ceiling=f"{row.ceiling:,.2f}",
            envelope=f"{row.envelope:,.2f}",
        )


class DocumentTypeView(FundModelView):
    """Kinds of papers programmes may ask for."""

    route_base = "/document-types"
    datamodel = FundInterface(DocumentType)
    list_title, show_title = _("Document types"), _("Document type")
    add_title, edit_title = _("Add a document type"), _("Edit document type")
    list_columns = ["name", "name_en", "position", "active"]
    show_columns = ["name", "name_en", "code", "help_text", "position", "active"]
    add_columns = edit_columns = show_columns
    base_order = ("position", "asc")
    order_by = {"name": "name_sort"}


class ProgrammeDocumentView(FundModelView):
    """Which programme asks for which paper."""

    route_base = "/programme-documents"
    datamodel = FundInterface(ProgrammeDocument, eager=("programme", "document_type"))
    list_title, show_title = _("Documents asked for"), _("Document asked for")
    add_title, edit_title = _("Ask for a document"), _("Edit document asked for")
    list_columns = ["document_type", "programme", "required"]
    add_columns = ["programme", "document_type", "required"]
    edit_columns = ["required"]
    show_columns = add_columns
    base_order = ("id", "asc")
    found_by = (
        related_holds(ProgrammeDocument.programme, LoanProgramme.name),
        related_holds(ProgrammeDocument.document_type, DocumentType.name),
    )
