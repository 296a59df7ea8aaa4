"""Requests at the same time never see each other's search, filter or person."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.client import FundClient

THREADS = 8
EACH = 100
ROW = re.compile(r"/(?:applications|cooperatives|board)/show/(\d+)")
# One (person, address) for each thread, no two with the same rows.
ASKED = (
    ("coop1", "/applications/list/"),
    ("coop2", "/applications/list/"),
    ("officer1", "/applications/list/?status=approved"),
    ("officer2", "/applications/list/?status=in_review"),
    ("fund", "/cooperatives/list/?kind=credit_union"),
    ("auditor", "/cooperatives/list/?kind=savings&_oc_CooperativeView=name&_od_CooperativeView=desc"),
    ("coop1s", "/board/list/"),
    ("manager", "/applications/list/?q=LF&psize_LoanApplicationView=25&page_LoanApplicationView=1"),
)


@pytest.mark.slow
def test_eight_people_at_once_each_read_their_own_list(client_for: Callable[[str], FundClient]) -> None:
    browsers = [(client_for(username), path) for username, path in ASKED]
    alone = [ROW.findall(client.text(path)) for client, path in browsers]

    def read(number: int) -> int:
        client, path = browsers[number]
        return sum(ROW.findall(client.text(path)) != alone[number] for _turn in range(EACH))

    with ThreadPoolExecutor(THREADS) as pool:
        mixed = list(pool.map(read, range(THREADS)))

    assert len({tuple(rows) for rows in alone}) >= THREADS - 1
    assert mixed == [0] * THREADS


@pytest.mark.slow
def test_one_person_in_eight_windows_keeps_eight_searches_apart(client_for: Callable[[str], FundClient]) -> None:
    base = "/applications/list/?status="
    states = ("draft", "submitted", "received", "in_review", "returned", "recommended", "on_agenda", "rejected")
    browsers = [client_for("auditor") for _state in states]
    alone = [ROW.findall(client.text(base + state)) for client, state in zip(browsers, states, strict=True)]

    def read(number: int) -> int:
        return sum(ROW.findall(browsers[number].text(base + states[number])) != alone[number] for _turn in range(EACH))

    with ThreadPoolExecutor(THREADS) as pool:
        mixed = list(pool.map(read, range(THREADS)))

    assert sum(bool(rows) for rows in alone) >= 6
    assert mixed == [0] * THREADS
