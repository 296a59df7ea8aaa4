"""One database with the rows of the measurement at national size in it, filled once for all tests that read it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from sqlalchemy import create_engine, text

from app.extensions import db
from app.factory import create_app
from bench.national.filling import add_floor, fill
from tests.databases import Databases

NAME = "national"


@contextmanager
def national(postgres: str, workspace: Path, assets: Path, makers: dict[str, Databases], rows: int) -> Iterator[Flask]:
    """The application on a database of its own with ``rows`` applications and the floors' tables."""
    databases = makers.setdefault("postgresql", Databases("postgresql", workspace, assets, postgres))
    template = databases.template(demo=True)
    engine = create_engine(databases.address("postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'CREATE DATABASE {NAME} TEMPLATE "{template}"'))
    app = create_app(databases.settings(NAME, demo=True) | {"DEMO": False})
    fill(address_of(app), rows, lambda _text: None)
    add_floor(address_of(app))
    yield app
    with app.app_context():
        db.engine.dispose()
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE {NAME} WITH (FORCE)"))
    engine.dispose()


def address_of(app: Flask) -> str:
    """The database's address as psycopg takes it."""
    return str(app.config["DATABASE_URL"]).replace("+psycopg", "")
