"""The field for a day: three boxes, either era, echoed in full."""

from datetime import date
from functools import lru_cache
from typing import Any

from flask_babel import gettext
from markupsafe import Markup
from wtforms.utils import unset_value
from wtforms.validators import StopValidation
from wtforms.widgets import html_params

from app.domain.values.calendar import month_number, parse_thai_date, parse_typed_date, to_be
from app.domain.values.errors import RuleBroken
from app.domain.values.thai import arabic_digits
from app.ui.formatting import be_date, month_names
from app.ui.typed_field import KeepsItsError, attributes, first_text, shown_again

BOXES = ("day", "month", "year")


class DateBoxes:
    """Three labelled controls and, when the day is understood, the day in full.

    The first control has the field's own id, so that a link in the summary of errors lands on it.
    """

    def __call__(self, field: Any, **kwargs: Any) -> Markup:
        given = {key: value for key, value in kwargs.items() if key not in {"id", "name", "value", "type"}}
        given.setdefault("required", bool(field.flags.required))
        base = kwargs.get("id", field.id)
        labels = (gettext("Day"), gettext("Month"), gettext("Year (B.E.)"))
        boxes = Markup("").join(
            self._box(field, part, base if part == "day" else f"{base}-{part}", label, text, given)
            for part, label, text in zip(BOXES, labels, field.boxes, strict=True)
        )
        hidden = "" if field.echo else Markup(" hidden")
        echo = Markup('<p class="date-echo" id="{}-echo" aria-live="polite"{}>{}</p>').format(base, hidden, field.echo)
        return Markup('<div class="date-boxes" data-understood="{}">{}</div>{}').format(field.kind, boxes, echo)

    def _box(self, field: Any, part: str, box_id: str, label: str, text: str, given: dict[str, Any]) -> Markup:
        own = {"id": box_id, "name": f"{field.name}-{part}"}
        if part == "month":
            control = self._months(text, attributes(field, given, **own))
        else:
            own |= {"type": "text", "value": text, "inputmode": "numeric"}
            control = Markup("<input {}>").format(html_params(**attributes(field, given, **own)))
        return Markup('<div class="date-box date-{}"><label for="{}">{}</label>{}</div>').format(
            part, box_id, label, control
        )

    def _months(self, text: str, select: dict[str, Any]) -> Markup:
        options = _options(month_names(), str(month_number(text) or text))
        return Markup("<select {}>{}</select>").format(html_params(**select), options)


# Kept, as a page may have many days and most are empty; what somebody typed instead of a month is soon forgotten.
@lru_cache(maxsize=64)
def _options(names: tuple[str, ...], chosen: str) -> Markup:
    """The months to choose from, and what was typed instead of one."""
    options = [("", "–"), *((str(number), name) for number, name in enumerate(names, start=1))]
    if chosen not in dict(options):
        options.append((chosen, chosen))
    return Markup("").join(
        Markup("<option {}>{}</option>").format(html_params(value=value, selected=value == chosen), name)
        for value, name in options
    )


class ThaiDateField(KeepsItsError):
    """A day in three boxes, ``<name>-day``, ``-month``, ``-year``, or in one piece as ``<name>`` or in the first box.

    Either era and either kind of digits are understood; the stored day is Gregorian. After a refusal the boxes hold
    what was typed, otherwise the day understood with its Buddhist year.
    """

    widget = DateBoxes()
    kind = "day"

    def __init__(
        self,
        label: Any = None,
        validators: Any = None,
        *,
        earliest: date | None = None,
        latest: date | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(label, validators, **kwargs)
        self.earliest, self.latest = earliest, latest
        self._typed = ("", "", "")
        self._sent = False

    @property
    def boxes(self) -> tuple[str, str, str]:
        """What stands in the three boxes."""
        if self.data is None or (self._sent and self.errors):
            day, month, year = (shown_again(text) for text in self._typed)
            return day, month, year
        return str(self.data.day), str(self.data.month), str(to_be(self.data.year))

    @property
    def echo(self) -> str:
        """The day as understood, in full; empty when there is none."""
        return be_date(self.data, "full") if self.data else ""

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        names = [f"{self.name}-{part}" for part in BOXES]
        self._sent = formdata is not None and any(name in formdata for name in names)
        self._typed = ("", "", "")
        if self._sent:
            day, month, year = (first_text(formdata.getlist(name)) for name in names)
            self._typed = (day, month, year)
        super().process(formdata, data, extra_filters)

    def process_formdata(self, valuelist: list[Any]) -> None:
        whole = first_text(valuelist)
        if whole and not any(self._typed):
            self._typed, self._sent = (whole, "", ""), True
        if self._sent or valuelist:
            self.raw_data, self.data = [" ".join(self._typed).strip()], None
            self.data = self._read()

    def _read(self) -> date | None:
        if not any(self._typed):
            return None
        day, month, year = self._typed
        in_one_piece = not (month or year or arabic_digits(day).strip().isdigit())
        try:
            return parse_typed_date(day) if in_one_piece else parse_thai_date(day, month, year)
        except RuleBroken as refusal:
            raise self.refused(refusal) from refusal

    def check_bounds(self) -> None:
        if self.data is None:
            return
        if self.earliest and self.data < self.earliest:
            raise StopValidation(gettext("Enter %(day)s or a later day.") % {"day": be_date(self.earliest, "long")})
        if self.latest and self.data > self.latest:
            raise StopValidation(gettext("Enter %(day)s or an earlier day.") % {"day": be_date(self.latest, "long")})
