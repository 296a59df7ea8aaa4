"""Places of a list as the address names them; whatever else it says is refused."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from flask import abort
from sqlalchemy import Boolean, Date, Integer, String
from sqlalchemy.types import TypeEngine

from app.models.types import Moment, Money, Rate
from app.views.shell.keyset import END, Key, Place

DEEPEST_PAGE = 100_000
LONGEST_VALUE = 400
LARGEST_ID = LARGEST_INTEGER = 2**31 - 1
# Of what a list is sorted by beside the id, if by anything.
Kind = TypeEngine[Any] | None
_AT_THE_END = "end"
_AMOUNT = re.compile(r"-?\d{1,13}(\.\d{1,6})?", re.ASCII)
_WHOLE = re.compile(r"-?\d{1,10}", re.ASCII)


def place_in(arguments: Mapping[str, str], name: str, kind: Kind, *, nullable: bool) -> Place:
    """The place that an address names for the list ``name``, whose rows are sorted by a value of ``kind``.

    Answers 400 to what no link of ours says.
    """
    after, before = (_key(arguments.get(f"{side}_{name}", ""), kind, nullable=nullable) for side in ("after", "before"))
    text = arguments.get(f"page_{name}", "0")
    by_key = after is not None or before is not None
    number = -whole(text[1:], DEEPEST_PAGE) if by_key and text.startswith("-") else whole(text, DEEPEST_PAGE)
    if after is END or (after is not None and before is not None):
        abort(400)
    return Place(number, after, before)


def in_address(place: Place, name: str, kind: Kind) -> dict[str, Any]:
    """The arguments of an address that name this place."""
    found: dict[str, Any] = {f"page_{name}": place.number}
    for side, key in (("after", place.after), ("before", place.before)):
        if key is not None:
            found[f"{side}_{name}"] = _written(key, kind)
    return found


def whole(text: str, highest: int) -> int:
    """A whole number from 0 to ``highest``; answers 400 to anything else."""
    if not (text.isascii() and text.isdigit()) or len(text) > 9 or int(text) > highest:
        abort(400)
    return int(text)


def row_id(text: Any) -> int | None:
    """A row's id from an address, or nothing when no row can have it."""
    digits = str(text)
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 10:
        return None
    key = int(digits)
    return key if 0 < key <= LARGEST_ID else None


def _written(key: Key, kind: Kind) -> str:
    if key is END:
        return _AT_THE_END
    if kind is None or key.value is None:
        return str(key.id)
    value = key.value.isoformat() if isinstance(key.value, date) else str(key.value)
    return f"{key.id}~{value}"


def _key(text: str, kind: Kind, *, nullable: bool) -> Key | None:
    if not text:
        return None
    if text == _AT_THE_END:
        return END
    number, has_value, value = text.partition("~")
    key = row_id(number)
    if key is None or (kind is None and has_value) or (kind is not None and not nullable and not has_value):
        abort(400)
    if not has_value or kind is None:
        return Key(key)
    try:
        return Key(key, _reader(kind)(value))
    except ValueError:
        abort(400)


def _reader(kind: TypeEngine[Any]) -> Callable[[str], Any]:
    return next(read for known, read in _READERS if isinstance(kind, known))


def _moment(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    if found.tzinfo is None or not 1900 <= found.year <= 9998:
        raise ValueError(text)
    return found.astimezone(UTC)


def _amount(text: str) -> Decimal:
    if not _AMOUNT.fullmatch(text):
        raise ValueError(text)
    return Decimal(text)


def _integer(text: str) -> int:
    if not _WHOLE.fullmatch(text) or abs(int(text)) > LARGEST_INTEGER:
        raise ValueError(text)
    return int(text)


def _yes_or_no(text: str) -> bool:
    if text not in ("True", "False"):
        raise ValueError(text)
    return text == "True"


def _text(text: str) -> str:
    if "\0" in text or len(text) > LONGEST_VALUE:
        raise ValueError(text)
    return text


# By the column's type, the narrower before the wider.
_READERS: tuple[tuple[Any, Callable[[str], Any]], ...] = (
    (Moment, _moment),
    ((Money, Rate), _amount),
    (Date, date.fromisoformat),
    (Boolean, _yes_or_no),
    (Integer, _integer),
    (String, _text),
)
