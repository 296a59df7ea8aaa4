"""The receipt of an application that was sent, as a PDF."""

from collections.abc import Sequence
from pathlib import Path

from flask_babel import gettext

from app.reports.pdf.apart import drawn_apart

TEMPLATE = Path(__file__).with_name("receipt.typ")


def receipt_pdf(
    *, number: str, lines: Sequence[tuple[str, str]], papers: Sequence[str], following: Sequence[str], code: str
) -> bytes:
    """The receipt: what was sent in (label, answer) lines, the documents with it, what happens next, and its code."""
    content = {
        "title": gettext("Receipt of an application"),
        "fund": gettext("Labour Fund"),
        "number_label": gettext("Your application number"),
        "number": number,
        "lines": list(lines),
        "papers_heading": gettext("Documents sent with it"),
        "papers": list(papers),
        "next_heading": gettext("What happens next"),
        "next": list(following),
        "code": gettext("Code of this receipt: %(code)s. The office compares it on the application's page.", code=code),
    }
    return drawn_apart(TEMPLATE, content)
