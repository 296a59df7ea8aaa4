"""Scripts, styles, fonts and map shapes for browsers, under names that carry their content's hash."""

import gzip
import hashlib
import json
import os
import re
import tempfile
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import TypedDict, cast

import fontpkg_sarabun
import vl_convert
from flask import Blueprint, Flask, Response, abort, current_app, request, send_file, url_for

STATIC = Path(__file__).resolve().parent.parent / "static"
MANIFEST = "manifest.json"
# Raise it when the way assets are made changes, so that those already made are made again.
RECIPE = "2"
ONE_YEAR = 365 * 24 * 3600  # seconds
FONTS = ("Sarabun-Regular.ttf", "Sarabun-Bold.ttf")
CHART_SCRIPT = "vega.js"

# What may be served and as what; a file of any other kind stops the build.
CONTENT_TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".webp": "image/webp",
    ".ico": "image/x-icon",
    ".ttf": "font/ttf",
    ".woff2": "font/woff2",
}
COMPRESSED = (".css", ".js", ".json", ".svg", ".ttf")
_PLACE = re.compile(r"""url\(\s*["']?asset:([^"')\s]+)["']?\s*\)""")


class _Manifest(TypedDict):
    """What was made: from which sources, with which chart library, and each asset's name with its hash."""

    made_from: str
    charts: str
    files: dict[str, str]


_NOTHING_MADE = _Manifest(made_from="", charts="", files={})


class AssetsError(Exception):
    """The assets cannot be made or have not been made; the message says what to do."""


def build_assets(target: Path) -> None:
    """Write every asset into ``target`` under a name that carries its content's hash.

    Nothing is done when nothing changed. The manifest is replaced last and in one step, so a
    reader sees the old assets or the new ones. Assets of the manifest before stay for pages
    that are still open; older ones go.

    Raises:
        AssetsError: a style names an asset that does not exist, or a file is of an unknown kind.
    """
    target.mkdir(parents=True, exist_ok=True)
    made_from = _made_from()
    before = _read_manifest(target)
    if before["made_from"] == made_from and _complete(target, before["files"]):
        return
    files: dict[str, str] = {}
    for name, content in _sources(target, before):
        files[name] = _write_hashed(target, name, content)
    for name, content in _styles(files):
        files[name] = _write_hashed(target, name, content)
    manifest = _Manifest(made_from=made_from, charts=_chart_version(), files=files)
    _write(target / MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True).encode())
    _remove_older(target, {*files.values(), *before["files"].values()})


class Assets:
    """Serves the assets and gives templates ``asset(name)``."""

    def __init__(self, app: Flask) -> None:
        self._folder = Path(app.config["ASSETS_DIR"])
        self._names: dict[str, str] = {}
        self._served: frozenset[str] = frozenset()
        self._read()
        blueprint = Blueprint("assets", __name__, url_prefix="/assets")
        blueprint.add_url_rule("/<path:name>", "serve", self.serve, methods=["GET"])
        app.register_blueprint(blueprint)
        app.extensions["assets"] = self
        app.jinja_env.globals["asset"] = self.url

    def url(self, name: str) -> str:
        """Return the address of an asset, such as ``/assets/fund-1a2b3c4d5e.css`` for ``fund.css``."""
        if not self._names:
            self._read()
        if not self._names:
            raise AssetsError("ยังไม่ได้เตรียมไฟล์หน้าเว็บ / the browser assets are not made yet: run python3 run.py")
        if name not in self._names:
            raise AssetsError(f"there is no asset called {name!r}: add the file to app/static")
        return url_for("assets.serve", name=self._names[name])

    def serve(self, name: str) -> Response:
        # Only names found by listing the folder are known, so no path can lead out of it.
        if name not in self._served:
            abort(404)
        path = self._folder / name
        zipped = path.suffix in COMPRESSED and request.accept_encodings.quality("gzip") > 0
        response = send_file(
            f"{path}.gz" if zipped else path,
            mimetype=CONTENT_TYPES[path.suffix],
            max_age=ONE_YEAR,
            etag=f"{path.name}.gz" if zipped else path.name,
        )
        if path.suffix in COMPRESSED:
            response.vary.add("Accept-Encoding")
        if zipped:
            response.content_encoding = "gzip"
        # The twin's name is of no use to anybody who saves the file.
        response.headers.pop("Content-Disposition", None)
        response.cache_control.public = True
        response.cache_control.immutable = True
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response

    def _read(self) -> None:
        self._names = _read_manifest(self._folder)["files"]
        self._served = frozenset(
            path.relative_to(self._folder).as_posix() for path in _files(self._folder) if path.suffix in CONTENT_TYPES
        ) - {MANIFEST}


def _sources(target: Path, before: _Manifest) -> Iterator[tuple[str, bytes]]:
    """Yield everything but styles: these name the others, so they come after."""
    for name in FONTS:
        yield name, (Path(fontpkg_sarabun.__file__).parent / "files" / name).read_bytes()
    made = before["files"].get(CHART_SCRIPT)
    if made and before["charts"] == _chart_version() and (target / made).is_file():
        yield CHART_SCRIPT, (target / made).read_bytes()
    else:
        # Seconds of work, hence kept while the library stays the same. It sets window.vegaEmbed.
        yield CHART_SCRIPT, vl_convert.javascript_bundle().encode()  # type: ignore[call-arg]  # its stub forgets the default
    for path in _files(STATIC):
        if path.suffix not in CONTENT_TYPES:
            raise AssetsError(f"app/static/{path.name}: this kind of file is not served; see CONTENT_TYPES")
        if path.suffix != ".css":
            yield path.relative_to(STATIC).as_posix(), path.read_bytes()


def _styles(files: dict[str, str]) -> Iterator[tuple[str, bytes]]:
    """Yield the styles with ``url("asset:Sarabun-Regular")`` turned into the hashed file's address."""
    by_name = {**{Path(name).stem: hashed for name, hashed in files.items()}, **files}
    for name, text in _joined_styles().items():
        up = "../" * name.count("/")

        def place(found: re.Match[str], name: str = name, up: str = up) -> str:
            if found[1] not in by_name:
                raise AssetsError(f"app/static/{name}: there is no asset called {found[1]!r}")
            return f'url("{up}{by_name[found[1]]}")'

        yield name, _PLACE.sub(place, text).encode()


def _joined_styles() -> dict[str, str]:
    """Return each style's text by name; the files in a folder called ``fund.css`` are the parts of that one style."""
    texts: dict[str, str] = {}
    for path in _files(STATIC):
        if path.suffix == ".css":
            inside = path.relative_to(STATIC)
            name = (inside.parent if inside.parent.suffix == ".css" else inside).as_posix()
            texts[name] = texts.get(name, "") + path.read_text(encoding="utf-8")
    return texts


def _write_hashed(target: Path, name: str, content: bytes) -> str:
    """Write the file and its compressed twin; return the name that carries the hash."""
    place = Path(name)
    digest = hashlib.sha256(content).hexdigest()[:10]
    hashed = place.with_name(f"{place.stem}-{digest}{place.suffix}").as_posix()
    if place.suffix in COMPRESSED:
        # No time inside, so the same content gives the same bytes.
        _write(target / f"{hashed}.gz", gzip.compress(content, 9, mtime=0))
    _write(target / hashed, content)
    return hashed


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".")
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    os.chmod(temporary, 0o644)
    os.replace(temporary, path)


def _made_from() -> str:
    """Return one hash over all that the assets are made from."""
    whole = hashlib.sha256(f"{RECIPE} {_chart_version()} {version('fontpkg-sarabun')} {FONTS}".encode())
    for path in _files(STATIC):
        whole.update(f"\0{path.relative_to(STATIC).as_posix()}\0{path.stat().st_size}\0".encode())
        whole.update(path.read_bytes())
    return whole.hexdigest()


def _chart_version() -> str:
    return version("vl-convert-python")


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))


def asset_url(name: str) -> str:
    """The address of an asset, for what is no template."""
    served: Assets = current_app.extensions["assets"]
    return served.url(name)


def _read_manifest(target: Path) -> _Manifest:
    """Return the manifest, empty when there is none or it is damaged: it is then made again."""
    try:
        manifest = json.loads((target / MANIFEST).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return _NOTHING_MADE
    readable = isinstance(manifest, dict) and _NOTHING_MADE.keys() <= manifest.keys()
    return cast(_Manifest, manifest) if readable else _NOTHING_MADE


def _complete(target: Path, files: dict[str, str]) -> bool:
    names = [*files.values(), *(f"{name}.gz" for name in files.values() if name.endswith(COMPRESSED))]
    return all((target / name).is_file() for name in names)


def _remove_older(target: Path, kept: set[str]) -> None:
    for path in _files(target):
        name = path.relative_to(target).as_posix()
        if name != MANIFEST and name.removesuffix(".gz") not in kept:
            path.unlink(missing_ok=True)
