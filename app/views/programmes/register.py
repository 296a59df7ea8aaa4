"""Registers of loan programmes with all their terms, document types, and which programme asks for what."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from flask import flash, redirect, request, url_for
from flask_appbuilder.baseviews import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from app.domain.programmes import LONGEST_TERM
from app.domain.values.calendar import fiscal_year, fiscal_year_bounds
from app.domain.values.text import N_
from app.extensions import db
from app.models.programmes import (
    LoanProgramme,
    ProgrammeStatus,
)
from app.security.acting import acting
from app.services.applications.told import tell_served
from app.services.programmes.copies import copied
from app.services.programmes.cuts import ShortEnvelope, refuse_cut
from app.services.programmes.envelopes import hold_programme, money_of, serve_waiting
from app.services.programmes.readiness import Opening, readiness, refuse_unready
from app.services.programmes.terms import terms_of
from app.services.programmes.versions import after_change
from app.ui.clock import today
from app.ui.formatting import baht, be_date
from app.ui.labels import choices
from app.ui.naming import named
from app.views.programmes.changing import only_tried, why_field
from app.views.programmes.term_places import field_of_programme
from app.views.shell.datamodel import FundInterface
from app.views.shell.form_builder import UniqueValue
from app.views.shell.list_arguments import ListFilter
from app.views.shell.pages import Answer
from app.views.shell.register import FundModelView
from app.views.shell.validators import whole_between


def fiscal_years_to_pick() -> range:
    """The fiscal year that runs now, and the two after it (B.E.)."""
    current = fiscal_year(today())
    return range(current, current + 3)


def _refuse_cut(form: Any, row: LoanProgramme) -> None:
    """Let an envelope be cut below what is reserved by who has read how much is missing."""
    try:
        refuse_cut(row, form.envelope.data, seen=form.short_of.data, why=form.why.data or "")
    except ShortEnvelope as refusal:
        form.short_of.data = str(refusal.short)
        raise


def opening_of(row: LoanProgramme) -> Opening:
    """The programme as it would be opened today."""
    return Opening(row.key, terms_of(row), today())


def _tell_short(row: LoanProgramme) -> None:
    left = money_of(row).left
    if left < 0:
        flash(
            gettext("The envelope is short of %(short)s baht of what is approved and reserved.", short=baht(-left)),
            "warning",
        )


class LoanProgrammeView(FundModelView):
    """Loan programmes: policy as data."""

    route_base = "/programmes"
    datamodel = FundInterface(LoanProgramme)
    list_title, show_title = _("Loan programmes"), _("Loan programme")
    add_title, edit_title = _("Add a loan programme"), _("Edit loan programme")
    show_template = "programmes/show.html"
    add_template = "programmes/add.html"
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
            _("Window and money"),
            {"fields": ["opens_on", "closes_on", "envelope", "waiting_list", "ceiling", "longest_term_months"]},
        ),
        (_("Interest"), {"fields": ["annual_rate", "free_months", "rate_note"]}),
        (
            _("Instalments and rounding"),
            {"fields": ["grace_months", "instalment_kind", "day_count", "rounding", "amount_unit", "interest_unit"]},
        ),
        (
            _("Lending on to members"),
            {
                "fields": [
                    "on_lending_rule",
                    "on_lending_figure",
                    "member_rate_rule",
                    "member_loan_cap",
                    "member_income_cap",
                ]
            },
        ),
        (
            _("For applicants"),
            {"fields": ["purpose", "eligible", "savings_may_apply", "credit_unions_may_apply", "provinces"]},
        ),
        (_("Where the terms come from"), {"fields": ["source", "note"]}),
    ]
    add_fieldsets = show_fieldsets
    edit_fieldsets = [*show_fieldsets, (_("Version"), {"fields": ["why"]})]
    extra_fields = {"why": why_field()}
    carried = ("short_of",)  # the shortfall of a cut envelope that the person has read
    base_order = ("opens_on", "desc")
    order_by = {"name": "name_sort"}
    related = (
        ("ProgrammeRateView", "programme"),
        ("ApprovalLevelView", "programme"),
        ("ProgrammeCriterionView", "programme"),
        ("ProgrammeDocumentView", "programme"),
        ("ProgrammeEditionView", "programme"),
    )
    checks = {
        "name": [UniqueValue(LoanProgramme, "name")],
        "name_en": [UniqueValue(LoanProgramme, "name_en")],
        "longest_term_months": [whole_between(1, LONGEST_TERM)],
        "free_months": [whole_between(0, LONGEST_TERM)],
        "grace_months": [whole_between(0, LONGEST_TERM - 1)],
    }
    list_filters = (
        ListFilter("status", N_("Status"), lambda: choices(ProgrammeStatus), lambda code: LoanProgramme.status == code),
    )

    def _prefill(self, form: Any) -> None:
        """Fill the window of the fiscal year that was picked above the form."""
        super()._prefill(form)
        picked = request.args.get("fiscal_year", "")
        if picked in {str(year) for year in fiscal_years_to_pick()}:
            form.opens_on.data, form.closes_on.data = fiscal_year_bounds(int(picked))

    def show_extra(self, row: LoanProgramme) -> dict[str, Any]:
        points = readiness(opening_of(row)) if row.status == ProgrammeStatus.DRAFT else ()
        return {"money": money_of(row), "points": points}

    def list_links(self) -> Sequence[tuple[str, str, str]]:
        if not self.appbuilder.sm.has_access("can_upload", "ProgrammeFileView"):
            return ()
        return ((gettext("Programme from a file"), url_for("ProgrammeFileView.upload"), "secondary"),)

    def field_of(self, place: str) -> str:
        return field_of_programme(place)

    def hold(self, row: LoanProgramme) -> None:
        hold_programme(row)  # its parts and its money stay as they are judged

    def fill(self, form: Any, row: LoanProgramme) -> None:
        form.opens = form.status.data == ProgrammeStatus.OPEN and row.status != ProgrammeStatus.OPEN
        # The database refuses some contradictions too, but cannot say at which field: the domain comes first.
        with db.session.no_autoflush:
            if row.id is not None:
                _refuse_cut(form, row)
            super().fill(form, row)
            terms_of(row).refuse_odd()

    def _stored(self, form: Any, row: LoanProgramme, *, created: bool) -> bool:
        if not created and only_tried(self, form, row, row):
            return False
        return bool(super()._stored(form, row, created=created))

    def saved(self, form: Any, row: LoanProgramme, *, created: bool) -> None:
        if form.opens:
            refuse_unready(opening_of(row))
        why = "" if created else form.why.data or ""
        after_change(row, why, acting().user_id, datetime.now(UTC))
        if not created:
            at = datetime.now(UTC)
            db.session.flush()
            tell_served(serve_waiting(row.id, at), at)
            _tell_short(row)

    @expose("/copy/<pk>", methods=["POST"])
    @has_access
    def copy(self, pk: str) -> Answer:
        """A new draft with all terms and parts of this programme."""
        row = copied(self._row_or_404(pk))
        db.session.commit()
        flash(
            gettext(
                "Copied as “%(name)s”, open from %(first)s to %(last)s. Rate steps and rate details were left behind: "
                "enter the rates of the new notification, and check what else is new.",
                name=named(row),
                first=be_date(row.opens_on, "long"),
                last=be_date(row.closes_on, "long"),
            ),
            "success",
        )
        return redirect(url_for("LoanProgrammeView.edit", pk=row.id))
