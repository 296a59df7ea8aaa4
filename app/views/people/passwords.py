"""A person's own password: changed by the person, or chosen anew by a link that was mailed."""

from datetime import UTC, datetime
from typing import Any

from flask import abort, current_app, flash, redirect, request, url_for
from flask_appbuilder.baseviews import expose
from flask_appbuilder.security.decorators import has_access
from flask_appbuilder.security.sqla.models import User
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_login import current_user
from wtforms import PasswordField
from wtforms.validators import InputRequired, ValidationError

from app.domain.values.errors import RuleBroken
from app.extensions import db
from app.security.accounts import fits, set_password
from app.security.known_browsers import know_browser, known_browser
from app.security.password_links import person_of, use_up
from app.security.sessions import this_session
from app.security.throttle import Place, forget_failures, may_try, place_of
from app.ui.fields import FundForm
from app.ui.labels import explain
from app.views.shell.pages import Answer, FundView


def own_account() -> User:
    """The row of whoever is signed in."""
    return db.session.get_one(User, current_user.id)


class ChosenPasswordForm(FundForm):
    """A new password, twice."""

    new_password = PasswordField(
        _("New password"),
        validators=[InputRequired()],
        description=_("At least 12 characters; several words in a row are easy to remember."),
    )
    again = PasswordField(_("New password once more"), validators=[InputRequired()])

    def validate_again(self, field: Any) -> None:
        if field.data != self.new_password.data:
            raise ValidationError(gettext("The two new passwords differ. Type the same one twice."))


class OwnPasswordForm(ChosenPasswordForm):
    """The old password and the new one twice."""

    current = PasswordField(_("Current password"), validators=[InputRequired()])

    def validate_current(self, field: Any) -> None:
        if not fits(own_account(), field.data or ""):
            raise ValidationError(gettext("This is not your current password."))


class PasswordView(FundView):
    """A person's own password."""

    route_base = "/password"
    default_view = "change"

    @expose("/", methods=["GET", "POST"])
    @has_access
    def change(self) -> Answer:
        form = OwnPasswordForm()
        place = place_of(request.remote_addr or "", known_browser(own_account()))
        if form.is_submitted() and not _counted(place):
            form.form_errors = [
                gettext(
                    "There were too many wrong passwords. Wait some minutes and try again, %(minutes)s at most; the "
                    "password is not changed.",
                    minutes=current_app.config["SIGN_IN_WINDOW_MINUTES"],
                )
            ]
        elif form.validate_on_submit():
            try:
                forget_failures(current_user.username, place)
                set_password(own_account(), form.new_password.data, keep=this_session().sid)
                know_browser(own_account())
                db.session.commit()
                flash(gettext("Your password was changed. Other devices were signed out."), "success")
                return redirect(url_for("HomeView.index"))
            except RuleBroken as refusal:
                db.session.rollback()
                forget_failures(current_user.username, place)
                db.session.commit()
                form.new_password.errors = [explain(refusal)]
        elif form.is_submitted() and not form.current.errors:
            forget_failures(current_user.username, place)
            db.session.commit()
        return self.render_template(
            "people/password.html",
            form=form,
            title=gettext("Change password"),
            back=url_for("HomeView.index"),
            username=current_user.username,
        )


def _counted(place: Place) -> bool:
    """Whether the present password may be tried now; the try is counted for good before anything looks at it."""
    allowed = may_try(current_user.username, place)
    db.session.commit()
    return allowed


class PasswordLinkView(FundView):
    """Choosing a password by a link that was mailed; opening it changes nothing, as mail programs open links."""

    route_base = "/new-password"
    default_view = "choose"

    @expose("/<token>", methods=["GET", "POST"])
    def choose(self, token: str) -> Answer:
        moment = datetime.now(UTC)
        user = person_of(token, moment)
        if user is None:
            return self.render_template("people/link_over.html", title=gettext("This link opens nothing")), 404
        form = ChosenPasswordForm()
        if form.validate_on_submit():
            try:
                if not use_up(token):
                    abort(404)
                set_password(user, form.new_password.data)
                db.session.commit()
                flash(gettext("Your password is set. Sign in with it now."), "success")
                return redirect(url_for("AuthView.login"))
            except RuleBroken as refusal:
                db.session.rollback()
                form.new_password.errors = [explain(refusal)]
        return self.render_template(
            "people/password.html",
            form=form,
            title=gettext("Choose a password for %(name)s", name=user.username),
            back=url_for("HomeView.index"),
            username=user.username,
        )
