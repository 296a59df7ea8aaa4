"""What a drawn PDF tells who copies, searches or listens is what was put in, letter by letter."""

import io
import re
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from pathlib import Path
from threading import Barrier

import pikepdf
import pypdfium2
import pytest

from app.reports.pdf import face
from app.reports.pdf.drawing import drawn_pdf
from tests.pdfs import lines_of

LINES = """\
#let content = json(bytes(sys.inputs.content))
#set document(title: "Lines")
#set text(font: "Sarabun", lang: "th", weight: content.weight)
#for line in content.lines [#line \\ ]
"""
SENTENCES = [
    "หนึ่งล้านบาทถ้วน ชำระรวมทั้งสิ้น",
    "ครั้งที่ ชั้น ซึ่ง นั้น เริ่มตรวจสอบ เพิ่มเติม",
    "น้ำ ค่ำ ซ้ำ ย้ำ จำ ป้ำ ฝ่ำ ปำ กำไร ทำ",
    "กตัญญู ฎีกา ก์ สิทธิ์ ศักดิ์ พันธุ์ สัมฤทธิ์ ฎู ญู ฐ",
    "ปฏิรูป กฎ ฤๅ ญี่ปุ่น ปิ่น ฝี่ ฟื้น ฟั่น ปั้น",
    "๑๒,๕๐๐,๐๐๐.๒๕ บาท เก็บแก้แม่โต๊ะ จ๋า ๆ ฯ พุทฺธํ",
    "Office affluent ffi 12,500.00 (1/2) – “A” ½",
]
CONSONANTS = [chr(code) for code in range(ord("ก"), ord("ฮ") + 1)]


@pytest.fixture
def lines(tmp_path: Path) -> Path:
    template = tmp_path / "lines.typ"
    template.write_text(LINES)
    return template


@pytest.mark.parametrize("weight", ["regular", "bold"])
def test_sentences_come_out_as_they_were_put_in(lines: Path, weight: str) -> None:
    assert lines_of(drawn_pdf(lines, {"lines": SENTENCES, "weight": weight})) == SENTENCES


@pytest.mark.parametrize("weight", ["regular", "bold"])
def test_each_consonant_keeps_its_vowel_and_its_tone_mark(lines: Path, weight: str) -> None:
    clusters = ["".join(parts) for parts in product(CONSONANTS, "ัิีึืุู", "่้๊๋์")]
    put_in = [
        " ".join(f"ก{cluster}น" for cluster in clusters[start : start + 7]) for start in range(0, len(clusters), 7)
    ]

    assert lines_of(drawn_pdf(lines, {"lines": put_in, "weight": weight})) == put_in


def test_glyphs_tell_their_letters_also_to_readers_that_leave_spans_out(lines: Path) -> None:
    drawn = drawn_pdf(lines, {"lines": ["หนึ่งน้ำ"], "weight": "regular"})

    with pikepdf.open(io.BytesIO(drawn)) as pdf:
        (font,) = pdf.pages[0].resources["/Font"].values()
        told = re.findall(rb"^<[0-9A-F]{4}> <([0-9a-f]+)>$", font.ToUnicode.read_bytes(), re.MULTILINE)
        steps = pikepdf.parse_content_stream(pdf.pages[0])
        spans = [step.operands[1] for step in steps if str(step.operator) == "BDC"]
    letters = {bytes.fromhex(one.decode()).decode("utf-16-be") for one in told}
    assert letters >= set("หนึ่งา")
    assert {len(one) for one in letters} <= {1, 2}  # two: the glyph of both marks above น้ำ
    pieces = [bytes(span.ActualText).decode("utf-16") for span in spans if "/ActualText" in span]
    assert pieces == ["น้ำ"]


def test_the_pdf_is_one_to_keep_and_one_for_everybody(lines: Path) -> None:
    with pikepdf.open(io.BytesIO(drawn_pdf(lines, {"lines": SENTENCES, "weight": "regular"}))) as pdf:
        assert pdf.open_metadata().pdfa_status == "2A"
        assert pdf.open_metadata()["pdfuaid:part"] == "1"
        assert pdf.Root.MarkInfo.Marked
        assert pdf.Root.Lang == "th"


def test_a_letter_that_the_face_lacks_is_drawn_as_a_box_and_the_rest_is_told(lines: Path) -> None:
    drawn = drawn_pdf(lines, {"lines": ["สัญญา 契約.pdf"], "weight": "regular"})

    assert lines_of(drawn)[0].startswith("สัญญา")
    assert lines_of(drawn)[0].endswith(".pdf")
    assert len(pypdfium2.PdfDocument(drawn)) == 1


def test_two_who_draw_first_at_the_same_moment_share_the_face(monkeypatch: pytest.MonkeyPatch) -> None:
    def slowly(_name: str) -> bytes:
        time.sleep(0.05)  # so that both are in it
        return b""

    monkeypatch.setattr(face, "_of_one_height", slowly)
    face._folder.cache_clear()
    start = Barrier(2)

    def first() -> str:
        start.wait(10)
        (folder,) = face.fonts()
        return folder

    with ThreadPoolExecutor(2) as pool:
        one, other = (each.result() for each in [pool.submit(first) for _thread in range(2)])
    there = Path(one).exists()
    face._folder.cache_clear()

    assert one == other
    assert there
