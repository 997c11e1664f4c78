"""A short storm over the real processes: `make chaos` lets a long one rage."""

import os
import re
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from pace import LEEWAY, limit, pace
from servers import LOGS
from waiting import until

from services.local.process import ChildProcess

MINUTES = f"{0.2 * pace() / LEEWAY:.2f}"
"""Whoever is slow deals fewer faults a minute."""
SEED = os.environ.get("DISTRIBUTARY_TEST_SEED", "20260301")
FAULTS = ["kills", "stops", "restarts", "full disks", "cuts"]
START_LIMIT = 60
LAST = "work process"
"""Whoever is started when all others have been: nobody waits until they are at work."""


@contextmanager
def chaos(mark: str, minutes: str) -> Iterator[ChildProcess]:
    environment = {"SEED": SEED, "CHAOS_MARK": mark}
    process = ChildProcess("chaos", LOGS / f"{mark}.log", environment=environment)
    process.start([sys.executable, "-m", "tests.chaos", minutes])
    try:
        yield process
    finally:
        process.kill()


def wait(process: ChildProcess, seconds: float) -> int | None:
    deadline = time.monotonic() + limit(seconds)
    while process.alive and time.monotonic() < deadline:
        time.sleep(0.1)
    return process.code


def left(mark: str) -> list[str]:
    """What still runs of it: every part has the mark in its environment."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if mark.encode() in (entry / "environ").read_bytes():
                found.append((entry / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        except OSError:  # it has gone meanwhile, or is another user's
            continue
    return found


@pytest.mark.timeout(240)
def test_nothing_is_lost_doubled_or_reordered_in_a_storm_of_real_faults() -> None:
    mark = f"chaos-{uuid4().hex[:12]}"
    with chaos(mark, MINUTES) as process:
        code = wait(process, 200)
    told = process.log.read_text()
    assert code == 0, told
    assert "0 lost, 0 doubled, 0 reordered" in told.splitlines()[-1]
    dealt = {name: int(number) for number, name in re.findall(r"(\d+) ([a-z ]+)[,)]", told)}
    unmounted = "mounting is not permitted" in told
    assert all(dealt[name] > 0 for name in FAULTS if name != "full disks" or not unmounted), told
    assert left(mark) == []
    assert "chaos-" not in Path("/proc/mounts").read_text()


@pytest.mark.timeout(120)
def test_nobody_outlives_a_storm_that_was_killed() -> None:
    mark = f"chaos-{uuid4().hex[:12]}"
    with chaos(mark, "1") as process:
        process.wait_until(lambda: any(LAST in one for one in left(mark)), limit(START_LIMIT))
        os.kill(process.pid, signal.SIGKILL)
        assert wait(process, 10) == -signal.SIGKILL
        until(lambda: not left(mark), pause=0.1)
        assert left(mark) == []
    assert "chaos-" not in Path("/proc/mounts").read_text()
