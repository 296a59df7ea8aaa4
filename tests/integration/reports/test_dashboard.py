"""The dashboard's figures are the published ones, and every figure opens exactly its rows."""

import html
import json
import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.domain.states import State
from app.extensions import db
from app.models.applications import LoanApplication
from app.models.programmes import LoanProgramme
from app.reports.chart import Chart, Column, Drawing
from app.reports.charts import CHARTS
from app.reports.charts.volume_by_programme import volume_by_programme
from app.reports.charts.volume_by_province import volume_by_province
from app.reports.criteria import Choice
from app.reports.volume import totals
from tests import make
from tests.client import FundClient

SignIn = Callable[[str], FundClient]

ROW = re.compile(r"<tr>\s*<th scope=\"row\"[^>]*>(.*?)</th>(.*?)</tr>", re.DOTALL)
CELL = re.compile(r"<td[^>]*>(.*?)</td>", re.DOTALL)
LINK = re.compile(r'<a href="([^"]+)">(.*?)</a>', re.DOTALL)
TICKED_ROW = re.compile(r'href="/applications/show/(\d+)[?"]')


def baht(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


def table(text: str, heading: str) -> dict[str, tuple[str, list[str]]]:
    """A table of the page: by row, its link and its cells."""
    section = text.split(f"<h2>{heading}</h2>", 1)[1].split("</table>", 1)[0]
    found = {}
    for head, cells in ROW.findall(section):
        link = LINK.search(head)
        name = link[2] if link else head
        found[name.strip()] = (link[1] if link else "", [cell.strip() for cell in CELL.findall(cells)])
    return found


def listed(client: FundClient, address: str) -> set[int]:
    """The applications a list shows."""
    return {int(key) for key in TICKED_ROW.findall(client.text(f"{address}&psize_LoanApplicationView=100"))}


def page(client: FundClient, query: str = "") -> str:
    return html.unescape(client.text(f"/dashboard/{query}"))


def programme_ids(app: Flask, *keys: str) -> list[int]:
    with make.rows(app):
        found = {key: row_id for key, row_id in db.session.execute(select(LoanProgramme.key, LoanProgramme.id))}
    return [found[key] for key in keys]


# The published year


def test_fiscal_year_2566_shows_the_published_totals(demo_app: Flask, client_for: SignIn) -> None:
    text = page(client_for("manager"), "?year=2566")

    # กรณีปกติ 25 ล้าน 3 สัญญา, โควิด 4 ล้าน 1 สัญญา, เติมสุข 100 ล้าน 7 สัญญา: 129 million in 11, to 10 cooperatives.
    total = table(text, make.in_thai(demo_app, "By province"))[make.in_thai(demo_app, "Total")]
    assert total[1][:3] == ["129,000,000.00", "11", "10"]
    assert "129,000,000.00" in text.split("<table", 1)[0]


def test_fiscal_year_2566_shows_the_published_programmes(demo_app: Flask, client_for: SignIn) -> None:
    with make.rows(demo_app):
        names = {key: name for key, name in db.session.execute(select(LoanProgramme.key, LoanProgramme.name))}

    rows = table(page(client_for("manager"), "?year=2566"), make.in_thai(demo_app, "By programme"))

    assert {name: cells[:2] for name, (_link, cells) in rows.items()} == {
        names["normal-2566"]: ["25,000,000.00", "3"],
        names["covid-2566"]: ["4,000,000.00", "1"],
        names["top-up-2566"]: ["100,000,000.00", "7"],
    }


@pytest.mark.parametrize(
    ("key", "million", "contracts"), [("normal-2566", 25, 3), ("covid-2566", 4, 1), ("top-up-2566", 100, 7)]
)
def test_one_programme_of_the_year(demo_app: Flask, client_for: SignIn, key: str, million: int, contracts: int) -> None:
    (programme,) = programme_ids(demo_app, key)

    text = page(client_for("manager"), f"?year=2566&programme={programme}")

    _link, cells = table(text, make.in_thai(demo_app, "By province"))[make.in_thai(demo_app, "Total")]
    assert cells[:2] == [f"{million},000,000.00", str(contracts)]


def points(spec: Any) -> list[dict[str, Any]]:
    """The figures inside a chart's specification, wherever Altair puts them."""
    if isinstance(spec, dict):
        values = spec.get("values")
        if isinstance(values, list) and values and isinstance(values[0], dict) and "million" in values[0]:
            return values
        return [point for value in spec.values() for point in points(value)]
    if isinstance(spec, list):
        return [point for value in spec for point in points(value)]
    return []


def test_charts_draw_the_same_figures(client_for: SignIn) -> None:
    figures = client_for("manager").get("/dashboard/figures.json?year=2566").json

    assert figures is not None
    on_map, on_bars = points(figures["map"]), points(figures["bars"])
    assert len(on_map) == 77
    shades = figures["map"]["encoding"]["color"]["condition"]
    key = json.loads(shades["legend"]["labelExpr"].removesuffix("[datum.index]"))
    assert len(key) == len(shades["scale"]["range"]) == len(shades["scale"]["domain"]) + 1
    assert sum(Decimal(str(point["million"])) for point in on_map) == 129
    assert sum(point["contracts"] for point in on_map) == 11
    assert sum(Decimal(str(point["million"])) for point in on_bars) == 129
    assert all(point["contracts"] for point in on_bars)


def stills(text: str) -> dict[str, list[tuple[str, str]]]:
    """What the page's own drawings say and open, by the place of each."""
    boxes = text.split('id="chart-')[1:]
    marks = re.compile(r'<(?:path|rect)[^>]*?(?: data-url="([^"]*)")?>\s*<title>(.*?)</title>', re.DOTALL)
    return {box.split('"', 1)[0]: [(said, url) for url, said in marks.findall(box)] for box in boxes}


@pytest.mark.parametrize("query", ["?year=2566", "?year="])
@pytest.mark.parametrize("username", ["manager", "officer1"])
def test_page_draws_what_the_script_draws(client_for: SignIn, username: str, query: str) -> None:
    client = client_for(username)
    figures, drawn = client.get(f"/dashboard/figures.json{query}").json, stills(page(client, query))

    assert figures is not None
    assert drawn.keys() == figures.keys()
    for key, spec in figures.items():
        assert drawn[key] == [(p["spoken"], p["url"] if p["contracts"] else "") for p in points(spec)], key


def test_script_and_figures_are_asked_for_at_once_only_where_the_page_does_not_draw(
    client_for: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_for("manager")
    drawn = page(client, "?year=2566")
    bare = [replace(chart, drawings=tuple(replace(each, still=None) for each in chart.drawings)) for chart in CHARTS]
    monkeypatch.setattr("app.views.reports.dashboard.CHARTS", bare)

    not_drawn = page(client, "?year=2566")

    assert '<link rel="preload"' in drawn  # the letters
    assert not re.search(r'rel="preload" href="[^"]*(vega|figures)', drawn)
    assert len(re.findall(r'rel="preload" href="[^"]*(vega|figures)', not_drawn)) == 2
    assert "<svg" in drawn.split("data-charts", 1)[1]
    assert stills(not_drawn) == {"map": [], "bars": []}


# Every figure opens its rows


@pytest.mark.parametrize("query", ["?year=2566", "", "?year=", "?year=2567"])
def test_every_figure_opens_a_list_with_exactly_its_rows(demo_app: Flask, client_for: SignIn, query: str) -> None:
    client = client_for("manager")
    text = page(client, query)
    all_of_them: list[int] = []

    for heading in ("By province", "By programme"):
        rows = table(text, make.in_thai(demo_app, heading))
        shown: list[int] = []
        for name, (link, cells) in rows.items():
            if not link:
                continue
            found = listed(client, link)
            assert len(found) == int(cells[1].replace(",", "")), name
            with make.rows(demo_app):
                amount = db.session.scalar(
                    select(func.sum(LoanApplication.amount_approved)).where(LoanApplication.id.in_(found))
                )
            assert amount == baht(cells[0]), name
            shown += found
        assert len(shown) == len(set(shown))
        all_of_them = all_of_them or shown
        assert set(shown) == set(all_of_them)


def test_total_opens_all_its_rows(client_for: SignIn) -> None:
    client = client_for("manager")
    text = page(client, "?year=2566")
    address = next(link for link in re.findall(r'href="(/applications/list/\?[^"]+)"', text) if "province" not in link)

    assert len(listed(client, address)) == 11


def test_points_of_the_charts_open_their_rows(client_for: SignIn) -> None:
    client = client_for("manager")
    figures = client.get("/dashboard/figures.json?year=2566").json

    assert figures is not None
    for point in points(figures["bars"]):
        assert len(listed(client, point["url"])) == point["contracts"]


def test_bare_dashboard_opens_on_the_newest_year_with_a_loan(demo_app: Flask, client_for: SignIn) -> None:
    with make.rows(demo_app):
        newest = db.session.scalar(
            select(func.max(LoanApplication.decided_fiscal_year)).where(LoanApplication.status == State.APPROVED.value)
        )
        of_the_year, of_all = totals(Choice(newest)), totals(Choice())
    client = client_for("manager")

    assert f'<option value="{newest}" selected>' in page(client)
    assert f"{of_the_year.baht:,.2f}" in page(client).split("<table", 1)[0]
    assert f"{of_all.baht:,.2f}" in page(client, "?year=").split("<table", 1)[0]


def test_list_behind_a_figure_leads_back(client_for: SignIn) -> None:
    client = client_for("manager")
    link, _cells = next(iter(table(page(client, "?year=2566"), "จำแนกตามจังหวัด").values()))

    assert 'href="/dashboard/?year=2566"' in client.text(link)
    assert 'href="/dashboard/' not in client.text("/applications/list/?year=2566").split("<main", 1)[1]


def test_points_are_told_in_words(client_for: SignIn) -> None:
    figures = client_for("manager").get("/dashboard/figures.json?year=2566").json

    assert figures is not None
    spoken = {point["name"]: point["spoken"] for point in points(figures["bars"])}
    assert all(text.startswith(f"{name}: ล้านบาท ") for name, text in spoken.items())
    assert figures["map"]["encoding"]["description"] == {"field": "spoken", "type": "nominal"}


# Sums


@pytest.mark.parametrize("choice", [Choice(), Choice(2566), Choice(2565), Choice(2599), Choice(2566, 1)])
def test_provinces_and_programmes_add_up_to_the_total(demo_app: Flask, choice: Choice) -> None:
    with make.rows(demo_app):
        whole = totals(choice)
        provinces, programmes = volume_by_province(choice), volume_by_programme(choice)

    assert len(provinces) == 77
    for rows in (provinces, programmes):
        assert sum(row["baht"] for row in rows) == whole.baht
        assert sum(row["contracts"] for row in rows) == whole.contracts
        assert sum(row["members"] for row in rows) == whole.members
        assert all(isinstance(row["baht"], Decimal) for row in rows)
    # A cooperative lies in one province, but may borrow under two programmes.
    assert sum(row["cooperatives"] for row in provinces) == whole.cooperatives


@pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart.key)
def test_chart_has_a_title_and_rows_from_most_to_least(demo_app: Flask, chart: Chart) -> None:
    with make.rows(demo_app):
        amounts = [row["baht"] for row in chart.rows(Choice())]

    assert chart.title
    assert amounts == sorted(amounts, reverse=True)
    assert amounts[0] > 0


def test_only_approved_loans_count_at_the_amount_approved(app: Flask) -> None:
    with make.rows(app):
        for state in State:
            make.application(state, amount_asked=Decimal(5_000_000))
        lower = make.application(State.APPROVED, amount_asked=Decimal(5_000_000))
        lower.amount_approved = Decimal("1234567.89")
        db.session.flush()

        whole = totals(Choice())

    # One at the 5,000,000.00 asked and one at 1,234,567.89.
    assert (whole.contracts, whole.cooperatives, whole.baht) == (2, 2, Decimal("6234567.89"))


def test_two_loans_of_one_cooperative_are_one_cooperative(app: Flask) -> None:
    with make.rows(app):
        cooperative = make.cooperative()
        for _loan in range(2):
            make.application(State.APPROVED, of=cooperative)

        whole = totals(Choice())
        (row,) = [each for each in volume_by_province(Choice()) if each["contracts"]]

    assert (whole.contracts, whole.cooperatives) == (2, 1)
    assert (row["contracts"], row["cooperatives"]) == (2, 1)


# A chart is one object


def test_chart_of_one_object_is_on_the_page_in_its_table_and_in_the_data(
    client_for: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    made_up = Chart(
        key="made-up",
        place=30,
        title="A chart made up",
        heading="By weekday",
        row_heading="Weekday",
        row_name=lambda row: row["day"],
        rows=lambda choice: [{"day": f"Monday of {choice.fiscal_year}", "loans": 3}, {"day": "Sunday", "loans": 0}],
        opens=lambda row: {"weekday": row["day"]},
        columns=(Column("loans", "Loans on that day", lambda number: f"{number} loans"),),
        drawings=(Drawing("weekdays", "The week", "The week in bars", lambda rows: {"values": rows}),),
        in_table=lambda row: row["loans"] > 0,
        summed=True,
        note=lambda rows: f"{len(rows)} days of the week",
    )
    monkeypatch.setattr("app.views.reports.dashboard.CHARTS", [*CHARTS, made_up])
    client = client_for("manager")

    text = page(client, "?year=2566")
    data = client.get("/dashboard/figures.json?year=2566").json

    rows = table(text, "By weekday")
    link, cells = rows["Monday of 2566"]
    assert "weekday=Monday+of+2566" in link
    assert (cells, rows[make.in_thai(client.app, "Total")][1], len(rows)) == (["3 loans"], ["3 loans"], 2)
    assert '<th scope="col" class="num">Loans on that day</th>' in text
    assert "2 days of the week" in text
    drawing = (
        r'<h2>The week</h2>\s*<div class="chart"\s+id="chart-weekdays"\s+role="img"\s+aria-label="The week in bars">'
    )
    assert re.search(drawing, text)
    assert data is not None
    assert data.keys() == {"map", "bars", "weekdays"}
    assert [point["day"] for point in data["weekdays"]["values"]] == ["Monday of 2566", "Sunday"]


# Who sees what


def test_officer_sees_the_figures_of_the_own_office(demo_app: Flask, client_for: SignIn) -> None:
    officer = client_for("officer1")
    with make.rows(demo_app):
        user = db.session.scalars(select(make.User).where(make.User.username == "officer1")).one()
        with make.acting(user):
            own = totals(Choice())
        everything = totals(Choice())

    rows = table(page(officer, "?year="), make.in_thai(demo_app, "By province"))

    total = rows.pop(make.in_thai(demo_app, "Total"))
    assert set(rows) == {"ชลบุรี"}
    assert (baht(total[1][0]), int(total[1][1])) == (own.baht, own.contracts)
    assert 0 < own.contracts < everything.contracts
    assert len(listed(officer, rows["ชลบุรี"][0])) == own.contracts


@pytest.mark.parametrize("username", ["coop1", "coop1s", "committee1", "admin"])
def test_dashboard_is_not_for_everybody(client_for: SignIn, username: str) -> None:
    client = client_for(username)

    assert client.get("/dashboard/").status_code in (302, 403)
    assert client.get("/dashboard/figures.json").status_code in (302, 403)


@pytest.mark.parametrize("username", ["manager", "auditor", "fund", "finance"])
def test_dashboard_opens_for_those_who_steer(client_for: SignIn, username: str) -> None:
    assert client_for(username).get("/dashboard/").status_code == 200


# Addresses


@pytest.mark.parametrize(
    "query",
    [
        "year=2599",
        "year=2023",
        "year=abc",
        "year=-1",
        "year=2566%00",
        "year=๒๕๖๖",
        "programme=999999",
        "programme=abc",
        "programme=99999999999999999999",
        "programme=1%20OR%201=1",
    ],
)
def test_year_or_programme_that_is_not_there_is_refused(client_for: SignIn, query: str) -> None:
    client = client_for("manager")

    assert client.get(f"/dashboard/?{query}").status_code == 400
    assert client.get(f"/dashboard/figures.json?{query}").status_code == 400


def test_choice_without_a_loan_says_so(demo_app: Flask, client_for: SignIn) -> None:
    (normal,) = programme_ids(demo_app, "normal-2571")

    text = page(client_for("manager"), f"?programme={normal}")

    assert make.in_thai(demo_app, "No approved loan in this choice.") in text
