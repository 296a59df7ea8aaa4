"""Signing in and out, the language, and which cooperative a person acts for."""

from flask import current_app, flash, redirect, request, session, url_for
from flask_appbuilder.baseviews import expose
from flask_appbuilder.security.decorators import no_cache
from flask_appbuilder.security.sqla.models import User
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_login import current_user, login_user, logout_user
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from wtforms import PasswordField
from wtforms.validators import InputRequired

from app.extensions import db
from app.models.audit import AuditKind
from app.models.people import Account
from app.security.acting import ACTING_KEY, forget_acting, this_person
from app.security.audit import record
from app.security.sessions import this_session
from app.ui.fields import FundForm, Longest, ThaiTextField
from app.ui.language import LANGUAGES, SESSION_KEY
from app.views.shell.pages import Answer, FundView
from app.views.shell.returning import own_path


class SignInForm(FundForm):
    """User name and password."""

    username = ThaiTextField(
        _("User name"),
        [InputRequired(), Longest(128)],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )
    password = PasswordField(
        _("Password"), [InputRequired(), Longest(200)], render_kw={"autocomplete": "current-password"}
    )


class AuthView(FundView):
    """The one way in, and out."""

    route_base = ""
    default_view = "login"

    @expose("/login/", methods=["GET", "POST"])
    @no_cache
    def login(self) -> Answer:
        target = own_path(request.args.get("next")) or url_for("HomeView.index")
        if current_user.is_authenticated:
            return redirect(target)
        form = SignInForm()
        if form.validate_on_submit():
            user = self.appbuilder.sm.auth_user_db(form.username.data, form.password.data)
            if user is not None:
                start_session(user)
                return redirect(target)
            form.form_errors = [
                gettext(
                    "User name or password is wrong, or there were too many tries. Check both; after "
                    "%(number)s wrong tries wait a minute, and longer each time, %(minutes)s minutes at most.",
                    number=current_app.config["SIGN_IN_FAILURES_PER_ACCOUNT"],
                    minutes=current_app.config["SIGN_IN_WINDOW_MINUTES"],
                )
            ]
        page: str = self.render_template(
            "appbuilder/general/security/login_db.html",
            title=gettext("Sign in"),
            form=form,
            demo_signins=current_app.extensions.get("demo_sign_ins") if current_app.config["DEMO"] else None,
            demo_password=current_app.config["DEMO_PASSWORD"],
        )
        return page

    @expose("/logout/", methods=["POST"])
    def logout(self) -> Answer:
        if current_user.is_authenticated:
            record(AuditKind.SIGNED_OUT, db.session.get_one(User, current_user.id), summary=current_user.username)
            db.session.commit()
        language = session.get(SESSION_KEY)
        logout_user()
        session.clear()
        this_session().rotate()
        if language:
            session[SESSION_KEY] = language
        return redirect(url_for("HomeView.index"))


def start_session(user: User) -> None:
    """Sign the person in under a new session id; nothing of the visitor's session but the language goes along."""
    stored = this_session()
    language = stored.get(SESSION_KEY)
    stored.clear()
    stored.rotate()
    login_user(user, remember=False)
    account = db.session.get(Account, user.id)
    stored[SESSION_KEY] = account.locale if account is not None else language or "th"
    forget_acting()


class PreferenceView(FundView):
    """The language, and the capacity a person acts in."""

    route_base = ""
    default_view = "language"

    @expose("/language", methods=["POST"])
    def language(self) -> Answer:
        chosen = request.form.get("language", "")
        if chosen in LANGUAGES:
            session[SESSION_KEY] = chosen
            if current_user.is_authenticated:
                _keep_language(chosen)
        return redirect(_back())

    @expose("/act-for", methods=["POST"])
    def act_for(self) -> Answer:
        chosen = request.form.get("membership", "")
        person = this_person()
        if person is not None and not chosen and person.staff_roles:
            session.pop(ACTING_KEY, None)
            forget_acting()
            flash(gettext("You now work as staff again."), "success")
        elif person is not None:
            for capacity in person.capacities:
                if str(capacity.id) == chosen:
                    session[ACTING_KEY] = capacity.id
                    forget_acting()
                    flash(gettext("You now act for %(name)s.", name=capacity.cooperative), "success")
        return redirect(url_for("HomeView.index"))


def _keep_language(chosen: str) -> None:
    """Keep the person's language; of two requests at once that both find no account row, the second finds it then."""
    for last_try in (False, True):
        account = db.session.get(Account, current_user.id)
        if account is None:
            account = Account(user_id=current_user.id)
            db.session.add(account)
        account.locale = chosen
        try:
            db.session.commit()
        except (IntegrityError, StaleDataError):
            db.session.rollback()
            if last_try:
                raise
        else:
            return


def _back() -> str:
    """The page the person came from, when it is ours and can be opened by GET."""
    return own_path(request.form.get("next")) or url_for("HomeView.index")
