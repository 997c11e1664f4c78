"""One platform runs for all pages, as the first page starts it."""

import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from docs.pages import ROOT
from pace import limit
from waiting import until

from services.local.process import free_port

PROGRAM = Path(sys.executable).with_name("distributary")
READY_LIMIT = 120


class Running(NamedTuple):
    """Where the platform runs: a folder as the one that was checked out, and its settings."""

    folder: Path
    environment: dict[str, str]


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("docs")
    (folder / ".venv").symlink_to(ROOT / ".venv")
    for part in ("infra", "compose.yaml", "docs"):
        (folder / part).symlink_to(ROOT / part)
    kept = {name: value for name, value in os.environ.items() if "DISTRIBUTARY" not in name}
    kept.pop("PYTHONDONTWRITEBYTECODE", None)  # compiling anew at each start costs two seconds
    environment = {**kept, "DISTRIBUTARY_PORT": str(free_port())}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [PROGRAM, "standalone"], cwd=folder, env=environment, stdout=log, stderr=log
        )
    try:
        _wait(process, environment["DISTRIBUTARY_PORT"], folder / "log")
        yield Running(folder, environment)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(limit(20))


def _wait(process: subprocess.Popen[bytes], port: str, log: Path) -> None:
    def answers() -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=limit(5)):
                return True
        except (urllib.error.URLError, OSError):
            return False

    until(
        answers,
        READY_LIMIT,
        0.2,
        progress=lambda: log.stat().st_size,
        alive=lambda: process.poll() is None,
        tell=log.read_text,
    )
