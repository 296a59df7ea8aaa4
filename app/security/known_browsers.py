"""Browsers in which a person has signed in before, by a signed cookie: what strangers type makes nobody wait there.

The cookie opens nothing. It names the accounts, each with a part of a digest of the stored password, so that a new
password makes every other browser a stranger again.
"""

import hashlib
import secrets
from typing import Any

from flask import Flask, Response, after_this_request, current_app, request
from flask_appbuilder.security.sqla.models import User
from itsdangerous import BadSignature, URLSafeTimedSerializer

KEPT_DAYS = 180
MOST_PEOPLE = 8  # who sign in in one browser, as at an office's counter; the oldest makes room
_DAY = 86_400


def known_browser(user: User | None) -> str | None:
    """The name of this browser when the person has signed in in it under the present password."""
    if user is None:
        return None
    name, people = _read()
    return name if people.get(str(user.id)) == _mark(user) else None


def know_browser(user: User) -> None:
    """Remember with the answer under way that the person has signed in here."""
    name, people = _read()
    people.pop(str(user.id), None)
    kept = dict([*people.items(), (str(user.id), _mark(user))][-MOST_PEOPLE:])
    token = _signer().dumps([name, kept])

    @after_this_request
    def remember(response: Response) -> Response:
        response.set_cookie(
            _cookie(current_app),
            token,
            max_age=KEPT_DAYS * _DAY,
            httponly=True,
            secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
            samesite="Lax",
        )
        return response


def _read() -> tuple[str, dict[str, str]]:
    try:
        name, people = _signer().loads(request.cookies.get(_cookie(current_app), ""), max_age=KEPT_DAYS * _DAY)
    except (BadSignature, ValueError, TypeError):
        return secrets.token_hex(12), {}
    return str(name), dict(people)


def _mark(user: User) -> str:
    return hashlib.sha256(str(user.password).encode()).hexdigest()[:16]


def _signer() -> URLSafeTimedSerializer:
    secret: Any = current_app.config["SECRET_KEY"]
    return URLSafeTimedSerializer(secret, salt="browsers in which somebody has signed in")


def _cookie(app: Flask) -> str:
    """Beside the session's, under the same kind of name."""
    return f"{app.config['SESSION_COOKIE_NAME']}-browser"
