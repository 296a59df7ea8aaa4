"""Scripts, styles, fonts and map shapes for browsers, under names that carry their content's hash."""

import json
from pathlib import Path
from typing import TypedDict, cast

from flask import Blueprint, Flask, Response, abort, current_app, send_file, url_for

from app.ui.compression import accepted_encoding

MANIFEST = "manifest.json"
ONE_YEAR = 365 * 24 * 3600  # seconds

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
COMPRESSED = (".css", ".js", ".json", ".svg")
# The endings of the compressed twins, by what browsers call the way they are compressed; the smaller one first.
TWINS = {"br": ".br", "gzip": ".gz"}


class Manifest(TypedDict):
    """What was made: from which sources, with which chart library, and each asset's name with its hash."""

    made_from: str
    charts: str
    files: dict[str, str]


NOTHING_MADE = Manifest(made_from="", charts="", files={})


class AssetsError(Exception):
    """The assets cannot be made or have not been made; the message says what to do."""


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
        encoding = accepted_encoding() if path.suffix in COMPRESSED else None
        twin = TWINS[encoding] if encoding else ""
        response = send_file(
            f"{path}{twin}",
            mimetype=CONTENT_TYPES[path.suffix],
            max_age=ONE_YEAR,
            etag=f"{path.name}{twin}",
        )
        if path.suffix in COMPRESSED:
            response.vary.add("Accept-Encoding")
        if encoding:
            response.content_encoding = encoding
        # The twin's name is of no use to anybody who saves the file.
        response.headers.pop("Content-Disposition", None)
        response.cache_control.public = True
        response.cache_control.immutable = True
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response

    def _read(self) -> None:
        self._names = read_manifest(self._folder)["files"]
        self._served = frozenset(
            path.relative_to(self._folder).as_posix() for path in files_in(self._folder) if path.suffix in CONTENT_TYPES
        ) - {MANIFEST}


def asset_url(name: str) -> str:
    """The address of an asset, for what is no template."""
    served: Assets = current_app.extensions["assets"]
    return served.url(name)


def read_manifest(target: Path) -> Manifest:
    """Return the manifest, empty when there is none or it is damaged: it is then made again."""
    try:
        manifest = json.loads((target / MANIFEST).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return NOTHING_MADE
    readable = isinstance(manifest, dict) and NOTHING_MADE.keys() <= manifest.keys()
    return cast(Manifest, manifest) if readable else NOTHING_MADE


def files_in(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))
