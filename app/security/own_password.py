"""The password of whoever is signed in, asked once more where an act binds others."""

from flask import current_app, request
from flask_appbuilder.security.sqla.models import User
from flask_login import current_user

from app.domain.values.errors import RuleBroken
from app.domain.values.text import N_
from app.extensions import db
from app.security.accounts import fits
from app.security.known_browsers import known_browser
from app.security.throttle import forget_failures, may_try, place_of


def refuse_wrong_password(typed: str) -> None:
    """Count the try for good before anything looks at it, then compare.

    Raises:
        RuleBroken: it is another one, or there were too many wrong ones.
    """
    user = db.session.get_one(User, current_user.id)
    place = place_of(request.remote_addr or "", known_browser(user))
    allowed = may_try(user.username, place)
    db.session.commit()
    if not allowed:
        raise RuleBroken(
            N_("There were too many wrong passwords. Wait some minutes and try again, %(minutes)s at most."),
            minutes=current_app.config["SIGN_IN_WINDOW_MINUTES"],
        )
    if not fits(user, typed):
        raise RuleBroken(N_("This is not your password. Type the one with which you sign in."))
    forget_failures(user.username, place)
