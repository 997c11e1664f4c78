"""Limits are for the dead, not for the slow: they grow with the time this machine takes."""

import os
import statistics
import subprocess
import sys
import time
from functools import cache

from infra.limits import Limits

NAME = "DISTRIBUTARY_TEST_PACE"
STARTS = 3
REFERENCE = 0.1
"""Seconds of the yardstick on the machine that the limits were written on, with nothing else."""
LEEWAY = 3.0
"""A machine that was idle when it was measured may be busy when it counts."""


@cache
def pace() -> float:
    """How often longer a limit is than it was written down; a fast machine shortens none.

    Measured once: the workers of a run and the programs they start find it in the environment.
    """
    if NAME not in os.environ:
        os.environ[NAME] = f"{LEEWAY * max(1.0, _yardstick() / REFERENCE):.1f}"
    return float(os.environ[NAME])


def limit(seconds: float) -> float:
    """So long may it take here, what takes less than `seconds` on the machine of reference."""
    return seconds * pace()


def limits() -> Limits:
    """For a platform in a test's own process, which may stand still in a transaction for long."""
    return Limits().times(pace())


def lasting(seconds: float) -> float:
    """How long a test itself takes for what others must have done meanwhile, without leeway."""
    return seconds * pace() / LEEWAY


def _yardstick() -> float:
    return statistics.median(_started() for _ in range(STARTS))


def _started() -> float:
    work = "import json, asyncio; sum(n * n for n in range(300_000))"
    began = time.monotonic()
    subprocess.run([sys.executable, "-I", "-c", work], check=True, stdin=subprocess.DEVNULL)
    return time.monotonic() - began
