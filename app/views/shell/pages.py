"""The base of every hand-written page."""

from flask import Response
from flask_appbuilder.baseviews import BaseView
from werkzeug.wrappers import Response as WerkzeugResponse

Answer = str | Response | WerkzeugResponse


class FundView(BaseView):  # type: ignore[misc]
    """A page of ours. GET changes nothing, not even the session, so the framework's page history is off."""

    def update_redirect(self) -> None:
        """Keep no history: it would write to the session on every GET."""

    def get_redirect(self) -> str:
        return str(self.appbuilder.get_url_for_index)
