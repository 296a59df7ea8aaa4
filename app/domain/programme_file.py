"""Terms as plain values, for the versions the database keeps and for files, and back."""

import types
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from functools import partial
from typing import Any, Union, get_args, get_origin, get_type_hints

from app.domain.programmes import ProgrammeTerms
from app.domain.values.errors import RuleBroken, gather
from app.domain.values.text import N_

Path = tuple[str | int, ...]
UNKNOWN = N_("%(place)s is not a name that is known here. Remove or correct it.")
NAMES_EXPECTED = N_("%(place)s must be names with values.")
UNEXPECTED = N_("%(place)s is not what is expected there: %(found)s.")
MISSING_THERE = N_("%(place)s is missing. Add it.")


class DoesNotFit(RuleBroken):
    """A plain value cannot be read as terms; ``path`` leads to it."""

    def __init__(self, path: Path, template: str, **values: object) -> None:
        self.path = path
        super().__init__(template, place=".".join(map(str, path)) or "–", **values)


def to_plain(value: Any) -> Any:
    """Return terms as dicts, lists, texts, whole numbers and booleans; amounts, rates and days are texts."""
    if is_dataclass(value):
        return {field.name: to_plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [to_plain(item) for item in value]
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, date) else value


def from_plain(plain: Any) -> ProgrammeTerms:
    """Return the terms that plain values mean; what is left out takes its usual value.

    Raises:
        DoesNotFit: a name is unknown or missing, or a value cannot be read; with the way to it.
        RuleBroken: the terms contradict themselves.
    """
    terms: ProgrammeTerms = _read(ProgrammeTerms, plain, ())
    terms.refuse_odd()
    return terms


def _read(kind: Any, plain: Any, path: Path) -> Any:
    if get_origin(kind) in (Union, types.UnionType):
        inner = [option for option in get_args(kind) if option is not types.NoneType]
        return None if plain is None else _read(inner[0], plain, path)
    if get_origin(kind) is tuple:
        if not isinstance(plain, list):
            raise DoesNotFit(path, N_("%(place)s must be a list."))
        each = (partial(_read, get_args(kind)[0], item, (*path, place)) for place, item in enumerate(plain))
        return tuple(gather(*each))
    if is_dataclass(kind) and isinstance(kind, type):
        return _read_record(kind, plain, path)
    return _read_single(kind, plain, path)


def _read_record(kind: type[Any], plain: Any, path: Path) -> Any:
    if not isinstance(plain, dict):
        raise DoesNotFit(path, NAMES_EXPECTED)
    known, hints = {field.name: field for field in fields(kind)}, get_type_hints(kind)
    missing = [name for name, field in known.items() if name not in plain and _needed(field)]
    values = gather(
        *(partial(_read_value, hints, name, value, path) for name, value in plain.items()),
        *(partial(_refuse_missing, (*path, name)) for name in missing),
    )
    return kind(**dict(zip(plain, values, strict=False)))


def _read_value(hints: dict[str, Any], name: Any, value: Any, path: Path) -> Any:
    if name not in hints:
        raise DoesNotFit((*path, str(name)), UNKNOWN)
    return _read(hints[name], value, (*path, name))


def _refuse_missing(path: Path) -> None:
    raise DoesNotFit(path, MISSING_THERE)


def _needed(field: Any) -> bool:
    return field.default is MISSING and field.default_factory is MISSING


def _read_single(kind: Any, plain: Any, path: Path) -> Any:
    if kind is bool or kind is str:
        if isinstance(plain, kind):
            return plain
        raise DoesNotFit(path, UNEXPECTED, found=plain)
    if kind is int and (isinstance(plain, bool) or not isinstance(plain, int)):
        raise DoesNotFit(path, N_("%(place)s must be a whole number, not %(found)s."), found=plain)
    try:
        return _made(kind, plain)
    except (ValueError, InvalidOperation, TypeError):
        raise DoesNotFit(path, UNEXPECTED, found=str(plain)[:60]) from None


def _made(kind: Any, plain: Any) -> Any:
    if kind is date:
        return plain if type(plain) is date else date.fromisoformat(plain)
    if kind is not Decimal:
        return kind(plain)
    # A float has already lost satang; numbers of a file come as text or whole.
    if isinstance(plain, bool | float):
        raise ValueError(plain)
    number = Decimal(plain)
    if not number.is_finite():
        raise ValueError(plain)
    return number
