"""Between a form and its row: filling the row, and telling what was refused."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Date, Integer, inspect

from app.domain.values.errors import RuleBroken
from app.models.types import Money
from app.ui.labels import explain


def fill_row(form: Any, row: Any, columns: Sequence[str], leave: Collection[str]) -> None:
    """Put the form's values into the row; blank text of an optional column is nothing, not an empty text."""
    mapped = inspect(type(row)).columns
    for name in columns:
        if name in leave:
            continue
        value = form[name].data
        if name in mapped:
            value = _stored(value, mapped[name])
        setattr(row, name, value)


def _stored(value: Any, column: Any) -> Any:
    if value == "" and column.nullable:
        return None
    if value is None and not column.nullable and not isinstance(column.type, (Date, Integer, Money)):
        return ""
    return value


def show_refusal(form: Any, refusal: RuleBroken, field: str) -> None:
    """Put a refusal at the field of that name, or above the form when it has none."""
    if field in form:
        form[field].errors = [explain(refusal)]
    else:
        form.form_errors = [*form.form_errors, explain(refusal)]
