"""What browsers fetch: hashed names, lasting caches, compressed twins, and no way out of the folder."""

import gzip
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import brotli
import pytest
import vl_convert
from flask import Flask
from flask.testing import FlaskClient

from app.ui import asset_making, assets, letters
from app.ui.letters import LETTERS

ROOT = Path(__file__).resolve().parents[3]
# Cutting the fonts takes a second of the processor, and they are the same for every test.
CUT_ONCE = cache(letters.cut_letters)


@pytest.fixture
def static(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a small folder of sources; the chart script is a stand-in, as the real one takes seconds."""
    folder = tmp_path / "static"
    (folder / "shapes").mkdir(parents=True)
    (folder / "fund.css").write_text('@font-face { src: url("asset:Sarabun-Regular"); }')
    (folder / "fund.js").write_text("'use strict';")
    (folder / "shapes" / "small.json").write_text("{}")
    monkeypatch.setattr(asset_making, "STATIC", folder)
    monkeypatch.setattr(letters, "cut_letters", CUT_ONCE)
    monkeypatch.setattr(vl_convert, "javascript_bundle", lambda: "window.vegaEmbed = 1;")
    return folder


@pytest.fixture
def target(tmp_path: Path, static: Path) -> Path:
    asset_making.build_assets(tmp_path / "assets")
    return tmp_path / "assets"


@pytest.fixture
def client(target: Path) -> Iterator[FlaskClient]:
    app = Flask(__name__, static_folder=None)
    app.config["ASSETS_DIR"] = str(target)
    assets.Assets(app)
    with app.test_request_context():
        yield app.test_client()


def made(target: Path) -> dict[str, str]:
    files: dict[str, str] = json.loads((target / "manifest.json").read_text())["files"]
    return files


def test_every_source_the_fonts_and_the_chart_script_are_made(target: Path) -> None:
    expected = {"fund.css", "fund.js", "shapes/small.json", "vega.js", *LETTERS}

    assert set(made(target)) == expected


def test_styles_name_the_hashed_font(target: Path) -> None:
    files = made(target)

    style = (target / files["fund.css"]).read_text()

    assert style == f'@font-face {{ src: url("{files["Sarabun-Regular.woff2"]}"); }}'


def test_the_parts_of_a_style_become_one_in_the_order_of_their_names(static: Path, tmp_path: Path) -> None:
    (static / "desk.css").mkdir()
    (static / "desk.css" / "20-tools.css").write_text("b { top: 0 }\n")
    (static / "desk.css" / "10-base.css").write_text("a { top: 0 }\n")

    asset_making.build_assets(tmp_path / "assets")

    files = made(tmp_path / "assets")
    assert (tmp_path / "assets" / files["desk.css"]).read_text() == "a { top: 0 }\nb { top: 0 }\n"
    assert not [name for name in files if name.startswith("desk.css/")]


def test_twins_hold_the_same_bytes(target: Path) -> None:
    for name in made(target).values():
        if name.endswith(assets.COMPRESSED):
            assert gzip.decompress((target / f"{name}.gz").read_bytes()) == (target / name).read_bytes()
            assert brotli.decompress((target / f"{name}.br").read_bytes()) == (target / name).read_bytes()


@pytest.mark.parametrize("name", ["whole.css", "whole.js"])
def test_a_folder_named_as_a_file_is_joined_in_the_order_of_its_parts(static: Path, tmp_path: Path, name: str) -> None:
    (static / name).mkdir()
    for number in ("20", "10"):
        (static / name / f"{number}-part{Path(name).suffix}").write_text(f"/* {number} */\n")
    asset_making.build_assets(tmp_path / "assets")

    joined = (tmp_path / "assets" / made(tmp_path / "assets")[name]).read_text()

    assert joined == "/* 10 */\n/* 20 */\n"


def test_nothing_changed_makes_nothing(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asset_making, "_write", lambda path, content: pytest.fail(f"wrote {path}"))

    asset_making.build_assets(target)


def test_a_changed_source_gets_a_new_name_and_the_old_one_stays_one_time(target: Path, static: Path) -> None:
    first = made(target)["fund.js"]
    (static / "fund.js").write_text("second")
    asset_making.build_assets(target)
    second = made(target)["fund.js"]
    assert (target / first).exists()

    (static / "fund.js").write_text("third")
    asset_making.build_assets(target)

    assert not (target / first).exists()
    assert not (target / f"{first}.gz").exists()
    assert not (target / f"{first}.br").exists()
    assert (target / second).exists()


@pytest.mark.parametrize("ending", ["", ".gz", ".br"])
def test_a_lost_file_is_made_again(target: Path, ending: str) -> None:
    lost = target / (made(target)["fund.js"] + ending)
    lost.unlink()

    asset_making.build_assets(target)

    assert lost.exists()


def test_a_damaged_manifest_is_made_again(target: Path) -> None:
    (target / "manifest.json").write_text("{")

    asset_making.build_assets(target)

    assert "fund.css" in made(target)


def test_the_chart_script_is_kept_while_its_library_stays(
    target: Path, static: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vl_convert, "javascript_bundle", lambda: pytest.fail("made again"))
    (static / "fund.js").write_text("changed")

    asset_making.build_assets(target)


def test_a_style_naming_nothing_stops_the_build(static: Path, tmp_path: Path) -> None:
    (static / "fund.css").write_text("a { background: url(asset:missing.png) }")

    with pytest.raises(assets.AssetsError, match=r"fund\.css.*missing\.png"):
        asset_making.build_assets(tmp_path / "assets")


def test_a_file_of_unknown_kind_stops_the_build(static: Path, tmp_path: Path) -> None:
    (static / "page.html").write_text("")

    with pytest.raises(assets.AssetsError, match=r"page\.html"):
        asset_making.build_assets(tmp_path / "assets")


def test_templates_get_the_hashed_address(client: FlaskClient, target: Path) -> None:
    url = client.application.jinja_env.globals["asset"]("fund.css")

    assert url == f"/assets/{made(target)['fund.css']}"


def test_an_asset_nobody_made_is_named_in_the_error(client: FlaskClient) -> None:
    with pytest.raises(assets.AssetsError, match=r"absent\.css"):
        client.application.jinja_env.globals["asset"]("absent.css")


@pytest.mark.parametrize(
    ("name", "content_type"),
    [
        ("fund.css", "text/css; charset=utf-8"),
        ("fund.js", "text/javascript; charset=utf-8"),
        ("shapes/small.json", "application/json"),
        ("Sarabun-Bold.woff2", "font/woff2"),
    ],
)
def test_an_asset_is_served_to_be_kept_for_a_year(
    client: FlaskClient, target: Path, name: str, content_type: str
) -> None:
    answer = client.get(f"/assets/{made(target)[name]}")

    assert answer.status_code == 200
    assert answer.data == (target / made(target)[name]).read_bytes()
    assert answer.headers["Content-Type"] == content_type
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.cache_control.immutable
    assert answer.cache_control.max_age == 31_536_000  # 365 days of 86,400 seconds
    assert "Set-Cookie" not in answer.headers


def test_the_twin_is_served_to_who_accepts_it(client: FlaskClient, target: Path) -> None:
    name = made(target)["fund.css"]

    smallest = client.get(f"/assets/{name}", headers={"Accept-Encoding": "gzip, deflate, br"})
    zipped = client.get(f"/assets/{name}", headers={"Accept-Encoding": "br;q=0, gzip"})
    plain = client.get(f"/assets/{name}", headers={"Accept-Encoding": "gzip;q=0"})

    assert smallest.headers["Content-Encoding"] == "br"
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert {answer.headers["Vary"] for answer in (smallest, zipped, plain)} == {"Accept-Encoding"}
    assert brotli.decompress(smallest.data) == gzip.decompress(zipped.data) == plain.data
    assert len({answer.headers["ETag"] for answer in (smallest, zipped, plain)}) == 3


@pytest.mark.parametrize(
    "path", ["manifest.json", "fund.css", "../static/fund.css", "..%2fstatic%2ffund.css", "/etc/passwd", "shapes", ""]
)
def test_anything_else_is_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(f"/assets/{path}").status_code in (404, 308)
    assert client.get(f"/assets/{path}", follow_redirects=True).status_code == 404


def test_assets_not_made_yet_say_what_to_run(tmp_path: Path) -> None:
    app = Flask(__name__, static_folder=None)
    app.config["ASSETS_DIR"] = str(tmp_path / "nowhere")
    assets.Assets(app)

    with app.test_request_context(), pytest.raises(assets.AssetsError, match=r"run\.py"):
        app.jinja_env.globals["asset"]("fund.css")


def test_the_map_has_all_77_provinces_by_their_codes() -> None:
    shapes = json.loads((ROOT / "app" / "static" / "th-provinces.topo.json").read_text())
    provinces = {shape["id"]: shape["properties"] for shape in shapes["objects"]["provinces"]["geometries"]}

    assert len(provinces) == 77
    assert provinces["TH-38"] == {"name": "Bueng Kan"}
    assert provinces["TH-10"] == {"name": "Bangkok"}
