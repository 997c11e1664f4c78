"""How steady the pages of the console stand, and whether long tables scroll without a stop.

By hand: `python -m tests.console.smoothness`, after `services/local/console.sh`; it needs Chromium.
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from . import walk
from .demo_server import CHROMIUM, FLAGS, opened

DAYS = 45
WIDE: ViewportSize = {"width": 1280, "height": 800}
STANDS = 1_800
"""Milliseconds after its heading in which a page takes on its lasting form."""
LATE = 50
"""Milliseconds between two frames that a reader sees as a stop."""
LONG = ("orders?limit=200", "figures/stock", "stream")
IN_PARTS = ("orders/SO-0100", "quotations/QT-0001")
SCROLL = """
async (late) => {
  const tasks = [];
  new PerformanceObserver((list) => tasks.push(...list.getEntries()))
    .observe({type: 'longtask'});
  const frames = [];
  let before = await new Promise(requestAnimationFrame);
  for (let frame = 0; frame < 240; frame += 1) {
    window.scrollBy(0, frame < 120 ? 90 : -90);
    const now = await new Promise(requestAnimationFrame);
    frames.push(now - before);
    before = now;
  }
  frames.sort((one, other) => one - other);
  return {
    rows: document.querySelectorAll('tbody tr').length, tasks: tasks.length,
    middle: frames[frames.length / 2], longest: frames[frames.length - 1],
    late: frames.filter((one) => one > late).length, frames: frames.length,
  };
}
"""


def measure(address: str, browser: Browser) -> None:
    print("| page | shift, 1280 px | shift, 390 px |\n|---|--:|--:|")
    wide, phone = _entered(browser, address, WIDE), _entered(browser, address, walk.PHONE)
    for path in dict.fromkeys((*walk.PAGES, *IN_PARTS, *LONG)):
        shifts = [_shift(page, address, path) for page in (wide, phone)]
        print(f"| `/{path}` | {shifts[0]:.3f} | {shifts[1]:.3f} |", flush=True)
    print("\n| table | rows | frames | median, ms | over 50 ms | longest, ms | long tasks |")
    print("|---|--:|--:|--:|--:|--:|--:|")
    for path in LONG:
        for page in (wide, phone):
            width = page.viewport_size or WIDE
            found = _scrolled(page, address, path)
            told = "{rows} | {frames} | {middle:.1f} | {late} | {longest:.1f} | {tasks}"
            print(f"| `/{path}`, {width['width']} px | {told.format(**found)} |", flush=True)


def _entered(browser: Browser, address: str, size: ViewportSize) -> Page:
    context = browser.new_context(locale="en", viewport=size)
    walk.watch(context)
    page = context.new_page()
    page.goto(f"{address}/console/")
    page.get_by_role("button", name="Owner").first.click()
    page.locator("#content").wait_for()
    return page


def _shift(page: Page, address: str, path: str) -> float:
    _open(page, address, path)
    return walk.shifted(page)


def _scrolled(page: Page, address: str, path: str) -> dict[str, Any]:
    _open(page, address, path)
    found: dict[str, Any] = page.evaluate(SCROLL, LATE)
    return found


def _open(page: Page, address: str, path: str) -> None:
    page.goto(f"{address}/console/{path}")
    page.get_by_role("heading", level=1).first.wait_for()
    page.wait_for_timeout(STANDS)


def main() -> None:
    if CHROMIUM is None:
        sys.exit("There is no Chromium: apt-get install chromium")
    with (
        TemporaryDirectory() as folder,
        opened(Path(folder), DAYS) as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        measure(address, browser)
        browser.close()


if __name__ == "__main__":
    main()
