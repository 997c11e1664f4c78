"""The pages that somebody walks through, and what the browser says of how steady each stands."""

from playwright.sync_api import BrowserContext, Page, ViewportSize

PAGES = (
    "",
    "orders",
    "customers/d-01",
    "customers/d-01?tab=file",
    "members/m-0001",
    "target-tree",
    "commands/draft-order",
    "figures/funnel",
    "pipeline",
    "rankings",
    "rankings?race=week",
    "dealer-stock",
    "receivables",
    "operations",
    "stream",
    "access?tab=tried&account=r-chen",
    "settings/approvals.routes",
    "what-if",
    "destinations",
    "operations?tab=integrity",
    "events/300",
)
SETTLED = 400
"""Milliseconds after its heading in which a page draws what it asked for."""
PHONE: ViewportSize = {"width": 390, "height": 780}
WATCHED = """
window.shifted = 0;
new PerformanceObserver((list) => {
  for (const one of list.getEntries()) if (!one.hadRecentInput) window.shifted += one.value;
}).observe({type: 'layout-shift', buffered: true});
"""
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def watch(context: BrowserContext) -> None:
    """From now on each page of it counts its layout shifts."""
    context.add_init_script(WATCHED)


def shifted(page: Page) -> float:
    """Cumulative layout shift since the page was opened."""
    return float(page.evaluate("window.shifted"))


def sideways(page: Page) -> int:
    """By how many pixels the page is wider than its window."""
    return int(page.evaluate(WIDER))
