"""A forgotten password: whoever asks gets the same answer, and the account's own address gets the link."""

from datetime import UTC, datetime

from flask import current_app, flash, redirect, request, url_for
from flask_appbuilder.baseviews import expose
from flask_appbuilder.security.decorators import no_cache
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms.validators import InputRequired

from app.extensions import db
from app.security.throttle import may_try, place_of
from app.services.messages.account_links import mail_link_asked_for
from app.ui.fields import FundForm, Longest, ThaiTextField
from app.views.shell.pages import Answer, FundView


class ForgottenPasswordForm(FundForm):
    """Which account it is, by one of the two things that its owner knows."""

    name = ThaiTextField(
        _("User name or e-mail"),
        [InputRequired(), Longest(254)],
        description=_("The e-mail is the one that your cooperative or your office gave for this account."),
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )


class ForgottenPasswordView(FundView):
    """Asking for a link by mail; neither the answer nor the work tells whether there is such an account."""

    route_base = "/forgotten-password"
    default_view = "ask"

    @expose("/", methods=["GET", "POST"])
    @no_cache
    def ask(self) -> Answer:
        form, minutes = ForgottenPasswordForm(), current_app.config["SIGN_IN_WINDOW_MINUTES"]
        if form.validate_on_submit():
            if _asked(form.name.data or ""):
                flash(
                    gettext(
                        "If there is an account of this user name or e-mail, a link to choose a new password is on its "
                        "way to the e-mail of the account. It opens once, within a day."
                    ),
                    "success",
                )
                return redirect(url_for("AuthView.login"))
            form.form_errors = [
                gettext("You asked too often. Wait some minutes and ask again, %(minutes)s at most.", minutes=minutes)
            ]
        return self.render_template(
            "people/forgotten.html", form=form, title=gettext("Forgotten password"), minutes=minutes
        )


def _asked(name: str) -> bool:
    """Count the request and put the mail into the outbox in one transaction; False when it came too often."""
    if not may_try(f"link {name}", place_of(request.remote_addr or "", None)):
        db.session.rollback()
        return False
    mail_link_asked_for(name, datetime.now(UTC))
    db.session.commit()
    return True
