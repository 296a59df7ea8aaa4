"""Turns a model's columns into form fields: label, help, choices and limits all come from the column."""

from collections.abc import Callable, Sequence
from typing import Any

from flask_appbuilder import Model
from flask_appbuilder.fields import QuerySelectField, QuerySelectMultipleField
from flask_babel import gettext, lazy_gettext
from sqlalchemy import Boolean, Column, ColumnDefault, ColumnElement, Date, Integer, String, Text, inspect, select
from sqlalchemy.orm import RelationshipProperty
from wtforms import BooleanField, Field, Form, HiddenField
from wtforms.fields.choices import Choice
from wtforms.validators import InputRequired, Length, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from app.domain.values.text import N_
from app.extensions import db
from app.models.base import Searchable, Versioned
from app.models.types import Figure, Money, Rate
from app.ui.fields import (
    BahtField,
    ChoiceField,
    FigureField,
    FundForm,
    PercentField,
    ThaiDateField,
    ThaiTextArea,
    ThaiTextField,
    WholeNumberField,
)

FIELD_OF_TYPE: tuple[tuple[type[Any], type[Any]], ...] = (
    (Money, BahtField),
    (Figure, FigureField),
    (Rate, PercentField),
    (Boolean, BooleanField),
    (Date, ThaiDateField),
    (Text, ThaiTextArea),
    (String, ThaiTextField),
    (Integer, WholeNumberField),
)


class RegisterForm(FundForm):
    """The base of generated forms; a versioned row's form carries the version it was opened with."""

    _id: int | None = None

    @classmethod
    def refresh(cls, obj: Any = None) -> "RegisterForm":
        return cls(obj=obj)


class RelatedField(QuerySelectField):
    """A choice of one row in the person's scope; starts empty, and compares by id, not by object."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, allow_blank=True, get_pk_func=_key, **kwargs)

    def iter_choices(self) -> Any:
        chosen = _key(self.data) if self.data is not None else "__None"
        yield Choice("__None", gettext("Choose one"), chosen == "__None", {})
        for key, row in self._get_object_list():
            yield Choice(key, str(row), key == chosen, {})

    def pre_validate(self, form: Form) -> None:
        if self.data is None and not self._formdata:
            return
        if self.data is None or _key(self.data) not in {key for key, _row in self._get_object_list()}:
            raise ValidationError(gettext("Choose one from the list."))


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


class UniqueValue:
    """Refuses a value another row has, whoever may see that row."""

    def __init__(self, model: type[Model], column: str) -> None:
        self.model = model
        self.column = column

    def __call__(self, form: Any, field: Field) -> None:
        if field.data in (None, ""):
            return
        statement = select(self.model.id).where(getattr(self.model, self.column) == field.data)
        found = db.session.scalars(statement, execution_options={"unscoped": True}).all()
        if any(key != form._id for key in found):
            raise ValidationError(
                gettext("This value is already used by another record. Check it, or open that record.")
            )


class FormBuilder:
    """Builds the form class of one model."""

    def __init__(self, model: type[Model], labels: dict[str, Any]) -> None:
        self.model = model
        self.mapper = inspect(model)
        self.labels = labels

    def form(
        self,
        columns: Sequence[str],
        *,
        checks: dict[str, Sequence[Callable[..., None]]] | None = None,
        options: dict[str, Callable[[], Any]] | None = None,
        extra: dict[str, Any] | None = None,
    ) -> type[RegisterForm]:
        """The form class with one field a column, in order.

        Args:
            checks: further validators by column.
            options: for a relation, a function giving the statement of rows to choose from.
            extra: fields that are not columns.
        """
        fields: dict[str, Any] = {}
        for name in columns:
            more = list((checks or {}).get(name, ()))
            if extra and name in extra:
                fields[name] = extra[name]
            elif name in self.mapper.relationships:
                fields[name] = self._related(name, more, (options or {}).get(name))
            else:
                fields[name] = self._column(name, more)
        if issubclass(self.model, Versioned):
            fields["version"] = HiddenField()
        return type(f"{self.model.__name__}Form", (RegisterForm,), fields)

    def _column(self, name: str, more: list[Any]) -> Any:
        column = self.mapper.columns[name]
        info = column.info
        label, validators = self.labels[name], self._validators(name, column, more)
        arguments = {"description": _help_of(column), "default": _default_of(column)}
        if info.get("choices"):
            return ChoiceField(label, enum=info["choices"], validators=validators, **arguments)
        kind = next(field for sql_type, field in FIELD_OF_TYPE if isinstance(column.type, sql_type))
        if kind is BooleanField:
            return BooleanField(label, **arguments)
        if kind is WholeNumberField:
            arguments["grouped"] = bool(info.get("counted"))
        return kind(label, validators=validators, **arguments)

    def _validators(self, name: str, column: Column[Any], more: list[Any]) -> list[Any]:
        required = not column.nullable and not isinstance(column.type, Boolean)
        validators: list[Any] = [InputRequired() if required else Optional(strip_whitespace=False)]
        length = getattr(column.type, "length", None)
        if isinstance(column.type, String) and length and not column.info.get("choices"):
            validators.append(Length(max=length))
        unique = [UniqueValue(self.model, name)] if column.unique else []
        return [*validators, *more, *unique]

    def _related(self, name: str, more: list[Any], statement: Callable[[], Any] | None) -> Any:
        relation: RelationshipProperty[Any] = self.mapper.relationships[name]
        target = relation.mapper.class_
        query = _rows_of(target, statement)
        label = self.labels[name]
        if relation.uselist:
            return RelatedRowsField(label, query_func=query, validators=more)
        column = next(iter(relation.local_columns))
        required: Any = Optional() if column.nullable else InputRequired(lazy_gettext(N_("Choose one from the list.")))
        return RelatedField(label, query_func=query, validators=[required, *more], description=_help_of(column))


def _help_of(column: ColumnElement[Any]) -> Any:
    return lazy_gettext(column.info["help"]) if column.info.get("help") else ""


def _default_of(column: Column[Any]) -> Any:
    default = column.default
    return default.arg if isinstance(default, ColumnDefault) and default.is_scalar else None


def _rows_of(target: type[Any], statement: Callable[[], Any] | None) -> Callable[[], list[Any]]:
    def rows() -> list[Any]:
        if statement is not None:
            chosen = statement()
        elif issubclass(target, Searchable):
            chosen = select(target).order_by(target.name_sort)
        else:
            chosen = select(target).order_by(target.id)
        return list(db.session.scalars(chosen))

    return rows
