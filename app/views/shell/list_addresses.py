"""Where the links of a list lead: this page's address with what they change."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request
from jinja2.filters import do_urlencode

from app.views.shell.keyset import FIRST, Place
from app.views.shell.list_arguments import PAGE_SIZES
from app.views.shell.page_reading import Page
from app.views.shell.places import Kind, in_address


@dataclass(frozen=True, slots=True)
class ListLinks:
    """Addresses by column and by size, and of the pages there are to go to."""

    order: Mapping[str, str]
    sizes: Mapping[int, str]
    first: str | None
    earlier: str | None
    later: str | None
    last: str | None


def links_of(name: str, page: Page, kind: Kind, sortable: Collection[str]) -> ListLinks:
    """The links of the list called ``name``, whose rows are sorted by a value of ``kind``."""
    own = {f"{argument}_{name}" for argument in ("page", "after", "before")}
    begin = in_address(FIRST, name, kind)

    def to(place: Place | None) -> str | None:
        return None if place is None else _address(own, in_address(place, name, kind))

    return ListLinks(
        order={
            column: _address(own, {f"_oc_{name}": column, f"_od_{name}": _other_direction(name, column)} | begin)
            for column in sortable
        },
        sizes={size: _address(own, {f"psize_{name}": size} | begin) for size in PAGE_SIZES},
        first=to(page.first),
        earlier=to(page.earlier),
        later=to(page.later),
        last=to(page.last),
    )


def _other_direction(name: str, column: str) -> str:
    rising = request.args.get(f"_oc_{name}") == column and request.args.get(f"_od_{name}") == "asc"
    return "desc" if rising else "asc"


def _address(without: Collection[str], changes: Mapping[str, Any]) -> str:
    """Built by hand: url_for would read "_external" and "_scheme" out of the query as its own options."""
    kept: Sequence[tuple[str, Any]] = [
        (key, value) for key, value in request.args.items(multi=True) if key not in without and key not in changes
    ]
    return f"{do_urlencode(request.script_root + request.path)}?{do_urlencode([*kept, *changes.items()])}"
