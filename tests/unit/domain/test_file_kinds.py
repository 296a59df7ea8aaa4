"""File names, kinds and missing documents."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.file_kinds import (
    ALLOWED_KINDS,
    LARGEST_FILE,
    LONGEST_FILE_NAME,
    FileKind,
    clean_file_name,
    file_extension,
    name_for_kind,
)

UNCHANGED = [
    "งบการเงิน ปี 2568 (ตรวจสอบแล้ว).pdf",
    "หนังสือรับรองการจดทะเบียน.docx",
    "กี่ก้ำน้ำจำนำ.xlsx",
    "ที่อยู่​สหกรณ์.png",  # a zero-width space between Thai words is a letter of the name
    "แผน 1.2 ฉบับที่ ๓.jpeg",
    "report-2026_final.v2.pdf",
    'ราคา "พิเศษ" 50% #1 & 2;.pdf',
    "😀.png",
    "ไม่มีนามสกุล",
]

CHANGED = [
    ("a\x00.exe.pdf", "a.exe.pdf"),
    ("line\r\nSet-Cookie: a=b.pdf", "lineSet-Cookie: a=b.pdf"),
    ("ใบแจ้ง\u202efdp.exe", "ใบแจ้งfdp.exe"),
    ("\u2066a\u2069\u200e\u200f\u061c.pdf", "a.pdf"),
    ("\ufeffรายงาน.pdf", "รายงาน.pdf"),
    ("a\u2028b\u2029.pdf", "ab.pdf"),
    ("bad\ud800.pdf", "bad.pdf"),
    ("../../etc/passwd", "passwd"),
    ("C:\\fakepath\\สัญญา.pdf", "สัญญา.pdf"),
    ("/", "document"),
    ("", "document"),
    ("   ", "document"),
    ("..", "document"),
    (".pdf", "document.pdf"),
    ("\x00\u202e.pdf", "document.pdf"),
    ("  สัญญา.pdf ", "สัญญา.pdf"),
    ("สัญญา.pdf. .", "สัญญา.pdf"),
    ("cafe\u0301.pdf", "caf\u00e9.pdf"),
    ("กุ่".replace("\u0e38\u0e48", "\u0e48\u0e38") + ".pdf", "กุ่.pdf"),
    ("ก" * 300 + ".pdf", "ก" * 116 + ".pdf"),
    ("a" * 255, "a" * 120),
    ("ก" * 118 + ".docx", "ก" * 115 + ".docx"),
]


@pytest.mark.parametrize("name", UNCHANGED)
def test_good_name_comes_back_byte_for_byte(name: str) -> None:
    assert clean_file_name(name).encode() == name.encode()


@pytest.mark.parametrize(("name", "expected"), CHANGED)
def test_name_is_cleaned(name: str, expected: str) -> None:
    assert clean_file_name(name) == expected


@given(st.text(max_size=300))
def test_any_name_becomes_one_that_can_be_kept(name: str) -> None:
    cleaned = clean_file_name(name)

    assert 1 <= len(cleaned) <= LONGEST_FILE_NAME
    assert unicodedata.is_normalized("NFC", cleaned)
    assert not set(cleaned) & set("/\\\x00\r\n\u202e\u200f")
    assert cleaned.encode()
    assert clean_file_name(cleaned) == cleaned


@given(st.text("กขคงจฉชาำิีึืุูเแโใไ่้๊๋์็0123456789 ", min_size=1, max_size=100))
def test_thai_name_keeps_its_letters(stem: str) -> None:
    name = unicodedata.normalize("NFC", f"ก{stem}.pdf")

    assert clean_file_name(name) == name


@pytest.mark.parametrize(
    ("name", "kind", "expected"),
    [
        ("งบการเงิน ปี ๒๕๖๘.pdf", FileKind.PDF, "งบการเงิน ปี ๒๕๖๘.pdf"),
        ("สัญญา.PDF", FileKind.PDF, "สัญญา.PDF"),
        ("ภาพ.jpeg", FileKind.JPEG, "ภาพ.jpeg"),
        ("ไม่มีนามสกุล", FileKind.PNG, "ไม่มีนามสกุล.png"),
        ("ฉบับที่ 1.ตรวจสอบแล้วเมื่อวาน", FileKind.PDF, "ฉบับที่ 1.ตรวจสอบแล้วเมื่อวาน.pdf"),
        ("แผน 1.2", FileKind.DOCX, "แผน 1.2.docx"),
        ("setup.application", FileKind.PDF, "setup.application.pdf"),
        ("a.settingcontent-ms", FileKind.XLSX, "a.settingcontent-ms.xlsx"),
        ("ก" * 300, FileKind.PDF, "ก" * 116 + ".pdf"),
    ],
)
def test_a_kept_name_ends_as_its_kind_does(name: str, kind: FileKind, expected: str) -> None:
    assert name_for_kind(name, kind) == expected
    assert name_for_kind(expected, kind) == expected


@given(st.text(max_size=300), st.sampled_from(FileKind))
def test_any_kept_name_ends_as_its_kind_does(name: str, kind: FileKind) -> None:
    kept = name_for_kind(name, kind)

    assert file_extension(kept) in kind.extensions
    assert len(kept) <= LONGEST_FILE_NAME


@pytest.mark.parametrize(
    ("name", "expected"),
    [("a.PDF", ".pdf"), ("a", ""), ("a.", ""), ("ฉบับที่ 1.ตรวจสอบแล้วเมื่อวาน", ""), ("a.tar.gz", ".gz")],
)
def test_extension_is_the_short_last_part(name: str, expected: str) -> None:
    assert file_extension(name) == expected


def test_every_kind_says_what_it_is() -> None:
    extensions = [extension for kind in FileKind for extension in kind.extensions]

    assert all(kind.label and "/" in kind.mime and kind.extensions for kind in FileKind)
    assert len(set(extensions)) == len(extensions)
    assert len({kind.mime for kind in FileKind}) == len(ALLOWED_KINDS) == 5
    assert LARGEST_FILE == 20 * 1024 * 1024


@pytest.mark.parametrize(("name", "extension"), [("งบ.abcdefghij", ".abcdefghij"), ("งบ.abcdefghijk", "")])
def test_an_ending_has_ten_characters_at_most(name: str, extension: str) -> None:
    assert file_extension(name) == extension
