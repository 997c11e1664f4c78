"""The console in a real browser, over a real server with some weeks of the demo company."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from pace import limit
from playwright.sync_api import Browser, Page, expect, sync_playwright

from services.api.console import BUILT, INDEX

from .demo_server import CHROMIUM, FLAGS, ROOT, opened

SOURCES = ROOT / "services" / "console"
DAYS = 12
"""Of the company's life: enough for orders, deals and what is behind them."""


@pytest.fixture(scope="session")
def built() -> Path:
    """The console as its sources are now."""
    subprocess.run([ROOT / "services/local/console.sh"], check=True, timeout=limit(240))
    if not (BUILT / INDEX).is_file():
        pytest.skip("the console is not built: it needs Node.js 20.19 or newer, and npm")
    return BUILT


@pytest.fixture(scope="session")
def address(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with opened(tmp_path_factory.mktemp("console"), DAYS) as found:
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Closed with its module: as long as it is there, no other test can run a loop of its own."""
    if CHROMIUM is None:
        pytest.skip("there is no Chromium: apt-get install chromium")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield opened
        opened.close()


class Reader:
    """Somebody at the console, in a language; whatever the browser complains of is kept."""

    def __init__(self, browser: Browser, address: str, language: str, *, dark: bool) -> None:
        self.address = address
        self.complaints: list[str] = []
        scheme = "dark" if dark else "light"
        self.context = browser.new_context(locale=language, color_scheme=scheme)
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(1_000 * limit(15))
        expect.set_options(timeout=1_000 * limit(15))
        self.page.on("console", lambda one: one.type == "error" and self._complain(one.text))
        self.page.on("pageerror", lambda error: self._complain(str(error)))

    def _complain(self, words: str) -> None:
        self.complaints.append(words)

    def enter(self, name: str = "Owner") -> None:
        self.page.goto(f"{self.address}/console/")
        self.page.get_by_role("button", name=name).first.click()
        self.page.get_by_role("navigation").wait_for()

    def open(self, path: str) -> None:
        self.page.goto(f"{self.address}/console/{path}")

    def faults(self) -> list[str]:
        """What axe finds that is serious, and where."""
        self.page.evaluate((SOURCES / "node_modules/axe-core/axe.min.js").read_text("utf-8"))
        found = self.page.evaluate("axe.run({resultTypes: ['violations']})")
        return [
            f"{one['id']}: {node['target']} {node['failureSummary']}"
            for one in found["violations"]
            if one["impact"] in {"serious", "critical"}
            for node in one["nodes"]
        ]


@pytest.fixture
def elsewhere(browser: Browser, address: str) -> Iterator[Reader]:
    """In another browser, which keeps nothing of the first."""
    made = Reader(browser, address, "en", dark=False)
    yield made
    made.context.close()
    assert made.complaints == []


@pytest.fixture
def reader(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[Reader]:
    """In the language and colours that the test names; nothing may go wrong unseen."""
    language, dark = getattr(request, "param", ("en", False))
    made = Reader(browser, address, language, dark=dark)
    yield made
    made.context.close()
    assert made.complaints == []
