"""What axe has against a page, asked with as little work as tells it."""

from hashlib import blake2b
from pathlib import Path
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

# A page has a dozen colours, and axe reads each anew for every element and every one behind it.
READ_COLOURS_ONCE = """() => {
  const colour = axe.commons.color.Color.prototype;
  const read = colour.parseString;
  const known = new Map();
  colour.parseString = function (text) {
    if (known.has(text)) [this.r, this.g, this.b, this.alpha] = known.get(text);
    else {
      read.call(this, text);
      known.set(text, [this.r, this.g, this.b, this.alpha]);
    }
    return this;
  };
}"""
# Of the whole answer only the faults leave the page: what passed is by far the larger part. Nobody reads selectors.
FAULTS = """() => axe.run({ exclude: [["[data-looked-at]"]] }, { resultTypes: ["violations"], selectors: false })
  .then(({ violations }) => violations.map(({ id, nodes }) => `${id} ${nodes[0].html.slice(0, 160)}`))"""
# Each element in the order of the page: what decides how it looks and what it means and what stands directly in it, as
# a place in the list of such texts, and how many children it has. Of texts it counts whether there is one. Beside them
# the order of headings and regions, and whether no name is given twice.
ELEMENTS = r"""() => {
  const LOOK = ["display", "visibility", "opacity", "color", "backgroundColor", "fontSize", "fontWeight", "position"];
  const SAID = /^(class|role|type|scope|lang|tabindex|aria-(?!label$).*)$/;
  const POINTS = /^aria-(labelledby|describedby|controls|owns|errormessage|activedescendant)$/;
  const meant = ({ name, value }) => {
    if (POINTS.test(name)) return value.split(" ").every((id) => document.getElementById(id));
    return SAID.test(name) ? value.replace(/\d+/g, "") : value.trim() === "";
  };
  const own = (element) => {
    const attributes = [...element.attributes].map((one) => `${one.name} ${meant(one)}`);
    const style = getComputedStyle(element);
    const text = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== "");
    const labels = element.labels?.length;
    return [element.localName, text, labels, ...attributes.sort(), ...LOOK.map((name) => style[name])].join("\n");
  };
  const parts = [...document.querySelectorAll("h1, h2, h3, h4, h5, h6, main, nav, header, footer, aside, [role]")];
  const names = [...document.querySelectorAll("[id]")].map(({ id }) => id);
  const outline = [...parts.map(({ localName }) => localName), new Set(names).size === names.length].join(" ");
  const [texts, elements] = [new Map(), []];
  for (const element of [document.body, ...document.body.querySelectorAll("*")]) {
    const text = own(element);
    if (!texts.has(text)) texts.set(text, texts.size);
    elements.push(texts.get(text), element.children.length);
  }
  return { width: window.innerWidth, outline, texts: [...texts.keys()], elements };
}"""
MARK = """(places) => {
  const all = [document.body, ...document.body.querySelectorAll("*")];
  for (const element of all) element.removeAttribute("data-looked-at");
  for (const place of places) all[place].setAttribute("data-looked-at", "");
}"""


class LookedAt:
    """The makes of parts of pages that axe has gone through in this run, in whichever of its processes.

    Another part of the very same make, as wide and in the same place, has the same faults or none: a row like the row
    above it, another role's menu. It is left out, and a page of nothing else is not gone through at all.
    """

    def __init__(self, folder: Path) -> None:
        self.file = folder / "parts-looked-at"
        self.known: set[str] = set()
        self.read = 0

    def leave_out(self, page: Page) -> bool:
        """Mark the parts of the page that are known; whether there is anything else. All of it is known from now on."""
        self._learn()
        makes = makes_of(page.evaluate(ELEMENTS))
        fresh: list[str] = []
        before = [0]  # how many of the elements up to each are new
        for make, _size in makes:
            if make not in self.known:
                self.known.add(make)
                fresh.append(make)
            before.append(len(fresh))
        marked, place = [], 0
        while place < len(makes):
            size = makes[place][1]
            if before[place] == before[place + size]:
                marked.append(place)
                place += size
            else:
                place += 1
        if fresh:
            with self.file.open("a") as file:
                file.write("".join(f"{make}\n" for make in fresh))
            page.evaluate(MARK, marked)
        return bool(fresh)

    def _learn(self) -> None:
        """Read what the others have looked at since."""
        if self.file.exists():
            with self.file.open() as file:
                file.seek(self.read)
                self.known.update(file.read().split())
                self.read = file.tell()


def makes_of(seen: dict[str, Any]) -> list[tuple[str, int]]:
    """The make of each element in the order of the page, and how many elements it has, with itself.

    A make is where the element stands (the chain of those around it), what it is itself and what its children are,
    those alike beside each other taken as one; the body's has the outline of the page as well. All as one short number.
    """
    own = [_number(text) for text in seen["texts"]]
    flat: list[int] = seen["elements"]
    elements = [(own[flat[place]], flat[place + 1]) for place in range(0, len(flat), 2)]
    found: list[tuple[str, int]] = [("", 0)] * len(elements)

    def gather(place: int, way: str) -> int:
        itself, children = elements[place]
        here = f"{way} {itself}"
        inside, below, after = [here], _number(here), place + 1
        for _child in range(children):
            make = elements[after][0]
            if make != inside[-1]:
                inside.append(make)
            after = gather(after, below)
        if place == 0:
            inside.append(seen["outline"])
        found[place] = (_number(" ".join(inside)), after - place)
        return after

    gather(0, str(seen["width"]))
    return found


def _number(text: str) -> str:
    return blake2b(text.encode(), digest_size=9).hexdigest()


def faults(page: Page) -> list[str]:
    """Each rule the page breaks, with the first element that does; axe comes into a page once, when first asked."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
        page.evaluate(READ_COLOURS_ONCE)
    found: list[str] = page.evaluate(FAULTS)
    return found
