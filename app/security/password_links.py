"""Links by which a person chooses a new password once: neither an administrator nor a table ever holds what opens them.

A row and a mail in the outbox name the link; what opens it follows from the name by the secret key, and is put into the
mail on its way out. A link that is used, replaced or a day old opens nothing.
"""

import hashlib
import hmac
import re
import secrets
from datetime import datetime, timedelta

from flask import current_app
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import delete, select

from app.extensions import db
from app.models.audit import AuditKind
from app.models.people import PasswordLink
from app.security.accounts import hashed
from app.security.audit import record
from app.security.sessions import end_sessions_of

GOOD_FOR = timedelta(days=1)
PAGE = "/new-password/"
_NAMED = re.compile(re.escape(PAGE) + r"([0-9a-f]{32})(?![0-9a-f.])")


def new_link(user: User, at: datetime) -> str:
    """End the person's password and sessions in the running transaction; returns the page that the mail names."""
    user.password = hashed(secrets.token_urlsafe(32))
    end_sessions_of(user.id)
    record(AuditKind.PASSWORD_CHANGED, user, summary=user.username)
    return link_for(user, at)


def link_for(user: User, at: datetime) -> str:
    """Make the one link that is good for the person now; returns the page that the mail names."""
    name = secrets.token_hex(16)
    db.session.execute(delete(PasswordLink).where(PasswordLink.user_id == user.id))
    db.session.add(PasswordLink(name=name, user_id=user.id, expires_at=at + GOOD_FOR))
    return f"{PAGE}{name}"


def made_since(user_id: int, at: datetime) -> bool:
    """Whether the person's link, as far as it is unused, was made after this moment."""
    newer = select(PasswordLink.name).where(PasswordLink.user_id == user_id, PasswordLink.expires_at > at + GOOD_FOR)
    return db.session.scalar(newer) is not None


def opened(text: str) -> str:
    """A text that goes out, with the links that it names as they open."""
    return _NAMED.sub(lambda found: f"{PAGE}{_token(found[1])}", text)


def person_of(token: str, at: datetime) -> User | None:
    """Whose link this is, as long as it is good."""
    name = token.partition(".")[0]
    if not hmac.compare_digest(_token(name).encode(), token.encode()):
        return None
    row = db.session.scalar(select(PasswordLink).where(PasswordLink.name == name, PasswordLink.expires_at > at))
    user = db.session.get(User, row.user_id) if row is not None else None
    return user if user is not None and user.is_active else None


def use_up(token: str) -> bool:
    """End the link in the running transaction; False when another request ended it first."""
    ended = db.session.execute(delete(PasswordLink).where(PasswordLink.name == token.partition(".")[0]))
    return bool(getattr(ended, "rowcount", 0) == 1)


def _token(name: str) -> str:
    key = str(current_app.config["SECRET_KEY"]).encode()
    return f"{name}.{hmac.new(key, b'new password ' + name.encode(), hashlib.sha256).hexdigest()}"
