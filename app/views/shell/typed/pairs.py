"""What a browser would send for a form as it stands: so a form remembers the values it was opened with."""

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import parse_qsl, urlencode

from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, PasswordField, SelectField, SelectMultipleField

from app.ui.date_field import BOXES, ThaiDateField
from app.views.shell.related.field import RelatedField, RelatedRowsField

Pairs = list[tuple[str, str]]
LONGEST_PACKED = 200_000  # characters; a form with every text full has fewer


def pairs_of(field: Any) -> Pairs:
    """The names and values of one field."""
    name, data = field.name, field.data
    match field:
        case PasswordField():
            return []
        case ThaiDateField():
            return [(f"{name}-{part}", text) for part, text in zip(BOXES, field.boxes, strict=True)]
        case RelatedField():
            return [(name, field.key)]
        case RelatedRowsField():
            return [(name, str(row.id)) for row in data or ()]
        case SelectMultipleField():
            return [(name, str(each)) for each in data or ()]
        case BooleanField():
            return [(name, "y")] if data else []
        case SelectField():
            return [(name, "" if data is None else str(data))]
    return [(name, str(field._value()))]


def packed(form: Any, names: Sequence[str]) -> str:
    """All of these fields in one text."""
    return urlencode([pair for name in names for pair in pairs_of(form[name])])


def unpacked(text: str | None) -> MultiDict[str, str] | None:
    """What was packed, as a form takes it; None for nothing, or for what no form packed."""
    if not text or len(text) > LONGEST_PACKED:
        return None
    return MultiDict(parse_qsl(text, keep_blank_values=True))


def sent_for(field: Any, sent: MultiDict[str, str]) -> Pairs:
    """What was sent for one field, in one piece or in boxes of its own."""
    own = [field.name, *(f"{field.name}-{part}" for part in (*BOXES, "typed", "asked"))]
    return [(name, value) for name in own for value in sent.getlist(name)]


def told_of(field: Any, sent: MultiDict[str, str] | None) -> bool:
    """Whether these values tell of a field: an empty list of ticks is told by nothing, anything else by its name."""
    if sent is None:
        return False
    ticks = isinstance(field, (BooleanField, SelectMultipleField, RelatedRowsField))
    return bool(sent) if ticks else bool(sent_for(field, sent))


def joined(parts: Iterable[Pairs]) -> MultiDict[str, str]:
    """Pairs of several fields as one form's."""
    return MultiDict([pair for part in parts for pair in part])
