"""Taking over a document that the fund already holds, instead of attaching it again."""

from datetime import UTC, datetime

from flask import flash, redirect, url_for
from flask_appbuilder.baseviews import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext

from app.domain.values.errors import RuleBroken
from app.extensions import db
from app.security.acting import acting
from app.services.documents.reuse import reuse
from app.ui.labels import explain
from app.views.applications.finding import application_or_404
from app.views.shell.pages import Answer, FundView
from app.views.shell.places import row_id


class ReuseView(FundView):
    """The applicant confirms that a held document stands for a paper of this application."""

    route_base = "/apply"
    default_view = "reuse"

    @expose("/<pk>/reuse/<type_id>", methods=["POST"])
    @has_access
    def reuse(self, pk: str, type_id: str) -> Answer:
        application = application_or_404(pk)
        key = row_id(type_id) or 0
        try:
            taken = reuse(application, key, acting(), datetime.now(UTC))
            db.session.commit()
            flash(gettext("Taken over: %(name)s", name=", ".join(file.file_name for file in taken)), "success")
        except RuleBroken as refusal:
            db.session.rollback()
            flash(explain(refusal), "danger")
        return redirect(url_for("AttachView.documents", pk=pk, _anchor=f"paper-{key}"))
