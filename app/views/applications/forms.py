"""The forms of an application: what the cooperative fills in, and what goes with a move."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, HiddenField, PasswordField, SelectField
from wtforms.validators import InputRequired, Optional, ValidationError
from wtforms.widgets import HiddenInput

from app.domain.criteria import CriterionKind
from app.domain.loan_checks import refuse_high_member_rate, refuse_more_than_members
from app.domain.move_checks import amount_within_asked, meeting_named
from app.domain.programmes import LONGEST_TERM, OnLendingRule, ProgrammeTerms, Severity, highest_member_rate
from app.domain.steps import REASON, WRITE, FormPart
from app.domain.values.errors import RuleBroken
from app.domain.values.numbers import MONTHS, PEOPLE
from app.domain.workflow import ApplicationMove
from app.models.cooperatives import Cooperative
from app.models.programmes import LoanProgramme
from app.services.applications.drafts import Answers
from app.services.applications.signing import LONGEST_NOTE
from app.ui.fields import (
    BahtField,
    FundForm,
    Longest,
    PercentField,
    ThaiDateField,
    ThaiTextArea,
    ThaiTextField,
    WholeNumberField,
)
from app.ui.formatting import baht
from app.ui.labels import explain
from app.ui.naming import named
from app.views.shell.validators import keeps


def number_or_none(value: Any) -> int | None:
    """A row's id from a drop-down, or nothing."""
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


LONGEST_PURPOSE = 2000  # characters


class PurposeForm(FundForm):
    """What the members use the money for."""

    purpose = ThaiTextArea(
        _("Purpose"),
        [InputRequired(), Longest(LONGEST_PURPOSE)],
        description=_("What the members will use the money for"),
    )
    version = HiddenField()
    opened = HiddenField()
    seen = HiddenField()


class ApplicationForm(FundForm):
    """What the cooperative asks for: the figures, and the purpose of an application that another one begins with."""

    programme = SelectField(
        _("Programme"), coerce=number_or_none, validators=[InputRequired(_("Choose one from the list."))]
    )
    amount = BahtField(_("Amount asked (baht)"), [InputRequired()], minimum=1, description=_("For example 5,000,000"))
    months = WholeNumberField(
        _("Term (months)"), [InputRequired()], minimum=1, maximum=LONGEST_TERM, grouped=False, unit=MONTHS
    )
    beneficiaries = WholeNumberField(
        _("Members who benefit"), [InputRequired()], minimum=1, maximum=1_000_000, unit=PEOPLE
    )
    member_rate = PercentField(
        _("Rate at which you lend on to members (per cent a year)"),
        [InputRequired()],
        description=_("For example 4.75"),
        yearly=True,
    )
    purpose = ThaiTextArea(_("Purpose"), [Optional(), Longest(LONGEST_PURPOSE)], widget=HiddenInput())
    request_key = HiddenField()
    membership = HiddenField()
    version = HiddenField()
    opened = HiddenField()
    seen = HiddenField()
    offered: Sequence[LoanProgramme] = ()
    cooperative: Cooperative | None = None  # who asks; its register says how many members it has
    terms: ProgrammeTerms | None = None  # of a submitted application: its own version, whatever holds today

    def validate_amount(self, field: Any) -> None:
        ceiling, _longest = self._limits()
        if ceiling is not None and field.data is not None and field.data > ceiling:
            raise ValidationError(
                gettext("This programme lends at most %(ceiling)s baht. Ask for that or less.", ceiling=baht(ceiling))
            )

    def validate_months(self, field: Any) -> None:
        _ceiling, longest = self._limits()
        if longest is not None and field.data is not None and field.data > longest:
            raise ValidationError(
                gettext(
                    "This programme's longest term is %(longest)s months. Choose that or a shorter term.",
                    longest=longest,
                )
            )

    def validate_beneficiaries(self, field: Any) -> None:
        if field.data is not None and self.cooperative is not None:
            keeps(refuse_more_than_members, field.data, self.cooperative.members)

    def validate_member_rate(self, field: Any) -> None:
        """A rule that the programme only warns of is told on the page where everything is checked."""
        highest = self._highest_member_rate()
        if field.data is None or highest is None or field.data <= highest:
            return
        if self._severity(CriterionKind.ON_LENDING_RATE) is Severity.BLOCK:
            keeps(refuse_high_member_rate, field.data, highest)

    def _highest_member_rate(self) -> Decimal | None:
        ordinary = self.cooperative.ordinary_rate if self.cooperative is not None else None
        if self.terms is not None:
            return self.terms.highest_member_rate(ordinary)
        chosen = self._chosen()
        if chosen is None or chosen.on_lending_rule is None:
            return None
        return highest_member_rate(OnLendingRule(chosen.on_lending_rule), chosen.on_lending_figure, ordinary)

    def _severity(self, kind: CriterionKind) -> Severity:
        """What breaking a fixed rule means in the programme."""
        chosen = self._chosen()
        criteria: Any = self.terms.criteria if self.terms is not None else chosen.criteria if chosen else ()
        return next((Severity(each.severity) for each in criteria if each.kind == kind), Severity.BLOCK)

    def _chosen(self) -> LoanProgramme | None:
        return next((row for row in self.offered if row.id == self.programme.data), None)

    def _limits(self) -> tuple[Decimal | None, int | None]:
        """The most that is lent, in baht, and the longest term, in months, as far as a programme is chosen."""
        if self.terms is not None:
            return self.terms.ceiling, self.terms.longest_term
        chosen = self._chosen()
        return (chosen.ceiling, chosen.longest_term_months) if chosen is not None else (None, None)

    def validate_programme(self, field: Any) -> None:
        if field.data is None:
            raise ValidationError(gettext("Choose one from the list."))

    def offer(self, programmes: list[LoanProgramme]) -> None:
        """Set the programmes to choose from."""
        self.offered = programmes
        self.programme.choices = [("", _("Choose one")), *[(row.id, named(row)) for row in programmes]]

    def begin_with(self, answers: Answers) -> None:
        """Take the answers of an earlier application; a programme that is not offered any more is not chosen."""
        if answers.programme_id in {row.id for row in self.offered} and self.programme.data is None:
            self.programme.data = answers.programme_id
        self.amount.data, self.months.data = answers.amount_asked, answers.months
        self.beneficiaries.data, self.member_rate.data = answers.beneficiaries, answers.member_rate
        self.purpose.data = answers.purpose

    def begin_with_figures(self, given: MultiDict[str, str]) -> None:
        """Take the figures somebody worked out before, each checked as if it were typed here."""
        for name in ("amount", "months", "beneficiaries"):
            if given.get(name):
                self[name].process(given)
                self[name].validate(self, [getattr(type(self), f"validate_{name}")])

    def answers(self) -> Answers:
        """The valid form's values."""
        filled: dict[str, Any] = self.data
        return Answers(
            programme_id=filled["programme"],
            amount_asked=filled["amount"],
            months=filled["months"],
            purpose=filled.get("purpose") or "",
            beneficiaries=filled["beneficiaries"],
            member_rate=filled["member_rate"],
        )


class SigningForm(FundForm):
    """What goes to the signatory with an application."""

    note = ThaiTextArea(_("Note to the signatory"), [Optional(), Longest(LONGEST_NOTE)])


class SendBackForm(FundForm):
    """What the signatory wants changed."""

    note = ThaiTextArea(_("What has to be changed first"), [InputRequired(), Longest(LONGEST_NOTE)])


class MoveForm(FundForm):
    """What goes with a move; which fields show depends on the move."""

    version = HiddenField()
    board = HiddenField()
    reason = ThaiTextArea(_("Reason"), [Optional(), Longest(4000)])
    amount = BahtField(_("Amount approved (baht)"), [Optional()])
    decided_on = ThaiDateField(_("Day of the resolution"), [Optional()], description=_("Leave empty for today"))
    meeting_no = ThaiTextField(_("Meeting number"), [Optional(), Longest(40)], description=_("For example 12/2569"))
    papers_reason = ThaiTextArea(
        _("Why the application is recommended without them"),
        [Optional(), Longest(1000)],
        description=_("The fund and the committee read this beside your opinion."),
    )
    password = PasswordField(
        _("Your password, to confirm that it is you"), render_kw={"autocomplete": "current-password"}
    )
    declared = BooleanField(
        _("I may sign for the cooperative and confirm: the answers are true, the documents complete.")
    )

    def fit(self, step: ApplicationMove, *, changed: bool = False) -> None:
        """Take the move's own label of its text, and mark the fields the move requires.

        What was ``changed`` since it was sent is declared anew, as what is sent first.
        """
        self.reason.label.text = gettext(step.reason_label or REASON)
        self.reason.flags.required = step.reason_required
        self.meeting_no.flags.required = meeting_named in step.checks
        self.amount.flags.required = amount_within_asked in step.checks
        self.declared.flags.required = FormPart.DECLARATION in step.asks or (step.answers and changed)
        self.password.flags.required = self.declared.flags.required

    def is_complete(self) -> bool:
        """Whether everything the move requires is there; each field that is blank says so."""
        blank = [
            field for field in self if field.flags.required and not field.errors and field.data in (None, "", False)
        ]
        for field in blank:
            declares = field is self.declared
            field.errors = [
                gettext("Tick the box to confirm this.") if declares else gettext(WRITE, label=field.label.text)
            ]
        return not blank

    def show_refusal(self, refusal: RuleBroken) -> None:
        """Put a refusal at its field, or above the form when it has none."""
        if refusal.field in self:
            self[refusal.field].errors = [explain(refusal)]
        else:
            self.form_errors = [explain(each) for each in refusal.every()]
