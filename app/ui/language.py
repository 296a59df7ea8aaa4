"""Which language a page is shown in."""

from functools import lru_cache
from typing import Any

from flask import Flask, g, has_request_context, session
from flask_babel import get_domain, get_locale
from markupsafe import Markup

DEFAULT = "th"
LANGUAGES = ("th", "en")
SESSION_KEY = "locale"


def current_locale() -> str:
    """``th`` or ``en``."""
    found = get_locale()
    return found.language if found is not None else DEFAULT


def in_english() -> bool:
    """Whether the reader chose English; outside a request nobody did."""
    return current_locale() == "en"


def chosen_locale() -> str:
    """The language kept for the person or the browser, else Thai."""
    if not has_request_context():
        return DEFAULT
    chosen = session.get(SESSION_KEY, DEFAULT)
    return chosen if chosen in LANGUAGES else DEFAULT


def _catalogue() -> Any:
    found = g.get("catalogue")
    if found is None:
        found = g.catalogue = get_domain().get_translations()
    return found


@lru_cache(maxsize=8192)
def _marked(catalogue: Any, text: str) -> Markup:
    return Markup(catalogue.ugettext(text))  # noqa: S704  the texts are our own, in the code and translated


def _in_page(text: str, /, **values: Any) -> Markup:
    """A text for a page; it is a pattern also without values, as everywhere in a template."""
    shown = _marked(_catalogue(), text)
    return shown % values if values or "%" in shown else shown


def bind_language(app: Flask) -> None:
    """Take over from the framework, whose choice writes to the session on every visit."""
    app.extensions["babel"].locale_selector = chosen_locale
    # A page asks for hundreds of texts: the catalogue is looked up once a request, not once a text.
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        lambda text: _catalogue().ugettext(text),
        lambda one, many, number: _catalogue().ungettext(one, many, number),
        newstyle=True,
    )
    # Jinja's own asks for the template's context, which is copied for each text inside a loop that sets something.
    app.jinja_env.globals["_"] = _in_page
    app.jinja_env.globals["current_locale"] = current_locale
