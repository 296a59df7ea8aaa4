"""The letter face for browsers: every letter in one file or the other, and the style sheet asks for the right one."""

import io
import re
from importlib.resources import files

import pytest
from fontTools.ttLib import TTFont

from app.ui.asset_making import STATIC
from app.ui.letters import COMMON, LETTERS, RARE, code_points, cut_letters

STYLE = (STATIC / "fund.css" / "05-letters.css").read_text(encoding="utf-8")
FACE = re.compile(r'url\("asset:(?P<name>[^"]+)"\) format\("woff2"\);\s*unicode-range:\s*(?P<ranges>[^;]+);')


def drawn_by(content: bytes) -> set[int]:
    return set(TTFont(io.BytesIO(content)).getBestCmap())


def whole(face: str) -> bytes:
    return files("fontpkg_sarabun").joinpath("files", f"{face}.ttf").read_bytes()


def test_ranges_are_read_as_browsers_read_them() -> None:
    assert code_points("U+20-22, U+E3F") == {0x20, 0x21, 0x22, 0xE3F}


@pytest.mark.parametrize("face", ["Sarabun-Regular", "Sarabun-Bold"])
def test_the_two_files_together_draw_what_the_whole_face_draws_and_share_nothing(face: str) -> None:
    common, rare = drawn_by(cut_letters(f"{face}.woff2")), drawn_by(cut_letters(f"{face}-rare.woff2"))

    assert common & rare == set()
    assert common | rare == drawn_by(whole(face))


def test_thai_latin_and_the_signs_of_our_pages_are_in_the_common_file() -> None:
    common = drawn_by(cut_letters("Sarabun-Regular.woff2"))

    missing = [sign for sign in "กขฃคฅฆงฮฯะัาำิีึืฺุูเแโใไๅๆ็่้๊๋์ํ๎๏๐๙๚๛฿ azAZ09“”–…→←−€×é" if ord(sign) not in common]

    assert missing == []


def test_signs_that_sarabun_lacks_fetch_nothing() -> None:
    asked = code_points(COMMON) | code_points(RARE)

    assert [sign for sign in "▾▸✓⇧" if ord(sign) in asked] == []


def test_tone_marks_are_placed_as_in_the_whole_face() -> None:
    cut, full = (TTFont(io.BytesIO(content)) for content in (cut_letters("Sarabun-Bold.woff2"), whole("Sarabun-Bold")))

    for font in (cut, full):
        placed = {record.FeatureTag for record in font["GPOS"].table.FeatureList.FeatureRecord}
        assert {"mark", "mkmk", "kern"} <= placed
    for letter in map(ord, "กป่้ำู"):
        assert cut["hmtx"][cut.getBestCmap()[letter]] == full["hmtx"][full.getBestCmap()[letter]]


def test_the_style_sheet_asks_each_file_for_the_letters_in_it() -> None:
    asked = {f"{face['name']}.woff2": " ".join(face["ranges"].split()) for face in FACE.finditer(STYLE)}

    assert asked == {name: ranges for name, (_source, ranges) in LETTERS.items()}
