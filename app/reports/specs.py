"""Chart specifications for the browser, written with Altair from our figures."""

from typing import Any

import altair as alt

from app.ui.formatting import million

GREENS = ["#d9ebe2", "#a9d2bd", "#6fb393", "#378a68", "#14523f"]
NONE_COLOUR = "#e1e1e1"
LEVELS = 5


def _thresholds(values: list[float]) -> list[float]:
    """Bounds that part the provinces with a loan into groups of about the same size."""
    ordered = sorted(value for value in values if value > 0)
    if not ordered:
        return [1, 2, 3, 4]
    marks = [ordered[min(len(ordered) - 1, len(ordered) * step // LEVELS)] for step in range(1, LEVELS)]
    return sorted(set(marks))


def _points(rows: list[dict[str, Any]], words: dict[str, str], *, english: bool) -> list[dict[str, Any]]:
    """Rows for the chart; only here money becomes a float, in million baht. ``spoken`` is for screen readers."""
    names = [row["name_en"] if english else row["name"] for row in rows]
    return [
        {
            "code": row["code"],
            "name": name,
            "spoken": f"{name}: {words['million']} {million(row['baht'])}, {words['contracts']} {row['contracts']:,}",
            "million": float(row["baht"]) / 1_000_000,
            "contracts": row["contracts"],
            "url": row["url"],
        }
        for name, row in zip(names, rows, strict=True)
    ]


def map_spec(rows: list[dict[str, Any]], shapes_url: str, words: dict[str, str], *, english: bool) -> dict[str, Any]:
    """The map of 77 provinces, darker for more; a click opens the province's applications."""
    points = _points(rows, words, english=english)
    scale = alt.Scale(type="threshold", domain=_thresholds([p["million"] for p in points]), range=GREENS)
    shapes = alt.topo_feature(shapes_url, "provinces")
    chart = (
        alt.Chart(shapes)
        .mark_geoshape(stroke="#ffffff", strokeWidth=0.6, cursor="pointer")
        .transform_lookup(
            lookup="id",
            from_=alt.LookupData(
                data=alt.Data(values=points), key="code", fields=["name", "spoken", "million", "contracts", "url"]
            ),
        )
        .encode(
            color=alt.condition(
                "datum.contracts > 0",
                alt.Color("million:Q", scale=scale, legend=alt.Legend(title=words["million"], format=",.1f")),
                alt.value(NONE_COLOUR),
            ),
            description=alt.Description("spoken:N"),
            tooltip=[
                alt.Tooltip("name:N", title=words["province"]),
                alt.Tooltip("million:Q", title=words["million"], format=",.2f"),
                alt.Tooltip("contracts:Q", title=words["contracts"]),
            ],
        )
        .project(type="mercator")
        .properties(width="container", height=560)
    )
    return _finished(chart)


def bar_spec(rows: list[dict[str, Any]], words: dict[str, str], *, english: bool) -> dict[str, Any]:
    """The provinces with the most approved baht."""
    points = [point for point in _points(rows, words, english=english) if point["contracts"]][:15]
    chart = (
        alt.Chart(alt.Data(values=points))
        .mark_bar(color="#1f6e59", cursor="pointer")
        .encode(
            y=alt.Y("name:N", sort=None, title=None, axis=alt.Axis(labelLimit=220)),
            x=alt.X("million:Q", title=words["million"], axis=alt.Axis(format=",.0f", tickMinStep=1)),
            description=alt.Description("spoken:N"),
            tooltip=[
                alt.Tooltip("name:N", title=words["province"]),
                alt.Tooltip("million:Q", title=words["million"], format=",.2f"),
                alt.Tooltip("contracts:Q", title=words["contracts"]),
            ],
        )
        .properties(width="container", height=max(4, len(points)) * 30)
    )
    return _finished(chart)


def _finished(chart: Any) -> dict[str, Any]:
    spec: dict[str, Any] = (
        chart.configure(font="Sarabun")
        .configure_view(stroke=None)
        .configure_axis(labelFontSize=14, titleFontSize=14)
        .configure_legend(labelFontSize=14, titleFontSize=14)
        .to_dict()
    )
    return spec
