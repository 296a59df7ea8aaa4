"""Registers of the parts of a programme's terms: rates, who decides, criteria and documents."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, ClassVar

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from app.domain.criteria import PLACES, CriterionKind
from app.domain.programme_ranges import refuse_odd_figures
from app.domain.programmes import LONGEST_TERM, DocumentCondition, refuse_idle_condition
from app.domain.values.errors import RuleBroken
from app.domain.values.text import N_
from app.extensions import db
from app.models.programmes import (
    ApprovalLevel,
    LoanProgramme,
    ProgrammeCriterion,
    ProgrammeDocument,
    ProgrammeRate,
)
from app.security.acting import acting
from app.services.programmes.envelopes import hold_programme
from app.services.programmes.versions import after_change
from app.ui.naming import named
from app.views.programmes.changing import only_tried, why_field
from app.views.programmes.term_places import field_of_part
from app.views.programmes.version_words import figures_in_words
from app.views.shell.cells import formatter_for
from app.views.shell.datamodel import FundInterface
from app.views.shell.register import FundModelView
from app.views.shell.searching import related_holds
from app.views.shell.validators import whole_between


class ProgrammePartView(FundModelView):
    """A part of a programme's terms: changing it once applicants have seen the programme makes a version.

    ``part_of_terms`` is what the terms call the rows of this table, ``term_columns`` what they say of one; what a row
    is about, ``fixed_columns``, is chosen when it is added and stays. ``told_by`` is the choice that tells it from the
    others of its programme, where its name does not.
    """

    extra_fields = {"why": why_field()}
    base_order = ("id", "asc")
    part_of_terms: ClassVar[str]
    fixed_columns: ClassVar[tuple[str, ...]] = ()
    term_columns: ClassVar[tuple[str, ...]]
    told_by: ClassVar[str] = ""

    def _init_properties(self) -> None:
        own = ["programme", *self.fixed_columns, *self.term_columns]
        self.show_columns = list(self.show_columns or own)
        self.add_columns = [*own, "why"]
        self.edit_columns = [*self.term_columns, "why"]
        super()._init_properties()

    def title_of(self, row: Any) -> str:
        if not self.told_by:
            return super().title_of(row)
        return f"{named(row)} – {formatter_for(type(row), self.told_by)(getattr(row, self.told_by))}"

    def refuse_odd(self, row: Any) -> None:
        """Raise ``RuleBroken`` for a row that contradicts itself."""

    def pre_add(self, row: Any) -> None:
        self.refuse_odd(row)

    def pre_update(self, row: Any) -> None:
        self.refuse_odd(row)

    def hold(self, row: Any) -> None:
        hold_programme(row.programme)

    def field_of(self, place: str) -> str:
        return field_of_part(self.part_of_terms, place)

    def _stored(self, form: Any, row: Any, *, created: bool) -> bool:
        programme = form.programme.data if created else row.programme
        hold_programme(programme)  # what the other parts say stays as it is judged
        tried = only_tried(self, form, row, programme)
        return not tried and bool(super()._stored(form, row, created=created))

    def saved(self, form: Any, row: Any, *, created: bool) -> None:
        after_change(row.programme, form.why.data or "", acting().user_id, datetime.now(UTC))

    def pre_delete(self, row: Any) -> None:
        hold_programme(row.programme)

    def deleted(self, row: Any) -> None:
        programme = db.session.get_one(LoanProgramme, row.programme_id)
        after_change(programme, gettext("Taken out: %(name)s", name=str(row)), acting().user_id, datetime.now(UTC))


class ProgrammeRateView(ProgrammePartView):
    """Rates that differ by the loan's term, or change from a month on."""

    part_of_terms = "rates"
    route_base = "/programme-rates"
    datamodel = FundInterface(ProgrammeRate, eager=("programme",))
    list_title, show_title = _("Rate steps"), _("Rate step")
    add_title, edit_title = _("Add a rate step"), _("Edit rate step")
    list_columns = ["annual_rate", "shortest_term", "longest_term", "from_month", "programme"]
    term_columns = ("annual_rate", "shortest_term", "longest_term", "from_month")
    found_by = (related_holds(ProgrammeRate.programme),)
    checks = {
        "shortest_term": [whole_between(1, LONGEST_TERM)],
        "longest_term": [whole_between(1, LONGEST_TERM)],
        "from_month": [whole_between(1, LONGEST_TERM)],
    }


class ApprovalLevelView(ProgrammePartView):
    """Who decides on which amounts."""

    part_of_terms = "approval_levels"
    route_base = "/approval-levels"
    datamodel = FundInterface(ApprovalLevel, eager=("programme",))
    list_title, show_title = _("Approval levels"), _("Approval level")
    add_title, edit_title = _("Add an approval level"), _("Edit approval level")
    list_columns = ["body", "up_to", "programme"]
    term_columns = ("body", "up_to")
    told_by = "body"
    found_by = (related_holds(ApprovalLevel.programme),)


class ProgrammeCriterionView(ProgrammePartView):
    """Which criteria a programme judges by, with its own figures and severity.

    Each kind has figures of its own, called by what they mean; the form of a criterion asks for these alone.
    """

    part_of_terms, fixed_columns, told_by = "criteria", ("kind",), "kind"
    route_base = "/programme-criteria"
    datamodel = FundInterface(ProgrammeCriterion, eager=("programme",))
    list_title, show_title = _("Criteria"), _("Criterion")
    add_title, edit_title = _("Add a criterion"), _("Edit criterion")
    list_columns = ["kind", "figures", "severity", "assumed", "programme"]
    show_columns = ["programme", "kind", "figures", "severity", "assumed", "source"]
    extra_labels = {"figures": N_("Figures of the criterion")}
    extra_formatters = {"figures": figures_in_words}
    term_columns = ("figure", "second_figure", "severity", "assumed", "source")
    found_by = (related_holds(ProgrammeCriterion.programme),)

    def withheld_from(self, form: Any, columns: Sequence[str]) -> list[str]:
        row = db.session.get_one(ProgrammeCriterion, form._id)
        for place, (name, _figure) in zip(PLACES, row.figures, strict=False):
            form[place].label.text, form[place].description = gettext(name), ""
        for place in _idle(row):
            del form[place]
        return super().withheld_from(form, columns)

    def refuse_odd(self, row: ProgrammeCriterion) -> None:
        refuse_odd_figures(CriterionKind(row.kind), row.figure, row.second_figure)

    def pre_add(self, row: ProgrammeCriterion) -> None:
        super().pre_add(row)
        for place in _idle(row):
            if getattr(row, place) is not None:
                raise RuleBroken(N_("This criterion has no such figure. Leave it empty.")).at(place)

    def pre_update(self, row: ProgrammeCriterion) -> None:
        for place in _idle(row):
            setattr(row, place, None)  # typed before forms asked for the kind's own figures alone
        super().pre_update(row)


def _idle(row: ProgrammeCriterion) -> tuple[str, ...]:
    """The columns that the criterion's kind has no figure for."""
    return PLACES[len(row.figures) :]


class ProgrammeDocumentView(ProgrammePartView):
    """Which programme asks for which paper."""

    part_of_terms, fixed_columns = "documents", ("document_type",)
    route_base = "/programme-documents"
    datamodel = FundInterface(ProgrammeDocument, eager=("programme", "document_type"))
    list_title, show_title = _("Documents asked for"), _("Document asked for")
    add_title, edit_title = _("Ask for a document"), _("Edit document asked for")
    list_columns = ["document_type", "programme", "required", "condition"]
    term_columns = ("required", "condition")
    found_by = (
        related_holds(ProgrammeDocument.programme),
        related_holds(ProgrammeDocument.document_type),
    )

    def refuse_odd(self, row: ProgrammeDocument) -> None:
        condition = DocumentCondition(row.condition) if row.condition else None
        refuse_idle_condition(condition, required=row.required)
