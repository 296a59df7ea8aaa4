"""A database that a test has filled, looked at through the browsers of the people in it."""

from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from tests.client import FundClient


def signed_in(app: Flask, username: str) -> FundClient:
    """The browser of somebody whom ``make.person`` made."""
    client = FundClient(app)
    client.enter(username)
    return client


@dataclass
class Place:
    """What all such databases share; a test's own adds the ids of its rows."""

    app: Flask

    def browser(self, username: str) -> FundClient:
        return signed_in(self.app, username)

    def stored_files(self) -> int:
        folder = Path(self.app.config["DOCUMENT_STORE"].removeprefix("file:"))
        return sum(1 for file in folder.rglob("*") if file.is_file())
