"""What common programs and telephones write, with its answer: mostly taken, and what must not slip in beside it."""

from app.domain.file_kinds import FileKind
from app.files.inspection import inspect as FILE
from app.files.inspection import office as OFFICE
from app.files.inspection import office_parts as PARTS
from app.files.inspection import pdf as PDF
from app.files.inspection import picture as PICTURE
from tests import make_office_books as books
from tests import make_office_pdfs as pdfs
from tests import make_telephone_pictures as pictures
from tests.corpus import Made
from tests.make_files import docx_bytes, jpeg_bytes, pdf_bytes, png_bytes

OFFICE_GOOD: list[tuple[str, Made, str, FileKind]] = [
    ("pdf of macOS with an unused entry", pdfs.unused_entry_pdf, "a.pdf", FileKind.PDF),
    ("pdf whose page names an unused entry", lambda: pdfs.unused_entry_pdf(pointed_to=True), "a.pdf", FileKind.PDF),
    ("pdf that may not be changed", pdfs.owner_locked_pdf, "a.pdf", FileKind.PDF),
    ("pdf that may not be changed, older lock",
        lambda: pdfs.owner_locked_pdf(R=3, aes=False, metadata=False), "a.pdf", FileKind.PDF),
    ("pdf with emptied trees", pdfs.emptied_pdf, "a.pdf", FileKind.PDF),
    ("pdf with a list of rights", pdfs.rights_pdf, "a.pdf", FileKind.PDF),
    ("pdf with the settings it was made by", pdfs.options_pdf, "a.pdf", FileKind.PDF),
    ("jpeg of a Samsung telephone", pictures.samsung_jpeg, "a.jpg", FileKind.JPEG),
    ("jpeg with a film, Samsung", pictures.samsung_motion_jpeg, "a.jpg", FileKind.JPEG),
    ("jpeg with a film, Google and Xiaomi", pictures.motion_jpeg, "a.jpg", FileKind.JPEG),
    ("jpeg with a film, Huawei", pictures.huawei_jpeg, "a.jpg", FileKind.JPEG),
    ("jpeg of a Vivo telephone", pictures.vivo_jpeg, "a.jpg", FileKind.JPEG),
    ("jpeg of a OnePlus telephone", pictures.oneplus_jpeg, "a.jpg", FileKind.JPEG),
    ("jpeg for bright screens", pictures.bright_jpeg, "a.jpg", FileKind.JPEG),
    ("jpeg with a stray byte", pictures.stray_jpeg, "a.jpg", FileKind.JPEG),
    ("png with the rest of a larger one", pictures.cut_png, "a.png", FileKind.PNG),
    ("jpeg of 110 million pixels", lambda: pictures.large_picture("JPEG"), "a.jpg", FileKind.JPEG),
    ("xlsx of a web system", books.web_xlsx, "a.xlsx", FileKind.XLSX),
    ("xlsx with the workbook's type at its ending", books.odd_types_xlsx, "a.xlsx", FileKind.XLSX),
    ("xlsx with notes of another program", books.noted_xlsx, "a.xlsx", FileKind.XLSX),
    ("docx with a line break behind it", lambda: docx_bytes() + b"\n", "a.docx", FileKind.DOCX),
    ("pdf of a careless writer", pdfs.careless_pdf, "a.pdf", FileKind.PDF),
    ("jpeg named pdf", jpeg_bytes, "สัญญา.pdf", FileKind.JPEG),
    ("docx named xlsx", docx_bytes, "a.xlsx", FileKind.DOCX),
    ("pdf named jpeg", pdf_bytes, "a.jpeg", FileKind.PDF),
    ("pdf with an invisible letter in its ending", pdf_bytes, "a.p\u200bdf", FileKind.PDF),
]  # fmt: skip

OFFICE_HOSTILE: list[tuple[str, Made, str, str]] = [
    ("pdf with a script before the same key in its catalogue",
        lambda: pdfs.doubled_key_pdf(in_catalogue=True), "a.pdf", PDF.DAMAGED),
    ("pdf with a script before the same key in a page",
        lambda: pdfs.doubled_key_pdf(in_catalogue=False), "a.pdf", PDF.DAMAGED),
    ("pdf that may not be changed, with a script", pdfs.owner_locked_script_pdf, "a.pdf", PDF.SCRIPT),
    ("pdf with a lock of another maker", pdfs.foreign_lock_pdf, "a.pdf", PDF.LOCKED),
    ("pdf of a careless writer with a script", lambda: pdfs.careless_pdf(b" /J#53 "), "a.pdf", PDF.DAMAGED),
    ("pdf of a careless writer with a packed script", pdfs.careless_packed_script_pdf, "a.pdf", PDF.DAMAGED),
    ("xlsx with an outside entity in another program's notes",
        lambda: books.noted_xlsx("<?xml version='1.0'?><!DOCTYPE a SYSTEM 'http://x/y'><a/>"), "a.xlsx", PARTS.DOCTYPE),
    ("pdf with an odd tree of scripts", pdfs.script_tree_pdf, "a.pdf", PDF.SCRIPT),
    ("pdf with a program under the name of settings",
        lambda: pdfs.options_pdf(content=b"MZ\x90\0"), "a.pdf", PDF.CARRIES_FILES),
    ("png with two pictures in it", lambda: png_bytes() * 2, "a.png", PICTURE.AFTER_END),
    ("jpeg with a name of a telephone and a program behind it",
        lambda: jpeg_bytes() + b"MZ" * 50 + b"\0\0\0\0SEFT", "a.jpg", PICTURE.AFTER_END),
    ("xlsx with a part of the ending for macros", books.macro_ending_xlsx, "a.xlsx", PARTS.MACROS),
    ("xlsb", books.binary_workbook, "a.xlsb", OFFICE.BINARY),
    ("xlsb named xlsx", books.binary_workbook, "a.xlsx", OFFICE.BINARY),
    ("zip with a pdf in it", books.zip_of_pdf, "a.zip", OFFICE.ARCHIVE),
    ("text named pdf", lambda: "ข้อความ".encode(), "fake.pdf", FILE.NAMED_ONLY),
    ("xlsx with a link of the system as a part", books.linked_part_xlsx, "a.xlsx", PARTS.DAMAGED),
    ("xlsx whose parts have two names", books.two_names_xlsx, "a.xlsx", PARTS.DAMAGED),
    ("pdf with settings under another name", lambda: pdfs.options_pdf("a.exe"), "a.pdf", PDF.CARRIES_FILES),
]  # fmt: skip
