"""Which language a page is shown in."""

from typing import Any

from flask import Flask, g, has_request_context, session
from flask_babel import get_domain, get_locale

DEFAULT = "th"
LANGUAGES = ("th", "en")
SESSION_KEY = "locale"


def current_locale() -> str:
    """``th`` or ``en``."""
    found = get_locale()
    return found.language if found is not None else DEFAULT


def chosen_locale() -> str:
    """The language kept for the person or the browser, else Thai."""
    if not has_request_context():
        return DEFAULT
    chosen = session.get(SESSION_KEY, DEFAULT)
    return chosen if chosen in LANGUAGES else DEFAULT


def _catalogue() -> Any:
    if "catalogue" not in g:
        g.catalogue = get_domain().get_translations()
    return g.catalogue


def bind_language(app: Flask) -> None:
    """Take over from the framework, whose choice writes to the session on every visit."""
    app.extensions["babel"].locale_selector = chosen_locale
    # A page asks for hundreds of texts: the catalogue is looked up once a request, not once a text.
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        lambda text: _catalogue().ugettext(text),
        lambda one, many, number: _catalogue().ungettext(one, many, number),
        newstyle=True,
    )
    app.jinja_env.globals["current_locale"] = current_locale
