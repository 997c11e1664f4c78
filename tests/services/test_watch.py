"""A worker that is stuck says where it stood and ends, to be started anew by who looks after it."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from pace import limit

from services.commandline import Code

SHORT = limit(0.5)
"""Seconds that no worker needs for one turn, however busy the machine."""

WORKER = """
import re, signal, sys, threading
from contextlib import contextmanager
from services.commandline import logs, watchdog
from services.commandline.loops import WorkerLoop

def waiting():
    print("in", flush=True)
    while True:  # what waits in C is woken by a signal, and waits again
        threading.Event().wait()

def searching():
    print("in", flush=True)
    re.match("(a+)+$", "a" * 64 + "b")  # as long as the world stands, and lets no thread run

def idle():
    print("in", flush=True)
    return 0

@contextmanager
def made():
    yield globals()[sys.argv[1]]

logs.to_stderr()
watchdog.DRAIN = 0.5
loop = WorkerLoop("test")
loop.stop_on_signals()
with watchdog.StallWatchdog("test", float(sys.argv[2]), lambda: loop.turns, loop.stop).kept():
    loop.run(made)
"""


def worker(kind: str, limit: float) -> "subprocess.Popen[str]":
    """A worker that is in its first step."""
    words = [sys.executable, "-c", WORKER, kind, str(limit)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    begun = subprocess.Popen(words, text=True, cwd=Path(__file__).parents[2], **pipes)
    assert begun.stdout is not None
    assert begun.stdout.readline() == "in\n"
    return begun


def ended(begun: "subprocess.Popen[str]") -> tuple[int, str]:
    try:
        _, told = begun.communicate(timeout=limit(30))
    finally:
        begun.kill()
    return begun.returncode, told


def last(told: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(told.splitlines()[-1])
    return found


def test_a_stuck_worker_says_where_it_stands_and_ends_with_a_code_of_its_own() -> None:
    code, told = ended(worker("waiting", SHORT))
    line = last(told)
    assert code == Code.STUCK
    assert (line["event"], line["level"], line["worker"]) == ("stuck", "critical", "test")
    main = next(stack for name, stack in line["threads"].items() if "MainThread" in name)
    assert main[-1].endswith(("waiting", "wait"))


def test_a_worker_that_lets_no_other_thread_run_ends_too() -> None:
    code, told = ended(worker("searching", SHORT))
    assert code == 1
    assert "in searching" in told


def test_a_worker_with_nothing_to_do_is_not_stuck() -> None:
    begun = worker("idle", SHORT)
    time.sleep(2 * SHORT)
    assert begun.poll() is None
    begun.send_signal(signal.SIGTERM)
    code, told = ended(begun)
    assert (code, last(told)["event"]) == (0, "stopped")


def test_a_stuck_worker_that_is_told_to_end_is_not_waited_for() -> None:
    begun = worker("waiting", 60)
    begun.send_signal(signal.SIGTERM)
    code, told = ended(begun)
    assert code == 0
    assert last(told)["event"] == "does not end by itself"
