"""What a cooperative and an officer do, in Firefox and in the engine of Safari."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import geothai
import pytest
from flask import Flask

from app.domain.values.calendar import to_be
from app.ui.clock import today
from tests.browser.conftest import serving
from tests.browser.engines import ENGINES, Window, missing
from tests.browser.watching import Watched, without_newer_functions
from tests.conftest import PASSWORD
from tests.make_files import jpeg_bytes, pdf_bytes, png_bytes

NARROW = 390
COOPERATIVE = "สหกรณ์ออมทรัพย์พนักงานโรงงานตัวอย่าง"
PERSON = "document.querySelector('[data-user]')"
SEEN = f"{PERSON} && document.body.getClientRects().length > 0"
WORDS = ("ปีงบประมาณ", "กองทุน", "ผู้ใช้แรงงาน", "แรงงาน", "ดอกเบี้ย", "ร้อยละ")
WORDS += ("สหกรณ์", "ออมทรัพย์", "เครดิตยูเนี่ยน", "พนักงาน", "โรงงาน", "รัฐวิสาหกิจ")
PEOPLE = ("นางสาวสมหญิง", "นายสมชาย")
# The words of a page that stand on two lines at any of many widths, after sentences with ``names`` were added to it.
CUT = """
const [words, names] = arguments;
for (const name of names) {
  const line = document.createElement('p');
  line.textContent = `สำนักงานในจังหวัด${name}มีผู้ยื่นคำขอ`;
  document.querySelector('main').append(line);
}
return new Promise((resolve) => setTimeout(resolve)).then(() => {
  const look = new RegExp([...words, ...names].map((word) => Array.from(word).join('\\u2060?')).join('|'), 'g');
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const places = [];
  while (texts.nextNode())
    for (const found of texts.currentNode.data.matchAll(look)) {
      const place = document.createRange();
      place.setStart(texts.currentNode, found.index);
      place.setEnd(texts.currentNode, found.index + found[0].length);
      places.push([found[0], place]);
    }
  const cut = new Set();
  for (let width = 280; width < 700; width += 9) {
    document.body.style.width = `${width}px`;
    for (const [word, place] of places) {
      const tops = Array.from(place.getClientRects(), (box) => box.top);
      if (Math.max(...tops) - Math.min(...tops) > 6) cut.add(word);
    }
  }
  return [places.length, Array.from(cut)];
});
"""
DIALOG_YES = "#confirm-dialog[open] button[value=yes]"


@pytest.fixture(scope="session")
def backend() -> str:
    """What a browser does does not depend on the database."""
    return "sqlite"


@pytest.fixture(scope="module", params=sorted(ENGINES))
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Window]:
    """A window of the engine; without it the test is skipped, or fails when engines are required."""
    lacking = missing(request.param)
    if lacking and os.environ.get("REQUIRE_ENGINES") == "1":
        pytest.fail(f"REQUIRE_ENGINES=1, but this machine has no {', '.join(lacking)}")
    if lacking:
        pytest.skip(f"no {', '.join(lacking)} on this machine: journey in {request.param} skipped")
    window = Window(request.param, tmp_path_factory.mktemp(request.param))
    window.resize(NARROW, 900)
    yield window
    window.close()


@pytest.fixture
def watched(demo_app: Flask, engine: Window) -> Iterator[Watched]:
    """The demonstration, which is told of whatever goes wrong in the page."""
    demo_app.config["PUBLIC_URL"] = "http://127.0.0.1"
    watched = Watched(demo_app)
    with serving(watched) as engine.address:
        yield watched
        engine.open("/login/")
    assert watched.complaints == []


def sign_in(window: Window, username: str) -> None:
    window.open("/login/")
    window.type("#username", username)
    window.type("#password", PASSWORD)
    window.press("form.form button[type=submit]")
    window.until(PERSON)


def sign_out_and_go_back(window: Window, steps: int) -> None:
    """Nothing of the person is to be seen again, however often one goes back, and not for a moment."""
    window.press(".menu-switch summary")
    window.press("details.dropdown-end > summary")
    window.press("form[action$='/logout/'] button")
    window.until(f"!{PERSON} && document.readyState === 'complete'")
    for _step in range(steps):
        window.back()
        # Asked again and again until the page is there: what is seen in between counts, too.
        assert window.until(f"{SEEN} ? 'seen again' : !{PERSON} && 'gone'") == "gone"
        assert COOPERATIVE not in window.text()


def must_fit(window: Window) -> None:
    """The page does not scroll sideways."""
    wide, room = window.run("return [document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert wide <= room, f"{window.path()} is {wide} wide in {room}"


def apply(window: Window, folder: Path) -> str:
    """Fill in an application, attach its papers, and send it; its key."""
    window.press("a[href*='/apply/new?programme=']")
    window.see("#amount")
    must_fit(window)
    answers = {"amount": "๑๒,๕๐๐,๐๐๐", "months": "24", "beneficiaries": "150", "member_rate": "4.75"}
    for name, value in answers.items():
        window.type(f"#{name}", value)
    window.press("form.form button[type=submit]")
    window.press(".task-list a[href*='/purpose']")
    window.type("#purpose", "ให้สมาชิกกู้เพื่อปลดเปลื้องหนี้นอกระบบ")
    window.press("form.form button[type=submit]")
    window.press(".task:not(.task-paper) a[href*='/documents']")
    window.see(".uploads")
    must_fit(window)
    attach(window, folder)
    pk = re.findall(r"/apply/(\d+)/", window.path())[0]
    window.press("a[href$='/check']")
    window.press("#submit-declared")
    window.type("#submit-password", PASSWORD)
    must_fit(window)
    window.press("form[action*='/move/submit'] button[type=submit]")
    assert window.see(".confirmation-number").startswith("คก.")
    return str(pk)


def attach(window: Window, folder: Path) -> None:
    """A file for each paper that waits: the first made of two pictures, the second wrong at first and taken away."""
    waiting = "Array.from(document.querySelectorAll('.uploads > li:has(.badge-waiting)'), (one) => one.id)"
    first, second, *others = window.until(waiting)
    choose(window, first, folder, {"๑.jpg": jpeg_bytes(), "๒.png": png_bytes()})
    window.see(f"#{first} .join-names li:nth-child(2)")
    numbers_stand_beside_their_pictures(window)
    window.press(f"#{first} input[name=join]")
    window.press(f"#{first} .upload-form button[type=submit]")
    window.see(f"#{first} .upload-file a")
    choose(window, second, folder, {"ผิด.pdf": pdf_bytes("wrong")})
    window.press(f"#{second} .upload-file form[data-confirm] button")
    window.press(DIALOG_YES)
    window.until("!document.querySelector(arguments[0])", f"#{second} .upload-file")
    for paper in (second, *others):
        choose(window, paper, folder, {f"เอกสาร {paper}.pdf": pdf_bytes(paper)})
        assert window.see(f"#{paper} .upload-file a") == f"เอกสาร {paper}.pdf"
        if window.run("return document.querySelector(arguments[0]) !== null", f"#{paper} form[data-day]"):
            give_day(window, f"#{paper} form[data-day]")


def give_day(window: Window, form: str) -> None:
    """Say of what day the paper is, beside its file."""
    day = today()
    window.type(f"{form} input[type=text]", f"{day.day}/{day.month}/{to_be(day.year)}")
    window.press(f"{form} button")
    window.until("(one => one && one.defaultValue)(document.querySelector(arguments[0]))", f"{form} input[type=text]")


def choose(window: Window, paper: str, folder: Path, files: dict[str, bytes]) -> None:
    for name, content in files.items():
        (folder / name).write_bytes(content)
    window.type(f"#{paper} input[type=file]", "\n".join(str(folder / name) for name in files))


def numbers_stand_beside_their_pictures(window: Window) -> None:
    """As a part of the row, not as a list's own number, which Safari lays over the picture."""
    room = window.until(
        """(() => {
          const [row, picture] = ['.join-page', '.join-page canvas'].map((one) => document.querySelector(one));
          return picture.hidden ? 0 : picture.getBoundingClientRect().left - row.getBoundingClientRect().left;
        })()"""
    )
    assert room >= 8
    assert window.run("return getComputedStyle(document.querySelector('.join-names li')).listStyleType") == "none"


def receive(window: Window, pk: str) -> None:
    """Receive an application from the list, with others that could have been ticked."""
    window.open("/applications/list/")
    must_fit(window)
    window.press(f"input[name=rowid][value='{pk}']")
    window.press("button[name=action][value=receive]")
    window.press(DIALOG_YES)
    window.see(".notice-good")


def test_an_application_is_sent_and_received_and_nothing_of_a_person_comes_back(
    engine: Window, watched: Watched, tmp_path: Path
) -> None:
    sign_in(engine, "coop1s")
    pk = apply(engine, tmp_path)
    sign_out_and_go_back(engine, 3)

    watched.before = without_newer_functions()
    sign_in(engine, "officer1")
    receive(engine, pk)
    sign_out_and_go_back(engine, 2)


def test_names_and_the_funds_words_are_never_cut(engine: Window, watched: Watched) -> None:
    sign_in(engine, "coop1")
    names = [*PEOPLE, *(province.name_th for province in geothai.provinces())]
    assert engine.see("main")

    seen, cut = engine.run(CUT, WORDS, names)

    assert seen > 100
    assert cut == []
