"""What the address of a list may ask for: page, size, order, search text and choices; anything else is refused."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from flask import abort, request
from flask_babel import gettext
from sqlalchemy import ColumnElement

PAGE_SIZES = (25, 50, 100)
DEEPEST_PAGE = 100_000
LONGEST_SEARCH = 100


@dataclass(frozen=True, slots=True)
class ListFilter:
    """A choice above a list: the address argument, its options, and the condition an option means."""

    name: str
    label: str
    options: Callable[[], Sequence[tuple[str, str]]]
    criterion: Callable[[str], ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class ShownFilter:
    """A list filter as the template draws it."""

    name: str
    label: str
    choices: Sequence[tuple[str, str]]
    value: str


@dataclass(frozen=True, slots=True)
class ListArguments:
    """What the address asks for, checked."""

    page: int
    size: int
    order: tuple[str, str] | None
    text: str
    chosen: dict[str, str]


# All rows that belong to one record, below that record.
BELONGING = ListArguments(0, PAGE_SIZES[-1], None, "", {})


def read_arguments(name: str, filters: Sequence[ListFilter], sortable: Collection[str], size: int) -> ListArguments:
    """Read the request's address for the list called ``name``; answers 400 to what it does not offer."""
    if any(key.startswith("_flt_") for key in request.args):
        abort(400)
    text = request.args.get("q", "")[:LONGEST_SEARCH]
    return ListArguments(
        page=whole(request.args.get(f"page_{name}", "0"), DEEPEST_PAGE),
        size=max(whole(request.args.get(f"psize_{name}", str(size)), PAGE_SIZES[-1]), 1),
        order=_order(name, sortable),
        text="" if "\0" in text else text,
        chosen={chooser.name: request.args[chooser.name] for chooser in filters if request.args.get(chooser.name)},
    )


def whole(text: str, highest: int) -> int:
    """A whole number from 0 to ``highest``; answers 400 to anything else."""
    if not (text.isascii() and text.isdigit()) or len(text) > 9 or int(text) > highest:
        abort(400)
    return int(text)


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


def offers_of(filters: Sequence[ListFilter]) -> Offers:
    """The options of all filters, as they are now."""
    return {chooser.name: chooser.options() for chooser in filters}


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
