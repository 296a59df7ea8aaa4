"""The drawing program of a process: begun anew when it ended, told its faults, and never waited for without end."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app.reports.pdf.apart import Drawer
from app.reports.pdf.drawing import DrawingFault
from tests.pdfs import lines_of

LINES = """\
#set document(title: "Lines")
#set text(font: "Sarabun", lang: "th")
#json(bytes(sys.inputs.content)).line
"""
ENDLESS = """\
#set document(title: "Endless")
#let turns = range(100000000).map(turn => turn * turn)
"""


@pytest.fixture
def drawer() -> Iterator[Drawer]:
    drawer = Drawer()
    yield drawer
    drawer.end()


def template(folder: Path, text: str = LINES) -> Path:
    path = folder / "paper.typ"
    path.write_text(text)
    return path


def test_whoever_asks_at_once_gets_each_their_own(drawer: Drawer, tmp_path: Path) -> None:
    paper = template(tmp_path)

    with ThreadPoolExecutor(4) as pool:
        drawn = list(pool.map(lambda place: drawer.drawn(paper, {"line": f"ฉบับที่ {place}"}), range(8)))

    assert [lines_of(each) for each in drawn] == [[f"ฉบับที่ {place}"] for place in range(8)]


def test_a_program_that_was_killed_is_begun_anew(drawer: Drawer, tmp_path: Path) -> None:
    paper = template(tmp_path)
    drawer.drawn(paper, {"line": "ก่อน"})
    assert drawer._program is not None
    drawer._program.kill()

    assert lines_of(drawer.drawn(paper, {"line": "หลัง"})) == ["หลัง"]


def test_a_fault_belongs_to_its_order_alone(drawer: Drawer, tmp_path: Path) -> None:
    with pytest.raises(DrawingFault, match="unknown font"):
        drawer.drawn(template(tmp_path, LINES.replace("Sarabun", "Nowhere")), {"line": "ก"})

    assert lines_of(drawer.drawn(template(tmp_path), {"line": "ต่อไป"})) == ["ต่อไป"]


def test_what_takes_too_long_is_given_up_and_the_next_is_drawn(drawer: Drawer, tmp_path: Path) -> None:
    drawer._seconds = 3.0
    with pytest.raises(OSError, match="not drawn in time"):
        drawer.drawn(template(tmp_path, ENDLESS), {})
    drawer._seconds = 60.0

    assert lines_of(drawer.drawn(template(tmp_path), {"line": "ต่อไป"})) == ["ต่อไป"]
