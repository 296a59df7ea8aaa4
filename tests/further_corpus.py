"""More files with their answers: other kinds by their first bytes, files that fetch, and files that weigh."""

import zlib

from app.domain.file_kinds import FileKind
from app.files.inspection import inspect as FILE
from app.files.inspection import office as OFFICE
from app.files.inspection import office_parts as PARTS
from app.files.inspection import other_kinds as OTHER
from app.files.inspection import pdf as PDF
from app.files.inspection import pdf_sizes as SIZES
from app.files.inspection import picture as PICTURE
from tests import make_heavy_files as heavy
from tests.clamd import EICAR
from tests.corpus import Made
from tests.make_files import docx_bytes, docx_parts, jpeg_bytes, pdf_bytes, png_bytes, xlsx_bytes, zipped
from tests.make_hostile_files import (
    OLE,
    PAGES,
    RELATION,
    action_pdf,
    changed_xlsx,
    chunk,
    docx_related,
    docx_runs,
    formula_xlsx,
    png_with,
    strict_pdf,
)

FURTHER_GOOD: list[tuple[str, Made, str, FileKind]] = [
    ("pdf that opens at a page", lambda: heavy.unasked_pdf(heavy.opens_at_a_page_and_prints), "a.pdf", FileKind.PDF),
    ("pdf changed after it was made", heavy.changed_pdf, "a.pdf", FileKind.PDF),
    ("pdf that miscounts its objects",
        lambda: strict_pdf(heavy.CATALOGUE, *PAGES).replace(b"/Size 4", b"/Size 9999999"), "a.pdf", FileKind.PDF),
    ("pdf of 20,000 objects", lambda: strict_pdf(heavy.CATALOGUE, *PAGES, *[b"()"] * 20_000), "a.pdf", FileKind.PDF),
    ("pdf with a web page in a remark",
        lambda: strict_pdf(heavy.CATALOGUE, *PAGES, version=b"1.7\n%<script>alert(1)</script>"), "a.pdf", FileKind.PDF),
    ("pdf whose page unpacks to 6 MB", lambda: heavy.page_of(heavy.packed(b"0 0 m " * 2**20)), "a.pdf", FileKind.PDF),
    ("pdf with a broken stream", lambda: heavy.page_of(heavy.stream(b"no zlib", b"/Filter/FlateDecode")),
        "a.pdf", FileKind.PDF),
    ("interlaced png", heavy.interlaced_png, "a.png", FileKind.PNG),
    ("png of black and white", lambda: heavy.saved_picture("1"), "a.png", FileKind.PNG),
    ("png with a palette", lambda: heavy.saved_picture("P"), "a.png", FileKind.PNG),
    ("png of two bytes a pixel", lambda: heavy.saved_picture("I;16"), "a.png", FileKind.PNG),
    ("png of grey that can be seen through", lambda: heavy.saved_picture("LA"), "a.png", FileKind.PNG),
    ("png that can be seen through", lambda: heavy.saved_picture("RGBA"), "a.png", FileKind.PNG),
    ("jpeg of grey", lambda: heavy.saved_picture("L", "JPEG"), "a.jpg", FileKind.JPEG),
    ("jpeg for a printer", lambda: heavy.saved_picture("CMYK", "JPEG"), "a.jpg", FileKind.JPEG),
    ("jpeg with a web page in its remark", lambda: jpeg_bytes(comment=b"<html><script>alert(1)</script>"),
        "a.jpg", FileKind.JPEG),
    ("jpeg with a gif in its remark", lambda: jpeg_bytes(comment=b"GIF89a\1\0\1\0"), "a.jpg", FileKind.JPEG),
    ("docx with a picture of a web page", lambda: docx_runs('<w:fldSimple w:instr=" INCLUDEPICTURE &quot;x&quot; "/>'),
        "a.docx", FileKind.DOCX),
    ("docx that links a heading", lambda: docx_runs('<w:fldSimple w:instr=" HYPERLINK \\l x "/>'),
        "a.docx", FileKind.DOCX),
    ("docx with the text scanners are tried with", lambda: docx_bytes(EICAR), "a.docx", FileKind.DOCX),
    ("xlsx with functions of its own", lambda: formula_xlsx("RECALL(1)+IMAGES(2)"), "a.xlsx", FileKind.XLSX),
]  # fmt: skip


def _started(start: bytes) -> Made:
    return lambda: start + b"\0" * 200


# (what it is, its first bytes, its usual name, what is said of it)
OTHER_KINDS: list[tuple[str, bytes, str, str]] = [
    ("bmp", b"BM\x9a\0\0\0\0\0", "a.bmp", OTHER.OTHER_PICTURE),
    ("bmp named jpg", b"BM\x9a\0\0\0\0\0", "a.jpg", OTHER.OTHER_PICTURE),
    ("tiff, little end first", b"II*\0\x08\0\0\0", "a.tiff", OTHER.OTHER_PICTURE),
    ("tiff, big end first", b"MM\0*\0\0\0\x08", "a.tif", OTHER.OTHER_PICTURE),
    ("webp", b"RIFF\x24\0\0\0WEBPVP8 ", "a.webp", OTHER.OTHER_PICTURE),
    ("icon", b"\0\0\1\0\1\0\x10\x10", "a.ico", OTHER.OTHER_PICTURE),
    ("photoshop picture", b"8BPS\0\1", "a.psd", OTHER.OTHER_PICTURE),
    ("jpeg 2000", b"\0\0\0\x0cjP  \r\n\x87\n", "a.jp2", OTHER.OTHER_PICTURE),
    ("djvu", b"AT&TFORM\0\0\0\0DJVU", "a.djvu", OTHER.OTHER_PICTURE),
    ("metafile", b"\1\0\0\0\x6c\0\0\0", "a.emf", FILE.NOT_ACCEPTED),
    ("mp4", heavy.boxed(b"isom"), "a.mp4", OTHER.FILM),
    ("mp3", b"ID3\x04\0\0\0\0\0\0", "a.mp3", OTHER.FILM),
    ("wav", b"RIFF\x24\0\0\0WAVEfmt ", "a.wav", OTHER.FILM),
    ("csv", "รหัส,ชื่อ\n1,สหกรณ์\n".encode(), "a.csv", FILE.NOT_ACCEPTED),
    ("csv named xlsx", b"a,b\n1,2\n", "a.xlsx", FILE.NAMED_ONLY),
    ("json", b'{"a": 1}', "a.json", FILE.NOT_ACCEPTED),
    ("xml", b"<?xml version='1.0'?><a/>", "a.xml", FILE.NOT_ACCEPTED),
    (
        "xml named docx",
        b"<?xml version='1.0'?><?mso-application progid='Word.Document'?><a/>",
        "a.docx",
        FILE.NAMED_ONLY,
    ),
    ("rtf", b"{\\rtf1\\ansi }", "a.rtf", OTHER.OPENED_TEXT),
    ("postscript", b"%!PS-Adobe-3.0\n", "a.ps", FILE.NOT_ACCEPTED),
    ("postscript named pdf", b"%!PS-Adobe-3.0 PDF-1.4\n", "a.pdf", FILE.NAMED_ONLY),
    ("mail", b"From: a@x.test\r\nSubject: b\r\nMIME-Version: 1.0\r\n\r\n", "a.eml", FILE.NOT_ACCEPTED),
    (
        "saved web page",
        b"From: <Saved by Blink>\r\nContent-Type: multipart/related\r\n\r\n",
        "a.mhtml",
        FILE.NOT_ACCEPTED,
    ),
    ("7-zip", b"7z\xbc\xaf\x27\x1c\0\4", "a.7z", OTHER.ARCHIVE),
    ("7-zip named pdf", b"7z\xbc\xaf\x27\x1c\0\4", "a.pdf", OTHER.ARCHIVE),
    ("rar", b"Rar!\x1a\7\1\0", "a.rar", OTHER.ARCHIVE),
    ("old rar", b"Rar!\x1a\7\0", "a.rar", OTHER.ARCHIVE),
    ("gzip", b"\x1f\x8b\x08\0", "a.gz", OTHER.ARCHIVE),
    ("bzip2", b"BZh91AY&SY", "a.bz2", OTHER.ARCHIVE),
    ("xz", b"\xfd7zXZ\0", "a.xz", OTHER.ARCHIVE),
    ("zstandard", b"\x28\xb5\x2f\xfd", "a.zst", OTHER.ARCHIVE),
    ("cabinet", b"MSCF\0\0\0\0", "a.cab", OTHER.ARCHIVE),
    ("tar", b"a.pdf" + b"\0" * 252 + b"ustar\00000", "a.tar", OTHER.ARCHIVE),
    ("shell script", b"#!/bin/sh\nrm -rf /\n", "a.sh", FILE.NOT_ACCEPTED),
    ("python script named pdf", b"import os\n", "a.pdf", FILE.NAMED_ONLY),
    ("php script", b"<?php system($_GET[0]);", "a.php", FILE.NOT_ACCEPTED),
    ("batch file", b"@echo off\r\n", "a.bat", FILE.NOT_ACCEPTED),
    ("powershell", b"Invoke-WebRequest http://x.test\r\n", "a.ps1", FILE.NOT_ACCEPTED),
    ("html application", b"<HTA:APPLICATION><script>x</script>", "a.hta", FILE.NOT_ACCEPTED),
    ("xhtml", b'<html xmlns="http://www.w3.org/1999/xhtml"/>', "a.xhtml", FILE.NOT_ACCEPTED),
    ("svg named png", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.png", FILE.NAMED_ONLY),
    ("shortcut", b"L\0\0\0\1\x14\2\0", "a.lnk", FILE.NOT_ACCEPTED),
    ("web shortcut", b"[InternetShortcut]\r\nURL=http://x.test\r\n", "a.url", FILE.NOT_ACCEPTED),
    ("java class", b"\xca\xfe\xba\xbe\0\0\0\x34", "A.class", FILE.NOT_ACCEPTED),
    ("mac program", b"\xcf\xfa\xed\xfe", "a", FILE.NOT_ACCEPTED),
    ("library of programs", b"MZ\x90\0\3\0\0\0", "a.dll", FILE.NOT_ACCEPTED),
    ("web assembly", b"\0asm\1\0\0\0", "a.wasm", FILE.NOT_ACCEPTED),
    ("database", b"SQLite format 3\0", "a.db", FILE.NOT_ACCEPTED),
    ("disk image", b"\0" * 600, "a.iso", FILE.NOT_ACCEPTED),
    ("empty lines", b"\r\n\r\n", "a.pdf", FILE.NAMED_ONLY),
    ("one byte", b"%", "a.pdf", FILE.NAMED_ONLY),
]

FURTHER_HOSTILE: list[tuple[str, Made, str, str]] = [
    *[(what, _started(start), name, said) for what, start, name, said in OTHER_KINDS],
    ("heic", lambda: heavy.boxed(b"heic"), "IMG_0001.HEIC", OTHER.HEIC),
    ("heic named jpg", lambda: heavy.boxed(b"heix"), "IMG_0001.jpg", OTHER.HEIC),
    ("avif", lambda: heavy.boxed(b"avif"), "a.avif", OTHER.AVIF),
    ("old Word file", lambda: OLE, "a.doc", OTHER.OLD_OFFICE),
    ("message of Outlook", lambda: OLE, "a.msg", OTHER.OLD_OFFICE),
    ("installer", lambda: OLE, "a.msi", OTHER.OLD_OFFICE),
    ("gif that is also a pdf", lambda: b"GIF89a\1\0\1\0" + pdf_bytes(), "a.pdf", OTHER.OTHER_PICTURE),
    ("mail with a pdf in it", lambda: b"From: a@x.test\r\n\r\n" + pdf_bytes(), "a.pdf", FILE.DATA_BEFORE_START),
    ("web page that is also a pdf", lambda: b"<script>1</script>" + pdf_bytes(), "a.pdf", FILE.DATA_BEFORE_START),
    ("pdf that is also a docx", lambda: pdf_bytes() + docx_bytes(), "a.pdf", FILE.TWO_FILES),
    ("jpeg that is also a zip", lambda: jpeg_bytes() + zipped({"a.exe": "MZ"}), "a.jpg", FILE.TWO_FILES),
    ("jpeg with a zip in its remark", lambda: jpeg_bytes(comment=zipped({"a": "b"})), "a.jpg", FILE.TWO_FILES),
    ("docx that is also a pdf", lambda: zipped({"%PDF-1.7": "x", **docx_parts()}),
        "a.docx", FILE.TWO_FILES),
    ("jpeg with a rar behind it", lambda: jpeg_bytes() + b"Rar!\x1a\7\0" + b"\0" * 50, "a.jpg", PICTURE.AFTER_END),
    ("png with a 7-zip behind it", lambda: png_bytes() + b"7z\xbc\xaf\x27\x1c", "a.png", PICTURE.AFTER_END),
    ("zip of documents", heavy.zip_of_docx, "a.zip", OTHER.ARCHIVE),
    ("zip of documents named docx", heavy.zip_of_docx, "a.docx", OTHER.ARCHIVE),
    ("pdf that opens a web page", lambda: heavy.unasked_pdf(heavy.opens_web_page), "a.pdf", PDF.OPENS_OTHERS),
    ("pdf whose page opens a web page", lambda: heavy.unasked_pdf(heavy.page_opens_web_page),
        "a.pdf", PDF.OPENS_OTHERS),
    ("pdf that goes on after opening", lambda: heavy.unasked_pdf(heavy.opens_a_page_then_more),
        "a.pdf", PDF.OPENS_OTHERS),
    ("pdf drawn from another file", heavy.borrowed_stream_pdf, "a.pdf", PDF.OPENS_OTHERS),
    ("pdf that shows another's page", heavy.borrowed_page_pdf, "a.pdf", PDF.OPENS_OTHERS),
    ("pdf with a thread of another", lambda: action_pdf("/Thread", F="a.pdf"), "a.pdf", PDF.OPENS_OTHERS),
    ("pdf with a script pointed to", heavy.pointed_script_pdf, "a.pdf", PDF.SCRIPT),
    ("pdf with a script beyond its count", heavy.uncounted_script_pdf, "a.pdf", PDF.SCRIPT),
    ("pdf with a script of another generation", heavy.second_generation_script_pdf, "a.pdf", PDF.SCRIPT),
    ("pdf of four million numbers", heavy.crowded_pdf, "a.pdf", SIZES.TOO_COMPLEX),
    ("pdf of 250,000 objects", heavy.numerous_pdf, "a.pdf", SIZES.TOO_COMPLEX),
    ("pdf with stuffed object streams", heavy.stuffed_pdf, "a.pdf", SIZES.TOO_COMPLEX),
    ("pdf nested without end", lambda: strict_pdf(heavy.CATALOGUE, *PAGES, b"[" * 9999 + b"]" * 9999),
        "a.pdf", PDF.DAMAGED),
    ("pdf whose page unpacks to 270 MB", lambda: heavy.page_of(heavy.packed(b"0 0 m " * 45 * 2**20)),
        "a.pdf", SIZES.SWELLS),
    ("pdf whose page is packed twice", lambda: heavy.page_of(heavy.packed(b"\n" * 260 * 2**20, 2)),
        "a.pdf", SIZES.SWELLS),
    ("pdf with a picture of 400 million pixels", heavy.vast_picture_pdf, "a.pdf", SIZES.SWELLS),
    ("pdf drawn from a picture", heavy.page_drawn_from_a_picture_pdf, "a.pdf", SIZES.SWELLS),
    ("png with a swelling colour profile", lambda: png_with(
        chunk(b"iCCP", b"a\0\0" + zlib.compress(b"a" * 80 * 2**20))), "a.png", PICTURE.DAMAGED),
    ("png of many texts", lambda: png_with(
        chunk(b"zTXt", b"a\0\0" + zlib.compress(b"a" * 10**6)) * 70), "a.png", PICTURE.DAMAGED),
    ("png of 100,000 chunks", heavy.crumbled_png, "a.png", PICTURE.TOO_COMPLEX),
    ("png with half of its pixels", heavy.short_png, "a.png", PICTURE.DAMAGED),
    ("interlaced png without its last row", lambda: heavy.interlaced_png(short=True), "a.png", PICTURE.DAMAGED),
    ("jpeg of 100,000 segments", heavy.crumbled_jpeg, "a.jpg", PICTURE.TOO_COMPLEX),
    ("jpeg of many scans over many pixels", heavy.slow_jpeg, "a.jpg", PICTURE.TOO_COMPLEX),
    ("jpeg with a vast second picture", heavy.vast_second_jpeg, "a.jpg", PICTURE.TOO_MANY_PIXELS),
    ("docx of 30,000 parts", heavy.listed_zip, "a.docx", OFFICE.TOO_LARGE),
    ("docx with a field in numbers", lambda: docx_runs(
        '<w:fldSimple w:instr=" QUOTE 68 68 69 65 85 84 79 "/>'), "a.docx", PARTS.COMMANDS),
    ("docx linked to a workbook", lambda: docx_runs(
        '<w:fldSimple w:instr=" LINK Excel.Sheet.12 &quot;x&quot; "/>'), "a.docx", PARTS.FETCHES),
    ("docx that takes in another", lambda: docx_runs(
        '<w:fldSimple w:instr=" INCLUDETEXT &quot;http://x.test&quot; "/>'), "a.docx", PARTS.FETCHES),
    ("docx with a program of the web beside it", lambda: docx_related(
        'Id="r1" Type="http://schemas.microsoft.com/office/2011/relationships/webextensiontaskpanes" Target="x.xml"'),
        "a.docx", PARTS.FETCHES),
    ("xlsx that reads a web page", lambda: formula_xlsx("_xlfn.WEBSERVICE(&quot;http://x.test&quot;)"),
        "a.xlsx", PARTS.FETCHES),
    ("xlsx that shows a picture of the web", lambda: formula_xlsx("_xlfn.IMAGE(&quot;http://x.test&quot;)"),
        "a.xlsx", PARTS.FETCHES),
    ("xlsx that loads a program", lambda: formula_xlsx("RTD(&quot;a.b&quot;,,1)"), "a.xlsx", PARTS.COMMANDS),
    ("xlsx that reads a database", lambda: changed_xlsx("xl/_rels/workbook.xml.rels", b"</Relationships>",
        f'<Relationship Id="r9" Type="{RELATION}/connections" Target="connections.xml"/></Relationships>'.encode()),
        "a.xlsx", PARTS.QUERIES),
    ("xlsx cut short", lambda: xlsx_bytes()[:-30], "a.xlsx", PARTS.DAMAGED),
]  # fmt: skip
