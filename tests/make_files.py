"""Builds small, good files of every kind the fund takes."""

import io
import zipfile
from collections.abc import Mapping, Sequence

import xlsxwriter
from openpyxl import Workbook
from pikepdf import Dictionary, Name, Pdf
from PIL import Image

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"


def new_pdf(text: str = "A document", pages: int = 1) -> Pdf:
    """An open PDF, for tests that go on to put something into it."""
    pdf = Pdf.new()
    font = pdf.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
    shown = text.encode("ascii", "replace").decode().translate(str.maketrans("()\\", "   "))
    for number in range(1, pages + 1):
        page = pdf.add_blank_page(page_size=(595, 842))
        page.obj.Resources = Dictionary(Font=Dictionary(F1=font))
        page.obj.Contents = pdf.make_stream(f"BT /F1 14 Tf 72 760 Td ({shown} {number}/{pages}) Tj ET".encode())
    pdf.docinfo["/Title"] = text
    return pdf


def saved(pdf: Pdf, **options: object) -> bytes:
    """The bytes of an open PDF."""
    target = io.BytesIO()
    pdf.save(target, **options)
    return target.getvalue()


def pdf_bytes(text: str = "A document", pages: int = 1) -> bytes:
    """A PDF; the letters the plain font lacks are shown as "?" but kept in its title."""
    return saved(new_pdf(text, pages), deterministic_id=True)


def _picture(kind: str, size: tuple[int, int], colour: str, **options: object) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", size, colour).save(target, kind, **options)
    return target.getvalue()


def png_bytes(size: tuple[int, int] = (40, 30), colour: str = "seagreen") -> bytes:
    """A PNG picture of one colour."""
    return _picture("PNG", size, colour)


def jpeg_bytes(size: tuple[int, int] = (40, 30), colour: str = "seagreen", **options: object) -> bytes:
    """A JPEG picture of one colour; ``options`` go to Pillow."""
    return _picture("JPEG", size, colour, **options)


def xlsx_bytes(rows: Sequence[Sequence[object]] = (("รายการ", "จำนวนเงิน"), ("ทุนเรือนหุ้น", 1_500_000.25))) -> bytes:
    """A workbook with one sheet holding ``rows``."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return target.getvalue()


def excel_bytes(*rows: Sequence[object]) -> bytes:
    """A workbook with dates and cells as Excel itself writes them."""
    book = Workbook()
    for row in rows:
        book.worksheets[0].append(list(row))
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def docx_parts(text: str = "A document") -> dict[str, str]:
    """The parts of the smallest Word file, for tests that go on to change one."""
    return {
        "[Content_Types].xml": f'<?xml version="1.0"?><Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{_WORD_TYPE}.document.main+xml"/></Types>',
        "_rels/.rels": relationships_xml(f'Id="r1" Type="{_OFFICE}/officeDocument" Target="word/document.xml"'),
        "word/document.xml": document_xml(f"<w:r><w:t>{text}</w:t></w:r>"),
    }


def document_xml(runs: str) -> str:
    """A Word main part with one paragraph of ``runs``."""
    return f'<?xml version="1.0"?><w:document xmlns:w="{_WORD}"><w:body><w:p>{runs}</w:p></w:body></w:document>'


def relationships_xml(*attributes: str) -> str:
    """A relationships part, one relationship for each given string of attributes."""
    rows = "".join(f"<Relationship {row}/>" for row in attributes)
    return f'<?xml version="1.0"?><Relationships xmlns="{_PACKAGE}/relationships">{rows}</Relationships>'


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    """A zip of ``parts``."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def docx_bytes(text: str = "A document") -> bytes:
    """A Word file with one paragraph."""
    return zipped(docx_parts(text))
