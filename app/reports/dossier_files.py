"""A dossier's own files: the index page, the application with its history as PDF, and the checksums."""

import base64
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from flask import render_template

from app.reports.pdf.apart import drawn_apart

TEMPLATE = Path(__file__).with_name("dossier.typ")
INDEX_NAME = "index.html"
SUMS_NAME = "SHA256SUMS.txt"


def index_page(sheet: Mapping[str, Any]) -> bytes:
    """A page that needs nothing but itself: no script, no other site, links that lead to the files beside it."""
    return render_template("dossier/index.html", font=_font(), **sheet).encode()


@cache
def _font() -> str:
    """The font inside the page: not every computer has one with Thai letters."""
    return base64.b64encode(files("fontpkg_sarabun").joinpath("files", "Sarabun-Regular.ttf").read_bytes()).decode()


def dossier_pdf(sheet: Mapping[str, Any]) -> bytes:
    """The application with its history."""
    return drawn_apart(TEMPLATE, sheet)


def checksums(sums: Iterable[tuple[str, str]]) -> bytes:
    """(path, SHA-256) pairs as ``sha256sum -c`` reads them; no path holds a backslash or a line break."""
    return "".join(f"{sha256}  {path}\n" for path, sha256 in sums).encode()
