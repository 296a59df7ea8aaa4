"""What a start does not bring along: libraries that few pages need are imported where they are used."""

import subprocess
import sys

import pytest

# What each is for stands in pyproject.toml.
HEAVY = (
    "pandas", "numpy", "altair", "vl_convert", "num2words", "fontTools", "holidays", "geothai", "alembic", "typst",
    "pikepdf", "img2pdf", "pypdfium2", "xlsxwriter",
)  # fmt: skip
STARTED = """
import sys
from app import serving
from app.factory import create_app
create_app({"FUND_ENV": "testing", "TESTING": True, "DEMO": True, "SECRET_KEY": "0123456789" * 4})
print(*sys.modules)
"""


@pytest.fixture(scope="module")
def started() -> set[str]:
    """The modules of a process that has made the application, ready to be served."""
    made = subprocess.run([sys.executable, "-c", STARTED], check=True, capture_output=True, text=True)
    return set(made.stdout.split())


def test_the_application_is_there(started: set[str]) -> None:
    assert {"app.factory", "app.serving", "app.reports.charts.volume_by_province"} <= started


@pytest.mark.parametrize("name", HEAVY)
def test_a_start_does_not_import(started: set[str], name: str) -> None:
    assert name not in started
