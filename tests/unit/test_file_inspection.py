"""A corpus of good, odd and hostile files, each with the answer it must get."""

import time
import zlib
from collections.abc import Callable
from contextlib import suppress

import pytest
from pikepdf import Pdf

from app.domain.documents import LARGEST_FILE, FileKind
from app.domain.errors import RuleBroken
from app.services import file_inspection, office_inspection, office_parts, pdf_inspection, picture_inspection
from app.services.file_inspection import inspect
from tests.make_files import (
    docx_bytes,
    docx_parts,
    jpeg_bytes,
    new_pdf,
    pdf_bytes,
    png_bytes,
    saved,
    xlsx_bytes,
    zipped,
)
from tests.make_hostile_files import (
    OLE,
    PACKED,
    PAGES,
    RELATION,
    action_pdf,
    attachment_pdf,
    changed_xlsx,
    chart_docx,
    chunk,
    docx_related,
    docx_runs,
    docx_typed,
    docx_with,
    encrypted_zip,
    far_docx,
    formula_xlsx,
    huge_jpeg,
    huge_png,
    link_pdf,
    locked_pdf,
    lying_zip,
    many_scans_jpeg,
    media_pdf,
    moving_png,
    nested_docx,
    nested_script_pdf,
    png_with,
    split_field_docx,
    strict_pdf,
    swelling_pdf,
    swollen_xlsx,
    telephone_jpeg,
    with_parts,
    written_escaped_script_pdf,
    xfa_pdf,
)

Made = Callable[[], bytes]

GOOD: list[tuple[str, Made, str, FileKind]] = [
    ("pdf", pdf_bytes, "a.pdf", FileKind.PDF),
    ("pdf of many pages", lambda: pdf_bytes("x", 60), "a.PDF", FileKind.PDF),
    ("pdf packed in object streams", lambda: saved(new_pdf(), **PACKED), "a.pdf", FileKind.PDF),
    ("pdf for the web", lambda: saved(new_pdf(pages=3), linearize=True), "a.pdf", FileKind.PDF),
    ("pdf with a link", link_pdf, "a.pdf", FileKind.PDF),
    ("pdf written by hand", lambda: strict_pdf(b"<</Type/Catalog/Pages 2 0 R>>", *PAGES), "a.pdf", FileKind.PDF),
    ("pdf with a number of its own", lambda: strict_pdf(
        b"<</Type/Catalog/Pages 2 0 R>>", *PAGES, b"42", b"(text)", b"[1 [2] null]", b"/Name"), "a.pdf", FileKind.PDF),
    ("pdf padded with blanks", lambda: pdf_bytes() + b"\r\n\0\0", "a.pdf", FileKind.PDF),
    ("pdf with a Thai name", pdf_bytes, "งบการเงิน ปี ๒๕๖๘.pdf", FileKind.PDF),
    ("pdf with a name of 255 bytes", pdf_bytes, "ก" * 83 + "aa.pdf", FileKind.PDF),
    ("pdf with a very long name", pdf_bytes, "ก" * 400 + ".pdf", FileKind.PDF),
    ("pdf with NUL in its name", pdf_bytes, "a.exe\x00.pdf", FileKind.PDF),
    ("pdf with a folder in its name", pdf_bytes, "../../a.pdf", FileKind.PDF),
    ("pdf without an extension", pdf_bytes, "หนังสือรับรอง", FileKind.PDF),
    ("pdf with a full stop before Thai", pdf_bytes, "ฉบับที่ 1.แก้ไข", FileKind.PDF),
    ("pdf with a number after a full stop", pdf_bytes, "แผน 1.2", FileKind.PDF),
    ("png", png_bytes, "a.png", FileKind.PNG),
    ("png of one pixel", lambda: png_bytes((1, 1)), "a.png", FileKind.PNG),
    ("png of 25 million pixels", lambda: png_bytes((5000, 5000)), "a.png", FileKind.PNG),
    ("jpeg", jpeg_bytes, "a.jpg", FileKind.JPEG),
    ("jpeg, other ending", jpeg_bytes, "a.JPEG", FileKind.JPEG),
    ("progressive jpeg", lambda: jpeg_bytes((640, 480), progressive=True), "a.jpg", FileKind.JPEG),
    ("jpeg from a telephone", telephone_jpeg, "a.jpg", FileKind.JPEG),
    ("jpeg with a thumbnail", lambda: jpeg_bytes(comment=jpeg_bytes((8, 8))), "a.jpg", FileKind.JPEG),
    ("xlsx", xlsx_bytes, "งบ.xlsx", FileKind.XLSX),
    ("large xlsx", lambda: xlsx_bytes([[f"สมาชิก {n}", n, n / 3] for n in range(20_000)]), "a.xlsx", FileKind.XLSX),
    ("xlsx with formulas", lambda: formula_xlsx("IF(A1=&quot;a|b&quot;,SUM('x|y'!A1),2)"), "a.xlsx", FileKind.XLSX),
    ("docx", docx_bytes, "a.docx", FileKind.DOCX),
    ("docx with a web link", lambda: docx_related(
        f'Id="r1" Type="{RELATION}/hyperlink" Target="https://x.test/" TargetMode="External"'),
        "a.docx", FileKind.DOCX),
    ("docx with a page number", lambda: docx_runs('<w:fldSimple w:instr=" PAGE "/>'), "a.docx", FileKind.DOCX),
    ("docx whose text names DDE", lambda: docx_runs("<w:r><w:t>DDEAUTO</w:t></w:r>"), "a.docx", FileKind.DOCX),
    ("docx with a chart's workbook", chart_docx, "a.docx", FileKind.DOCX),
]  # fmt: skip

PDF, PICTURE, OFFICE, PARTS, FILE = (
    pdf_inspection,
    picture_inspection,
    office_inspection,
    office_parts,
    file_inspection,
)

HOSTILE: list[tuple[str, Made, str, str]] = [
    ("nothing", lambda: b"", "a.pdf", FILE.EMPTY),
    ("a byte too many", lambda: b"%PDF-1.7" + b"\0" * (LARGEST_FILE - 7), "a.pdf", FILE.TOO_LARGE),
    ("program", lambda: b"MZ\x90\0" + b"\0" * 60, "a.exe", FILE.NOT_ACCEPTED),
    ("program named pdf", lambda: b"MZ\x90\0" + b"\0" * 60, "a.pdf", FILE.NOT_ACCEPTED),
    ("linux program", lambda: b"\x7fELF" + b"\0" * 60, "a.png", FILE.NOT_ACCEPTED),
    ("web page", lambda: b"<!DOCTYPE html><script>alert(1)</script>", "a.html", FILE.NOT_ACCEPTED),
    ("web page named jpg", lambda: b"<html><script>alert(1)</script>", "a.jpg", FILE.NOT_ACCEPTED),
    ("svg", lambda: b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "a.svg", FILE.NOT_ACCEPTED),
    ("gif", lambda: b"GIF89a" + b"\0" * 20, "a.gif", FILE.NOT_ACCEPTED),
    ("text", lambda: "ข้อความ".encode(), "a.txt", FILE.NOT_ACCEPTED),
    ("rtf named docx", lambda: b"{\\rtf1 }", "a.docx", FILE.NOT_ACCEPTED),
    ("empty zip", lambda: zipped({}), "a.xlsx", FILE.NOT_ACCEPTED),
    ("old Excel file", lambda: OLE, "a.xls", FILE.OLD_OFFICE),
    ("docx with a password", lambda: OLE, "a.docx", FILE.OLD_OFFICE),
    ("png named pdf", png_bytes, "a.pdf", FILE.WRONG_NAME),
    ("pdf named png", pdf_bytes, "a.png", FILE.WRONG_NAME),
    ("xlsx named docx", xlsx_bytes, "a.docx", FILE.WRONG_NAME),
    ("docx named zip", docx_bytes, "a.zip", FILE.WRONG_NAME),
    ("pdf with two endings", pdf_bytes, "a.pdf.exe", FILE.WRONG_NAME),
    ("pdf whose name is turned round", pdf_bytes, "a\u202efdp.exe", FILE.WRONG_NAME),
    ("pdf behind other data", lambda: b"#!/bin/sh\n" + pdf_bytes(), "a.pdf", FILE.DATA_BEFORE_START),
    ("pdf behind a blank line", lambda: b"\r\n" + pdf_bytes(), "a.pdf", FILE.DATA_BEFORE_START),
    ("png that is also a pdf", lambda: png_with(chunk(b"tEXt", b"a\0" + pdf_bytes())), "a.png", FILE.TWO_FILES),
    ("jpeg that is also a pdf", lambda: jpeg_bytes(comment=pdf_bytes()), "a.jpg", FILE.TWO_FILES),
    ("pdf that is also a zip", lambda: pdf_bytes() + zipped({"a": "b"}), "a.pdf", FILE.TWO_FILES),
    ("png that is also a zip", lambda: png_bytes() + zipped({"a.class": "b"}), "a.png", FILE.TWO_FILES),
    ("pdf with a password", lambda: locked_pdf("secret"), "a.pdf", PDF.LOCKED),
    ("pdf that may not be printed", lambda: locked_pdf(""), "a.pdf", PDF.LOCKED),
    ("pdf with a script", lambda: action_pdf("/JavaScript", JS="app.alert(1)"), "a.pdf", PDF.SCRIPT),
    ("pdf with a packed script", lambda: action_pdf("/JavaScript", packed=True, JS="x"), "a.pdf", PDF.SCRIPT),
    ("pdf with a script on a note", nested_script_pdf, "a.pdf", PDF.SCRIPT),
    ("pdf with an escaped script", written_escaped_script_pdf, "a.pdf", PDF.SCRIPT),
    ("pdf that starts a program", lambda: action_pdf("/Launch", F="cmd.exe"), "a.pdf", PDF.OPENS_OTHERS),
    ("pdf that starts a program, packed", lambda: action_pdf("/Launch", packed=True), "a.pdf", PDF.OPENS_OTHERS),
    ("pdf that sends its form", lambda: action_pdf("/SubmitForm", F="http://x"), "a.pdf", PDF.OPENS_OTHERS),
    ("pdf that opens another", lambda: action_pdf("/GoToR", F="\\\\host\\a.pdf"), "a.pdf", PDF.OPENS_OTHERS),
    ("pdf with an attachment", attachment_pdf, "a.pdf", PDF.CARRIES_FILES),
    ("pdf with an XFA form", xfa_pdf, "a.pdf", PDF.ACTIVE_FORM),
    ("pdf with a film", media_pdf, "a.pdf", PDF.MEDIA),
    ("pdf with data after its end", lambda: pdf_bytes() + b"<script>alert(1)</script>", "a.pdf", PDF.AFTER_END),
    ("pdf cut short", lambda: pdf_bytes()[:-40], "a.pdf", PDF.DAMAGED),
    ("pdf cut in half", lambda: pdf_bytes()[: len(pdf_bytes()) // 2], "a.pdf", PDF.DAMAGED),
    ("pdf with bytes cut out", lambda: pdf_bytes()[:100] + pdf_bytes()[150:], "a.pdf", PDF.DAMAGED),
    ("header of a pdf alone", lambda: b"%PDF-1.7\n%%EOF\n", "a.pdf", PDF.DAMAGED),
    ("pdf without pages", lambda: saved(Pdf.new()), "a.pdf", PDF.DAMAGED),
    ("pdf that swells", swelling_pdf, "a.pdf", PDF.DAMAGED),
    ("png cut short", lambda: png_bytes()[:-20], "a.png", PICTURE.DAMAGED),
    ("png with a wrong sum", lambda: png_bytes().replace(b"IDATx", b"IDATy"), "a.png", PICTURE.DAMAGED),
    ("png's first bytes alone", lambda: png_bytes()[:8], "a.png", PICTURE.DAMAGED),
    ("png with data after its end", lambda: png_bytes() + b"<?php ?>", "a.png", PICTURE.AFTER_END),
    ("png of 60 million pixels", huge_png, "a.png", PICTURE.TOO_MANY_PIXELS),
    ("moving png", moving_png, "a.png", PICTURE.MOVING),
    ("png with a swelling text", lambda: png_with(
        chunk(b"zTXt", b"a\0\0" + zlib.compress(b"a" * 80 * 2**20))), "a.png", PICTURE.DAMAGED),
    ("jpeg cut short", lambda: jpeg_bytes((400, 300))[:-200], "a.jpg", PICTURE.DAMAGED),
    ("jpeg cut in its head", lambda: jpeg_bytes()[:30], "a.jpg", PICTURE.DAMAGED),
    ("jpeg with data after its end", lambda: jpeg_bytes() + b"MZ" * 50, "a.jpg", PICTURE.AFTER_END),
    ("jpeg followed by an unannounced one", lambda: jpeg_bytes() * 2, "a.jpg", PICTURE.AFTER_END),
    ("jpeg of 3,600 million pixels", huge_jpeg, "a.jpg", PICTURE.TOO_MANY_PIXELS),
    ("jpeg of many scans", many_scans_jpeg, "a.jpg", PICTURE.TOO_COMPLEX),
    ("zip named xlsx", lambda: zipped({"a.txt": "hello"}), "a.xlsx", OFFICE.NOT_OFFICE),
    ("java program named docx", lambda: zipped({"META-INF/MANIFEST.MF": "x"}), "a.docx", OFFICE.NOT_OFFICE),
    ("open document named docx", lambda: zipped({
        "mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<a/>"}), "a.docx", OFFICE.NOT_OFFICE),
    ("slides", lambda: docx_typed("wordprocessingml.document", "presentationml.presentation"),
        "a.pptx", OFFICE.NOT_OFFICE),
    ("template named docx", lambda: docx_typed("document.main", "template.main"), "a.docx", OFFICE.NOT_OFFICE),
    ("docx without its main part", lambda: zipped({
        name: part for name, part in docx_parts().items() if name != "word/document.xml"}),
        "a.docx", OFFICE.NOT_OFFICE),
    ("docm named docx", lambda: docx_typed(
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
        "application/vnd.ms-word.document.macroEnabled.main+xml"), "a.docx", PARTS.MACROS),
    ("docx with a macro part", lambda: with_parts(docx_bytes(), **{"word/vbaProject.bin": OLE}),
        "a.docx", PARTS.MACROS),
    ("docx with a renamed macro part", lambda: docx_related(
        'Id="r1" Type="http://schemas.microsoft.com/office/2006/relationships/vbaProject" Target="x.bin"'),
        "a.docx", PARTS.MACROS),
    ("xlsx with an Excel 4 macro sheet", lambda: changed_xlsx(
        "[Content_Types].xml", b"</Types>",
        b'<Override PartName="/m.xml" ContentType="application/vnd.ms-excel.macrosheet+xml"/></Types>'),
        "a.xlsx", PARTS.MACROS),
    ("docx with an outside entity", lambda: docx_with(**{
        "word/document.xml": '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'}),
        "a.docx", PARTS.DOCTYPE),
    ("docx with swelling entities", lambda: docx_with(**{
        "word/document.xml": '<!DOCTYPE a [<!ENTITY x "xxxx"><!ENTITY y "&x;&x;">]><a>&y;</a>'}),
        "a.docx", PARTS.DOCTYPE),
    ("docx with an entity in UTF-16", lambda: docx_with(**{
        "word/styles.xml": '<?xml version="1.0"?><!DOCTYPE a SYSTEM "http://x/y"><a/>'.encode("utf-16")}),
        "a.docx", PARTS.DOCTYPE),
    ("docx with an entity in a part named bin", lambda: docx_with(**{
        "word/x.bin": '<!DOCTYPE a SYSTEM "http://x/y"><a/>'}), "a.docx", PARTS.DOCTYPE),
    ("docx with an outside template", lambda: docx_related(
        f'Id="r1" Type="{RELATION}/attachedTemplate" Target="http://x.test/t.dotm" TargetMode="External"',
        part="settings"), "a.docx", PARTS.TEMPLATE),
    ("docx with an outside picture", lambda: docx_related(
        f'Id="r1" Type="{RELATION}/image" Target="\\\\host\\a.png" TargetMode="External"'), "a.docx", PARTS.FETCHES),
    ("docx with an outside frame", lambda: docx_related(
        f'TargetMode="EXTERNAL" Id="r1" Type="{RELATION}/frame" Target="http://x.test/"'), "a.docx", PARTS.FETCHES),
    ("docx with a web page inside", lambda: docx_related(
        f'Id="r1" Type="{RELATION}/aFChunk" Target="x.html"'), "a.docx", PARTS.CARRIES_FILES),
    ("docx with an OLE object", lambda: with_parts(docx_bytes(), **{"word/embeddings/o.bin": OLE}),
        "a.docx", PARTS.CARRIES_FILES),
    ("docx with a program inside", lambda: with_parts(docx_bytes(), **{"word/media/a.png": b"MZ\x90"}),
        "a.docx", PARTS.CARRIES_FILES),
    ("docx inside docx inside docx", nested_docx, "a.docx", PARTS.CARRIES_FILES),
    ("docx with a DDE field", lambda: docx_runs('<w:fldSimple w:instr=" ddeauto c:\\x "/>'), "a.docx", PARTS.COMMANDS),
    ("docx with a split DDE field", split_field_docx, "a.docx", PARTS.COMMANDS),
    ("xlsx with a DDE formula", lambda: formula_xlsx("cmd|'/c calc'!A0"), "a.xlsx", PARTS.COMMANDS),
    ("xlsx with a DDE link", lambda: with_parts(xlsx_bytes(), **{
        "xl/externalLinks/externalLink1.xml": b'<x:link xmlns:x="y"><x:ddeLink ddeService="cmd"/></x:link>'}),
        "a.xlsx", PARTS.COMMANDS),
    ("xlsx that swells 1,000 times", lambda: swollen_xlsx(60), "a.xlsx", OFFICE.TOO_LARGE),
    ("xlsx that swells past the limit", lambda: swollen_xlsx(101), "a.xlsx", OFFICE.TOO_LARGE),
    ("xlsx with a DDE formula far down", lambda: changed_xlsx("xl/worksheets/sheet1.xml", b"<row ",
        b"<!-- " + "".join(map(str, range(300_000))).encode() + b" --><row><c>"
        b"<f>cmd&#124;'/c'!A0</f></c></row><row "),
        "a.xlsx", PARTS.COMMANDS),
    ("docx of too much text with fields", lambda: docx_runs(
        "<w:fldSimple w:instr='PAGE'/>" + "".join(f"<w:t>{n * 7919}</w:t>" for n in range(1_700_000))),
        "a.docx", OFFICE.TOO_LARGE),
    ("large docx in another encoding", lambda: docx_with(**{"word/document.xml":
        '<?xml version="1.0" encoding="utf-7"?><a>' + "".join(map(str, range(300_000))) + "</a>"}),
        "a.docx", PARTS.DAMAGED),
    ("xlsx of too many parts", lambda: with_parts(xlsx_bytes(), **{f"x{n}": b"" for n in range(2001)}),
        "a.xlsx", OFFICE.TOO_LARGE),
    ("docx with a part that lies about its size", lying_zip, "a.docx", PARTS.DAMAGED),
    ("docx cut short", lambda: docx_bytes()[:-30], "a.docx", PARTS.DAMAGED),
    ("docx with bytes changed", lambda: docx_bytes()[:60] + b"\0\0\0\0" + docx_bytes()[64:], "a.docx", PARTS.DAMAGED),
    ("docx whose main part is not XML", lambda: docx_with(**{"word/document.xml": "hello"}), "a.docx", PARTS.DAMAGED),
    ("docx that climbs out of its folder", lambda: with_parts(docx_bytes(), **{"../../x": b""}),
        "a.docx", PARTS.DAMAGED),
    ("docx with a part twice", lambda: with_parts(docx_bytes(), **{"WORD/document.xml": b"<a/>"}),
        "a.docx", PARTS.DAMAGED),
    ("docx with a part beyond any file's end", far_docx, "a.docx", PARTS.DAMAGED),
    ("docx with locked parts", encrypted_zip, "a.docx", OFFICE.LOCKED),
    ("docx with data after its end", lambda: docx_bytes() + b"MZ", "a.docx", OFFICE.DATA_AROUND),
    ("docx behind another zip's start", lambda: b"PK\x03\x04junk" + docx_bytes(), "a.docx", OFFICE.DATA_AROUND),
]  # fmt: skip


@pytest.mark.parametrize(("make", "name", "kind"), [pytest.param(*row[1:], id=row[0]) for row in GOOD])
def test_good_file_is_taken(make: Made, name: str, kind: FileKind) -> None:
    assert inspect(make(), name) is kind


@pytest.mark.parametrize(("make", "name", "reason"), [pytest.param(*row[1:], id=row[0]) for row in HOSTILE])
def test_hostile_file_is_refused_with_its_reason(make: Made, name: str, reason: str) -> None:
    content = make()
    started = time.monotonic()

    with pytest.raises(RuleBroken) as refused:
        inspect(content, name)

    assert refused.value.template == reason
    assert "%(" not in str(refused.value)
    assert time.monotonic() - started < 5


def test_reason_says_what_was_found() -> None:
    with pytest.raises(RuleBroken) as refused:
        inspect(png_bytes(), "สัญญา.pdf")

    assert refused.value.values == {"extension": ".pdf", "kind": "PNG"}


@pytest.mark.parametrize("make", [pdf_bytes, png_bytes, jpeg_bytes, xlsx_bytes, docx_bytes])
def test_no_cut_of_a_good_file_is_taken(make: Made) -> None:
    content = make()
    cuts = range(1, len(content.rstrip(b"\n")), max(1, len(content) // 200))

    for cut in cuts:
        with pytest.raises(RuleBroken):
            inspect(content[:cut], "a")


@pytest.mark.parametrize("make", [pdf_bytes, png_bytes, jpeg_bytes, xlsx_bytes, docx_bytes])
def test_no_changed_byte_breaks_the_inspection(make: Made) -> None:
    """Whatever the answer, it is a kind or a reason, never an error page."""
    good = make()

    for position in range(0, len(good), max(1, len(good) // 150)):
        for replacement in (0x00, 0xFF, good[position] ^ 0x10):
            changed = good[:position] + bytes([replacement]) + good[position + 1 :]
            with suppress(RuleBroken):
                inspect(changed, "a")
