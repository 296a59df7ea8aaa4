"""What the tests of the row scope and of leaks share."""

from collections.abc import Iterator

import pytest
from flask import Flask

from app.extensions import db
from app.models.transaction import writing
from app.security.scope import OWNED, unscoped
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
