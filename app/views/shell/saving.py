"""Between a form and its row: filling the row, and telling what was refused or what somebody changed meanwhile."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from flask_babel import gettext
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
        form.form_errors = [explain(refusal)]


def show_stale(form: Any, theirs: Any, version: str, columns: Sequence[str], labels: Mapping[str, Any]) -> None:
    """Put both values of what differs into the form's errors, and let the next save count as read.

    Args:
        theirs: an unsent form filled from the row as it is stored now.
        version: what the form carries from now on.
    """
    told = [
        gettext("%(label)s is now: %(value)s", label=labels.get(name, name), value=_shown(theirs[name]))
        for name in columns
        if _shown(form[name]) != _shown(theirs[name])
    ]
    form.form_errors = [
        gettext("Somebody else saved this record while you were editing. Check the values and save again."),
        *told,
    ]
    form.version.data = version
    form.version.raw_data = [form.version.data]


def _shown(field: Any) -> str:
    data = field.data
    if isinstance(data, list):
        return ", ".join(sorted(str(row) for row in data))
    return "" if data is None else str(data)
