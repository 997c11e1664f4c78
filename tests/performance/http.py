"""A command through the API: against an address of FastAPI's that does nothing at all."""

import subprocess
import sys

from infra.keys import Keys
from services.local.process import free_port
from tests.performance import processes, workload
from tests.performance.pairs import Figure, in_turns
from tests.performance.stage import Stage


def http(stage: Stage) -> Figure:
    platform = stage.platform()
    workload.warm(platform)
    key = Keys(platform.database).new("bench")
    port, empty = free_port(), free_port()
    told = processes.environment(platform, PORT=str(port))
    with (
        processes.running("api", "services.cli", "serve", environment=told) as ours,
        processes.running("empty", "tests.performance.empty", str(empty)) as reference,
    ):
        processes.wait_for(ours, f"http://127.0.0.1:{port}/livez")
        processes.wait_for(reference, f"http://127.0.0.1:{empty}/livez")
        return in_turns(
            lambda: _called(port, key, stage.scale.seconds),
            lambda: _called(empty, key, stage.scale.seconds),
            stage.scale.rounds,
            "requests/s",
        )


def _called(port: int, key: str, seconds: float) -> float:
    words = [sys.executable, "-m", "tests.performance.caller", str(port), key, str(seconds)]
    done = subprocess.run(words, capture_output=True, text=True, timeout=seconds + 60, check=False)
    assert not done.returncode, done.stderr[-2000:]
    return float(done.stdout)
