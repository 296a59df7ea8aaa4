"""What the measurement at national size fills stays readable to the product: every page it measures opens."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from flask import Flask
from sqlalchemy import create_engine, text
from werkzeug.test import Client

from app.extensions import db
from app.factory import create_app
from bench.national.filling import add_floor, fill
from bench.national.floor import SIMPLE, TUNED, Floor
from bench.national.pages import PAGES
from bench.national.places import find_places
from tests.client import FundClient
from tests.conftest import PASSWORD
from tests.databases import Databases

ROWS = 400
pytestmark = [pytest.mark.postgres, pytest.mark.slow]


@pytest.fixture(scope="module")
def filled(postgres: str, workspace: Path, assets: Path, makers: dict[str, Databases]) -> Iterator[tuple[Flask, str]]:
    """A database of its own, filled; and its address."""
    databases = makers.setdefault("postgresql", Databases("postgresql", workspace, assets, postgres))
    template = databases.template(demo=True)
    engine = create_engine(databases.address("postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'CREATE DATABASE national TEMPLATE "{template}"'))
    address = databases.address("national").replace("+psycopg", "")
    app = create_app(databases.settings("national", demo=True) | {"DEMO": False})
    fill(address, ROWS, lambda _text: None)
    add_floor(address)
    yield app, address
    with app.app_context():
        db.engine.dispose()
    with engine.connect() as connection:
        connection.execute(text("DROP DATABASE national WITH (FORCE)"))
    engine.dispose()


def test_every_measured_page_opens(filled: tuple[Flask, str]) -> None:
    app, address = filled
    places = find_places(address)
    clients = {}
    for person in dict.fromkeys(page.person for page in PAGES):
        clients[person] = FundClient(app)
        if person:
            clients[person].sign_in(person, PASSWORD)

    answers = {
        (page.person, path): clients[page.person].get(path).status_code
        for page in PAGES
        for path in [quote(page.path.format(**places), safe="/?&=:!(),'%-_")]
    }

    assert {key: code for key, code in answers.items() if code != 200} == {}


@pytest.mark.parametrize(("kind", "questions"), [("simple", SIMPLE), ("tuned", TUNED)])
def test_floors_answer_every_question_with_rows(
    filled: tuple[Flask, str], kind: str, questions: dict[str, tuple[str, ...]]
) -> None:
    _app, address = filled
    client = Client(Floor(address, find_places(address)))

    empty = [name for name in questions if b"<tr>" not in client.get(f"/{kind}/{name}").data]

    assert empty == []
