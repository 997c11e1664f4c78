"""The product's processes and the measuring ones, each a process of its own."""

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

from services.bootstrap import Platform
from services.local.process import ChildProcess
from tests.performance.stage import LOGS

START_LIMIT = 60.0


def environment(platform: Platform, **more: str) -> Mapping[str, str]:
    wanted = platform.settings
    named = {
        "DATABASE_URL": wanted.database,
        "TOPIC_PREFIX": wanted.topic_prefix,
        "KAFKA": wanted.kafka or "",
        **more,
    }
    return {f"DISTRIBUTARY_{name}": value for name, value in named.items() if value}


@contextmanager
def running(
    name: str, *words: str, environment: Mapping[str, str] | None = None
) -> Iterator[ChildProcess]:
    """`python -m <words>` until the block ends."""
    process = ChildProcess(name, LOGS / f"bench-{name}.log", environment=environment)
    process.start([sys.executable, "-m", *words])
    try:
        yield process
    finally:
        process.stop()


def wait_for(process: ChildProcess, address: str) -> None:
    process.wait_until(lambda: _answers(address), START_LIMIT)


def _answers(address: str) -> bool:
    try:
        with urlopen(address, timeout=1) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def worked(process: ChildProcess) -> float:
    """Seconds that processors worked for it."""
    fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
