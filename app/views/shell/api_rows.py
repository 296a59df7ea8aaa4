"""How the REST interface reads its lists: as the screens do, by key, with a capped count and by the search text."""

from typing import Any

from flask import g, request
from flask_appbuilder.models.filters import Filters
from flask_appbuilder.models.sqla.interface import SQLAInterface
from jinja2.filters import do_urlencode
from sqlalchemy import ColumnElement, and_, not_

from app.domain.values.thai import normalise, search_key
from app.models.base import Searchable
from app.models.letters import IN_A_ROW
from app.views.shell.datamodel import FundInterface, Sorting
from app.views.shell.page_reading import Page
from app.views.shell.places import in_address, place_in
from app.views.shell.searching import contains

# Operators for which the column holds what is typed.
_HOLDING = frozenset({"ct", "sw", "ew", "eq"})
_PATTERN = frozenset("%_\\")
AFTER = "after"
# What each operator of the framework makes of a text, which stands for %s.
_HELD = {"ct": "%%%s%%", "sw": "%s%%", "ew": "%%%s", "nct": "%%%s%%", "nsw": "%s%%", "new": "%%%s"}
_ESCAPE = "/"


class ApiInterface(FundInterface):
    """The framework's reading of one row, and ours of lists."""

    get = SQLAInterface.get

    def query(
        self,
        filters: Filters | None = None,
        order_column: str = "",
        order_direction: str = "",
        page: int | None = None,
        page_size: int | None = None,
        select_columns: list[str] | None = None,
        outer_default_load: bool = False,
    ) -> tuple[int, list[Any]]:
        """Count, up to the cap, and the rows of a page, which is told by its number or by the ``after`` of a link."""
        value = None if order_column in ("", "id") else getattr(self.obj, order_column)
        sorting = Sorting(value, order_direction == "desc")
        arguments = {f"{AFTER}_": request.args.get(AFTER, ""), "page_": str(page or 0)}
        asked = self._asked(filters) if filters is not None else []
        narrowed = self._narrowed(filters) if filters is not None else []
        found = self.page(
            [] if narrowed else asked,
            sorting,
            place_in(arguments, "", sorting.kind, nullable=sorting.nullable),
            size=page_size or 1,
            # Each once and in an order of ours: how a set of columns is read is kept, and whoever asks chooses the set.
            shown=sorted({*(select_columns or ())} - {"id"}),
            searched=[and_(*narrowed, *asked)] if narrowed else (),
        )
        g.api_page = found, sorting
        return found.count, found.rows

    def _asked(self, filters: Filters) -> list[ColumnElement[bool]]:
        """The conditions in the address; in a text that a column holds, % and _ are letters as any other."""
        query, asked = self.session.query(self.obj), list[ColumnElement[bool]]()
        for condition, value in zip(filters.filters, filters.values, strict=True):
            pattern = _HELD.get(condition.arg_name)
            if pattern is None:
                query = condition.apply(query, value)
                continue
            column: ColumnElement[str] = getattr(self.obj, condition.column_name)
            held = column.ilike(pattern % _as_letters(value), escape=_ESCAPE)
            asked.append(not_(held) if condition.arg_name.startswith("n") else held)
        clause = query.whereclause
        return asked if clause is None else [clause, *asked]

    def _narrowed(self, filters: Filters) -> list[ColumnElement[bool]]:
        """What the search text of every such row holds, so that an index of letters finds the few to look at.

        Only of texts that the search text holds as they are typed, and that are no patterns.
        """
        if not issubclass(self.obj, Searchable):
            return []
        return [
            contains(self.obj.search_text, key)
            for condition, value in zip(filters.filters, filters.values, strict=True)
            if condition.arg_name in _HOLDING and condition.column_name in self.obj.searched_columns
            if normalise(value) == value and not _PATTERN & set(value)
            if len(key := search_key(value)) >= IN_A_ROW
        ]


def _as_letters(text: str) -> str:
    for letter in (_ESCAPE, "%", "_"):
        text = text.replace(letter, _ESCAPE + letter)
    return text


def tell_page(answer: dict[str, Any]) -> None:
    """Add to an answer with a list whether its count is capped, and the address of the rows that follow."""
    found: Page
    found, sorting = g.pop("api_page")
    answer["count_capped"] = found.capped
    if found.later is not None:
        key = in_address(found.later, "", sorting.kind)[f"{AFTER}_"]
        kept = [(name, value) for name, value in request.args.items(multi=True) if name != AFTER]
        answer["next"] = f"{request.script_root}{request.path}?{do_urlencode([*kept, (AFTER, key)])}"
