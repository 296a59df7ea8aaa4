"""Lists of the REST interface: each row once by its links, an honest count, and texts found as the column has them."""

from collections.abc import Iterator
from itertools import permutations
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.models.applications import LoanApplication
from app.views.shell import keyset
from app.views.shell.datamodel import _narrow
from tests import make
from tests.client import FundClient
from tests.integration.shell.registers import SignIn

PATH = "/api/v1/application/"


def answer(client: FundClient, path: str) -> dict[str, Any]:
    got = client.get(path)
    assert got.status_code == 200, path
    found: dict[str, Any] = got.json
    return found


def pages(client: FundClient, path: str | None) -> Iterator[list[int]]:
    while path is not None:
        found = answer(client, path)
        yield found["ids"]
        path = found.get("next")


@pytest.fixture
def fund(client_for: SignIn) -> FundClient:
    return client_for("fund")


def test_links_lead_through_all_rows_in_order(fund: FundClient) -> None:
    for column, direction in (("id", "asc"), ("amount_asked", "desc"), ("number", "asc")):
        query = f"order_column:{column},order_direction:{direction},page_size"
        by_number = [answer(fund, f"{PATH}?q=({query}:50,page:{page})")["ids"] for page in range(3)]

        by_link = list(pages(fund, f"{PATH}?q=({query}:50)"))

        assert [key for page in by_link for key in page] == [key for page in by_number for key in page]
        assert len(by_link) == 3


def test_columns_in_another_order_or_named_again_are_read_by_the_same_statement(fund: FundClient) -> None:
    named = ("number", "months", "status")
    found = answer(fund, f"{PATH}?q=(select_columns:!({','.join(named)}))")
    kept = _narrow.cache_info().currsize

    for other in (*permutations(named), named * 50):
        again = answer(fund, f"{PATH}?q=(select_columns:!({','.join(other)}))")
        assert again["result"] == found["result"]

    assert set(found["result"][0]) == set(named)
    assert _narrow.cache_info().currsize == kept


def test_count_says_when_it_is_capped(fund: FundClient, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = answer(fund, PATH)
    monkeypatch.setattr(keyset, "COUNT_CAP", 7)

    capped = answer(fund, PATH)

    assert (whole["count"] > 100, whole["count_capped"]) == (True, False)
    assert (capped["count"], capped["count_capped"]) == (7, True)
    assert capped["ids"] == whole["ids"]


@pytest.mark.parametrize(
    ("column", "operator", "text"),
    [
        ("cooperative_name", "ct", "ออมทรัพย์"), ("cooperative_name", "sw", "สหกรณ์"), ("cooperative_name", "ew", "จำกัด"),
        ("cooperative_name", "ct", "%ทรัพย์_"), ("cooperative_name", "ct", " จำ"), ("cooperative_name", "ct", "ำ"),
        ("number", "ct", "/2570"), ("number", "sw", "คก.00"), ("number", "ct", "๒๕๗๐"),
        ("cooperative_name", "nct", "กรุง"),
    ],
)  # fmt: skip
def test_a_text_finds_the_rows_whose_column_has_it(
    demo_app: Flask, fund: FundClient, column: str, operator: str, text: str
) -> None:
    found = answer(
        fund, f"{PATH}?q={quote(f'(filters:!((col:{column},opr:{operator},value:{text!r})),page_size:100)')}"
    )

    attribute = getattr(LoanApplication, column)
    held = {
        "ct": attribute.icontains, "nct": attribute.icontains, "sw": attribute.istartswith, "ew": attribute.iendswith,
    }[operator](text, autoescape=True)  # fmt: skip
    condition = ~held if operator == "nct" else held
    with make.rows(demo_app):
        sent = select(LoanApplication.id).where(LoanApplication.submitted_at.is_not(None), condition)
        wanted = list(db.session.scalars(sent.order_by(LoanApplication.id)))
    assert found["ids"] == wanted[:100]
    assert found["count"] == len(wanted)


def test_forged_links_are_refused(fund: FundClient) -> None:
    for key in ("x", "0", "-1", "1~2", "end", "99999999999"):
        assert fund.get(f"{PATH}?after={key}").status_code == 400, key


@pytest.mark.parametrize(
    ("operator", "value", "holding"),
    [
        ("ct", "%", 0),
        ("ct", "_", 0),
        ("sw", "%", 0),
        ("ew", "_", 0),
        ("ct", "/", 0),
        ("sw", "สหกรณ์", None),
        ("nct", "%", None),
    ],
)
def test_a_percent_sign_is_a_letter_as_any_other(
    fund: FundClient, operator: str, value: str, holding: int | None
) -> None:
    path = "/api/v1/cooperative/"
    every = answer(fund, path)["count"]

    found = answer(fund, f"{path}?q=(filters:!((col:name,opr:{operator},value:{quote(repr(value))})))")

    assert found["count"] == (every if holding is None else holding)


def test_a_column_without_a_description_has_none(fund: FundClient) -> None:
    told = answer(fund, "/api/v1/cooperative/_info")

    assert {field["description"] for part in ("add_columns", "edit_columns") for field in told[part]} == {""}
