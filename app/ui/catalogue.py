"""The Thai catalogue: compiled before the application starts, and kept in step with the texts it translates.

``python -m app.ui.catalogue`` (``make catalogue``) refreshes it after texts have changed.
"""

import importlib.util
import io
import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from app.ui.formatting import KEPT
from app.ui.language import DEFAULT

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "translations" / DEFAULT / "LC_MESSAGES" / "messages.po"
MAPPING = ROOT / "babel.cfg"

KEYWORDS = {
    "_": None,
    "gettext": None,
    "lazy_gettext": None,
    "N_": None,
    "ngettext": (1, 2),
    # One English word of two meanings: the first argument says which is meant.
    "pgettext": ((1, "c"), 2),
}
# Their texts reach people, too, and they do not ship them in Thai.
PACKAGES = ("flask_appbuilder", "flask_wtf", "wtforms")
PACKAGE_FILES = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
# Headers that would make every refresh a change, or hold nothing.
DROPPED = ("POT-Creation-Date", "PO-Revision-Date", "Generated-By", "Report-Msgid-Bugs-To", "Last-Translator")

_FIGURE = r"(?:%\([a-z_]+\)[sd]|\{[a-z]+\}|[0-9])"
_COUNTED = re.compile(rf"({_FIGURE}) (?=(?:บาท|น\.|ปี|เดือน|วัน|งวด|ไฟล์|ข้อ|แห่ง|คน|รายการ|ฉบับ))")
_YEAR_NAMED = re.compile(rf"(ปีงบประมาณ|พ\.ศ\.|ร้อยละ) (?={_FIGURE})")
Message = str | tuple[str, ...]
Wanted = tuple[Message, str | None]  # the text and, of a word of several meanings, which one


def compile_catalogue(source: Path = SOURCE) -> None:
    """Write the ``.mo`` beside ``source`` unless it is newer already; several processes may do so at once."""
    target = source.with_suffix(".mo")
    if target.exists() and target.stat().st_mtime_ns > source.stat().st_mtime_ns:
        return
    catalogue = read_catalogue(source)
    for message in catalogue:
        strings = message.string or ""
        message.string = with_units(strings) if isinstance(strings, str) else tuple(map(with_units, strings))
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    _replace(target, compiled.getvalue())


def with_units(text: str) -> str:
    """Keep a figure and the word that counts it on one line: the space between them breaks no line."""
    return _YEAR_NAMED.sub(rf"\1{KEPT}", _COUNTED.sub(rf"\1{KEPT}", text))


def read_catalogue(source: Path = SOURCE) -> Catalog:
    """Return the catalogue as it is kept."""
    with source.open("rb") as file:
        return read_po(file, locale=DEFAULT)


def source_messages() -> set[Wanted]:
    """Return every text that must be translated: ours and those of the libraries."""
    return {wanted for wanted, _file in own_messages()} | set(_package_messages())


def own_messages() -> Iterator[tuple[Wanted, str]]:
    """Yield each text of ours with each file it stands in."""
    with MAPPING.open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    for name, _line, message, _comments, meaning in extract_from_dir(ROOT, methods, options, KEYWORDS):
        yield (message, meaning), name


def _package_messages() -> Iterator[Wanted]:
    for package in PACKAGES:
        spec = importlib.util.find_spec(package)
        for folder in (spec and spec.submodule_search_locations) or ():
            for found in extract_from_dir(folder, PACKAGE_FILES, keywords=KEYWORDS):
                yield found[2], found[4]


def refresh(source: Path = SOURCE) -> None:
    """Add the new texts, untranslated, and drop those no longer used; never guesses a translation."""
    template = Catalog(charset="utf-8")
    for message, meaning in source_messages():
        template.add(message, context=meaning)
    kept = read_catalogue(source)
    kept.update(template, no_fuzzy_matching=True)
    written = io.BytesIO()
    write_po(written, kept, width=0, no_location=True, sort_output=True, ignore_obsolete=True)
    dropped = tuple(f'"{name}:'.encode() for name in DROPPED)
    lines = written.getvalue().splitlines(keepends=True)
    _replace(source, b"".join(line for line in lines if not line.startswith(dropped)))


def _replace(target: Path, content: bytes) -> None:
    descriptor, temporary = tempfile.mkstemp(dir=target.parent, prefix=".")
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    # mkstemp makes files nobody else may read.
    os.chmod(temporary, 0o644)
    os.replace(temporary, target)


if __name__ == "__main__":
    refresh()
    missing = [str(message.id) for message in read_catalogue() if message.id and not message.string]
    print(*missing, f"{len(missing)} texts to translate in {SOURCE.relative_to(ROOT)}", sep="\n")
