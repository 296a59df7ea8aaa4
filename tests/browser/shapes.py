"""What of a page has no room: text squeezed into a narrow column, and a page wider than its window."""

from playwright.sync_api import Page

# Three lines or more with room for less than 8 em, or a link or cell of more than six lines; of text that runs on over
# the page the latter is asked only where it has less than 12 em. A phone's cell gives its label two fifths of its room.
SQUEEZED = """() => {
  const found = [];
  const room = (element) => {
    const { display, flexWrap, paddingLeft, paddingRight } = getComputedStyle(element);
    if (display === "inline") return room(element.parentElement);
    const inside = element.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight);
    return element.dataset.label && display === "flex" && flexWrap === "nowrap" ? inside * 0.6 : inside;
  };
  const LEFT_OUT = "option, script, style, svg, textarea, .visually-hidden, .skip-link";
  for (const element of document.body.querySelectorAll("*")) {
    const text = [...element.childNodes].filter((node) => node.nodeType === 3 && node.data.trim() !== "");
    if (text.length === 0 || element.closest(LEFT_OUT)) continue;
    const em = parseFloat(getComputedStyle(element).fontSize);
    const range = document.createRange();
    range.selectNodeContents(element);
    const boxes = [...range.getClientRects()].filter(({ width, height }) => width > 1 && height > 1);
    const tops = boxes.map(({ top }) => top).sort((one, other) => one - other);
    const lines = tops.filter((top, place) => place === 0 || top - tops[place - 1] > em * 0.8).length;
    const wide = room(element) / em;
    const short = element.closest("a, button, label, summary, th, td");
    const most = element.closest("thead") ? 3 : 2;
    if ((lines > most && wide < 8) || (lines > 6 && (short || wide < 12)))
      found.push(`${wide.toFixed(1)} em, ${lines} lines: ${element.outerHTML.slice(0, 120)}`);
  }
  const { scrollWidth } = document.documentElement;
  if (scrollWidth > window.innerWidth) found.push(`the page is ${scrollWidth} wide`);
  return found;
}"""


def squeezed(page: Page) -> list[str]:
    """Each text of the page that has no room, and the page itself when it is wider than its window."""
    found: list[str] = page.evaluate(SQUEEZED)
    return found


SCROLLED = """() => [...document.querySelectorAll(".table-wrap")]
  .filter((wrap) => wrap.scrollWidth > wrap.clientWidth)
  .map((wrap) => `${wrap.scrollWidth - wrap.clientWidth} of a table are hidden: ${wrap.innerText.slice(0, 60)}`)
"""


def hidden_columns(page: Page) -> list[str]:
    """Each table of the page whose last columns are seen only by scrolling: nothing says so on a desk."""
    found: list[str] = page.evaluate(SCROLLED)
    return found
