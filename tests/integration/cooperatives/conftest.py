"""A register of cooperatives to import into."""

from collections.abc import Iterator

import pytest
from flask import Flask

from app.security.scope import unscoped


@pytest.fixture
def register(app: Flask) -> Iterator[Flask]:
    with app.app_context(), unscoped():
        yield app
