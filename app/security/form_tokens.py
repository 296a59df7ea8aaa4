"""The token of the forms, written differently in each answer: how long a compressed page is then tells nothing of it.

A page is compressed, shows words of its address, and may be asked for by another site again and again. Were the token
the same each time, its letters could be guessed one by one from the lengths (known as BREACH).
"""

import base64
import binascii
import secrets

from flask import Flask, Response, g
from flask_wtf import CSRFProtect

FIELD = "csrf_token"


def mask(token: str) -> str:
    """Return a random pad and the token mixed with it; different each time."""
    plain = token.encode()
    pad = secrets.token_bytes(len(plain))
    return base64.urlsafe_b64encode(pad + _mixed(plain, pad)).decode()


def unmask(sent: str) -> str:
    """Return the token. What was not masked comes back as it is: nonsense, or of a page opened before tokens were."""
    try:
        both = base64.b64decode(sent, altchars=b"-_", validate=True)
        half = len(both) // 2
        return _mixed(both[half:], both[:half]).decode("ascii")
    except (binascii.Error, ValueError):
        return sent


class MaskedCSRF(CSRFProtect):
    """Looks at the token that was mixed into the one sent."""

    def _get_csrf_token(self) -> str | None:
        sent = super()._get_csrf_token()
        return unmask(sent) if sent else sent


def bind_form_tokens(app: Flask) -> None:
    """Refuse what is sent without the session's token, and mask it in every page, whoever wrote it there."""
    MaskedCSRF(app)

    @app.after_request
    def mask_tokens(response: Response) -> Response:
        token = g.get(FIELD)
        if token and not (response.is_streamed or response.direct_passthrough):
            response.set_data(response.get_data().replace(token.encode(), mask(token).encode()))
        return response


def _mixed(content: bytes, pad: bytes) -> bytes:
    return bytes(one ^ other for one, other in zip(content, pad, strict=True))
