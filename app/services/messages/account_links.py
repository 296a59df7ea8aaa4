"""Mails a person the link to choose a new password."""

from datetime import datetime, timedelta

from flask import current_app
from flask_appbuilder.security.sqla.models import User
from flask_babel import force_locale
from sqlalchemy import Select, or_, select

from app.extensions import db
from app.security.password_links import GOOD_FOR, link_for, made_since
from app.services.locking import locked_people
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


def mail_link_asked_for(name: str, at: datetime) -> None:
    """Mail a link to whose user name or e-mail this is, in the running transaction; the password stays as it is.

    Not while the last link is fresh, so that nobody floods a mailbox or outdates the link that is being opened. The
    mail is written for everybody and taken back where it goes to nobody, so that both take as long.
    """
    user = db.session.scalars(_of_that_name(name)).first()
    held = locked_people([user.id if user is not None else 0])
    owner = next((person for person in held.values() if person.is_active), None)
    window = timedelta(minutes=current_app.config["SIGN_IN_WINDOW_MINUTES"])
    fresh = made_since(owner.id if owner is not None else 0, at - window)
    attempt = db.session.begin_nested()
    if owner is None or fresh:
        mail_link(_nobody(name), "/", at)
        db.session.flush()
        attempt.rollback()
    else:
        mail_link(owner, link_for(owner, at), at)
        attempt.commit()


def _of_that_name(name: str) -> Select[tuple[User]]:
    """The account of this user name, or else of this e-mail; mail programs write its letters in either case."""
    found = select(User).where(or_(User.username == name, User.email.in_([name, name.lower()])))
    return found.order_by(User.username != name, User.id)


def _nobody(name: str) -> User:
    return User(username=name, first_name=name, last_name="", email="nobody@example.invalid")
