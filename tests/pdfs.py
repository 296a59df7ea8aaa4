"""What a drawn PDF tells: its lines, as PDFium reads them."""

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import pypdfium2
import pytest

from app.reports.pdf.drawing import drawn_pdf

INVISIBLE = str.maketrans("", "", "\u200b\u2060")


def lines_of(drawn: bytes) -> list[str]:
    """Return the lines of all pages, without the marks that only say where a line may end."""
    pages = (page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(drawn))
    return [line.strip().translate(INVISIBLE) for page in pages for line in page.splitlines()]


def squeezed(text: str) -> str:
    """A text without its blanks: lines end where the page does."""
    return "".join(text.translate(INVISIBLE).split())


def sentences(content: object, beside: Collection[str]) -> Iterator[str]:
    """Every text of what is drawn, in its order, but for some fields; names of fields are no texts."""
    if isinstance(content, str):
        yield content
    elif isinstance(content, Mapping):
        yield from (text for name, part in content.items() if name not in beside for text in sentences(part, beside))
    elif isinstance(content, (list, tuple)):
        yield from (text for part in content for text in sentences(part, beside))


class PutIn:
    """Keeps what a module hands to be drawn, and tells which of it the PDF does not tell."""

    def __init__(self, module: ModuleType, monkeypatch: pytest.MonkeyPatch, beside: Collection[str] = ()) -> None:
        self.beside = beside
        self.texts: list[str] = []
        monkeypatch.setattr(module, "drawn_apart", self._drawn)

    def _drawn(self, template: Path, content: Mapping[str, Any]) -> bytes:
        self.texts = [text for text in sentences(content, self.beside) if text.strip()]
        return drawn_pdf(template, content)

    def untold(self, drawn: bytes) -> list[str]:
        told = squeezed("".join(lines_of(drawn)))
        return [text for text in self.texts if squeezed(text) not in told]
