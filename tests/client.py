"""A browser for tests: takes the CSRF token from the page, as a person's browser does."""

import re
from typing import Any

from flask import Flask
from werkzeug.test import Client, TestResponse

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


class FundClient(Client):
    """A client with its own cookies; every request gets its own application context."""

    def __init__(self, app: Flask) -> None:
        super().__init__(app)
        self.app = app

    def token(self, path: str = "/") -> str:
        """The CSRF token of a page."""
        found = TOKEN.search(self.get(path).get_data(as_text=True))
        assert found is not None, f"no form on {path}"
        return found[1]

    def sign_in(self, username: str, password: str) -> TestResponse:
        """Send the sign-in form."""
        return self.send("/login/", {"username": username, "password": password}, page="/login/")

    def send(self, path: str, form: dict[str, Any] | None = None, *, page: str = "/", **kwargs: Any) -> TestResponse:
        """POST a form with the token of ``page``."""
        return self.post(path, data={"csrf_token": self.token(page), **(form or {})}, **kwargs)

    def text(self, path: str) -> str:
        """The body of a page that must open."""
        answer = self.get(path)
        assert answer.status_code == 200, f"{path}: {answer.status_code}"
        return answer.get_data(as_text=True)
