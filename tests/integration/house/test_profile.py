"""``make profile`` tells where a page's time goes."""

import pytest
from flask import Flask

from bench.one_page import profiled, shortened
from tests.client import FundClient


@pytest.fixture(scope="session", params=["sqlite"])
def backend(request: pytest.FixtureRequest) -> str:
    """What is told is the same on both."""
    return str(request.param)


def test_a_page_s_statements_times_and_functions_are_told(app: Flask) -> None:
    found = profiled(FundClient(app), "/login/", rounds=2, functions=5)

    told = "\n".join(found.told(60))
    assert told.startswith("200, ")
    assert "of 2 rounds" in told
    assert f"{len(found.sent)} statements" in told
    assert "ncalls" in found.functions


def test_a_page_that_reads_programmes_names_their_table(app: Flask) -> None:
    found = profiled(FundClient(app), "/", rounds=1, functions=1)

    assert [each for each in found.sent if "FROM loan_programme" in each.text]
    assert all(each.took > 0 for each in found.sent)


@pytest.mark.parametrize(
    ("whole", "short"),
    [
        ("SELECT a, b FROM t", "SELECT a, b FROM t"),
        ("SELECT a, b, c, d FROM t WHERE x", "SELECT 4 columns FROM t WHERE x"),
        ("UPDATE t SET a = 1", "UPDATE t SET a = 1"),
    ],
)
def test_statements_of_many_columns_are_told_without_them(whole: str, short: str) -> None:
    assert shortened(whole) == short
