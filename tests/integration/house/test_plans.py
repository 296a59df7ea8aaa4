"""Pages ask of many rows what an index answers, in few statements, and in as many for many rows as for few.

The rows are those of the measurement at national size, which thereby stay readable to the product.
"""

import re
from collections.abc import Iterator
from itertools import combinations, product
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from flask import Flask
from werkzeug.test import Client

from app.figures.checking import check
from app.views.shell.register import FundModelView
from bench.national.floor import SIMPLE, TUNED, Floor
from bench.national.pages import PAGES
from bench.national.places import find_places
from tests.client import FundClient
from tests.conftest import PASSWORD
from tests.databases import Databases
from tests.integration.house.filled import address_of, national
from tests.integration.house.plans import GROWING, faults, statements

ROWS = 20_000
MOST_OF_A_LIST, MOST_OF_A_PAGE, MOST_OF_A_HOME = 10, 14, 20
PEOPLE = ("coop1", "officer1", "fund", "finance", "committee1", "manager", "auditor", "admin")
LISTS = ("lists", "records", "registers", "api")
# The wheel's PostgreSQL has no index of letters.
INSIDE_WORDS = "search"
pytestmark = [pytest.mark.postgres, pytest.mark.slow]


@pytest.fixture(scope="module")
def app(postgres: str, workspace: Path, assets: Path, makers: dict[str, Databases]) -> Iterator[Flask]:
    with national(postgres, workspace, assets, makers, ROWS) as filled:
        yield filled


@pytest.fixture(scope="module")
def explained(app: Flask) -> Iterator[psycopg.Connection]:
    with psycopg.connect(address_of(app), autocommit=True) as connection:
        # As it plans among millions: of 20,000 rows it reads all sooner than it looks for some.
        for way in ("seqscan", "hashjoin", "mergejoin"):
            connection.execute(f"SET enable_{way} = off")
        yield connection


@pytest.fixture(scope="module")
def people(app: Flask) -> dict[str, FundClient]:
    """A browser of each person, and of a visitor; who has just asked is known without a statement more."""
    clients = {name: FundClient(app) for name in (*PEOPLE, "coop1s", "")}
    for name, client in clients.items():
        if name:
            client.sign_in(name, PASSWORD)
            client.get("/")
    return clients


def lists_of(app: Flask) -> dict[str, FundModelView]:
    """The address of every list, and its register."""
    views = (view for view in app.appbuilder.baseviews if isinstance(view, FundModelView))  # type: ignore[attr-defined]
    return {f"{view.route_base}/list/": view for view in views}


def asked_by(view: FundModelView, path: str, shown: str) -> Iterator[str]:
    """The list as it is, in every order it offers, with each filter's first and last choice, and with two of these."""
    name = type(view).__name__
    yield path
    if view.datamodel.obj.__tablename__ not in GROWING:
        return
    for column in view.order_columns:
        for direction in ("asc", "desc"):
            yield f"{path}?_oc_{name}={column}&_od_{name}={direction}"
    ends: list[list[str]] = []
    for chooser in (each.name for each in view.list_filters):
        drawn = re.search(rf'<select id="filter-{chooser}".*?</select>', shown, re.DOTALL)
        codes = re.findall(r'<option value="([^"]+)"', drawn[0]) if drawn else []
        ends.append([f"{chooser}={quote(code)}" for code in dict.fromkeys([*codes[:1], *codes[-1:]])])
    for chosen in (1, 2):
        for filters in combinations(ends, chosen):
            yield from (f"{path}?{'&'.join(codes)}" for codes in product(*filters))


def test_measured_pages_open_and_read_by_index_in_few_statements(
    app: Flask, people: dict[str, FundClient], explained: psycopg.Connection
) -> None:
    places = find_places(address_of(app))
    wrong: list[str] = []
    for page in PAGES:
        path, name = quote(page.path.format(**places), safe="/?&=:!(),'%-_"), f"{page.person} {page.name}"
        with statements(app) as found:
            assert people[page.person].get(path).status_code == 200, path
        if len(found) > most_of(page.group):
            wrong.append(f"{name}: {len(found)} statements")
        if INSIDE_WORDS not in page.name:
            wrong += [f"{name}: {fault}" for each in found for fault in faults(explained, each)]

    assert not wrong, "\n".join(wrong)


def most_of(group: str) -> int:
    """How many statements a page of the group may take; a home and the figures have parts of their own."""
    if group in ("homes", "figures"):
        return MOST_OF_A_HOME
    return MOST_OF_A_LIST if group in LISTS else MOST_OF_A_PAGE


@pytest.mark.parametrize(("kind", "questions"), [("simple", SIMPLE), ("tuned", TUNED)])
def test_floors_answer_every_question_with_rows(app: Flask, kind: str, questions: dict[str, tuple[str, ...]]) -> None:
    client = Client(Floor(address_of(app), find_places(address_of(app))))

    empty = [name for name in questions if b"<tr>" not in client.get(f"/{kind}/{name}").data]

    assert empty == []


def test_the_kept_figures_are_those_of_the_rows_filled_in(app: Flask) -> None:
    with app.app_context():
        checked = check()

    assert checked.differences == ()
    assert checked.sums > 0


@pytest.mark.parametrize("person", PEOPLE)
def test_every_list_of_a_person_reads_by_index_in_every_order_and_with_every_filter(
    app: Flask, people: dict[str, FundClient], explained: psycopg.Connection, person: str
) -> None:
    client = people[person]
    wrong: list[str] = []
    for path, view in lists_of(app).items():
        few = f"{path}?psize_{type(view).__name__}=5"
        with statements(app) as least:
            answer = client.get(few)
        if answer.status_code != 200:
            continue
        for address in asked_by(view, path, answer.get_data(as_text=True)):
            with statements(app) as found:
                assert client.get(address).status_code == 200, address
            if address == path and len(found) > len(least):
                wrong.append(f"{path}: {len(least)} statements for 5 rows, {len(found)} for 25")
            if len(found) > MOST_OF_A_LIST:
                wrong.append(f"{address}: {len(found)} statements")
            wrong += [f"{address}: {fault}" for each in found for fault in faults(explained, each)]

    assert not wrong, "\n".join(wrong)
