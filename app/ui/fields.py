"""Form fields that read dates, amounts and text the way people in Thailand type them, and keep what was typed."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from flask import request
from flask_babel import get_domain, gettext
from flask_wtf import FlaskForm
from flask_wtf.form import _Auto
from werkzeug.datastructures import CombinedMultiDict, MultiDict
from wtforms import FileField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import StopValidation, ValidationError

from app.domain.values.errors import RuleBroken
from app.domain.values.labels import LabelledEnum
from app.domain.values.money import LARGEST_AMOUNT, ZERO
from app.domain.values.text import N_, UNPRINTABLE
from app.domain.values.thai import arabic_digits, normalise
from app.ui.date_field import ThaiDateField
from app.ui.formatting import baht, count, figure, month_names, percent
from app.ui.labels import choices, explain
from app.ui.typed_field import ChoiceSelect, KeepsItsError, TypedArea, TypedField, TypedInput, first_text

__all__ = [
    "BahtField",
    "ChoiceField",
    "FundForm",
    "FundTranslations",
    "MonthField",
    "NumberField",
    "PercentField",
    "ThaiDateField",
    "ThaiTextArea",
    "ThaiTextField",
    "WholeNumberField",
    "follows",
]

LARGEST_WHOLE_NUMBER = 2**31 - 1  # what an integer column of PostgreSQL holds
LONGEST_NUMBER = 30

# Separators every three digits, or none: 1,00.123 is more likely a slip than a number.
_NUMBER = re.compile(r"-?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.([0-9]+))?")


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


class NumberField(TypedField):
    """A number with or without separators, in Thai or Arabic digits; a kind of number is a row of texts below."""

    units: tuple[str, ...] = ()  # may be typed with the number
    places = 0
    lowest: Decimal | int = 0
    highest: Decimal | int = LARGEST_WHOLE_NUMBER
    unreadable = N_("Type a whole number in digits, for example 1,200.")
    too_fine = unreadable
    too_small = N_("Enter %(limit)s or more.")
    too_large = N_("Enter %(limit)s or less.")

    def __init__(
        self,
        label: Any = None,
        validators: Any = None,
        *,
        minimum: Decimal | int | None = None,
        maximum: Decimal | int | None = None,
        **kwargs: Any,
    ) -> None:
        """Bounds are in the stored unit and included; None means the kind's own. They may be set later on the field."""
        super().__init__(label, validators, **kwargs)
        self.minimum = self.lowest if minimum is None else minimum
        self.maximum = self.highest if maximum is None else maximum

    def stored(self, number: Decimal) -> Decimal | int:
        return int(number)

    def read(self, typed: str) -> Decimal | int | None:
        text = arabic_digits(normalise(typed)).replace(" ", "").replace("\u2212", "-")
        if not text:
            return None
        for unit in self.units:
            text = text.removeprefix(unit).removesuffix(unit)
        found = _NUMBER.fullmatch(text) if len(text) <= LONGEST_NUMBER else None
        if found is None:
            raise ValidationError(gettext(self.unreadable))
        if len(found[1] or "") > self.places:
            raise ValidationError(gettext(self.too_fine))
        return self.stored(Decimal(text.replace(",", "")) + 0)  # adding nothing makes -0 plain 0

    def show(self, value: Any) -> str:
        return count(value)

    def check_bounds(self) -> None:
        if self.data is None:
            return
        if self.data < self.minimum:
            raise StopValidation(gettext(self.too_small) % {"limit": self.show(self.minimum)})
        if self.data > self.maximum:
            raise StopValidation(gettext(self.too_large) % {"limit": self.show(self.maximum)})


class WholeNumberField(NumberField):
    """A whole number: members, months, days. Stored as int; a year is not ``grouped`` by thousands."""

    widget = TypedInput("numeric")

    def __init__(self, label: Any = None, validators: Any = None, *, grouped: bool = True, **kwargs: Any) -> None:
        super().__init__(label, validators, **kwargs)
        self.grouped = grouped

    def show(self, value: Any) -> str:
        return count(value) if self.grouped else str(value)


class BahtField(NumberField):
    """An amount of money. Stored as Decimal baht with at most two decimals."""

    widget = TypedInput("decimal")
    units = ("บาท", "฿")
    places = 2
    lowest, highest = ZERO, LARGEST_AMOUNT
    unreadable = N_("Type the amount in digits, for example 5,000,000.50.")
    too_fine = N_("Type at most two digits after the point, for example 5,000,000.50.")
    too_small = N_("Enter %(limit)s baht or more.")
    too_large = N_("Enter %(limit)s baht or less.")

    def stored(self, number: Decimal) -> Decimal:
        return number

    def show(self, value: Any) -> str:
        return baht(value)


class PercentField(NumberField):
    """A rate typed per cent and stored as a fraction: 2.75 -> Decimal("0.0275"). Bounds are fractions too."""

    widget = TypedInput("decimal")
    units = ("%",)
    places = 4
    lowest, highest = ZERO, Decimal(1)
    unreadable = N_("Type the rate in per cent, for example 2.75.")
    too_fine = N_("Type at most four digits after the point, for example 2.75.")
    too_small = N_("Enter %(limit)s per cent or more.")
    too_large = N_("Enter %(limit)s per cent or less.")

    def stored(self, number: Decimal) -> Decimal:
        return number.scaleb(-2)

    def show(self, value: Any) -> str:
        return percent(value)


class FigureField(NumberField):
    """A figure with at most four decimals, such as 1.5 times. Stored as Decimal."""

    widget = TypedInput("decimal")
    places = 4
    lowest, highest = ZERO, Decimal(999)
    unreadable = N_("Type a number in digits, for example 1.5.")
    too_fine = N_("Type at most four digits after the point, for example 1.5.")

    def stored(self, number: Decimal) -> Decimal:
        return number

    def show(self, value: Any) -> str:
        return figure(value)


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
