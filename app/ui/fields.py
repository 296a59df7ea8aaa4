"""Form fields that read dates, amounts and text the way people in Thailand type them, and keep what was typed."""

from collections.abc import Callable
from typing import Any

from flask import request
from flask_babel import get_domain, gettext
from flask_wtf import FlaskForm
from flask_wtf.form import _Auto
from werkzeug.datastructures import CombinedMultiDict, MultiDict
from wtforms import FileField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from app.domain.values.errors import RuleBroken
from app.domain.values.labels import LabelledEnum
from app.domain.values.text import UNPRINTABLE
from app.domain.values.thai import normalise
from app.ui.date_field import ThaiDateField
from app.ui.formatting import month_names
from app.ui.labels import choices, explain
from app.ui.number_fields import BahtField, FigureField, NumberField, PercentField, WholeNumberField, YearField
from app.ui.typed_field import ChoiceSelect, KeepsItsError, Longest, TypedArea, TypedField, TypedInput, first_text

__all__ = [
    "BahtField",
    "ChoiceField",
    "FigureField",
    "FundForm",
    "FundTranslations",
    "Longest",
    "MonthField",
    "NumberField",
    "PercentField",
    "ThaiDateField",
    "ThaiTextArea",
    "ThaiTextField",
    "WholeNumberField",
    "YearField",
    "follows",
]


class FundTranslations:
    """WTForms' own messages from our catalogue: WTForms ships no Thai.

    Flask-Babel's ``ngettext`` fills the places itself and fails on WTForms' names, so the catalogue is asked directly.
    """

    def gettext(self, message: str) -> str:
        return str(gettext(message))

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        return str(get_domain().get_translations().ungettext(singular, plural, number))


class FundForm(FlaskForm):
    """The base of every form of ours."""

    class Meta(FlaskForm.Meta):
        """Takes WTForms' messages from our catalogue, and values from the fields of a sent form alone."""

        def get_translations(self, form: object) -> FundTranslations:
            return FundTranslations()

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """Return what was sent: texts, and files for file fields. A JSON body is no form."""
            if formdata is not _Auto:
                return formdata
            if not form.is_submitted():
                return None
            names = {field.name for field in form if isinstance(field, FileField)}
            files = MultiDict(pair for pair in request.files.items(multi=True) if pair[0] in names)
            return CombinedMultiDict((files, request.form))


def follows(rule: Callable[[str], str]) -> Callable[[object, Any], None]:
    """Return a validator that holds a text field to a rule of the domain and stores the rule's spelling.

    A blank field passes: whether it must be filled is another validator's question.
    """

    def validate(_form: object, field: Any) -> None:
        if field.data:
            try:
                field.data = rule(field.data)
            except RuleBroken as refusal:
                raise ValidationError(explain(refusal)) from refusal

    return validate


class ThaiTextField(TypedField):
    """One line of text in one spelling (``thai.normalise``); blank is an empty string."""

    widget = TypedInput("text")

    def read(self, typed: str) -> str:
        if UNPRINTABLE.search(typed):
            raise ValidationError(
                gettext("The text holds characters that cannot be shown. Type it instead of pasting.")
            )
        return self.spelled(typed)

    def spelled(self, typed: str) -> str:
        return normalise(typed)

    def show(self, value: Any) -> str:
        return str(value)


class ThaiTextArea(ThaiTextField):
    """Text of several lines; line breaks stay, blank lines at the ends go."""

    widget = TypedArea()

    def spelled(self, typed: str) -> str:
        return "\n".join(normalise(line) for line in typed.splitlines()).strip("\n")


class ChoiceField(KeepsItsError, SelectField):
    """A choice from a labelled enum that starts empty; stored as the member, or None."""

    widget = ChoiceSelect()

    def __init__(self, label: Any = None, validators: Any = None, *, enum: type[LabelledEnum], **kwargs: Any) -> None:
        self.enum = enum
        super().__init__(label, validators, coerce=self._member, choices=self._options, **kwargs)

    def _member(self, value: Any) -> LabelledEnum | None:
        return None if value is None or value == "" else self.enum(value)

    def _options(self) -> list[SelectChoice]:
        pairs = [("", str(gettext("Choose one"))), *choices(self.enum)]
        return [SelectChoice(value, label) for value, label in pairs]

    def process_formdata(self, valuelist: list[Any]) -> None:
        if valuelist:
            self.data = None
            try:
                self.data = self._member(first_text(valuelist))
            except ValueError as error:
                raise ValidationError(gettext("Choose one from the list.")) from error


class MonthField(KeepsItsError, SelectField):
    """A month by its name, stored as its number; empty is nothing."""

    widget = ChoiceSelect()

    def __init__(self, label: Any = None, validators: Any = None, **kwargs: Any) -> None:
        super().__init__(label, validators, coerce=self._number, choices=self._options, **kwargs)

    def _number(self, value: Any) -> int | None:
        return None if value is None or value == "" else int(value)

    def _options(self) -> list[SelectChoice]:
        months = enumerate(month_names(), start=1)
        return [SelectChoice("", str(gettext("Choose one"))), *(SelectChoice(str(key), name) for key, name in months)]

    def process_formdata(self, valuelist: list[Any]) -> None:
        if valuelist:
            typed = first_text(valuelist)
            self.data = None
            if typed not in {"", *(str(number) for number in range(1, 13))}:
                raise ValidationError(gettext("Choose one from the list."))
            self.data = self._number(typed)
