"""All charts: a file in this folder that defines ``CHART`` is one, and nothing else names it."""

from collections.abc import Iterable
from importlib import import_module
from pkgutil import iter_modules

from app.reports.chart import Chart


def charts_in(package: str, folders: Iterable[str]) -> list[Chart]:
    """The charts of a package, in the order they stand on the page."""
    found = [import_module(f"{package}.{module.name}").CHART for module in iter_modules(folders)]
    return sorted(found, key=lambda chart: chart.place)


CHARTS = charts_in(__name__, __path__)
