"""What stands beside a file on the desk: what was found about it, the forms to judge it, the figures read off it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import current_app, request
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, HiddenField
from wtforms.validators import InputRequired, Optional

from app.domain.cooperatives import ControlClass, last_closed_year
from app.domain.examination import may_examine
from app.domain.papers import PaperState, Validity, Verdict
from app.domain.roles import COOPERATIVE
from app.domain.values.errors import RuleBroken
from app.domain.values.money import LARGEST_AMOUNT
from app.domain.values.numbers import PAGES, PEOPLE
from app.extensions import db
from app.models.applications import LoanApplication
from app.models.base import labels_of
from app.models.cooperatives import Cooperative, FinancialYear
from app.models.documents import Document, DocumentVerdict
from app.security.acting import acting
from app.services.applicants import applicants_of
from app.services.cooperatives.figures import FIGURES, differing, year_of
from app.services.documents.access import refuse_unless_openable
from app.services.documents.checklist import Paper
from app.services.documents.verdicts import Examined, examined_of, findings_about
from app.ui.clock import today
from app.ui.fields import BahtField, ChoiceField, FundForm, Longest, ThaiDateField, ThaiTextArea, WholeNumberField
from app.ui.formatting import baht, count
from app.ui.labels import choices, explain, labelled
from app.views.shell.places import row_id

YEARS_BACK = 10


class JudgingForm(FundForm):
    """What an officer finds about a file; ``seen`` is the last finding the officer knew of."""

    verdict = ChoiceField(_("What is wrong"), [InputRequired(_("Choose one from the list."))], enum=Verdict)
    note = ThaiTextArea(
        _("Note to the cooperative"), [Longest(2000)], description=_("What is wrong, and what has to be sent")
    )
    page = WholeNumberField(_("Page"), [Optional()], minimum=1, grouped=False, unit=PAGES)
    issued_on = ThaiDateField(_("Day on the document"), [Optional()])
    seen = HiddenField()


class FiguresForm(FundForm):
    """The figures of one accounting year, and the page they stand on."""

    year = HiddenField()
    version = HiddenField()
    members = WholeNumberField(_("Members"), [InputRequired()], unit=PEOPLE)
    share_capital = BahtField(_("Share capital (baht)"), [InputRequired()])
    reserve = BahtField(_("Reserve (baht)"), [InputRequired()])
    debts = BahtField(_("Debts to all lenders (baht)"), [InputRequired()])
    profit = BahtField(
        _("Net profit (baht)"), [InputRequired()], minimum=-LARGEST_AMOUNT, description=_("With a minus for a loss")
    )
    control_class = ChoiceField(_("Class of internal control"), [Optional()], enum=ControlClass)
    page = WholeNumberField(_("Page of the document"), [Optional()], minimum=1, grouped=False, unit=PAGES)
    replace = BooleanField(_("Replace the recorded figures with these"))


def show_refusal(form: FundForm, refusal: RuleBroken) -> None:
    """Put a refusal at its field, or above the form when it has none."""
    if refusal.field in form:
        form[refusal.field].errors = [explain(refusal)]
    else:
        form.form_errors = [explain(refusal)]


@dataclass(slots=True)
class Judging:
    """The findings about a file, and the two forms when the person may judge it now."""

    may: bool
    refused: int
    judged: Examined
    findings: Sequence[DocumentVerdict]
    accept: JudgingForm
    refuse: JudgingForm
    needs_day: bool
    replaces: Document | None
    replaced_by: Document | None


@dataclass(slots=True)
class Reading:
    """The form for the figures of one year; ``differences`` are (label, recorded, typed)."""

    form: FiguresForm
    year: int
    years: list[int]
    row: FinancialYear | None
    differences: list[tuple[str, str, str]] = field(default_factory=list)


def side_of(
    application: LoanApplication,
    papers: Sequence[Paper],
    document: Document | None,
    *,
    judging_form: JudgingForm | None = None,
    figures_form: FiguresForm | None = None,
) -> dict[str, Any]:
    """The template's values for a file; a refused form comes back in place of a fresh one."""
    if document is None:
        return {"judging": None, "reading": None}
    return {
        "on_cooperative_side": acting().is_any(*COOPERATIVE),
        "judging": _judging(application, papers, document, judging_form),
        "reading": _reading(document, figures_form),
    }


def _judging(
    application: LoanApplication, papers: Sequence[Paper], document: Document, sent: JudgingForm | None
) -> Judging:
    findings = findings_about(document)
    last = next(iter(findings), None)
    files = [file for paper in papers for file in (*paper.files, *paper.earlier)]
    replaced_by = next((file for file in files if file.replaces_id == document.id), None)
    accept, refuse = (
        sent if sent is not None and sent._prefix == f"{name}-" else _fresh(name, document, last)
        for name in ("accept", "refuse")
    )
    refuse.note.flags.required = True
    refuse.verdict.choices = [("", gettext("Choose one")), *choices(Verdict)[1:]]
    return Judging(
        may=replaced_by is None and _may_judge(application, document),
        refused=sum(paper.state is PaperState.REFUSED for paper in papers),
        judged=examined_of(application, papers),
        findings=findings,
        accept=accept,
        refuse=refuse,
        needs_day=document.document_type.validity != Validity.ALWAYS,
        replaces=next((file for file in files if file.id == document.replaces_id), None),
        replaced_by=replaced_by,
    )


def _fresh(name: str, document: Document, last: DocumentVerdict | None) -> JudgingForm:
    return JudgingForm(
        formdata=None,
        prefix=f"{name}-",
        seen=str(last.id) if last else "",
        page=_page_looked_at(),
        issued_on=(last.issued_on if last else None) or document.issued_on,
    )


def _page_looked_at() -> int | None:
    return row_id(request.args.get("page", ""))


def _may_judge(application: LoanApplication, document: Document) -> bool:
    person = acting()
    if not may_examine(application.state, person.roles) or person.user_id in applicants_of(application):
        return False
    try:
        refuse_unless_openable(document)
    except RuleBroken:
        return False
    return True


def _reading(document: Document, sent: FiguresForm | None) -> Reading | None:
    security = current_app.extensions["appbuilder"].sm
    if not document.document_type.has_figures or not (
        security.has_access("can_keep", "FiguresView") and security.has_access("can_edit", "FinancialYearView")
    ):
        return None
    cooperative = db.session.get_one(Cooperative, document.cooperative_id)
    closed = last_closed_year(today(), cooperative.year_end_day, cooperative.year_end_month)
    years = [closed - back for back in range(YEARS_BACK)]
    asked = row_id(sent.year.data if sent is not None else request.args.get("year", ""))
    year = asked if asked in years else closed
    row = year_of(document.cooperative_id, year)
    form = sent if sent is not None else FiguresForm(formdata=None, prefix="figures-", obj=row, page=_page_of(row))
    form.year.data = str(year)
    form.version.data = str(row.version if row is not None else 0)
    # A form that is shown again carries the version it now stands beside.
    form.year.raw_data, form.version.raw_data = [form.year.data], [form.version.data]
    return Reading(form, year, years, row, _differences(row, sent) if row is not None and sent is not None else [])


def _page_of(row: FinancialYear | None) -> int | None:
    return _page_looked_at() or (row.document_page if row is not None else None)


def _differences(row: FinancialYear, form: FiguresForm) -> list[tuple[str, str, str]]:
    if any(each.errors for each in form):
        return []
    labels = labels_of(FinancialYear)
    typed = {name: form[name].data for name in FIGURES}
    return [
        (gettext(labels[name]), _in_words(name, getattr(row, name)), _in_words(name, typed[name]))
        for name in differing(row, typed)
    ]


def _in_words(name: str, value: Any) -> str:
    if name == "control_class":
        return labelled(ControlClass(value)) if value else "–"
    return count(value) if name == "members" else baht(value)
