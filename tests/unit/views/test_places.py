"""Places of a list survive their way through an address; what no link says is refused."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Boolean, Date, Integer, String
from werkzeug.exceptions import BadRequest

from app.factory import create_app
from app.models.types import Moment, Money, Rate
from app.views.shell.keyset import END, FIRST, LAST, Key, Place
from app.views.shell.places import LONGEST_VALUE, in_address, place_in
from app.views.shell.register_list import RegisterList

NAME = "View"
VALUES: tuple[tuple[Any, Any], ...] = (
    (None, None),
    (String(20), "คก.0001/2570 ~ &=?"),
    (String(20), ""),
    (String(20), None),
    (Money(), Decimal("2500000.50")),
    (Rate(), Decimal("0.027500")),
    (Moment(), datetime(2026, 11, 30, 7, 0, 0, 123456, UTC)),
    (Date(), date(2026, 11, 30)),
    (Integer(), -3),
    (Integer(), 2**31 - 1),
    (Boolean(), False),
)


@pytest.mark.parametrize(("kind", "value"), VALUES)
def test_a_place_is_read_as_it_was_written(kind: Any, value: Any) -> None:
    key = Key(7, value)
    for place in (Place(3, after=key), Place(2, before=key), Place(-4, before=key), FIRST, LAST, Place(5)):
        address = {name: str(part) for name, part in in_address(place, NAME, kind).items()}

        assert place_in(address, NAME, kind, nullable=True) == place


def test_the_end_is_a_place_of_its_own() -> None:
    assert place_in({"before_View": "end", "page_View": "-1"}, NAME, None, nullable=False).before is END


@pytest.mark.parametrize(
    ("kind", "key"),
    [
        (None, "0"), (None, "-1"), (None, "x"), (None, "๑"), (None, "1~"), (None, "1~2"), (None, "2147483648"),
        (String(20), "~ก"), (String(20), "1~\0"), (String(20), "1~" + "ก" * 401),
        (Money(), "1~"), (Money(), "1~1E99"), (Money(), "1~NaN"), (Money(), "1~" + "9" * 14), (Money(), "1~๑"),
        (Moment(), "1~2026-11-30"), (Moment(), "1~2026-11-30T00:00:00"), (Moment(), "1~0001-01-01T00:00:00+23:59"),
        (Moment(), "1~9999-12-31T23:59:59-23:59"), (Date(), "1~2026-13-01"), (Integer(), "1~1.5"),
        (Integer(), "1~2147483648"), (Integer(), "1~-2147483648"), (Boolean(), "1~1"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("side", ["after", "before"])
def test_a_key_that_no_row_can_have_is_refused(kind: Any, key: str, side: str) -> None:
    with pytest.raises(BadRequest):
        place_in({f"{side}_View": key}, NAME, kind, nullable=True)


@pytest.mark.parametrize(
    "address",
    [
        {"page_View": "-1"}, {"page_View": "x"}, {"page_View": "-x", "after_View": "1"}, {"after_View": "end"},
        {"after_View": "1", "before_View": "2"}, {"page_View": "100001"}, {"page_View": "-100001", "after_View": "1"},
    ],
)  # fmt: skip
def test_an_address_that_no_link_has_is_refused(address: dict[str, str]) -> None:
    with pytest.raises(BadRequest):
        place_in(address, NAME, None, nullable=False)


def test_a_missing_value_is_refused_where_none_can_be_missing() -> None:
    with pytest.raises(BadRequest):
        place_in({"after_View": "1"}, NAME, String(20), nullable=False)


@pytest.fixture
def built(tmp_path: Path) -> Flask:
    """The application as it registers itself; no database is opened."""
    return create_app(
        {"FUND_ENV": "testing", "TESTING": True, "INSTANCE_DIR": str(tmp_path), "DATABASE_URL": "sqlite://"}
    )


def test_no_list_is_sorted_by_texts_too_long_for_a_link(built: Flask) -> None:
    views = [view for view in built.appbuilder.baseviews if isinstance(view, RegisterList)]  # type: ignore[attr-defined]
    kinds = [(view, column, view._sorting((column, "asc")).kind) for view in views for column in view.order_columns]

    texts = [(type(view).__name__, column, kind.length) for view, column, kind in kinds if isinstance(kind, String)]

    assert len(texts) > 10
    assert [each for each in texts if each[2] is None or each[2] > LONGEST_VALUE] == []
