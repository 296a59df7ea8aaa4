"""The base of every hand-written page."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask.typing import ResponseReturnValue
from flask_appbuilder.baseviews import BaseView

# A page, or a page and its status.
Answer = ResponseReturnValue


@dataclass(frozen=True, slots=True)
class Shown:
    """A page before it is drawn: its template and values. Views that show the same page share the function for it."""

    template: str
    values: Mapping[str, Any]


class FundView(BaseView):
    """A page of ours. GET changes nothing, not even the session, so the framework's page history is off."""

    def update_redirect(self) -> None:
        """Keep no history: it would write to the session on every GET."""

    def draw(self, shown: Shown) -> str:
        """The page as HTML."""
        page: str = self.render_template(shown.template, **shown.values)
        return page

    def get_redirect(self) -> str:
        return str(self.appbuilder.get_url_for_index)
