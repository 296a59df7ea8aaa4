"""The text inside a drawn PDF, letter by letter as it was put in: what is copied, searched and read aloud."""

import io
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from app.reports.pdf.lines import Face, drawn_anew

LIGATURES = "\ufb00\ufb01\ufb02\ufb03\ufb04"
FIRST_LINES = (
    b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CIDSystemInfo << /Registry (Adobe) "
    b"/Ordering (UCS) /Supplement 0 >> def /CMapName /Letters def /CMapType 2 def "
    b"1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
)
LAST_LINES = b"endcmap CMapName currentdict /CMap defineresource pop end end\n"
MOST_IN_A_BLOCK = 100  # the most lines of one block of a map, by the PDF standard


def with_letters(drawn: bytes) -> bytes:
    """Return the PDF with each glyph telling its own letters, and each line in as few pieces as its drawing allows.

    Typst tells a consonant with its vowel and tone mark as one piece, and tells the piece once more at a mark that
    stands higher than its place: "หนึ่ง" is read as "หนึ่นึ่ง". Here every glyph tells what the letter face says of it.
    """
    import pikepdf

    with pikepdf.open(io.BytesIO(drawn)) as pdf:
        fonts: dict[tuple[int, int], tuple[Any, Face]] = {}
        for page in pdf.pages:
            named = {name: font for name, font in page.resources.get("/Font", {}).items() if "/ToUnicode" in font}
            for font in named.values():
                if font.objgen not in fonts:
                    fonts[font.objgen] = font, _face(font)
            faces = {name: fonts[font.objgen][1] for name, font in named.items()}
            page.Contents = pdf.make_stream(pikepdf.unparse_content_stream(drawn_anew(page, faces)))
        for font, face in fonts.values():
            _keep(pdf, font, face)
        target = io.BytesIO()
        pdf.save(target, deterministic_id=True)
    return target.getvalue()


def _drawn(font: Any) -> Any:
    from fontTools.ttLib import TTFont

    return TTFont(io.BytesIO(font.DescendantFonts[0].FontDescriptor.FontFile2.read_bytes()))


def _face(font: Any) -> Face:
    name = str(font.DescendantFonts[0].BaseFont).rpartition("+")[2]
    known, told = _letters_by_shape(f"{name}.ttf"), _as_they_were(font)
    drawn = _drawn(font)
    letters = {}
    for place, shape in enumerate(_shapes(drawn)):
        if place and shape in known:
            # Of letters that look the same, such as two kinds of dashes, the one that Typst tells, or the plainest.
            letters[place] = told[place] if told.get(place) in known[shape] else min(known[shape])
    thousandth = drawn["head"].unitsPerEm / 1000
    return Face(letters, [drawn["hmtx"][glyph][0] / thousandth for glyph in drawn.getGlyphOrder()])


def _keep(pdf: Any, font: Any, face: Face) -> None:
    """Put the glyphs of moved marks and the letters of each into the font; unknown glyphs tell what they told."""
    inner = font.DescendantFonts[0]
    if face.moved:
        inner.FontDescriptor.FontFile2 = pdf.make_stream(_with_moved(_drawn(font), face.moved))
        inner.FontDescriptor.FontFile2.Length1 = len(inner.FontDescriptor.FontFile2.read_bytes())
        inner.W.extend([len(face.widths), [0] * len(face.moved)])
    letters = _as_they_were(font) | face.letters
    letters |= {place: letters[mark] for (mark, _), place in face.moved.items() if mark in letters}
    font.ToUnicode = pdf.make_stream(_map(letters))


def _with_moved(drawn: Any, moved: Mapping[tuple[int, int], int]) -> bytes:
    from fontTools.pens.transformPen import TransformPen
    from fontTools.pens.ttGlyphPen import TTGlyphPen

    order, glyphs = list(drawn.getGlyphOrder()), drawn.getGlyphSet()
    thousandth = drawn["head"].unitsPerEm / 1000
    made = {}
    for (mark, aside), place in moved.items():
        pen = TTGlyphPen(None)
        _outline(order[mark], glyphs).replay(TransformPen(pen, (1, 0, 0, 1, aside * thousandth, 0)))
        made[f"moved{place}"] = pen.glyph()
    for name, glyph in made.items():
        drawn["glyf"][name] = glyph
        glyph.recalcBounds(drawn["glyf"])
        drawn["hmtx"][name] = (0, glyph.xMin)
    drawn.setGlyphOrder(order + list(made))
    target = io.BytesIO()
    drawn.save(target)
    return target.getvalue()


def _shapes(font: Any) -> Iterator[object]:
    """What each glyph looks like and how wide it is: the only thing a cut face keeps of the whole one."""
    glyphs = font.getGlyphSet()
    for name in font.getGlyphOrder():
        drawing = _outline(name, glyphs).value
        yield tuple((act, tuple(points)) for act, points in drawing), font["hmtx"][name][0]


def _outline(name: str, glyphs: Any) -> Any:
    from fontTools.pens.recordingPen import DecomposingRecordingPen

    pen = DecomposingRecordingPen(glyphs)
    glyphs[name].draw(pen)
    return pen


@cache
def _letters_by_shape(file_name: str) -> Mapping[object, set[str]]:
    from fontTools.ttLib import TTFont

    font = TTFont(str(files("fontpkg_sarabun").joinpath("files", file_name)))
    letters: dict[str, str] = {}
    for code, name in sorted(font.getBestCmap().items()):
        if chr(code).isprintable() or chr(code).isspace():
            letters.setdefault(name, _plain(chr(code)))
    tables = [table for lookup in font["GSUB"].table.LookupList.Lookup for table in lookup.SubTable]
    for table in tables * 2:  # some replace what another put in
        _add_replacements(letters, table)
    found: dict[object, set[str]] = defaultdict(set)
    for name, shape in zip(font.getGlyphOrder(), _shapes(font), strict=True):
        if name in letters:
            found[shape].add(letters[name])
    return found


def _plain(letter: str) -> str:
    """The letters a ligature stands for; of a blank of any kind, a blank."""
    if letter.isspace():
        return " "
    return unicodedata.normalize("NFKC", letter) if letter in LIGATURES else letter


def _add_replacements(letters: dict[str, str], table: Any) -> None:
    """Another shape of a letter, and one shape for several, tell what they stand for."""
    if table.LookupType == 1:
        for name, other in table.mapping.items():
            if name in letters:
                letters.setdefault(other, letters[name])
    if table.LookupType == 4:
        for first, ligatures in table.ligatures.items():
            for ligature in ligatures:
                parts = [first, *ligature.Component]
                if all(part in letters for part in parts):
                    letters.setdefault(ligature.LigGlyph, "".join(letters[part] for part in parts))


def _as_they_were(font: Any) -> dict[int, str]:
    lines = font.ToUnicode.read_bytes().split(b"beginbfchar")[1:]
    pairs = (line.split() for block in lines for line in block.split(b"endbfchar")[0].strip().splitlines())
    before = {int(code.strip(b"<>"), 16): bytes.fromhex(text.strip(b"<>").decode()) for code, text in pairs}
    return {place: text.decode("utf-16-be") for place, text in before.items()}


def _map(letters: Mapping[int, str]) -> bytes:
    lines = [b"<%04X> <%s>\n" % (place, text.encode("utf-16-be").hex().encode()) for place, text in letters.items()]
    blocks = (lines[start : start + MOST_IN_A_BLOCK] for start in range(0, len(lines), MOST_IN_A_BLOCK))
    body = b"".join(b"%d beginbfchar\n%sendbfchar\n" % (len(block), b"".join(block)) for block in blocks)
    return FIRST_LINES + body + LAST_LINES
