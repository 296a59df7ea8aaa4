"""What axe has against a page, asked with as little carried out of the browser as tells it."""

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

# Of the whole answer only the faults leave the page: what passed is by far the larger part, and costs as much time to
# describe as the looking itself takes. Selectors are worked out for what nobody reads, so they are not.
FAULTS = """() => axe.run({ resultTypes: ["violations"], selectors: false })
  .then(({ violations }) => violations.map(({ id, nodes }) => `${id} ${nodes[0].html.slice(0, 160)}`))"""


def faults(page: Page) -> list[str]:
    """Each rule the page breaks, with the first element that does; axe comes into a page once, when first asked."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found: list[str] = page.evaluate(FAULTS)
    return found
