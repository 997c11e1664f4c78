"""A real Prometheus, where there is one: installed, or unpacked by `make setup-dev`."""

import json
import shutil
import sys
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from pace import limit
from servers import log_file

from services.local.process import ChildProcess, free_port

UNPACKED = Path(sys.prefix) / "prometheus/usr/bin"
READY_LIMIT = 30


def program(name: str) -> str | None:
    return shutil.which(name) or shutil.which(name, path=UNPACKED)


PROMETHEUS, PROMTOOL = program("prometheus"), program("promtool")
needs_prometheus = pytest.mark.skipif(
    PROMETHEUS is None or PROMTOOL is None, reason="needs Prometheus: apt-get install prometheus"
)


class Prometheus:
    def __init__(self, directory: Path, configuration: dict[str, Any]) -> None:
        self.directory, self.port = directory, free_port()
        self.process = ChildProcess("Prometheus", log_file("prometheus"))
        (directory / "prometheus.yml").write_text(json.dumps(configuration))

    def start(self) -> None:
        self.process.start(
            [
                PROMETHEUS or "",
                f"--config.file={self.directory / 'prometheus.yml'}",
                f"--storage.tsdb.path={self.directory / 'data'}",
                f"--web.listen-address=127.0.0.1:{self.port}",
            ]
        )
        self.process.wait_until(self._answers, limit(READY_LIMIT))

    def stop(self) -> None:
        self.process.stop()

    def _answers(self) -> bool:
        try:
            return bool(self.ask("targets")["activeTargets"])
        except OSError:
            return False

    def ask(self, what: str, **parameters: str) -> Any:
        words = urllib.parse.urlencode(parameters)
        address = f"http://127.0.0.1:{self.port}/api/v1/{what}?{words}"
        with urllib.request.urlopen(address, timeout=limit(5)) as answer:
            return json.load(answer)["data"]

    def query(self, expression: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.ask("query", query=expression)["result"]
        return found
