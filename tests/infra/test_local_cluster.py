"""The local cluster starts a worker that died again, and ends whole."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Timer

import pytest
from pace import limit

from services.local.watchdog import family

ROOT = Path(__file__).parents[2]
LIMIT = 100

# Stands in for the program: what each verb has to keep is that it ends, answers, or works on.
# The shell starts Python, whose path may have a space, which the first line of a file may not.
STAND_IN = """#!/bin/sh
'''exec' "{python}" "$0" "$@"
' '''
import http.server, os, signal, sys, time

class Ready(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path == "/readyz" else 404)
        self.end_headers()

def leave(*_):
    print("drained", flush=True)
    sys.exit()

signal.signal(signal.SIGTERM, leave)
print("pid", os.getpid(), flush=True)
if sys.argv[1] == "serve":
    place = ("127.0.0.1", int(os.environ["DISTRIBUTARY_PORT"]))
    http.server.HTTPServer(place, Ready).serve_forever()
if sys.argv[1] == "work":
    time.sleep(600)
"""


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    stand_in = tmp_path / "distributary"
    stand_in.write_text(STAND_IN.format(python=sys.executable))
    stand_in.chmod(0o700)
    program = "import sys; from pathlib import Path; from services.local import cluster, part; "
    program += f"part.PROGRAM = Path({str(stand_in)!r}); sys.exit(cluster.main())"
    running = subprocess.Popen(
        [sys.executable, "-c", program],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    guard = Timer(limit(LIMIT), running.kill)
    guard.start()
    yield running
    guard.cancel()
    running.kill()
    running.communicate(timeout=limit(10))


def test_a_dead_worker_comes_back_and_one_signal_ends_all(cluster: subprocess.Popen[str]) -> None:
    before = until(cluster, "ready; Ctrl-C ends everything")
    os.kill(pid_of("projector-2", before), signal.SIGKILL)
    until(cluster, "projector-2 ended with code -9; start 1/5")
    until(cluster, "projector-2 .* pid")
    everybody = family(cluster.pid)
    assert len(everybody) > 8
    cluster.send_signal(signal.SIGINT)
    assert cluster.wait(limit(15)) == 130
    assert not [pid for pid in everybody if Path(f"/proc/{pid}").exists()]


def until(cluster: subprocess.Popen[str], pattern: str) -> str:
    assert cluster.stdout
    seen = ""
    for line in cluster.stdout:
        seen += line
        if re.search(pattern, line):
            return seen
    raise AssertionError(f"never came: {pattern}\n{seen}")


def pid_of(name: str, output: str) -> int:
    found = re.search(rf"^{name} .*pid (\d+)", output, re.MULTILINE)
    assert found, output
    return int(found[1])
