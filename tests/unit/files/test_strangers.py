"""The measure of strangers' files: what every viewer opens, and what holds nothing active, told by other readers."""

from pathlib import Path

import pytest

from bench.strangers import Found, read, report
from tests import make_office_books as books
from tests import make_office_pdfs as pdfs
from tests import make_telephone_pictures as pictures
from tests.corpus import Made
from tests.make_files import docx_bytes, pdf_bytes, png_bytes
from tests.make_hostile_files import OLE, action_pdf, locked_pdf, with_parts


def found(folder: Path, content: bytes) -> Found:
    file = folder / "collection" / "a.bin"
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(content)
    return read(str(file))


@pytest.mark.parametrize(
    ("made", "kind"),
    [
        (pdf_bytes, "PDF"),
        (pdfs.owner_locked_pdf, "PDF"),
        (pdfs.unused_entry_pdf, "PDF"),
        (pictures.samsung_motion_jpeg, "JPEG"),
        (png_bytes, "PNG"),
        (books.web_xlsx, "Office"),
        (docx_bytes, "Office"),
    ],
)
def test_a_harmless_file_counts_and_is_taken(tmp_path: Path, made: Made, kind: str) -> None:
    each = found(tmp_path, made())

    assert (each.kind, each.opens, each.inert) == (kind, True, True)


@pytest.mark.parametrize(
    ("made", "opens"),
    [
        (lambda: action_pdf("/JavaScript", JS="x"), True),
        (lambda: with_parts(docx_bytes(), **{"word/vbaProject.bin": OLE}), True),
        (locked_pdf, False),
        (lambda: pdf_bytes()[:-40], False),
        (lambda: png_bytes()[:45], False),
        (books.zip_of_pdf, False),
    ],
)
def test_what_is_active_or_not_every_viewer_s_does_not_count(tmp_path: Path, made: Made, opens: bool) -> None:
    each = found(tmp_path, made())

    assert (each.opens, each.inert) == (opens, False)
    assert each.refusal


def test_the_share_is_of_what_counts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept, refused = Found("PDF", opens=True, inert=True), Found("PDF", opens=True, inert=True, refusal="odd")
    others = Found("PDF", opens=True, inert=False, refusal="script")
    files = [kept, kept, kept, refused, others]

    share = report({str(tmp_path / "one" / f"{place}.pdf"): each for place, each in enumerate(files)}, tmp_path)

    assert share == 0.75
    assert "1 × odd" in capsys.readouterr().out
