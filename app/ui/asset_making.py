"""Makes the browsers' files at set-up: names with hashes, compressed twins, the fonts, the chart script."""

import gzip
import hashlib
import json
import os
import re
import tempfile
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import brotli

from app.ui import letters
from app.ui.assets import COMPRESSED, CONTENT_TYPES, MANIFEST, TWINS, AssetsError, Manifest, files_in, read_manifest

STATIC = Path(__file__).resolve().parent.parent / "static"
# Raise it when the way assets are made changes, so that those already made are made again.
RECIPE = "4"
CHART_SCRIPT = "vega.js"
# Kinds whose files may be a folder of parts.
JOINED = (".css", ".js")
_PLACE = re.compile(r"""url\(\s*["']?asset:([^"')\s]+)["']?\s*\)""")


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
    before = read_manifest(target)
    if before["made_from"] == made_from and _complete(target, before["files"]):
        return
    files: dict[str, str] = {}
    for name, content in _sources(target, before):
        files[name] = _write_hashed(target, name, content)
    for name, content in _styles(files):
        files[name] = _write_hashed(target, name, content)
    manifest = Manifest(made_from=made_from, charts=_chart_version(), files=files)
    _write(target / MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True).encode())
    _remove_older(target, {*files.values(), *before["files"].values()})


def _sources(target: Path, before: Manifest) -> Iterator[tuple[str, bytes]]:
    """Yield everything but styles: these name the others, so they come after."""
    for name in letters.LETTERS:
        yield name, letters.cut_letters(name)
    made = before["files"].get(CHART_SCRIPT)
    if made and before["charts"] == _chart_version() and (target / made).is_file():
        yield CHART_SCRIPT, (target / made).read_bytes()
    else:
        # Here, because every start asks whether something changed, and hardly any makes it.
        import vl_convert

        # Seconds of work, hence kept while the library stays the same. It sets window.vegaEmbed.
        yield CHART_SCRIPT, vl_convert.javascript_bundle().encode()  # type: ignore[call-arg]  # its stub forgets the default
    for path in files_in(STATIC):
        if path.suffix not in CONTENT_TYPES:
            raise AssetsError(f"app/static/{path.name}: this kind of file is not served; see CONTENT_TYPES")
        if path.suffix not in JOINED:
            yield path.relative_to(STATIC).as_posix(), path.read_bytes()
    for name, text in _joined(".js").items():
        yield name, text.encode()


def _styles(files: dict[str, str]) -> Iterator[tuple[str, bytes]]:
    """Yield the styles with ``url("asset:Sarabun-Regular")`` turned into the hashed file's address."""
    by_name = {**{Path(name).stem: hashed for name, hashed in files.items()}, **files}
    for name, text in _joined(".css").items():
        up = "../" * name.count("/")

        def place(found: re.Match[str], name: str = name, up: str = up) -> str:
            if found[1] not in by_name:
                raise AssetsError(f"app/static/{name}: there is no asset called {found[1]!r}")
            return f'url("{up}{by_name[found[1]]}")'

        yield name, _PLACE.sub(place, text).encode()


def _joined(ending: str) -> dict[str, str]:
    """Return the text of each style or script by name; the files in a folder called ``fund.css`` are parts of one."""
    texts: dict[str, str] = {}
    for path in files_in(STATIC):
        if path.suffix == ending:
            inside = path.relative_to(STATIC)
            name = (inside.parent if inside.parent.suffix == ending else inside).as_posix()
            texts[name] = texts.get(name, "") + path.read_text(encoding="utf-8")
    return texts


def _write_hashed(target: Path, name: str, content: bytes) -> str:
    """Write the file and its compressed twins; return the name that carries the hash."""
    place = Path(name)
    digest = hashlib.sha256(content).hexdigest()[:10]
    hashed = place.with_name(f"{place.stem}-{digest}{place.suffix}").as_posix()
    if place.suffix in COMPRESSED and not _has_twins(target, hashed):
        # No time inside, so the same content gives the same bytes.
        _write(target / f"{hashed}{TWINS['gzip']}", gzip.compress(content, 9, mtime=0))
        _write(target / f"{hashed}{TWINS['br']}", brotli.compress(content))
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
    whole = hashlib.sha256(f"{RECIPE} {_chart_version()} {version('fontpkg-sarabun')} {letters.LETTERS}".encode())
    for path in files_in(STATIC):
        whole.update(f"\0{path.relative_to(STATIC).as_posix()}\0{path.stat().st_size}\0".encode())
        whole.update(path.read_bytes())
    return whole.hexdigest()


def _chart_version() -> str:
    return version("vl-convert-python")


def _complete(target: Path, files: dict[str, str]) -> bool:
    return all(
        (target / name).is_file() and (not name.endswith(COMPRESSED) or _has_twins(target, name))
        for name in files.values()
    )


def _has_twins(target: Path, name: str) -> bool:
    return all((target / f"{name}{ending}").is_file() for ending in TWINS.values())


def _remove_older(target: Path, kept: set[str]) -> None:
    for path in files_in(target):
        name = path.relative_to(target).as_posix()
        plain = path.with_suffix("").relative_to(target).as_posix() if path.suffix in TWINS.values() else name
        if name != MANIFEST and plain not in kept:
            path.unlink(missing_ok=True)
