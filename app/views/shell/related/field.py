"""Form fields that choose related rows: one from a list or by typing, or several by ticking."""

from collections.abc import Iterator, Sequence
from typing import Any

from flask import render_template
from flask_appbuilder.fields import QuerySelectMultipleField
from flask_babel import gettext
from markupsafe import Markup
from sqlalchemy import inspect
from wtforms.fields.choices import Choice, SelectFieldBase
from wtforms.utils import unset_value
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput, ListWidget, Select

from app.domain.values.thai import normalise
from app.ui.naming import named
from app.ui.typed_field import KeepsItsError, attributes, first_text, shown_again
from app.views.shell.places import row_id
from app.views.shell.related.choosing import MOST_FOUND, Choices


class RelatedWidget:
    """A drop-down list of few rows, or a box to type in; ``combobox.js`` then offers what fits under it."""

    def __call__(self, field: Any, **kwargs: Any) -> Markup:
        if field.listed is not None:
            return Select()(field, **attributes(field, kwargs))
        return Markup(render_template("combobox.html", field=field, attributes=attributes(field, kwargs)))  # noqa: S704  a page of ours


class RelatedField(KeepsItsError, SelectFieldBase):
    """A choice of one row in the person's scope, sent as the row's id; starts empty.

    Where there are many rows, what was typed is sent as well: without script it is all there is. It counts unless it is
    the label of the row whose id was sent, or what the page asked back about, with rows to choose from.
    """

    widget = RelatedWidget()

    def __init__(
        self, label: Any = None, validators: Any = None, *, choices: Choices, address: str, **kwargs: Any
    ) -> None:
        """``address`` is the register and the field, as the look-up is asked for it."""
        super().__init__(label, validators, **kwargs)
        self.choices = choices
        self.address = address
        self.typed: str | None = None
        self.asked: Sequence[Any] = ()
        self._about = ""
        self._listed: Sequence[Any] | None = None
        self._is_listed: bool | None = None

    @property
    def listed(self) -> Sequence[Any] | None:
        """All rows when they are few; asked for once a form."""
        if self._is_listed is None:
            self._listed = self.choices.listed()
            self._is_listed = self._listed is not None
        return self._listed

    @property
    def looked_up(self) -> bool:
        """Whether the form needs the script of the box."""
        return self.listed is None

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        if formdata is not None and f"{self.name}-typed" in formdata:
            # PostgreSQL takes no text with NUL in it, and no name has one.
            self.typed = normalise(first_text(formdata.getlist(f"{self.name}-typed")).replace("\0", ""))
            self._about = normalise(first_text(formdata.getlist(f"{self.name}-asked")))
        super().process(formdata, data, extra_filters)

    def process_formdata(self, valuelist: list[Any]) -> None:
        sent = first_text(valuelist)
        if not valuelist and self.typed is None:
            return
        self.data, self.raw_data = None, [sent if self.typed is None else self.typed]
        row = self.choices.row(row_id(sent))
        if self.typed is None:
            self._take_key(sent, row)
        elif row is not None and self.typed in (normalise(self.choices.label(row)), self._about):
            self.data = row
        elif self.typed:
            self._take_text(self.typed)

    def _take_key(self, sent: str, row: Any) -> None:
        if sent and row is None:
            raise ValidationError(gettext("Choose one from the list."))
        self.data = row

    def _take_text(self, typed: str) -> None:
        named = self.choices.named(typed)
        if len(named) == 1:
            self.data = named[0]
            return
        self.asked = named or self.choices.found(typed)[:MOST_FOUND]
        if self.asked:
            raise ValidationError(gettext("Say which one is meant, or type more of the name or number."))
        raise ValidationError(
            gettext("Nothing to choose from holds “%(text)s”. Type another part of the name or number.", text=typed)
        )

    def choose(self, key: int) -> None:
        """Begin with the row of that id, if it may be chosen."""
        self.data = self.choices.row(key)

    @property
    def key(self) -> str:
        """The id of the row chosen, or nothing."""
        return "" if self.data is None else str(self.data.id)

    @property
    def in_the_box(self) -> str:
        """What stands in the box."""
        if self.data is not None:
            return self.choices.label(self.data)
        return shown_again(self.typed or "")

    def iter_choices(self) -> Iterator[Choice]:
        rows = self.listed or ()
        # Where one must be chosen and there is one, it is.
        only = self.flags.required and len(rows) == 1
        if not only:
            yield Choice("", gettext("Choose one"), self.data is None, {})
        for row in rows:
            yield Choice(str(row.id), named(row), only or str(row.id) == self.key, {})


class RelatedRowsField(QuerySelectMultipleField):
    """A choice of several rows as a list of boxes to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, get_pk_func=_key, **kwargs)

    def iter_choices(self) -> Any:
        chosen = {_key(row) for row in self.data}
        for key, row in self._get_object_list():
            yield Choice(key, self.get_label(row), key in chosen, {})


def _key(row: Any) -> str:
    return str(inspect(row).identity[0])
