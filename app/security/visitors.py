"""What a visitor's browser carries itself, signed: the token of forms, the language, and words for the next page.

Nothing of it is worth anything to another, so that it need not be kept, and looking around costs the database nothing.
"""

from typing import Any

from flask import Flask
from flask.json.tag import TaggedJSONSerializer
from itsdangerous import BadSignature, URLSafeTimedSerializer

MARK = "visitor:"
LONGEST = 3800  # letters; browsers keep cookies of 4096 with their names
_FLASHES = "_flashes"


def is_visitors(cookie: str) -> bool:
    """Whether a cookie is a visitor's, and no name of a session kept here."""
    return cookie.startswith(MARK)


def visitors_content(app: Flask, cookie: str) -> dict[str, Any]:
    """What was put into a cookie; nothing when it is too old or not ours."""
    try:
        content = _signer(app).loads(cookie.removeprefix(MARK), max_age=app.config["SESSION_LIFETIME_HOURS"] * 3600)
    except BadSignature:
        return {}
    return content if isinstance(content, dict) else {}


def visitors_cookie(app: Flask, content: dict[str, Any]) -> str:
    """The cookie; words for the next page are left out when there are too many."""
    written = f"{MARK}{_signer(app).dumps(content)}"
    if len(written) > LONGEST:
        written = f"{MARK}{_signer(app).dumps({key: value for key, value in content.items() if key != _FLASHES})}"
    return written


def _signer(app: Flask) -> URLSafeTimedSerializer:
    secret: Any = app.config["SECRET_KEY"]
    return URLSafeTimedSerializer(secret, salt="what a visitor carries", serializer=TaggedJSONSerializer())
