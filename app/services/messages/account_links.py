"""Mails a person the link to choose a new password."""

from datetime import datetime

from flask_appbuilder.security.sqla.models import User
from flask_babel import force_locale

from app.security.password_links import GOOD_FOR
from app.services.messages.tell import About, Letter, tell
from app.ui.formatting import be_datetime
from app.ui.language import DEFAULT

TEXT = "account.new_password"


def mail_link(user: User, page: str, at: datetime) -> None:
    """Put a mail with the link into the outbox, in the running transaction."""
    with force_locale(DEFAULT):
        values = {
            "reader": user.get_full_name().strip() or user.username,
            "username": user.username,
            "until": be_datetime(at + GOOD_FOR),
        }
    tell("", About(None, None, page), (), [Letter(user.email, TEXT, values)], at)
