"""A browser for tests: takes the CSRF token from the page, as a person's browser does."""

import re
import time
from typing import Any

from flask import Flask, session
from flask_appbuilder.security.sqla.models import User
from flask_wtf.csrf import generate_csrf
from sqlalchemy import select
from werkzeug.http import parse_cookie
from werkzeug.test import Client, TestResponse

from app.extensions import db
from app.views.people.sign_in import start_session

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
# A token is good for longer; a test that travels in time gets another.
KEPT_SECONDS = 600


def seen(text: str) -> str:
    """A page's text without the marks that only say where a line may not end."""
    return text.replace("\N{NO-BREAK SPACE}", " ").replace("&nbsp;", " ").replace("\N{WORD JOINER}", "")


PASSWORD = "A long made-up password"  # of everybody whom a test makes


def signed(path: str, form: dict[str, Any]) -> dict[str, Any]:
    """A form with the password that goes with a declaration, unless the test says another."""
    name = path.rpartition("/")[2]
    declares = f"{name}-declared" in form
    return {f"{name}-password": PASSWORD, **form} if declares else form


class FundClient(Client):
    """A client with its own cookies; every request gets its own application context."""

    def __init__(self, app: Flask) -> None:
        super().__init__(app)
        self.app = app
        self._tokens: dict[tuple[str, float], str] = {}

    def token(self, path: str) -> str:
        """The CSRF token of a page."""
        found = TOKEN.search(self.get(path).get_data(as_text=True))
        assert found is not None, f"no form on {path}"
        return found[1]

    def any_token(self) -> str:
        """A CSRF token of the session, good for all its forms: a person has one from the page they are on."""
        kept = self._tokens.get(self._moment())
        if kept is None:
            kept = self.token("/")
            self._tokens[self._moment()] = kept
        return kept

    def _moment(self) -> tuple[str, float]:
        cookie = self.get_cookie(self.app.config["SESSION_COOKIE_NAME"])
        return cookie.value if cookie is not None else "", time.time() // KEPT_SECONDS

    def enter(self, username: str) -> None:
        """Be signed in as the form does it, without its page, password and traces: those have tests of their own."""
        with self.app.test_request_context("/login/"):
            start_session(db.session.execute(select(User).where(User.username == username)).scalar_one())
            token = generate_csrf()
            answer = self.app.response_class()
            self.app.session_interface.save_session(self.app, session, answer)
        cookie = parse_cookie(answer.headers["Set-Cookie"].partition(";")[0])
        for name, value in cookie.items():
            self.set_cookie(name, value)
        self._tokens[self._moment()] = token

    def sign_in(self, username: str, password: str) -> TestResponse:
        """Send the sign-in form."""
        return self.send("/login/", {"username": username, "password": password}, page="/login/")

    def send(self, path: str, form: dict[str, Any] | None = None, *, page: str = "", **kwargs: Any) -> TestResponse:
        """POST a form with the token of ``page``, or of the page the person is on."""
        token = self.token(page) if page else self.any_token()
        return self.post(path, data={"csrf_token": token, **signed(path, form or {})}, **kwargs)

    def text(self, path: str) -> str:
        """The body of a page that must open."""
        answer = self.get(path)
        assert answer.status_code == 200, f"{path}: {answer.status_code}"
        return seen(answer.get_data(as_text=True))
