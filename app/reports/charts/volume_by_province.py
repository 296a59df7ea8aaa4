"""Approved loan volume by province: a map, a bar chart of the provinces with most, and a table.

pandas and altair are imported where they are used: half a second and 100 MB that most processes need late or never.
"""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from flask_babel import gettext
from sqlalchemy import select

from app.domain.values.money import ZERO
from app.domain.values.text import N_
from app.extensions import db
from app.models.cooperatives import Cooperative
from app.models.places import Province
from app.reports.chart import Chart, Drawing, Legend, Row
from app.reports.criteria import Choice
from app.reports.drawing import in_our_style
from app.reports.volume import VOLUME_COLUMNS, by_cooperative, measures_of
from app.ui.assets import asset_url
from app.ui.formatting import in_english, million

if TYPE_CHECKING:
    import altair as alt

COLUMNS = ["province_id", "code", "name", "name_en", "sort", "contracts", "cooperatives", "baht", "members"]
GREENS = ["#d9ebe2", "#a9d2bd", "#6fb393", "#378a68", "#14523f"]
NONE_COLOUR = "#e1e1e1"
LEVELS = 5
MOST_BARS = 15


def volume_by_province(choice: Choice) -> list[Row]:
    """All 77 provinces, most baht first, then in Thai order; money stays Decimal."""
    import pandas as pd

    each = by_cooperative(choice)
    rows = db.session.execute(
        select(Cooperative.province_id, *measures_of(each))
        .join(Cooperative, Cooperative.id == each.c.owner)
        .group_by(Cooperative.province_id)
    ).all()
    figures = pd.DataFrame(
        [tuple(row) for row in rows], columns=["province_id", "contracts", "cooperatives", "baht", "members"]
    ).astype({"baht": object})
    places = pd.DataFrame(
        db.session.execute(
            select(Province.id, Province.code, Province.name, Province.name_en, Province.name_sort)
        ).all(),
        columns=["province_id", "code", "name", "name_en", "sort"],
    )
    merged = places.merge(figures, on="province_id", how="left")
    merged = merged.fillna({"contracts": 0, "cooperatives": 0, "members": 0})
    merged["baht"] = merged["baht"].map(lambda value: value if isinstance(value, Decimal) else ZERO)
    merged = merged.astype({"contracts": int, "cooperatives": int, "members": int, "province_id": int})
    merged = merged.sort_values(["baht", "sort"], ascending=[False, True])
    return [{str(key): value for key, value in row.items()} for row in merged[COLUMNS].to_dict("records")]


def _name(row: Row) -> str:
    return str(row["name_en"] if in_english() else row["name"])


def _points(rows: list[Row]) -> list[dict[str, Any]]:
    """Rows for the drawings; only here money becomes a float, in million baht. ``spoken`` is for screen readers."""
    baht, contracts = gettext("Million baht"), gettext("Approved applications")
    return [
        {
            "code": row["code"],
            "name": _name(row),
            "spoken": f"{_name(row)}: {baht} {million(row['baht'])}, {contracts} {row['contracts']:,}",
            "million": float(row["baht"]) / 1_000_000,
            "contracts": row["contracts"],
            "url": row["url"],
        }
        for row in rows
    ]


def _tooltips() -> "list[alt.Tooltip]":
    import altair as alt

    return [
        alt.Tooltip("name:N", title=gettext("Province")),
        alt.Tooltip("million:Q", title=gettext("Million baht"), format=",.2f"),
        alt.Tooltip("contracts:Q", title=gettext("Approved applications")),
    ]


def _thresholds(values: list[float]) -> list[float]:
    """Bounds that part the provinces with a loan into groups of about the same size."""
    ordered = sorted(value for value in values if value > 0)
    if not ordered:
        return [1, 2, 3, 4]
    marks = [ordered[min(len(ordered) - 1, len(ordered) * step // LEVELS)] for step in range(1, LEVELS)]
    return sorted(set(marks))


def _map(rows: list[Row]) -> dict[str, Any]:
    """The map of 77 provinces, darker for more; a click opens the province's applications."""
    import altair as alt

    points = _points(rows)
    fields = ["name", "spoken", "million", "contracts", "url"]
    scale = alt.Scale(type="threshold", domain=_thresholds([p["million"] for p in points]), range=GREENS)
    legend = alt.Legend(title=gettext("Million baht"), format=",.1f")
    return in_our_style(
        alt.Chart(alt.topo_feature(asset_url("th-provinces.topo.json"), "provinces"))
        .mark_geoshape(stroke="#ffffff", strokeWidth=0.6, cursor="pointer")
        .transform_lookup(lookup="id", from_=alt.LookupData(data=alt.Data(values=points), key="code", fields=fields))
        .encode(
            color=alt.condition(
                "datum.contracts > 0", alt.Color("million:Q", scale=scale, legend=legend), alt.value(NONE_COLOUR)
            ),
            description=alt.Description("spoken:N"),
            tooltip=_tooltips(),
        )
        .project(type="mercator")
        .properties(width="container", height=560)
    )


def _bars(rows: list[Row]) -> dict[str, Any]:
    """The provinces with the most approved baht."""
    import altair as alt

    points = [point for point in _points(rows) if point["contracts"]][:MOST_BARS]
    return in_our_style(
        alt.Chart(alt.Data(values=points))
        .mark_bar(color="#1f6e59", cursor="pointer")
        .encode(
            y=alt.Y("name:N", sort=None, title=None, axis=alt.Axis(labelLimit=220)),
            x=alt.X("million:Q", title=gettext("Million baht"), axis=alt.Axis(format=",.0f", tickMinStep=1)),
            description=alt.Description("spoken:N"),
            tooltip=_tooltips(),
        )
        .properties(width="container", height=max(4, len(points)) * 30)
    )


def _without_loan(rows: list[Row]) -> str:
    number = sum(1 for row in rows if not row["contracts"])
    return gettext("%(number)s provinces have no approved loan in this choice.", number=number)


CHART = Chart(
    key="volume-by-province",
    place=10,
    title=N_("Approved loan volume by province"),
    heading=N_("By province"),
    row_heading=N_("Province"),
    row_name=_name,
    rows=volume_by_province,
    opens=lambda row: {"province": row["province_id"]},
    columns=VOLUME_COLUMNS,
    drawings=(
        Drawing(
            "map",
            N_("Map of the provinces"),
            N_("Map: the darker a province, the more was approved. The table below has the same figures."),
            _map,
            style="chart-map",
            legend=Legend(NONE_COLOUR, N_("Grey: no approved loan")),
        ),
        Drawing(
            "bars",
            N_("Provinces with most"),
            N_("Bar chart of the provinces with most approved. The table below has the same figures."),
            _bars,
        ),
    ),
    in_table=lambda row: bool(row["contracts"]),
    summed=True,  # a cooperative lies in one province
    note=_without_loan,
)
