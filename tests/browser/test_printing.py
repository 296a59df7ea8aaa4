"""What is printed says of what it is and of when, shows what is folded, and has nothing to press."""

from collections.abc import Callable

import pytest

from app.ui.clock import today
from app.ui.formatting import be_date
from tests.browser.conftest import Person
from tests.client import seen
from tests.pdfs import lines_of, squeezed

# Who prints what, what must be on paper, and what must not. Chromium doubles some letters under vowels and tones in
# the text of a PDF, so the words looked for are such as it leaves whole.
PAGES = {
    "tracking": ("coop2s", "/track/{approved}", ["ปทุมธานี", "เหลือ(บาท)"], ["ดาวน์โหลด"]),
    "list": ("fund", "/applications/list/?status=approved&q=2569", ["แสดงเฉพาะ", "“2569”", "อนุมัติ", "วันที่ยื่น"], ["ดู"]),
    "dashboard": ("manager", "/dashboard/", ["ปีงบประมาณ", "ทั้งหมด"], ["แสดง"]),
    "calculator": (
        "coop2s",
        "/quote/?programme={programme}&amount=3000000&months=12",
        ["12เดือน", "250,000.00"],
        ["ดาวน์โหลด", "โปรดเลือก"],
    ),
}


def told(drawn: bytes) -> str:
    return squeezed(seen(" ".join(lines_of(drawn))))


@pytest.mark.parametrize("name", PAGES)
def test_paper_says_what_the_screen_showed(window: Callable[..., Person], name: str) -> None:
    who, path, shown, hidden = PAGES[name]
    person = window().enter(who)
    person.open("/applications/list/?status=approved")
    ids = {"approved": "", "programme": ""}
    if "{approved}" in path:
        person.follow(person.page.locator("tbody th a").first)
        ids["approved"] = person.page.url.split("/track/")[1].split("?")[0]
    if "{programme}" in path:
        person.open("/quote/")
        ids["programme"] = person.page.locator("#programme option").nth(1).get_attribute("value") or ""
    person.open(path.format(**ids))
    title = person.page.locator("h1").inner_text()

    paper = told(person.page.pdf())

    for text in ("กองทุนเพื่อผู้ใช้แรงงาน", be_date(today(), "long"), "1/", title[:3], *shown):
        assert squeezed(seen(text)) in paper
    for text in ("เมนู", "ค้นหา", *hidden):
        assert squeezed(text) not in paper
