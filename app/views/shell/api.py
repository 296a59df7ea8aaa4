"""The read-only REST interface, for the signed-in browser and under the same scope."""

import copy
import sys
from typing import Any

import prison
from flask import g, has_request_context, request
from flask_appbuilder.api import ModelRestApi
from flask_appbuilder.hooks import before_request
from flask_appbuilder.models.filters import Filters
from prison.decoder import ParserException

from app.models.applications import LoanApplication
from app.models.cooperatives import Cooperative
from app.views.shell.api_rows import ApiInterface, tell_page
from app.views.shell.list_arguments import PAGE_SIZES
from app.views.shell.places import DEEPEST_PAGE, row_id

LONGEST_ARGUMENT = 2000
DEEPEST_ARGUMENT = 8


class FundApi(ModelRestApi):
    """Reads only; every column is named, and an id no row can have is not found."""

    include_route_methods = {"info", "get", "get_list"}
    allow_browser_login = True
    csrf_exempt = False
    max_page_size = PAGE_SIZES[-1]

    @property
    def _filters(self) -> Filters | None:
        """A copy for each request: the framework keeps the conditions on the view, which all threads share."""
        shared: Filters | None = self.__dict__.get("_shared_filters")
        if shared is None or not has_request_context():
            return shared
        own: dict[str, Filters] = g.setdefault("api_filters", {})
        name = type(self).__name__
        if name not in own:
            own[name] = copy.copy(shared)
            own[name].clear_filters()
        return own[name]

    @_filters.setter
    def _filters(self, filters: Filters | None) -> None:
        self.__dict__["_shared_filters"] = filters

    @before_request
    def refuse_odd_arguments(self) -> Any:
        """Answer 400 to what the framework would fail on, or take for no condition at all."""
        text = request.args.get("q")
        if text is not None and not self._understood(text):
            return self.response_400(message="q is not understood")
        return None

    def _understood(self, text: str) -> bool:
        if len(text) > LONGEST_ARGUMENT or text.count("(") > DEEPEST_ARGUMENT or "\0" in text:
            return False
        try:
            asked = prison.loads(text)
        except (ParserException, ValueError, TypeError, LookupError, RecursionError):
            return False
        if not isinstance(asked, dict):
            return False
        filters = asked.get("filters", [])
        return (
            _within(asked.get("page", 0), DEEPEST_PAGE)
            and _within(asked.get("page_size", 0), PAGE_SIZES[-1])
            and asked.get("order_column", self.order_columns[0]) in self.order_columns
            and _texts(asked.get("select_columns", []))
            and _texts(asked.get("keys", []))
            and isinstance(filters, list)
            and all(self._offered(condition) for condition in filters)
        )

    def _offered(self, condition: Any) -> bool:
        if not isinstance(condition, dict) or not {"col", "opr", "value"} <= condition.keys():
            return False
        # Every column offered holds text; PostgreSQL compares it with nothing else.
        if not isinstance(condition["col"], str) or not isinstance(condition["value"], str):
            return False
        filters = self._filters
        offered = filters.get_search_filters().get(condition["col"], []) if filters is not None else []
        return any(known.arg_name == condition["opr"] for known in offered)

    def response_500(self, **kwargs: Any) -> Any:
        """Hand a fault on to where every fault is answered; the framework asks for its own answer while handling it."""
        error = sys.exc_info()[1]
        if error is not None:
            raise error
        return super().response_500(**kwargs)

    def _get_field_info(self, field: Any, *arguments: Any, **named: Any) -> dict[str, Any]:
        """Without a description where we have none: the framework asks for the translation of an empty text, which is
        the catalogue's own head."""
        told: dict[str, Any] = super()._get_field_info(field, *arguments, **named)
        if not self.description_columns.get(field.name):
            told["description"] = ""
        return told

    def pre_get_list(self, data: dict[str, Any]) -> None:
        tell_page(data)

    def get_headless(self, pk: Any, **kwargs: Any) -> Any:
        if row_id(pk) is None:
            return self.response_404()
        return super().get_headless(pk, **kwargs)


def _texts(values: Any) -> bool:
    return isinstance(values, list) and all(isinstance(value, str) for value in values)


def _within(number: Any, highest: int) -> bool:
    return isinstance(number, int) and -1 <= number <= highest


class CooperativeApi(FundApi):
    """Cooperatives within reach."""

    resource_name = "cooperative"
    datamodel = ApiInterface(Cooperative)
    list_columns = show_columns = ["id", "registration_no", "name", "kind", "members", "status"]
    add_columns = edit_columns = ["name"]
    search_columns = ["name", "registration_no", "kind", "status"]
    order_columns = ["id", "name", "registration_no"]


class LoanApplicationApi(FundApi):
    """Applications within reach."""

    resource_name = "application"
    datamodel = ApiInterface(LoanApplication)
    list_columns = show_columns = [
        "id",
        "number",
        "cooperative_name",
        "amount_asked",
        "amount_approved",
        "months",
        "status",
    ]
    add_columns = edit_columns = ["months"]
    search_columns = ["number", "cooperative_name", "status"]
    order_columns = ["id", "number", "amount_asked"]
