"""A real server with some days of the demo company, and the browser to look at it."""

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from infra.settings import Settings
from services import demo, standalone
from services.api.app import build
from services.api.serving import Server, listen

ROOT = Path(__file__).parents[2]
CHROMIUM = shutil.which("chromium")
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run")


@contextmanager
def opened(folder: Path, days: int) -> Iterator[str]:
    """The address of a server with so many days of the demo company, which keeps up with them."""
    settings = Settings(data=folder)
    with standalone._opened(settings) as platform:
        demo.load(platform, standalone._today(platform), days=days)
        with standalone._workers(platform):
            standalone._wait_for_views(platform)
            port = listen("127.0.0.1", 0)
            server = Server(build(platform, demo=True))
            thread = threading.Thread(target=server.run, args=([port],), daemon=True)
            thread.start()
            yield f"http://127.0.0.1:{port.getsockname()[1]}"
            server.handle_exit(2, None)
            thread.join(15)
            port.close()
