"""What unit tests share."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Path]:
    """A machine of its own: the folder in which its processes keep their turns; nothing else is set up."""
    app = Flask("machine")
    app.config["INSTANCE_DIR"] = str(tmp_path)
    with app.app_context():
        yield tmp_path
