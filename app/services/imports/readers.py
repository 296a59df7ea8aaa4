"""How a cell of an imported file becomes a value: the screen's own rules, and what Excel does to texts."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from flask_babel import gettext
from sqlalchemy import Boolean, Date, Integer, String
from sqlalchemy.types import TypeEngine
from wtforms.form import BaseForm
from wtforms.validators import StopValidation, ValidationError

from app.domain.values.calendar import month_number, parse_thai_date, parse_typed_date, refuse_future
from app.domain.values.errors import RuleBroken
from app.domain.values.labels import LabelledEnum
from app.domain.values.numbers import unit_named
from app.domain.values.text import N_
from app.models.types import Money, Rate
from app.services.imports.files import Value
from app.services.imports.words import keys_of, match_key
from app.ui.fields import BahtField, PercentField, ThaiTextField, WholeNumberField, YearField
from app.ui.typed_field import TypedField

BECAME_A_DATE = N_("Excel has turned this into a date. Set the column's format to “Text” and type it again.")
NOT_IN_LIST = N_("“%(typed)s” is not known. Write one of: %(choices)s.")
YES, NO = N_("Yes"), N_("No")
LONGEST_QUOTED = 60  # characters of a cell that a refusal repeats

Found = TypeVar("Found")
Rule = Callable[[Any], object]  # returns the one spelling of a value, or refuses it


@dataclass(slots=True)
class Reading:
    """One reading of a file: its day, and what is looked up once for all cells."""

    today: date
    kept: dict[object, Any] = field(default_factory=dict)

    def once(self, look_up: Callable[[], Found]) -> Found:
        """Return what ``look_up`` returned the first time."""
        if look_up not in self.kept:
            self.kept[look_up] = look_up()
        found: Found = self.kept[look_up]
        return found


Read = Callable[[Value, Reading], object]


@dataclass(frozen=True, slots=True)
class Reader:
    """How the cells of a column are read.

    Args:
        read: returns what a cell that is not empty means; RuleBroken says what to do.
        offered: what Excel offers to choose from; nothing for what is typed.
        of_rows: what is offered are rows of the database, not a fixed list.
    """

    read: Read
    offered: Callable[[], Sequence[str]] = tuple
    of_rows: bool = False


def typed(kind: type[TypedField], *rules: Rule, **told: Any) -> Reader:
    """What the screen's own field makes of the cell, so that a file and a screen understand the same.

    Args:
        kind: the field.
        rules: what the value is held to besides.
        told: what the field is told, such as its bounds and its unit.
    """

    def own_field() -> Any:
        return BaseForm({"cell": kind(**told)})["cell"]

    def read(cell: Value, reading: Reading) -> object:
        if isinstance(cell, date):
            raise RuleBroken(BECAME_A_DATE)
        own = reading.once(own_field)
        try:
            own.data = own.read(f"{cell:f}" if isinstance(cell, Decimal) else cell)
            own.check_bounds()
        except (ValidationError, StopValidation) as refusal:
            raise RuleBroken(str(refusal)) from refusal  # already in the reader's language
        value: object = own.data
        for rule in rules:
            value = rule(value)
        return value

    return Reader(read)


def _month_number(text: str) -> int:
    number = month_number(text)
    if number is None:
        raise RuleBroken(N_("Write the month as a number from 1 to 12, or its name."))
    return number


TEXT = typed(ThaiTextField)
BAHT = typed(BahtField)
MONTH = typed(ThaiTextField, _month_number)


def as_text(cell: Value, reading: Reading) -> str:
    """Return the cell's text in its one spelling."""
    return str(TEXT.read(cell, reading))


def begins_with_zero(length: int | None = None) -> Reader:
    """Digits that begin with 0, which Excel drops from a number; ``length`` is theirs with it, if they have one."""

    def read(cell: Value, reading: Reading) -> str:
        text = as_text(cell, reading)
        # Of a text the length alone tells that the 0 was lost, on the way through a CSV file.
        number = isinstance(cell, Decimal) or (length is not None and text.isascii() and text.isdigit())
        lost = number and not text.startswith("0") and length in (None, len(text) + 1)
        return f"0{text}" if lost else text

    return Reader(read)


def _read_past_day(cell: Value, reading: Reading) -> date:
    if isinstance(cell, date):
        # May be a Buddhist year as if it were a Gregorian one: Excel does not tell the two apart.
        day = parse_thai_date(str(cell.day), str(cell.month), f"{cell.year:04}")
    else:
        day = parse_typed_date(as_text(cell, reading))
    refuse_future(day, reading.today)
    return day


PAST_DAY = Reader(_read_past_day)


def _named(known: Callable[[], Mapping[str, object]], refuse: Callable[[str], RuleBroken], without: str = "") -> Read:
    """Return what finds a cell's text, by ``match_key``, among what is ``known``."""

    def read(cell: Value, reading: Reading) -> object:
        found, text = reading.once(known), as_text(cell, reading)
        for name in (text, re.sub(f"^(?:{without})", "", text)):
            if (key := match_key(name)) in found:
                return found[key]
        raise refuse(text[:LONGEST_QUOTED])

    return read


def reference(
    rows: Callable[[], Iterable[object]],
    *names: str,
    refusal: str,
    shown: str = "",
    without: str = "",
    also: Mapping[str, Sequence[str]] | None = None,
) -> Reader:
    """A row of the database, found by what stands in any of its attributes ``names``.

    Args:
        rows: returns the rows that may be meant; called once a file.
        shown: the attribute that Excel offers to choose from.
        without: a pattern of what may stand before a name and is no part of it.
        also: further names, by one that is stored.
    """

    def known() -> dict[str, object]:
        found = {match_key(getattr(row, name)): row for row in rows() for name in names}
        further = {match_key(word): match_key(name) for name, words in (also or {}).items() for word in words}
        return found | {word: found[name] for word, name in further.items() if name in found}

    return Reader(
        _named(known, lambda text: RuleBroken(refusal, typed=text), without),
        lambda: [getattr(row, shown) for row in rows()] if shown else [],
        of_rows=True,
    )


def _one_of(values: Sequence[tuple[object, str, Sequence[str]]], refusal: str) -> Reader:
    """A value of a fixed list, each with its label and what else it is called."""

    def known() -> dict[str, object]:
        return {key: value for value, label, also in values for key in keys_of(label, *also)}

    def labels() -> list[str]:
        return [gettext(label) for _value, label, _also in values]

    return Reader(_named(known, lambda text: RuleBroken(refusal, typed=text, choices=", ".join(labels()))), labels)


def choice(
    kind: type[LabelledEnum], spellings: Mapping[str, Sequence[str]] | None = None, *, refusal: str = NOT_IN_LIST
) -> Reader:
    """A member's code, for the code itself, its label in any language, or a further spelling."""
    further = spellings or {}
    return _one_of([(each.value, each.label, (each.value, *further.get(each, ()))) for each in kind], refusal)


def yes_no(yes: Sequence[str] = (), no: Sequence[str] = ()) -> Reader:
    """Yes or no, also in the further words that answer the column's question; typed, not chosen."""
    answers = ((True, YES, ("y", "1", "true", *yes)), (False, NO, ("n", "0", "false", *no)))
    return Reader(_one_of(answers, NOT_IN_LIST).read)


READER_OF_TYPE: tuple[tuple[type[TypeEngine[Any]], Reader], ...] = (
    (Money, BAHT),
    (Boolean, yes_no()),
    (Date, PAST_DAY),
    (String, TEXT),
)


def reader_of(sql_type: TypeEngine[Any], info: Mapping[str, Any]) -> Reader:
    """The reader for a column of the database, as the forms have a field for it, told the same."""
    reads = info.get("reads") or {}
    if info.get("choices"):
        return choice(info["choices"])
    if reads.get("buddhist_year"):
        return typed(YearField)
    if isinstance(sql_type, Rate):
        return typed(PercentField, **reads)
    if isinstance(sql_type, Integer):
        return typed(WholeNumberField, unit=unit_named(info["label"]))
    return next(reader for kind, reader in READER_OF_TYPE if isinstance(sql_type, kind))
