"""What fits while somebody types into a field of related rows."""

from flask import abort, jsonify, request
from flask_appbuilder.baseviews import expose
from flask_appbuilder.security.decorators import has_access

from app.views.shell.list_arguments import LONGEST_SEARCH
from app.views.shell.pages import Answer, FundView
from app.views.shell.register import FundModelView
from app.views.shell.related.choosing import MOST_FOUND, Choices


class LookupView(FundView):
    """Finds rows for a field of a register's form: for whoever may fill in that form, and among what it offers."""

    route_base = "/lookup"
    default_view = "find"

    @expose("/<register>/<name>", methods=["GET"])
    @has_access
    def find(self, register: str, name: str) -> Answer:
        choices = self._choices_or_404(register, name)
        rows = choices.found(request.args.get("q", "")[:LONGEST_SEARCH].replace("\0", ""))
        return jsonify(
            rows=[[str(row.id), choices.label(row)] for row in rows[:MOST_FOUND]], more=len(rows) > MOST_FOUND
        )

    def _choices_or_404(self, register: str, name: str) -> Choices:
        views = (view for view in self.appbuilder.baseviews if isinstance(view, FundModelView))
        view = next((view for view in views if type(view).__name__ == register), None)
        choices = view.related_choices.get(name) if view is not None else None
        if view is None or choices is None:
            abort(404)
        if not view.may_fill_in(name):
            abort(403)
        return choices
