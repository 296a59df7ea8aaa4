"""Approved loan volume by province: a map, a bar chart of the provinces with most, and a table.

altair is imported where it is used, which most processes do late or never. It makes each drawing once for a language,
without figures, which takes longer than all the rest of the page; the figures are put in afterwards.
"""

import json
from collections.abc import Sequence
from copy import deepcopy
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from flask_babel import gettext
from sqlalchemy import select

from app.domain.values.money import ZERO
from app.domain.values.text import N_
from app.extensions import db
from app.models.places import Province
from app.reports.chart import Chart, Drawing, Legend, Row
from app.reports.criteria import Choice
from app.reports.drawing import in_our_style
from app.reports.outlines import HEIGHT, outlines
from app.reports.still import Areas, Bars, Mark, ranges_of
from app.reports.volume import VOLUME_COLUMNS, volume_by
from app.ui.assets import asset_url
from app.ui.formatting import million
from app.ui.language import in_english

if TYPE_CHECKING:
    import altair as alt

PLACE = ("province_id", "code", "name", "name_en", "sort")
NO_LOAN: Row = {"contracts": 0, "cooperatives": 0, "baht": ZERO, "members": 0}
# Each reflects 1.6 times what the next one does, and white 1.6 times the first: as greys, too, all are told apart.
GREENS = ["#acd4c3", "#5faf8e", "#40886a", "#26654b", "#11442f"]
BAR_COLOUR = "#1f6e59"
NONE_COLOUR, OUTLINE = "#ffffff", "#0b1410"
LEVELS = 5
MOST_DECIMALS = 8  # of a million baht: a satang
MOST_BARS = 15


def volume_by_province(choice: Choice) -> list[Row]:
    """All 77 provinces, most baht first, then in Thai order; money stays Decimal."""
    found = volume_by("province_id", choice)
    rows = [{**dict(zip(PLACE, place, strict=True)), **found.get(place[0], NO_LOAN)} for place in _places()]
    return sorted(rows, key=lambda row: (-row["baht"], row["sort"]))


def _places() -> Sequence[Any]:
    named = select(Province.id, Province.code, Province.name, Province.name_en, Province.name_sort)
    return db.session.execute(named).all()


def _name(row: Row) -> str:
    return str(row["name_en"] if in_english() else row["name"])


def _points(rows: list[Row]) -> list[dict[str, Any]]:
    """Rows for the drawings; only here money becomes a float, in million baht. ``spoken`` is for screen readers."""
    baht, contracts = gettext("Million baht"), gettext("Approved applications")
    called = "name_en" if in_english() else "name"
    return [
        {
            "code": row["code"],
            "name": row[called],
            "spoken": f"{row[called]}: {baht} {million(row['baht'])}, {contracts} {row['contracts']:,}",
            "million": float(row["baht"]) / 1_000_000,
            "contracts": row["contracts"],
            "url": row["url"],
        }
        for row in rows
    ]


def bounds_of(values: Sequence[float]) -> list[float]:
    """Bounds that part the provinces with a loan into groups of about the same size, none of them empty.

    Each is the least of the group above it; the least of all parts nothing.
    """
    ordered = sorted(value for value in values if value > 0)
    different = sorted(set(ordered))
    if len(different) <= LEVELS:
        return different[1:]
    marks = {ordered[len(ordered) * step // LEVELS] for step in range(1, LEVELS)} - {different[0]}
    return sorted(marks) or different[1:2]


def colours_of(bounds: Sequence[float]) -> list[str]:
    """As many shades as there are groups, as far from each other as they can be."""
    if not bounds:
        return [GREENS[LEVELS // 2]]
    return [GREENS[round(place * (LEVELS - 1) / len(bounds))] for place in range(len(bounds) + 1)]


def decimals_of(bounds: Sequence[float]) -> int:
    """The fewest decimals, one at least, with which no two bounds and no bound and nothing read alike."""
    alike = (
        places for places in range(1, MOST_DECIMALS) if len({round(b, places) for b in (0, *bounds)}) > len(bounds)
    )
    return next(alike, MOST_DECIMALS)


def marked_of(bounds: Sequence[float]) -> list[str]:
    """The bounds in words."""
    return [f"{bound:,.{decimals_of(bounds)}f}" for bound in bounds]


def _words() -> tuple[str, str, str]:
    return gettext("Province"), gettext("Million baht"), gettext("Approved applications")


def _tooltips(province: str, baht: str, contracts: str) -> "list[alt.Tooltip]":
    import altair as alt

    return [
        alt.Tooltip("name:N", title=province),
        alt.Tooltip("million:Q", title=baht, format=",.2f"),
        alt.Tooltip("contracts:Q", title=contracts),
    ]


def _map(rows: list[Row]) -> dict[str, Any]:
    """The map of 77 provinces, darker for more; a click opens the province's applications."""
    points = _points(rows)
    spec = deepcopy(_map_without_figures(asset_url("th-provinces.topo.json"), *_words()))
    values = [point["million"] for point in points]
    bounds = bounds_of(values)
    words = ranges_of(marked_of(bounds)) or [f"{max(values, default=0):,.1f}"]
    colour = spec["encoding"]["color"]["condition"]
    colour["scale"] |= {"domain": bounds, "range": colours_of(bounds)}
    # In the drawing's own words a shade has its lower bound alone.
    colour["legend"]["labelExpr"] = f"{json.dumps(words)}[datum.index]"
    spec["transform"][0]["from"]["data"]["values"] = points
    return spec


@lru_cache(maxsize=8)
def _map_without_figures(shapes: str, *words: str) -> dict[str, Any]:
    import altair as alt

    _province, baht, _contracts = words
    fields = ["name", "spoken", "million", "contracts", "url"]
    scale = alt.Scale(type="threshold", domain=[], range=GREENS)
    # As symbols each shade has its own line; a strip leaves out bounds that have no room.
    legend = alt.Legend(title=baht, type="symbol", symbolType="square")
    return in_our_style(
        alt.Chart(alt.topo_feature(shapes, "provinces"))
        .mark_geoshape(stroke=OUTLINE, strokeWidth=0.6, cursor="pointer")
        .transform_lookup(lookup="id", from_=alt.LookupData(data=alt.Data(values=[]), key="code", fields=fields))
        .encode(
            color=alt.condition(
                "datum.contracts > 0", alt.Color("million:Q", scale=scale, legend=legend), alt.value(NONE_COLOUR)
            ),
            description=alt.Description("spoken:N"),
            tooltip=_tooltips(*words),
        )
        .project(type="mercator")
        .properties(width="container", height=560)
    )


def _still_map(rows: list[Row]) -> Areas:
    points = _points(rows)
    width, paths = outlines()
    bounds = bounds_of([point["million"] for point in points])
    return Areas(
        marks=_marks(points),
        unit=gettext("Million baht"),
        bounds=bounds,
        marked=marked_of(bounds),
        colours=colours_of(bounds),
        none_colour=NONE_COLOUR,
        outline=OUTLINE,
        paths=paths,
        width=width,
        height=HEIGHT,
    )


def _still_bars(rows: list[Row]) -> Bars:
    return Bars(_marks(_points(_most(rows))), gettext("Million baht"), BAR_COLOUR)


def _marks(points: list[dict[str, Any]]) -> list[Mark]:
    return [
        Mark(
            name=point["name"],
            spoken=point["spoken"],
            value=point["million"],
            # What counts no application has no list to open.
            url=point["url"] if point["contracts"] else "",
            code=point["code"],
        )
        for point in points
    ]


def _most(rows: list[Row]) -> list[Row]:
    return [row for row in rows if row["contracts"]][:MOST_BARS]


def _bars(rows: list[Row]) -> dict[str, Any]:
    """The provinces with the most approved baht."""
    points = _points(_most(rows))
    spec = deepcopy(_bars_without_figures(*_words()))
    return {**spec, "data": {"values": points}, "height": max(4, len(points)) * 30}


@lru_cache(maxsize=8)
def _bars_without_figures(*words: str) -> dict[str, Any]:
    import altair as alt

    _province, baht, _contracts = words
    return in_our_style(
        alt.Chart(alt.Data(values=[]))
        .mark_bar(color=BAR_COLOUR, cursor="pointer")
        .encode(
            y=alt.Y("name:N", sort=None, title=None, axis=alt.Axis(labelLimit=220)),
            x=alt.X("million:Q", title=baht, axis=alt.Axis(format=",.0f", tickMinStep=1)),
            description=alt.Description("spoken:N"),
            tooltip=_tooltips(*words),
        )
        .properties(width="container")
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
            still=_still_map,
            style="chart-map",
            legend=Legend(NONE_COLOUR, N_("White: no approved loan")),
        ),
        Drawing(
            "bars",
            N_("Provinces with most"),
            N_("Bar chart of the provinces with most approved. The table below has the same figures."),
            _bars,
            still=_still_bars,
        ),
    ),
    in_table=lambda row: bool(row["contracts"]),
    summed=True,  # a cooperative lies in one province
    note=_without_loan,
)
