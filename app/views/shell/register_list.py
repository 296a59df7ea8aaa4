"""The list of a register: what the address asks for, one page of rows, and their cells."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from flask import request, url_for
from flask_appbuilder import ModelView
from flask_appbuilder.baseviews import expose
from flask_appbuilder.security.decorators import has_access
from sqlalchemy import ColumnElement

from app.security.acting import acting
from app.services.read_copy import from_copy
from app.views.shell.cells import in_words
from app.views.shell.datamodel import FundInterface, Sorting
from app.views.shell.keyset import FIRST, Place
from app.views.shell.list_addresses import links_of
from app.views.shell.list_arguments import (
    ListArguments,
    ListFilter,
    chosen_criteria,
    offers_of,
    read_arguments,
    shown_filters,
)
from app.views.shell.pages import Answer, FundView
from app.views.shell.places import place_in
from app.views.shell.returning import way_back
from app.views.shell.searching import Search, conditions_of, only_beginnings, searches_of


class RegisterList(FundView, ModelView):
    """Lists one table in the person's scope.

    ``sorted_by`` names the columns that the list may be sorted by, when not by all: those with an index, of a table
    that grows without end. Rows written one after the other are in the order of their ids, by ``order_by``.
    ``worked_out`` names columns that are no columns of the table: a function gives their values by row id, from
    what is shown of the rows and from ``read_besides``.
    """

    datamodel: FundInterface
    base_order: tuple[str, str] = ("id", "asc")
    list_columns: Sequence[str]
    list_filters: ClassVar[tuple[ListFilter, ...]] = ()
    found_by: ClassVar[tuple[Search, ...]] = ()
    order_by: ClassVar[dict[str, str]] = {}
    sorted_by: ClassVar[tuple[str, ...] | None] = None
    worked_out: ClassVar[dict[str, Callable[[Sequence[Any]], dict[int, Any]]]] = {}
    read_besides: ClassVar[tuple[str, ...]] = ()
    exclude_route_methods: ClassVar[set[str]] = {"download"}

    def _offers(self, method: str) -> bool:
        return method not in self.exclude_route_methods

    def _may(self, method: str) -> bool:
        return bool(self.appbuilder.sm.has_access(f"can_{method}", self.class_permission_name))

    @expose("/list/")
    @has_access
    def list(self) -> Answer:
        filters = self.filters_for_reader()
        arguments = read_arguments(type(self).__name__, filters, self.order_columns, self.page_size)
        searches = searches_of(self.datamodel.obj, self.found_by)
        offers = offers_of(filters)
        criteria = chosen_criteria(filters, arguments, offers)
        sorting = self._sorting(arguments.order)
        place = place_in(request.args, type(self).__name__, sorting.kind, nullable=sorting.nullable)
        shown = (criteria, arguments, conditions_of(searches, arguments.text), place, way_back())
        return self.render_template(
            self.list_template,
            title=self.list_title,
            widgets={"list": self._read(arguments, lambda: self._list_widget(*shown))},
            **({"search_text": arguments.text} if searches else {}),
            only_beginnings=only_beginnings(searches, arguments.text),
            list_filters=shown_filters(filters, arguments, offers),
            list_links=self.list_links(),
            **self.list_extra(),
        )

    def filters_for_reader(self) -> Sequence[ListFilter]:
        """What the list may be narrowed by: for somebody to whom a filter leaves no choice, without it."""
        return self.list_filters

    def columns_for_reader(self) -> Sequence[str]:
        """The columns: for somebody to whom one says the same in every row, without it."""
        return self.list_columns

    def list_extra(self) -> dict[str, Any]:
        """What stands on the list's page beside its rows, for its own template."""
        return {}

    def _read(self, arguments: ListArguments, read: Callable[[], Any]) -> Any:
        """Who only reads has made nothing that a search would have to find at once."""
        return from_copy(read) if arguments.text and not acting().scope.may_write else read()

    def list_links(self) -> Sequence[tuple[str, str, str]]:
        """Further buttons above the list: (label, address, kind)."""
        return ()

    def _list_widget(
        self,
        criteria: Sequence[ColumnElement[bool]],
        arguments: ListArguments,
        searched: Sequence[ColumnElement[bool]] = (),
        place: Place = FIRST,
        back: str = "",
        **add_arguments: Any,
    ) -> Any:
        name, sorting = type(self).__name__, self._sorting(arguments.order)
        columns = self.columns_for_reader()
        found = self.datamodel.page(
            criteria,
            sorting,
            place,
            size=arguments.size,
            shown=[*(name for name in columns if name not in self.worked_out), *self.read_besides],
            searched=searched,
        )
        return self.list_widget(
            # Translated once a page, not once a cell.
            label_columns={name: str(self.label_columns[name]) for name in columns},
            include_columns=columns,
            order_columns=self.order_columns,
            lines=[
                (str(row.id), *cells) for row, cells in zip(found.rows, self._cells(found.rows, columns), strict=True)
            ],
            column_classes=self.column_classes,
            position=found.position,
            links=links_of(name, found, sorting.kind, self.order_columns),
            page_size=arguments.size,
            count=found.count,
            count_capped=found.capped,
            actions=self.actions,
            add_url=url_for(f"{self.endpoint}.add", **add_arguments)
            if self._offers("add") and self._may("add")
            else None,
            modelview_name=name,
            back=back,
            cleared=request.path if arguments.text or arguments.chosen else "",
        )

    def _sorting(self, order: tuple[str, str] | None) -> Sorting:
        column, direction = order or self.base_order
        name = self.order_by.get(column, column)
        return Sorting(None if name == "id" else getattr(self.datamodel.obj, name), direction == "desc")

    def _cells(self, rows: Sequence[Any], shown: Sequence[str]) -> Sequence[tuple[Any, ...]]:
        """The cells of each row as people read them; what is worked out is asked for once for all of them."""
        columns = []
        for name in shown:
            if name in self.worked_out:
                found = self.worked_out[name](rows)
                values = [found[row.id] for row in rows]
            else:
                values = [self.datamodel.value_of(row, name) for row in rows]
            columns.append(in_words(values, self.formatters_columns[name]))
        return list(zip(*columns, strict=True))
