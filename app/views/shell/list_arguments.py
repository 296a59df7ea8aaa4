"""What the address of a list may ask for: size, order, search text and choices; anything else is refused."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from flask import abort, request
from flask_babel import gettext
from sqlalchemy import ColumnElement, Select, Text, cast, func, literal, select, union_all

from app.extensions import db
from app.views.shell.places import whole

PAGE_SIZES = (25, 50, 100)
LONGEST_SEARCH = 100


Options = Sequence[tuple[str, str]] | Select[tuple[str, str, int]]


@dataclass(frozen=True, slots=True)
class ListFilter:
    """A choice above a list: the address argument, its options, and the condition an option means.

    Options that are rows are a statement of ``offered``; those of all filters are read together.
    """

    name: str
    label: str
    options: Callable[[], Options] | Select[tuple[str, str, int]]
    criterion: Callable[[str], ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class ShownFilter:
    """A list filter as the template draws it."""

    name: str
    label: str
    choices: Sequence[tuple[str, str]]
    value: str

    @property
    def chosen(self) -> str:
        """The label of what is chosen; empty for all."""
        return next((label for value, label in self.choices if value == self.value), "") if self.value else ""

    def lines(self) -> Sequence[tuple[str, str, str]]:
        """Each option's value, whether it is chosen in HTML's word, and its label."""
        return [(value, " selected" if value == self.value else "", label) for value, label in self.choices]


@dataclass(frozen=True, slots=True)
class ListArguments:
    """What the address asks for, checked."""

    size: int
    order: tuple[str, str] | None
    text: str
    chosen: dict[str, str]


# All rows that belong to one record, below that record.
BELONGING = ListArguments(PAGE_SIZES[-1], None, "", {})


def read_arguments(name: str, filters: Sequence[ListFilter], sortable: Collection[str], size: int) -> ListArguments:
    """Read the request's address for the list called ``name``; answers 400 to what it does not offer."""
    if any(key.startswith("_flt_") for key in request.args):
        abort(400)
    text = request.args.get("q", "")[:LONGEST_SEARCH]
    return ListArguments(
        size=max(whole(request.args.get(f"psize_{name}", str(size)), PAGE_SIZES[-1]), 1),
        order=_order(name, sortable),
        text="" if "\0" in text else text,
        chosen={chooser.name: request.args[chooser.name] for chooser in filters if request.args.get(chooser.name)},
    )


def _order(name: str, sortable: Collection[str]) -> tuple[str, str] | None:
    column = request.args.get(f"_oc_{name}")
    if not column:
        return None
    direction = request.args.get(f"_od_{name}", "asc")
    if column not in sortable or direction not in ("asc", "desc"):
        abort(400)
    return column, direction


# What each filter offers, by its name; asked for once a page.
Offers = Mapping[str, Sequence[tuple[str, str]]]


def offered(value: Any, label: Any, *order: Any) -> Select[tuple[str, str, int]]:
    """The options that the rows of a table are, in this order."""
    return select(
        cast(value, Text).label("value"), label.label("label"), func.row_number().over(order_by=order).label("place")
    )


def offers_of(filters: Sequence[ListFilter]) -> Offers:
    """The options of all filters, as they are now."""
    options: dict[str, Options] = {
        each.name: each.options if isinstance(each.options, Select) else each.options() for each in filters
    }
    stored = tuple((name, rows) for name, rows in options.items() if isinstance(rows, Select))
    found: dict[str, list[tuple[str, str]]] = {name: [] for name, _rows in stored}
    for name, value, label in db.session.execute(_together(stored)) if stored else ():
        found[name].append((value, label))
    return {name: found[name] if isinstance(rows, Select) else rows for name, rows in options.items()}


@cache
def _together(stored: tuple[tuple[str, Select[Any]], ...]) -> Select[Any]:
    """The options of several filters by one statement, each with the filter's name."""
    parts = [select(literal(name).label("filter"), *options.subquery().c) for name, options in stored]
    joined = union_all(*parts).subquery()
    return select(joined.c.filter, joined.c.value, joined.c.label).order_by(joined.c.filter, joined.c.place)


def chosen_criteria(
    filters: Sequence[ListFilter], arguments: ListArguments, offers: Offers
) -> Sequence[ColumnElement[bool]]:
    """Conditions of the choices; answers 400 to a choice that is not offered."""
    criteria: list[ColumnElement[bool]] = []
    for chooser in filters:
        value = arguments.chosen.get(chooser.name)
        if value is None:
            continue
        if value not in {code for code, _label in offers[chooser.name]}:
            abort(400)
        criteria.append(chooser.criterion(value))
    return criteria


def shown_filters(filters: Sequence[ListFilter], arguments: ListArguments, offers: Offers) -> Sequence[ShownFilter]:
    """The filters for the template, with what is chosen."""
    return [ShownFilter(f.name, gettext(f.label), offers[f.name], arguments.chosen.get(f.name, "")) for f in filters]
