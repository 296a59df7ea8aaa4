"""A setting: how many rows a queue shows."""

import pytest

from config import ConfigurationError, settings
from tests.recipes import Added

TITLE = "A setting"
EDITS = (
    Added(
        "config.py",
        '    _whole("QUEUE_ROWS", 20, 1, 100, "แถว: คิวหนึ่งแสดงมากที่สุด", "rows of a queue at most"),\n',
        after=r"^_ROWS\b.*\($",
    ),
)
THAI: dict[str, str] = {}
RUN = {"tests.settings_doc": "docs/operate.md"}


def test_the_setting_is_read_from_the_environment() -> None:
    assert settings({})["QUEUE_ROWS"] == 20
    assert settings({"QUEUE_ROWS": "35"})["QUEUE_ROWS"] == 35


def test_a_value_out_of_range_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="QUEUE_ROWS"):
        settings({"QUEUE_ROWS": "101"})
