"""What the fund holds about the person who asks, and that the person has read the privacy notice."""

import json
from datetime import UTC, datetime

from flask import Response, abort, flash, redirect, request, url_for
from flask_appbuilder.baseviews import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext

from app.domain.values.help_pages import PRIVACY
from app.extensions import db
from app.models.help_pages import HelpVersion
from app.services.help.pages import page_in_use, version_of
from app.services.own_data import confirm_reading, take_own_data, versions_read
from app.views.people.passwords import own_account
from app.views.shell.pages import Answer, FundView
from app.views.shell.places import row_id


class OwnDataView(FundView):
    """A person's own data as a file, and the confirmation of having read the privacy notice."""

    route_base = "/my-data"
    default_view = "show"

    @expose("/", methods=["GET"])
    @has_access
    def show(self) -> Answer:
        version = _version_or_404(None)
        read = versions_read(own_account().id)
        return self.render_template(
            "people/own_data.html",
            title=gettext("What the fund holds about me"),
            version=version,
            read=read,
            confirmed=any(number == version.number for number, _moment in read),
        )

    @expose("/file", methods=["POST"])
    @has_access
    def download(self) -> Answer:
        content = json.dumps(take_own_data(own_account(), datetime.now(UTC)), ensure_ascii=False, indent=2)
        db.session.commit()
        answer = Response(content, mimetype="application/json")
        answer.headers["Content-Disposition"] = 'attachment; filename="my-data.json"'
        answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
        return answer

    @expose("/confirm", methods=["POST"])
    @has_access
    def confirm(self) -> Answer:
        """Of the version that was shown: another one may be in force by now, and is to be read first."""
        version, newest = _version_or_404(row_id(request.form.get("version", "")) or 0), _version_or_404(None)
        if version.number != newest.number:
            flash(gettext("The privacy notice was changed meanwhile. Read the new one, then confirm."), "warning")
            return redirect(url_for("PrivacyView.notice"))
        confirm_reading(own_account(), version)
        db.session.commit()
        flash(gettext("It is kept that you read version %(number)s.", number=version.number), "success")
        return redirect(url_for("OwnDataView.show"))


def _version_or_404(number: int | None) -> HelpVersion:
    """A version of the privacy notice; the one in force without a number."""
    page = page_in_use(PRIVACY)
    found = version_of(page.id, number) if page is not None else None
    if found is None:
        abort(404)
    return found
