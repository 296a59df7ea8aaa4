"""What axe has against a page, asked with as little work as tells it."""

from pathlib import Path

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
# For each element in the order of the page: what decides how it looks and what it means, what stands directly in it and
# where it stands itself, as one number; and how many elements it has, with itself. Of texts it counts whether there is
# one. The first, the body, has the order of headings and regions as well, and whether no name is given twice.
MAKES = r"""() => {
  const LOOK = ["display", "visibility", "opacity", "color", "backgroundColor", "fontSize", "fontWeight", "position"];
  const SAID = /^(class|role|type|scope|lang|tabindex|aria-(?!label$).*)$/;
  const POINTS = /^aria-(labelledby|describedby|controls|owns|errormessage|activedescendant)$/;
  const meant = ({ name, value }) => {
    if (POINTS.test(name)) return value.split(" ").every((id) => document.getElementById(id));
    return SAID.test(name) ? value.replace(/\d+/g, "") : value.trim() === "";
  };
  const number = (text) => {
    let [one, two] = [0xdeadbeef, 0x41c6ce57];
    for (let place = 0; place < text.length; place++) {
      one = Math.imul(one ^ text.charCodeAt(place), 2654435761);
      two = Math.imul(two ^ text.charCodeAt(place), 1597334677);
    }
    return `${(one >>> 0).toString(36)}${(two >>> 0).toString(36)}`;
  };
  const own = (element) => {
    const attributes = [...element.attributes].map((one) => `${one.name} ${meant(one)}`);
    const style = getComputedStyle(element);
    const text = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== "");
    const labels = element.labels?.length;
    return [element.localName, text, labels, ...attributes.sort(), ...LOOK.map((name) => style[name])].join("\n");
  };
  const outline = () => {
    const parts = [...document.querySelectorAll("h1, h2, h3, h4, h5, h6, main, nav, header, footer, aside, [role]")];
    const names = [...document.querySelectorAll("[id]")].map(({ id }) => id);
    return [...parts.map(({ localName }) => localName), new Set(names).size === names.length];
  };
  const [owns, sizes, found] = [new Map(), new Map(), []];
  const gather = (element) => {
    owns.set(element, number(own(element)));
    sizes.set(element, [...element.children].reduce((sum, child) => sum + gather(child), 1));
    return sizes.get(element);
  };
  const list = (element, way) => {
    const here = `${way} ${owns.get(element)}`;
    const inside = [...element.children].map((child) => owns.get(child));
    const makes = [here, ...inside.filter((make, place) => make !== inside[place - 1])];
    if (element === document.body) makes.push(...outline());
    found.push([number(makes.join(" ")), sizes.get(element)]);
    for (const child of element.children) list(child, number(here));
  };
  gather(document.body);
  list(document.body, `${window.innerWidth}`);
  return found;
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
        makes: list[tuple[str, int]] = page.evaluate(MAKES)
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


def faults(page: Page) -> list[str]:
    """Each rule the page breaks, with the first element that does; axe comes into a page once, when first asked."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
        page.evaluate(READ_COLOURS_ONCE)
    found: list[str] = page.evaluate(FAULTS)
    return found
