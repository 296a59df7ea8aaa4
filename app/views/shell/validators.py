"""Validators that several forms share; each says what to do."""

from collections.abc import Callable
from typing import Any

from flask_babel import gettext
from wtforms.validators import ValidationError

from app.domain.values.calendar import refuse_future
from app.domain.values.errors import RuleBroken
from app.ui.clock import today
from app.ui.labels import explain


def keeps(rule: Callable[..., None], *values: Any) -> None:
    """Raise ``ValidationError`` with the words of a rule of the domain that these values break."""
    try:
        rule(*values)
    except RuleBroken as refusal:
        raise ValidationError(explain(refusal)) from refusal


def not_in_future(_form: object, field: Any) -> None:
    """A day up to today in Bangkok."""
    if field.data:
        keeps(refuse_future, field.data, today())


def whole_between(lowest: int, highest: int) -> Callable[[object, Any], None]:
    """A whole number within bounds, both included."""

    def check(_form: object, field: Any) -> None:
        if field.data is not None and not lowest <= field.data <= highest:
            raise ValidationError(
                gettext("Type a number from %(lowest)s to %(highest)s.", lowest=lowest, highest=highest)
            )

    return check
