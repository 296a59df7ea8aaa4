"""Turns a model's columns into form fields: label, help, choices and limits all come from the column."""

from collections.abc import Callable, Sequence
from typing import Any

from flask_appbuilder import Model
from flask_babel import gettext, lazy_gettext
from sqlalchemy import Boolean, Column, ColumnDefault, ColumnElement, Date, Integer, String, Text, inspect, select
from sqlalchemy.orm import RelationshipProperty
from wtforms import BooleanField, Field, HiddenField
from wtforms.validators import InputRequired, Optional, ValidationError

from app.domain.values.numbers import unit_named
from app.domain.values.text import N_
from app.extensions import db
from app.models.types import Figure, Money, Rate
from app.ui.fields import (
    BahtField,
    ChoiceField,
    FigureField,
    FundForm,
    Longest,
    PercentField,
    ThaiDateField,
    ThaiTextArea,
    ThaiTextField,
    WholeNumberField,
    YearField,
)
from app.views.shell.related.choosing import Choices
from app.views.shell.related.field import RelatedField, RelatedRowsField

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
    """Builds the form classes of one register, and keeps what their fields of related rows let people choose from."""

    def __init__(self, model: type[Model], labels: dict[str, Any], register: str) -> None:
        self.model = model
        self.register = register
        self.choices: dict[str, Choices] = {}
        self.mapper = inspect(model)
        self.labels = labels

    def form(
        self,
        columns: Sequence[str],
        *,
        checks: dict[str, Sequence[Callable[..., None]]] | None = None,
        options: dict[str, Callable[[], Any]] | None = None,
        extra: dict[str, Any] | None = None,
        carried: Sequence[str] = (),
    ) -> type[RegisterForm]:
        """The form class with one field a column, in order.

        Args:
            checks: further validators by column.
            options: for a relation, a function giving the statement of rows to choose from.
            extra: fields that are not columns.
            carried: what the form carries of the row beside, which nobody fills in.
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
        # Also what the form was opened with, and what of somebody else's the person has seen (typed/meeting.py).
        fields |= {name: HiddenField() for name in ("version", "opened", "seen", *carried)}
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
        reads = dict(info.get("reads") or {})
        if reads.pop("buddhist_year", False):
            kind = YearField
        elif kind is WholeNumberField:
            arguments |= {"grouped": bool(info.get("counted")), "unit": unit_named(info["label"])}
        return kind(label, validators=validators, **arguments, **reads)

    def _validators(self, name: str, column: Column[Any], more: list[Any]) -> list[Any]:
        required = not column.nullable and not isinstance(column.type, Boolean)
        validators: list[Any] = [InputRequired() if required else Optional(strip_whitespace=False)]
        length = getattr(column.type, "length", None)
        if isinstance(column.type, String) and length and not column.info.get("choices"):
            more = [*more, Longest(length)]  # a rule before it may store a shorter spelling than was typed
        unique = [UniqueValue(self.model, name)] if column.unique else []
        return [*validators, *more, *unique]

    def _related(self, name: str, more: list[Any], statement: Callable[[], Any] | None) -> Any:
        relation: RelationshipProperty[Any] = self.mapper.relationships[name]
        target = relation.mapper.class_
        label = self.labels[name]
        if relation.uselist:
            return RelatedRowsField(label, query_func=Choices(target, statement).every, validators=more)
        self.choices[name] = Choices(target, statement)
        column = next(iter(relation.local_columns))
        required: Any = Optional() if column.nullable else InputRequired(lazy_gettext(N_("Choose one from the list.")))
        return RelatedField(
            label,
            validators=[required, *more],
            description=_help_of(column),
            choices=self.choices[name],
            address=f"{self.register}/{name}",
        )


def _help_of(column: ColumnElement[Any]) -> Any:
    return lazy_gettext(column.info["help"]) if column.info.get("help") else ""


def _default_of(column: Column[Any]) -> Any:
    default = column.default
    return default.arg if isinstance(default, ColumnDefault) and default.is_scalar else None
