"""Form fields that read numbers, amounts, rates and years the way people in Thailand type them."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from flask import current_app
from flask_babel import gettext
from wtforms.validators import StopValidation, ValidationError

from app.domain.values.calendar import parse_buddhist_year
from app.domain.values.errors import RuleBroken
from app.domain.values.money import LARGEST_AMOUNT, ZERO
from app.domain.values.numbers import BAHT_AFTER, BAHT_BEFORE, PER_CENT_AFTER, PER_CENT_BEFORE, read_number
from app.domain.values.text import N_
from app.domain.values.thai import normalise
from app.ui.formatting import baht, count, figure, percent
from app.ui.typed_field import TypedField, TypedInput

LARGEST_WHOLE_NUMBER = 2**31 - 1  # what an integer column of PostgreSQL holds
TOO_LOW_RATE = N_("%(rate)s per cent a year is too low. Do you mean %(meant)s per cent?")
ASKED_BACK = N_("A rate below %(rate)s per cent a year is asked back (assumed figure).")


def lowest_likely_rate() -> Decimal:
    """The lowest yearly rate that is taken as typed, as a fraction; nothing is asked back when it is zero."""
    per_cent: Decimal = current_app.config["LOWEST_LIKELY_RATE"]
    return per_cent.scaleb(-2)


class NumberField(TypedField):
    """A number with or without separators, in Thai or Arabic digits; a kind of number is a row of texts below.

    While one types, the page says back what is understood (``views/shell/typed/understood.py``).
    """

    kind = ""  # how the page asks for it
    echoed = "%(number)s"
    before: tuple[str, ...] = ()  # words that may be typed with the number
    after: tuple[str, ...] = ()
    places = 0
    lowest: Decimal | int = 0
    highest: Decimal | int = LARGEST_WHOLE_NUMBER
    unreadable = N_("Type a whole number in digits, for example 1,200.")
    too_fine = unreadable
    too_small = N_("Enter %(limit)s or more.")
    too_large = N_("Enter %(limit)s or less.")
    meant = N_("Do you mean %(number)s?")

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
        if not normalise(typed):
            return None
        found = read_number(typed, before=self.before, after=self.after)
        if found.meant is not None and _places(found.meant.normalize()) <= self.places:
            shown = self.show(self.stored(found.meant))
            raise self.refused(RuleBroken(self.meant, number=shown).offering(shown))
        if found.number is None:
            raise ValidationError(gettext(self.unreadable))
        if _places(found.number) > self.places:
            raise ValidationError(gettext(self.too_fine))
        return self.stored(found.number + 0)  # adding nothing makes -0 plain 0

    def show(self, value: Any) -> str:
        return count(value)

    @property
    def echo(self) -> str:
        """What is understood, with its unit; empty when there is nothing."""
        if self.data is None:
            return ""
        return str(gettext(self.echoed)) % {"number": self.show(self.data)}

    def check_bounds(self) -> None:
        if self.data is None:
            return
        if self.data < self.minimum:
            raise StopValidation(gettext(self.too_small) % {"limit": self.show(self.minimum)})
        if self.data > self.maximum:
            raise StopValidation(gettext(self.too_large) % {"limit": self.show(self.maximum)})


def _places(number: Decimal) -> int:
    """How many digits stand after the point."""
    return max(-int(number.as_tuple().exponent), 0)


class WholeNumberField(NumberField):
    """A whole number: members, months, days. Stored as int; only a large one is ``grouped`` by thousands.

    Words of its ``unit`` may be typed behind it (``domain/values/numbers.py``).
    """

    widget = TypedInput("numeric")
    kind = "whole"

    def __init__(
        self,
        label: Any = None,
        validators: Any = None,
        *,
        grouped: bool = True,
        unit: Sequence[str] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(label, validators, **kwargs)
        self.grouped = grouped
        self.unit = self.before = self.after = tuple(unit)
        if not grouped:
            self.unreadable = self.too_fine = N_("Type a whole number in digits, for example 12.")

    def show(self, value: Any) -> str:
        return count(value) if self.grouped else str(value)

    @property
    def echo(self) -> str:
        """What is understood, with the unit's first word, which is Thai."""
        said = super().echo
        return f"{said} {self.unit[0]}" if said and self.unit else said


class YearField(WholeNumberField):
    """A year of the Buddhist Era by itself, such as a fiscal year; one of the other era is asked back."""

    kind = "year"
    echoed = N_("B.E. %(number)s")
    lowest, highest = 2500, 2700
    too_small = N_("Enter the year %(limit)s or a later one.")
    too_large = N_("Enter the year %(limit)s or an earlier one.")

    def __init__(self, label: Any = None, validators: Any = None, **kwargs: Any) -> None:
        super().__init__(label, validators, grouped=False, **kwargs)

    def read(self, typed: str) -> int | None:
        try:
            return parse_buddhist_year(typed) if normalise(typed) else None
        except RuleBroken as refusal:
            raise self.refused(refusal) from refusal


class BahtField(NumberField):
    """An amount of money. Stored as Decimal baht with at most two decimals."""

    widget = TypedInput("decimal")
    kind = "baht"
    echoed = N_("%(number)s baht")
    before, after = BAHT_BEFORE, BAHT_AFTER
    places = 2
    lowest, highest = ZERO, LARGEST_AMOUNT
    unreadable = N_("Type the amount in digits, for example 5,000,000.50.")
    too_fine = N_("Type at most two digits after the point, for example 5,000,000.50.")
    too_small = N_("Enter %(limit)s baht or more.")
    too_large = N_("Enter %(limit)s baht or less.")
    meant = N_("Do you mean %(number)s baht?")

    def stored(self, number: Decimal) -> Decimal:
        return number

    def show(self, value: Any) -> str:
        return baht(value)


class PercentField(NumberField):
    """A rate typed per cent and stored as a fraction: 2.75 -> Decimal("0.0275"). Bounds are fractions too.

    A ``yearly`` one below what is likely is more likely a slip, 0.05 for 5, and asked back.
    """

    widget = TypedInput("decimal")
    kind = "percent"
    echoed = N_("%(number)s per cent")
    before, after = PER_CENT_BEFORE, PER_CENT_AFTER
    places = 4
    lowest, highest = ZERO, Decimal(1)
    unreadable = N_("Type the rate in per cent, for example 2.75.")
    too_fine = N_("Type at most four digits after the point, for example 2.75.")
    too_small = N_("Enter %(limit)s per cent or more.")
    too_large = N_("Enter %(limit)s per cent or less.")

    def __init__(self, label: Any = None, validators: Any = None, *, yearly: bool = False, **kwargs: Any) -> None:
        self.yearly = yearly
        super().__init__(label, validators, **kwargs)

    @property
    def description(self) -> str:
        """The hint below the field; a yearly rate's says from which rate on nothing is asked back."""
        own = str(self._description)
        lowest = lowest_likely_rate() if self.yearly else ZERO
        return f"{own} {gettext(ASKED_BACK, rate=percent(lowest))}".strip() if lowest else own

    @description.setter
    def description(self, text: Any) -> None:
        self._description = text

    def read(self, typed: str) -> Decimal | int | None:
        rate = super().read(typed)
        if self.yearly and rate and 0 < rate < lowest_likely_rate():
            meant = self.show(rate * 100)
            raise self.refused(RuleBroken(TOO_LOW_RATE, rate=self.show(rate), meant=meant).offering(meant))
        return rate

    def stored(self, number: Decimal) -> Decimal:
        return number.scaleb(-2)

    def show(self, value: Any) -> str:
        return percent(value)


class FigureField(NumberField):
    """A figure with at most four decimals, such as 1.5 times. Stored as Decimal."""

    widget = TypedInput("decimal")
    kind = "figure"
    places = 4
    lowest, highest = ZERO, Decimal(999)
    unreadable = N_("Type a number in digits, for example 1.5.")
    too_fine = N_("Type at most four digits after the point, for example 1.5.")

    def stored(self, number: Decimal) -> Decimal:
        return number

    def show(self, value: Any) -> str:
        return figure(value)
