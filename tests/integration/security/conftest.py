"""What the tests of the row scope and of leaks share."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select

from app.extensions import db
from app.models.transaction import writing
from app.security.scope import OWNED, unscoped
from tests.integration.security.marks import Marked, add_marked_history, write_marks
from tests.integration.security.world import World, side, table_rows


@pytest.fixture
def world(demo_app: Flask) -> Iterator[World]:
    """Rows of both sides, stored; the test runs outside any request."""
    with demo_app.app_context(), writing():
        with unscoped():
            a, b = side("coop1"), side("coop2")
            db.session.commit()
        db.session.remove()
        yield World(a, b, {model.__tablename__: table_rows(model) for model in OWNED})
        db.session.remove()


@pytest.fixture
def marked(demo_app: Flask) -> Marked:
    """The demonstration with a mark in every text of every owned row."""
    with demo_app.app_context(), writing():
        with unscoped():
            a, b = side("coop1"), side("coop2")
            db.session.commit()
            db.session.remove()
            add_marked_history()
        db.session.remove()
        write_marks()
        rows = {model.__tablename__: table_rows(model) for model in OWNED}
        users = {name: key for name, key in db.session.execute(select(User.username, User.id))}
        db.session.remove()
    return Marked(World(a, b, rows), users)
