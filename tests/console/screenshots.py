"""Pictures of every page of the console for docs/, over some months of the demo company."""

import re
import sys
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, sync_playwright

from .demo_server import CHROMIUM, FLAGS, ROOT, opened

PICTURES = ROOT / "docs" / "pictures"
DAYS = 120
WIDE = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 780}
PATIENCE = 120_000
SETTLED = 1_500
"""Milliseconds: for each step on a busy machine, and in which a chart is drawn."""
BEHIND = re.compile(r"^[0-9,]+ events behind$|^落后 [0-9]")
TODAY = datetime.now(UTC).date()
TRIED = f"first={TODAY - timedelta(days=60)}&last={TODAY - timedelta(days=1)}"

PAGES = {
    "home": "",
    "list": "orders?status=partly_shipped&status=approved",
    "card": "orders/SO-0300",
    "form": "commands/draft-order",
    "figure": "figures/task_counts",
    "pipeline": "pipeline",
    "rankings": "rankings",
    "race": "rankings?board=customers&race=week",
    "dealer-stock": "dealer-stock",
    "receivables": "receivables",
    "import": "import?command=register-customer",
    "operations": "operations",
    "access": "access?tab=tried&account=r-chen",
    "settings": "settings/approvals.routes",
    "what-if": f"what-if?settings=loyalty.earning&{TRIED}&values=%7B%22points%22%3A3%7D",
    "quotation": "quotations/QT-0001",
    "compare": "quotations/QT-0001?tab=compare",
    "destinations": "destinations",
    "stream": "stream",
    "event": "events/300",
    "customer": "customers/d-01",
    "dealer-file": "customers/d-01?tab=file",
    "member": "members/m-0003",
    "targets": "target-tree",
}
CHINESE_AND_DARK = ("dealer-stock", "pipeline")
PRESSED = {"what-if": ("Decide anew", "Asked for by")}
"""What is pressed before a picture is taken, and what is seen then."""
ON_A_PHONE = ("list", "card")


def take(address: str, only: Iterable[str] = PAGES) -> None:
    PICTURES.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        _visit(browser, address, only)
        _visit(browser, address, CHINESE_AND_DARK, "-zh", language="zh-CN", scheme="dark")
        _visit(browser, address, ON_A_PHONE, "-phone", size=PHONE)
        browser.close()


def _visit(
    browser: Browser,
    address: str,
    names: Iterable[str],
    ending: str = "",
    *,
    language: str = "en",
    scheme: str = "light",
    size: dict[str, int] = WIDE,
) -> None:
    context = browser.new_context(locale=language, color_scheme=scheme, viewport=size)  # type: ignore[arg-type]
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(f"{address}/console/")
    page.get_by_role("button", name="Owner").first.click()
    page.locator("#content").wait_for()
    for name in names:
        page.goto(f"{address}/console/{PAGES[name]}")
        page.get_by_role("heading", level=1).wait_for()
        if name in PRESSED:
            button, seen = PRESSED[name]
            page.get_by_role("button", name=button).click()
            page.get_by_text(seen).wait_for()
        page.wait_for_timeout(SETTLED)
        for passing in (page.locator("[aria-busy='true']"), page.get_by_text(BEHIND)):
            passing.first.wait_for(state="hidden")
        page.wait_for_timeout(SETTLED)
        page.screenshot(path=PICTURES / f"{name}{ending}.png")
        sys.stdout.write(f"{PICTURES.name}/{name}{ending}.png\n")
    context.close()


def main() -> None:
    if CHROMIUM is None:
        sys.exit("There is no Chromium: apt-get install chromium")
    with TemporaryDirectory() as folder, opened(Path(folder), DAYS) as address:
        take(address)


if __name__ == "__main__":
    main()
