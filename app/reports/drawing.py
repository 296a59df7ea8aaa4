"""How every drawing looks, whatever it shows."""

from typing import Any


def in_our_style(chart: Any) -> dict[str, Any]:
    """The specification of an Altair chart, in the letters and sizes of our pages."""
    spec: dict[str, Any] = (
        chart.configure(font="Sarabun")
        .configure_view(stroke=None)
        .configure_axis(labelFontSize=14, titleFontSize=14)
        .configure_legend(labelFontSize=14, titleFontSize=14)
        .to_dict()
    )
    return spec
