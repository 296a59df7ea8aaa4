"""A drawn page's steps anew: no letters told twice, and what stands in a line drawn as one."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

SARA_AM = "\u0e33"  # drawn as two signs with a tone mark between them: only the span around them can tell it
LEAST = 0.5  # thousandths of the letters' size, below which nothing is moved
SHOWN = ("Tj", "TJ")
STATE = ("Tf", "Tm", "Tr")


@dataclass(slots=True)
class Face:
    """One drawn font: what each glyph tells, how wide it is in thousandths of the letters' size, and marks moved."""

    letters: dict[int, str]
    widths: list[float]
    moved: dict[tuple[int, int], int] = field(default_factory=dict)

    def at(self, mark: int, aside: int) -> int:
        """Return the glyph of a mark that is drawn so many thousandths aside; a new one when it is the first."""
        if not aside:
            return mark
        return self.moved.setdefault((mark, aside), len(self.widths) + len(self.moved))


@dataclass(slots=True)
class Line:
    """Glyphs of one size on one height: (glyph, its place)."""

    state: dict[str, list[Any]]
    face: Face
    glyphs: list[tuple[int, float]] = field(default_factory=list)

    def goes_on(self, state: Mapping[str, list[Any]]) -> bool:
        """Whether glyphs of that state stand further along this very line."""
        mine, other = self.state, state
        same = all(mine.get(name) == other.get(name) for name in ("Tf", "Tr"))
        return same and other["Tm"][0] == 1 and mine["Tm"][:4] + mine["Tm"][5:] == other["Tm"][:4] + other["Tm"][5:]

    def add(self, start: float, items: Iterable[Any]) -> None:
        size = float(self.state["Tf"][1])
        for item in items:
            for glyph in _places(item):
                self.glyphs.append((glyph, start))
                start += self.face.widths[glyph] * size / 1000
            if isinstance(item, (int, Decimal)):
                start -= float(item) * size / 1000

    def steps(self) -> Iterator[Any]:
        import pikepdf

        for name, operands in self.state.items():
            yield pikepdf.ContentStreamInstruction(operands, pikepdf.Operator(name))
        yield pikepdf.ContentStreamInstruction([pikepdf.Array(self._shown())], pikepdf.Operator("TJ"))

    def _shown(self) -> Iterator[Any]:
        """Strings and distances; a mark stands where its letter ends, and is drawn aside by its own glyph."""
        import pikepdf

        size = float(self.state["Tf"][1])
        codes, end = bytearray(), float(self.state["Tm"][4])
        for glyph, start in self.glyphs:
            aside = (start - end) * 1000 / size
            if self.face.widths[glyph]:
                if abs(aside) > LEAST:
                    yield pikepdf.String(bytes(codes))
                    yield round(-aside, 3)
                    codes.clear()
                    end = start
                codes += glyph.to_bytes(2)
                end += self.face.widths[glyph] * size / 1000
            else:
                codes += self.face.at(glyph, round(aside)).to_bytes(2)
        yield pikepdf.String(bytes(codes))


def drawn_anew(page: Any, faces: Mapping[str, Face]) -> list[Any]:
    """Return the page's steps without spans that tell a piece, where the glyphs themselves tell it.

    Pieces that stood in a span of their own then go on the line before them: a blank that is drawn alone is not read.
    """
    import pikepdf

    return list(_in_lines(_without_pieces(pikepdf.parse_content_stream(page), faces), faces))


def _without_pieces(steps: Sequence[Any], faces: Mapping[str, Face]) -> Iterator[Any]:
    span: list[Any] = []
    for step in steps:
        if not span and not _tells_a_piece(step):
            yield step
            continue
        span.append(step)
        if str(step.operator) == "EMC":
            yield from span if _needed(span, faces) else span[1:-1]
            span = []


def _tells_a_piece(step: Any) -> bool:
    return str(step.operator) == "BDC" and "/ActualText" in step.operands[1]


def _needed(span: Sequence[Any], faces: Mapping[str, Face]) -> bool:
    if SARA_AM in bytes(span[0].operands[1].ActualText).decode("utf-16"):
        return True
    known: Mapping[int, str] = {}
    for step in span:
        if str(step.operator) == "Tf":
            known = faces[str(step.operands[0])].letters
        if str(step.operator) in SHOWN and not all(place in known for item in _items(step) for place in _places(item)):
            return True
    return False


def _in_lines(steps: Iterator[Any], faces: Mapping[str, Face]) -> Iterator[Any]:
    state: dict[str, list[Any]] = {}
    line: Line | None = None
    for step in steps:
        name = str(step.operator)
        if name in STATE:
            state[name] = list(step.operands)
        elif name in SHOWN:
            if line is None or not line.goes_on(state):
                yield from line.steps() if line else ()
                line = Line(dict(state), faces[str(state["Tf"][0])])
            line.add(float(state["Tm"][4]), _items(step))
        else:
            yield from line.steps() if line else ()
            line = None
            yield step


def _items(step: Any) -> list[Any]:
    """The strings that a step shows, and the distances between them."""
    return [step.operands[0]] if str(step.operator) == "Tj" else list(step.operands[0])


def _places(item: Any) -> list[int]:
    """The glyphs of a string, two bytes each; a distance has none."""
    import pikepdf

    if not isinstance(item, pikepdf.String):
        return []
    codes = bytes(item)
    return [int.from_bytes(codes[start : start + 2]) for start in range(0, len(codes), 2)]
