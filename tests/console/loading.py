"""How soon the console's first page can be used, beside a bare page of the same stack.

By hand: `python -m tests.console.loading`, after `services/local/console.sh`; it needs Chromium.
"""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page, sync_playwright

from .demo_server import CHROMIUM, FLAGS, ROOT, opened

SOURCES = ROOT / "services" / "console"
ROUNDS = 9
DAYS = 12
INDEX = '<div id="root"></div><script type="module" src="./main.tsx"></script>'
MAIN = """
import { QueryClient, QueryClientProvider, useQuery } from '@tanstack/react-query';
import { Button, Card, ConfigProvider, Layout, Menu, Table } from 'antd';
import { createRoot } from 'react-dom/client';

function Bare() {
  const rows = useQuery({
    queryKey: ['rows'],
    queryFn: async () => (await fetch('rows.json')).json(),
  });
  const columns = [{ dataIndex: 'id' }];
  return (
    <ConfigProvider>
      <Layout>
        <Layout.Sider><Menu items={[{ key: 'one', label: 'One' }]} /></Layout.Sider>
        <Layout.Content>
          <h1>Bare</h1>
          <Button>Do</Button>
          <Card>{rows.data && <Table dataSource={rows.data} columns={columns} />}</Card>
        </Layout.Content>
      </Layout>
    </ConfigProvider>
  );
}
createRoot(document.getElementById('root')!).render(
  <QueryClientProvider client={new QueryClient()}><Bare /></QueryClientProvider>,
);
"""


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Nobody reads it."""


@contextmanager
def bare(folder: Path) -> Iterator[str]:
    """The address of a page with a menu, a button and a table of what it asks for."""
    folder.mkdir()
    (folder / "index.html").write_text(INDEX)
    (folder / "main.tsx").write_text(MAIN)
    (folder / "node_modules").symlink_to(SOURCES / "node_modules")
    vite = SOURCES / "node_modules" / ".bin" / "vite"
    subprocess.run([vite, "build", "--base=./"], cwd=folder, check=True, capture_output=True)
    rows = [{"id": f"row-{number}", "key": number} for number in range(20)]
    (folder / "dist" / "rows.json").write_text(json.dumps(rows))
    served = partial(Quiet, directory=str(folder / "dist"))
    with ThreadingHTTPServer(("127.0.0.1", 0), served) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def _usable(page: Page, address: str, seen: str) -> float:
    """Milliseconds until what the page is for stands there, and the browser has time for clicks."""
    began = time.perf_counter()
    page.goto(address)
    page.locator(seen).first.wait_for()
    page.evaluate("new Promise((done) => requestIdleCallback(done))")
    return 1_000 * (time.perf_counter() - began)


def measure(browser: Browser, console: str, simple: str) -> None:
    ours, theirs = browser.new_context(locale="en"), browser.new_context(locale="en")
    page, other = ours.new_page(), theirs.new_page()
    page.goto(f"{console}/console/")
    page.get_by_role("button", name="Owner").first.click()
    page.locator("h1").wait_for()
    found = [
        (_usable(page, f"{console}/console/", "h1"), _usable(other, simple, "tbody tr"))
        for _ in range(ROUNDS)
    ]
    mine, bare_ones = (median(one) for one in zip(*found, strict=True))
    ratio = median(one / two for one, two in found)
    print(f"first page {mine:.0f} ms, a bare page {bare_ones:.0f} ms, ratio {ratio:.2f}")


def main() -> None:
    if CHROMIUM is None:
        sys.exit("There is no Chromium: apt-get install chromium")
    with (
        TemporaryDirectory() as folder,
        bare(Path(folder) / "bare") as simple,
        opened(Path(folder), DAYS) as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        measure(browser, address, simple)
        browser.close()


if __name__ == "__main__":
    main()
