"""A command through the API: against an endpoint by hand, and against one that does nothing."""

import subprocess
import sys
from collections.abc import Mapping
from time import process_time

from sqlalchemy import make_url

from infra.keys import Keys
from services.local.process import ChildProcess, free_port
from tests.performance import processes, workload
from tests.performance.pairs import Clock, Figure, in_turns
from tests.performance.stage import Stage


def rows(stage: Stage) -> Mapping[str, Figure]:
    platform, scale = stage.platform(), stage.scale
    workload.warm(platform)
    key = Keys(platform.database).new("bench")
    url = make_url(stage.database()).set(drivername="postgresql")
    references = {
        "http": ("endpoint_by_hand", url.render_as_string(hide_password=False)),
        "http_limit": ("empty",),
    }
    port, found = free_port(), dict[str, Figure]()
    told = processes.environment(platform, PORT=str(port))
    with processes.running("api", "services.cli", "serve", environment=told) as ours:
        processes.wait_for(ours, f"http://127.0.0.1:{port}/livez")
        for name, (module, *words) in references.items():
            other = free_port()
            asked = f"tests.performance.{module}", str(other), *words
            with processes.running(module, *asked) as theirs:
                processes.wait_for(theirs, f"http://127.0.0.1:{other}/livez")
                found[name] = in_turns(
                    lambda: _asked(ours, port, key, scale.seconds),
                    lambda theirs=theirs, other=other: _asked(theirs, other, key, scale.seconds),  # type: ignore[misc]
                    scale.rounds,
                    "requests/s",
                )
    return found


def _asked(server: ChildProcess, port: int, key: str, seconds: float) -> float:
    if Clock.read is not process_time:
        return _called(port, key, seconds)
    before = processes.worked(server)
    return _called(port, key, seconds) * seconds / (processes.worked(server) - before)


def _called(port: int, key: str, seconds: float) -> float:
    words = [sys.executable, "-m", "tests.performance.caller", str(port), key, str(seconds)]
    done = subprocess.run(words, capture_output=True, text=True, timeout=seconds + 60, check=False)
    assert not done.returncode, done.stderr[-2000:]
    return float(done.stdout)
