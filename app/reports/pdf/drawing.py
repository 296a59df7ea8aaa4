"""A PDF drawn by Typst, which breaks Thai lines; values go in as data, not as text of the template."""

import json
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from app.reports.pdf.face import fonts, known_letters
from app.reports.pdf.letters import with_letters


class DrawingFault(RuntimeError):
    """The page could be drawn only with something left out or replaced, such as a missing font."""


def drawn_pdf(template: Path, content: Mapping[str, Any]) -> bytes:
    """Return the PDF. One with a letter that the face lacks, in a stranger's file name, is drawn without standards.

    Raises:
        DrawingFault: Typst warns of something, such as a missing font.
    """
    import typst

    data = json.dumps(content, ensure_ascii=False)
    drawn, warnings = typst.compile_with_warnings(
        str(template),
        font_paths=fonts(),
        ignore_system_fonts=True,
        sys_inputs={"content": data},
        # The archive's kind of PDF whose parts are named, and the one for everybody: kept for years, and read aloud.
        pdf_standards=["a-2a", "ua-1"] if _all_drawn(data) else [],
    )
    if warnings:
        raise DrawingFault("; ".join(str(warning) for warning in warnings))
    return with_letters(bytes(drawn))


def _all_drawn(text: str) -> bool:
    return all(ord(letter) in known_letters() or unicodedata.category(letter) in ("Cc", "Cf") for letter in set(text))
