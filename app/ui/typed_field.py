"""What our form fields share: the control, and keeping what was typed beside the error that explains it."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext
from markupsafe import Markup
from wtforms import Field
from wtforms.validators import StopValidation, ValidationError
from wtforms.widgets import Select, TextArea, TextInput

from app.domain.values.errors import RuleBroken
from app.domain.values.lengths import refuse_longer
from app.domain.values.text import UNPRINTABLE
from app.domain.values.thai import normalise
from app.ui.labels import explain


def first_text(values: list[Any]) -> str:
    """Return the first value sent when it is a text that shows something, else an empty one.

    A file in place of a text is no answer to a question.
    """
    value = values[0] if values else ""
    return value if isinstance(value, str) and normalise(value) else ""


def shown_again(typed: str) -> str:
    """Return what was typed without what a page cannot carry."""
    return UNPRINTABLE.sub("", typed)


def attributes(field: Any, given: Mapping[str, Any], **own: Any) -> dict[str, Any]:
    """Return a control's attributes: ours, then ``aria-invalid`` after a refusal, then what the template says."""
    return {**own, **({"aria-invalid": "true"} if field.errors else {}), **given}


class Longest:
    """Refuses a text above the limit and says by how much.

    Unlike WTForms' ``Length`` it has no browser cut off what is pasted: a counter tells it (``70-counters.js``).
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit

    def __call__(self, _form: object, field: Any) -> None:
        try:
            refuse_longer(field.data or "", self.limit)
        except RuleBroken as refusal:
            raise ValidationError(explain(refusal)) from refusal


class TypedInput(TextInput):
    """One line of typing, with the keyboard that suits it."""

    def __init__(self, inputmode: str) -> None:
        super().__init__()
        self.inputmode = inputmode

    def __call__(self, field: Any, **kwargs: Any) -> Markup:
        return super().__call__(field, **attributes(field, kwargs, inputmode=self.inputmode))


class TypedArea(TextArea):
    """Several lines of typing; where they have a limit, the page counts what is left."""

    def __call__(self, field: Any, **kwargs: Any) -> Markup:
        limit = next((each.limit for each in field.validators if isinstance(each, Longest)), None)
        counted = (
            {
                "data-longest": limit,
                "data-left": gettext("{count} characters left"),
                "data-over": gettext("{count} characters too many"),
            }
            if limit
            else {}
        )
        return super().__call__(field, **attributes(field, kwargs, rows=5, **counted))


class ChoiceSelect(Select):
    """A drop-down list."""

    def __call__(self, field: Any, **kwargs: Any) -> Markup:
        return super().__call__(field, **attributes(field, kwargs))


class KeepsItsError(Field):
    """A field whose reading error stands: WTForms' DataRequired would replace it by “This field is required”.

    ``offer`` is what was probably meant, as one would type it: beside the error it can be taken by one press.
    """

    offer = ""

    def refused(self, refusal: RuleBroken) -> ValidationError:
        """The error for a refusal of the domain, which may name what was probably meant."""
        self.offer = refusal.offer
        return ValidationError(explain(refusal))

    def pre_validate(self, form: object) -> None:
        if self.process_errors:
            raise StopValidation()
        self.check_bounds()

    def check_bounds(self) -> None:
        """Raise StopValidation when a value was read but lies outside what is allowed."""


class TypedField(KeepsItsError):
    """A field read from one typed text; ``read`` and ``show`` say how."""

    def read(self, typed: str) -> Any:
        """Return the value, or None for nothing typed; raise ValidationError saying what to do."""
        raise NotImplementedError

    def show(self, value: Any) -> str:
        """Return ``value`` as a person would type it."""
        raise NotImplementedError

    def process_formdata(self, valuelist: list[Any]) -> None:
        if valuelist:
            typed = first_text(valuelist)
            self.raw_data, self.data = [typed], None
            self.data = self.read(typed)

    def _value(self) -> str:
        if self.raw_data and (self.process_errors or self.errors or self.data is None):
            return shown_again(self.raw_data[0])
        return "" if self.data is None else self.show(self.data)
