"""What axe has against a page, asked with as little work as tells it."""

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
FAULTS = """() => axe.run({ resultTypes: ["violations"], selectors: false })
  .then(({ violations }) => violations.map(({ id, nodes }) => `${id} ${nodes[0].html.slice(0, 160)}`))"""


def faults(page: Page) -> list[str]:
    """Each rule the page breaks, with the first element that does; axe comes into a page once, when first asked."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
        page.evaluate(READ_COLOURS_ONCE)
    found: list[str] = page.evaluate(FAULTS)
    return found
