"""A chart is one file: whatever stands in the folder is on the dashboard, and nothing else names a chart."""

import re
import sys
from pathlib import Path

import pytest

from app.reports.charts import CHARTS, charts_in

APP = Path(__file__).resolve().parents[3] / "app"
MADE_UP = """
from app.reports.chart import Chart

CHART = Chart("{key}", {place}, "", "", "", str, lambda choice: [], dict, ())
"""


def test_file_in_the_folder_is_a_chart_in_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "made_up_charts"
    folder.mkdir()
    for key, place in (("first_by_name", 20), ("second_by_name", 10)):
        (folder / f"{key}.py").write_text(MADE_UP.format(key=key, place=place), encoding="utf-8")
    (folder / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)

    found = charts_in(folder.name, [str(folder)])

    assert [chart.key for chart in found] == ["second_by_name", "first_by_name"]
    for name in [name for name in sys.modules if name.startswith(folder.name)]:
        del sys.modules[name]


def test_charts_do_not_share_names_or_places() -> None:
    drawings = [drawing.key for chart in CHARTS for drawing in chart.drawings]

    assert len({chart.key for chart in CHARTS}) == len(CHARTS)
    assert len({chart.place for chart in CHARTS}) == len(CHARTS)
    assert len(set(drawings)) == len(drawings)


@pytest.mark.parametrize(
    "name", ["views/reports/dashboard.py", "templates/dashboard/volume.html", "static/dashboard.js"]
)
def test_page_and_script_name_no_chart(name: str) -> None:
    text = (APP / name).read_text(encoding="utf-8")
    drawings = [drawing.key for chart in CHARTS for drawing in chart.drawings]
    modules = [path.stem for path in (APP / "reports" / "charts").glob("[!_]*.py")]

    named = [key for key in (*(chart.key for chart in CHARTS), *modules) if key in text]
    drawn = [key for key in drawings if re.search(rf"""["']{key}["']|specs\.{key}\b|chart-{key}\b""", text)]

    assert len(modules) == len(CHARTS)
    assert named + drawn == []
