"""Pages become pictures in a process of their own: the right size, upright, marked, and never for ever."""

import ast
import io
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from pikepdf import Array, Dictionary, Encryption, Name, Pdf, String
from PIL import Image, ImageChops, ImageDraw, ImageStat

from app.files.pictures import page_drawing, page_pictures
from app.files.pictures.page_drawing import LONGEST_SIDE, MOST_PIXELS, Order, fitted
from app.files.pictures.page_pictures import CannotShow, drawn_by_program
from tests.make_files import new_pdf, pdf_bytes, png_bytes, saved
from tests.make_office_pdfs import owner_locked_pdf

pytestmark = pytest.mark.usefixtures("machine")
MARK = "นางสาวกิ่งแก้ว ปิ่นใหญ่ · 25 พ.ย. 2569 14:05 น."


def drawn(content: bytes, order: Order) -> Image.Image:
    return Image.open(io.BytesIO(drawn_by_program([content], order)))


def encoded(picture: Image.Image, kind: str, **options: object) -> bytes:
    target = io.BytesIO()
    picture.save(target, kind, **options)
    return target.getvalue()


def ink(picture: Image.Image) -> float:
    """How far the picture is from white paper, at most 255."""
    return 255 - ImageStat.Stat(picture.convert("L")).mean[0]


def test_page_of_a_pdf_is_as_wide_as_asked() -> None:
    page = drawn(pdf_bytes(pages=3), Order("pdf", 2, width=800))

    assert page.format == "JPEG"
    assert page.width == 800
    assert abs(page.height - 800 * 842 / 595) <= 2


def test_pages_of_a_file_differ_and_are_counted() -> None:
    content = pdf_bytes(pages=3)

    first, last = (drawn(content, Order("pdf", page, width=400)) for page in (1, 3))

    assert ImageChops.difference(first, last).getbbox() is not None
    assert drawn_by_program([content], Order("pdf", 0)) == b"3"
    assert drawn_by_program([png_bytes()], Order("png", 0)) == b"1"


@pytest.mark.parametrize(("turn", "size"), [(0, (300, 600)), (90, (300, 150)), (180, (300, 600)), (270, (300, 150))])
def test_turned_page_is_as_wide_as_asked(turn: int, size: tuple[int, int]) -> None:
    pdf = new_pdf()
    pdf.pages[0].obj.MediaBox = Array([0, 0, 300, 600])

    assert drawn(saved(pdf), Order("pdf", 1, width=300, turn=turn)).size == size


def test_quarter_turn_goes_clockwise() -> None:
    picture = Image.new("RGB", (40, 40), "white")
    ImageDraw.Draw(picture).rectangle((0, 0, 19, 19), fill="black")

    turned = drawn(encoded(picture, "PNG"), Order("png", 1, turn=90))

    assert [turned.getpixel(place)[0] > 128 for place in ((5, 5), (35, 5), (35, 35), (5, 35))] == [
        True,
        False,
        True,
        True,
    ]


def test_photo_is_upright() -> None:
    picture = Image.new("RGB", (80, 40), "white")
    exif = Image.Exif()
    exif[0x0112] = 6  # held upright

    assert drawn(encoded(picture, "JPEG", exif=exif), Order("jpeg", 1)).size == (40, 80)


@pytest.mark.parametrize(
    ("mode", "white"), [("RGBA", (0, 0, 0, 0)), ("LA", (0, 0)), ("I;16", 65535), ("1", 1), ("CMYK", (0, 0, 0, 0))]
)
def test_every_kind_of_picture_is_shown_on_white(mode: str, white: object) -> None:
    kind = "JPEG" if mode == "CMYK" else "PNG"
    content = encoded(Image.new(mode, (20, 20), white), kind)  # type: ignore[arg-type]

    assert drawn(content, Order(kind.lower(), 1)).convert("L").getpixel((10, 10)) >= 253


def test_what_was_typed_into_a_form_is_shown() -> None:
    pdf = new_pdf(" ")
    font = pdf.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
    box = pdf.make_indirect(
        Dictionary(
            Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T=String("amount"), V=String("5000000 5000000"),
            Rect=Array([50, 300, 550, 500]), DA=String("/Helv 60 Tf 0 g"), F=4,
        )
    )  # fmt: skip
    pdf.pages[0].obj.Annots = Array([box])
    fonts = Dictionary(Font=Dictionary(Helv=font))
    pdf.Root.AcroForm = Dictionary(Fields=Array([box]), NeedAppearances=True, DR=fonts, DA=String("/Helv 60 Tf 0 g"))

    filled = drawn(saved(pdf), Order("pdf", 1, width=400)).convert("L")

    assert filled.crop((35, 230, 370, 365)).getextrema()[0] < 100


# The mark


def test_mark_is_in_every_part_of_the_page() -> None:
    blank = encoded(Image.new("RGB", (1000, 1400), "white"), "PNG")

    marked = drawn(blank, Order("png", 1, mark=MARK))

    assert ink(drawn(blank, Order("png", 1))) == 0
    parts = [(x, y, x + 500, y + 350) for x in (0, 500) for y in (0, 350, 700, 1050)]
    assert all(ink(marked.crop(part)) > 1 for part in parts)


def test_mark_leaves_the_text_below_it_readable() -> None:
    blank = encoded(Image.new("RGB", (1000, 1400), "white"), "PNG")

    darkest = drawn(blank, Order("png", 1, mark=MARK)).convert("L").getextrema()[0]

    assert 150 < darkest < 230


def test_small_picture_is_made_large_enough_for_the_mark() -> None:
    assert drawn(png_bytes((40, 30)), Order("png", 1, width=800)).width == 40
    assert drawn(png_bytes((40, 30)), Order("png", 1, width=800, mark=MARK)).width == 800


# Limits


@pytest.mark.parametrize(
    ("size", "wanted"),
    [((1, 14400), 2600), ((14400, 1), 2600), ((200, 30000), 2600), ((5, 5), 10**6), ((10**7, 10**7), 1)],
)
def test_no_page_becomes_too_large_or_nothing(size: tuple[int, int], wanted: int) -> None:
    width, height = fitted(*size, wanted)

    assert width * height <= MOST_PIXELS
    assert min(width, height) >= 1
    assert max(width, height) <= LONGEST_SIDE


@pytest.mark.parametrize(
    ("content", "order"),
    [
        (b"", Order("pdf", 1)),
        (b"%PDF-1.4 broken", Order("pdf", 1)),
        (pdf_bytes()[:400], Order("pdf", 1)),
        (pdf_bytes(), Order("pdf", 2)),
        (b"\x89PNG\r\n\x1a\n", Order("png", 1)),
        (png_bytes(), Order("png", 2)),
        (png_bytes(), Order("jpeg", 1)),
        (b"BM" + png_bytes(), Order("png", 1)),
    ],
)
def test_what_cannot_be_drawn_is_refused_with_words(content: bytes, order: Order) -> None:
    with pytest.raises(CannotShow, match="cannot be shown here"):
        drawn_by_program([content], order)


@pytest.mark.parametrize("how", [{}, {"R": 3, "aes": False, "metadata": False}], ids=["AES", "RC4"])
def test_pdf_that_only_forbids_changes_is_drawn(how: dict[str, Any]) -> None:
    locked = owner_locked_pdf(**how)

    assert drawn_by_program([locked], Order("pdf", 0)) == b"1"
    assert drawn_by_program([locked], Order("pdf", 1, 300)).startswith(b"\xff\xd8")


def test_locked_pdf_is_refused_with_words() -> None:
    with Pdf.open(io.BytesIO(pdf_bytes())) as pdf:
        target = io.BytesIO()
        pdf.save(target, encryption=Encryption(owner="o", user="u"))

    with pytest.raises(CannotShow):
        drawn_by_program([target.getvalue()], Order("pdf", 1))


def program(folder: Path, text: str) -> Path:
    path = folder / "program.py"
    path.write_text(text)
    return path


def test_page_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(page_pictures, "SECONDS", 0.3)
    monkeypatch.setattr(page_pictures, "PROGRAM", program(tmp_path, "import time\ntime.sleep(60)\n"))

    with pytest.raises(CannotShow, match="too long"):
        drawn_by_program([b""], Order("pdf", 1))


@pytest.mark.parametrize("end", ["os.abort()", "os._exit(3)", "os.kill(os.getpid(), 11)", "[0] * 10**12"])
def test_program_that_dies_is_a_refusal_and_the_next_page_is_drawn(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, end: str
) -> None:
    with monkeypatch.context() as changed:
        changed.setattr(page_pictures, "PROGRAM", program(tmp_path, f"import os\n{end}\n"))
        for _time in range(page_pictures.AT_ONCE + 1):
            with pytest.raises(CannotShow):
                drawn_by_program([b"x" * 10**6], Order("pdf", 1))

    assert drawn(pdf_bytes(), Order("pdf", 1, width=100)).width == 100


def test_too_many_at_once_are_told_to_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_pictures, "WAIT_SECONDS", 0.01)
    with ExitStack() as places:
        for _place in range(page_pictures.AT_ONCE):
            assert places.enter_context(page_pictures._places.one())
        with pytest.raises(CannotShow, match="Wait a moment"):
            drawn_by_program([pdf_bytes()], Order("pdf", 1))


def test_the_drawing_process_can_write_no_large_file_and_use_no_end_of_memory(tmp_path: Path) -> None:
    text = (
        f"import runpy, sys\nlimits = runpy.run_path({page_drawing.__file__!r})['limit_this_process']\nlimits(1.0)\n"
        "import resource\n"
        "names = (resource.RLIMIT_AS, resource.RLIMIT_CPU, resource.RLIMIT_FSIZE)\n"
        "print([resource.getrlimit(name)[0] for name in names])"
    )

    told = subprocess.run([sys.executable, "-I", "-c", text], capture_output=True, text=True, check=True).stdout

    assert told.strip() == str([page_drawing.LARGEST_MEMORY, 1, page_drawing.LARGEST_ANSWER])


def test_the_drawing_process_has_nothing_of_ours(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SECRET_KEY", "a secret")
    monkeypatch.setattr(page_pictures, "PROGRAM", program(tmp_path, "import os\nprint(dict(os.environ))\n"))
    source = Path(page_drawing.__file__).read_text(encoding="utf-8")

    environment = drawn_by_program([b""], Order("pdf", 1))

    assert b"secret" not in environment
    names = {
        alias.name if isinstance(node, ast.Import) else str(node.module)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    assert not [name for name in names if name.split(".")[0] in ("app", "flask", "sqlalchemy", "config")]
