"""A chart: how many applications were approved by kind of cooperative, as a table with bars."""

from flask import Flask

from app.domain.roles import Role
from app.domain.states import State
from tests import make
from tests.client import FundClient
from tests.recipes import Added

TITLE = "A chart"
CHART = '''"""Approved applications by kind of cooperative."""

from typing import Any

from sqlalchemy import func, select

from app.domain.cooperatives import CooperativeKind
from app.domain.values.text import N_
from app.extensions import db
from app.models.applications import LoanApplication
from app.models.cooperatives import Cooperative
from app.reports.chart import Chart, Column, Drawing, Row
from app.reports.criteria import Choice
from app.reports.drawing import in_our_style
from app.ui.formatting import count
from app.ui.labels import labelled


def approved_by_kind(choice: Choice) -> list[Row]:
    """Kinds of cooperative with an approved loan, most first."""
    number = func.count(LoanApplication.id)
    rows = db.session.execute(
        select(Cooperative.kind, number)
        .join(LoanApplication, LoanApplication.cooperative_id == Cooperative.id)
        .where(*choice.criteria())
        .group_by(Cooperative.kind)
    )
    return sorted(({"kind": kind, "contracts": found} for kind, found in rows), key=lambda row: -row["contracts"])


def kind_bars(rows: list[Row]) -> dict[str, Any]:
    import altair as alt

    values = [{"name": kind_name(row), "contracts": row["contracts"]} for row in rows]
    return in_our_style(alt.Chart(alt.Data(values=values)).mark_bar().encode(x="contracts:Q", y="name:N"))


def kind_name(row: Row) -> str:
    return labelled(CooperativeKind(row["kind"]))


CHART = Chart(
    key="approved-by-kind",
    place=90,
    title=N_("Approved loans by kind of cooperative"),
    heading=N_("By kind of cooperative"),
    row_heading=N_("Kind"),
    row_name=kind_name,
    rows=approved_by_kind,
    opens=lambda row: {},
    columns=(Column("contracts", N_("Approved applications"), count),),
    drawings=(
        Drawing(
            key="kinds",
            heading=N_("Kinds of cooperative that borrow"),
            spoken=N_("Bars of approved loans by kind of cooperative"),
            spec=kind_bars,
        ),
    ),
)
'''
EDITS = (Added("app/reports/charts/approved_by_kind.py", CHART),)
THAI = {
    "Approved loans by kind of cooperative": "เงินกู้ที่อนุมัติ จำแนกตามประเภทสหกรณ์",
    "By kind of cooperative": "จำแนกตามประเภทสหกรณ์",
    "Kinds of cooperative that borrow": "ประเภทสหกรณ์ที่กู้เงิน",
    "Bars of approved loans by kind of cooperative": "แผนภูมิแท่งเงินกู้ที่อนุมัติตามประเภทสหกรณ์",
}
RUN: dict[str, str] = {}
CHECKED_BY = ("tests/unit/reports",)


def test_the_chart_is_on_the_dashboard_with_its_table_and_drawing(app: Flask) -> None:
    with make.rows(app):
        make.application(State.APPROVED)
        manager = make.person(Role.MANAGER).username
    browser = FundClient(app)
    browser.sign_in(manager, make.PASSWORD)

    page, figures = browser.text("/dashboard/"), browser.get("/dashboard/figures.json").get_json()

    assert "จำแนกตามประเภทสหกรณ์" in page
    assert "ประเภทสหกรณ์ที่กู้เงิน" in page
    assert figures["kinds"]["data"]["values"] == [{"name": "สหกรณ์ออมทรัพย์", "contracts": 1}]
