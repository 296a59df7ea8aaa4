"""Validators that several forms share; each says what to do."""

from collections.abc import Callable
from typing import Any

from flask_babel import gettext
from wtforms.validators import ValidationError

from app.ui.clock import today


def not_in_future(_form: object, field: Any) -> None:
    """A day up to today in Bangkok."""
    if field.data and field.data > today():
        raise ValidationError(gettext("The day lies in the future. Correct the date."))


def whole_between(lowest: int, highest: int) -> Callable[[object, Any], None]:
    """A whole number within bounds, both included."""

    def check(_form: object, field: Any) -> None:
        if field.data is not None and not lowest <= field.data <= highest:
            raise ValidationError(
                gettext("Type a number from %(lowest)s to %(highest)s.", lowest=lowest, highest=highest)
            )

    return check
