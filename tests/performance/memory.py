"""What each process holds while a log grows, in megabytes.

`python -m tests.performance.memory cluster 1000000`, or `standalone`.
"""

import json
import sys
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from itertools import count, islice
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from infra.keys import Keys
from projections.engine import view_status
from services.bootstrap import Platform
from services.local.process import ChildProcess, free_port
from tests.performance import processes, workload
from tests.performance.stage import QUICK, Stage

PARTS = {"serve": ["serve"]} | {job: ["work", job] for job in ("publish", "project", "process")}
STEPS = 10
ROWS = 250
LIMIT = 3_600.0

Held = dict[str, int]
"""Megabytes by the name of the process."""


def main(words: list[str]) -> None:
    which, events, stage = words[0], int(words[1]), Stage(QUICK)
    with stage.ends:
        for done, held in {"cluster": cluster, "standalone": standalone}[which](stage, events):
            print(f"{done:>10,}", *(f"{name} {size}" for name, size in held.items()), flush=True)


def cluster(stage: Stage, events: int) -> Iterator[tuple[int, Held]]:
    """The log is written behind the back of the API, which answers questions meanwhile."""
    platform = stage.platform(kafka=True)
    key, port = Keys(platform.database).new("bench"), free_port()
    told, made = processes.environment(platform, PORT=str(port)), workload.entries(platform, events)
    with ExitStack() as ends:
        parts = {
            name: ends.enter_context(
                processes.running(f"memory-{name}", "services.cli", *words, environment=told)
            )
            for name, words in PARTS.items()
        }
        ask = _asker(parts["serve"], port, lambda: key)
        for step in range(STEPS):
            for _ in range(events // STEPS // 1_000 or 1):
                with platform.database.write() as connection:
                    few = list(islice(made, min(1_000, events // STEPS)))
                    platform.store.write(connection, platform.store.lock(connection), few)
            ask("/status")
            ask("/stock?limit=50")
            yield (step + 1) * (events // STEPS), _held(parts)
        _wait(platform)
        yield events, _held(parts)


def _wait(platform: Platform) -> None:
    deadline = time.monotonic() + LIMIT
    while time.monotonic() < deadline:
        with platform.database.read() as connection:
            head = platform.store.head(connection).position
            found = view_status.statuses(connection, platform.views, platform.store.log)
        if all(one.position == head for one in found.values()):
            return
        time.sleep(0.5)
    raise TimeoutError("the views did not catch up")


def standalone(stage: Stage, events: int) -> Iterator[tuple[int, Held]]:
    """One process takes commands, makes all views of them and answers questions."""
    folder, port = stage.directory("memory"), free_port()
    told = {"DATA": str(folder), "PORT": str(port), "REFERENCES": "open"}
    words = "services.cli", "standalone", "--no-demo"
    named = {f"DISTRIBUTARY_{name}": value for name, value in told.items()}
    numbers = count()
    with processes.running("memory-standalone", *words, environment=named) as process:
        ask = _asker(process, port, lambda: (folder / "first-run-key").read_text().strip())
        for step in range(STEPS):
            for _ in range(events // STEPS // ROWS or 1):
                ask("/commands", [_row(n) for n in islice(numbers, min(ROWS, events // STEPS))])
            ask("/status")
            ask("/stock?limit=50")
            yield (step + 1) * (events // STEPS), _held({"standalone": process})


def _row(number: int) -> dict[str, Any]:
    """Half of all is goods received at 20,000 places; the rest are new customers and deals."""
    if number % 2:
        where = {"location": f"WH-{number % 20}", "item": f"SKU-{number % 9_973}"}
        what = {"quantity": 5, "reason": "purchase", "reference": f"PO-{number}"}
        return {"command": "receive-stock", "body": {**where, **what}}
    if number % 4 == 0:
        who = {"id": f"C-{number}", "name": f"客户 {number}", "customer_kind": "dealer"}
        return {"command": "register-customer", "body": {**who, "owner": "rep-1"}}
    deal = {"id": f"OP-{number}", "customer": "C-0", "title": "Tea", "amount": 5, "currency": "CNY"}
    return {"command": "open-opportunity", "body": deal}


def _asker(process: ChildProcess, port: int, key: Callable[[], str]) -> Callable[..., Any]:
    processes.wait_for(process, f"http://127.0.0.1:{port}/livez")
    known: Mapping[str, str] = {"Authorization": f"Bearer {key()}"}

    def ask(path: str, body: Any = None) -> Any:
        more = {"Content-Type": "application/json", "Idempotency-Key": uuid.uuid4().hex}
        data = None if body is None else json.dumps(body).encode()
        asked = Request(f"http://127.0.0.1:{port}{path}", data, {**known, **more})
        with urlopen(asked, timeout=120) as answer:
            return json.load(answer)

    return ask


def _held(parts: Mapping[str, ChildProcess]) -> Held:
    return {name: resident(part.pid) for name, part in parts.items()}


def resident(process: int) -> int:
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    (found,) = (line.split()[1] for line in lines if line.startswith("VmRSS"))
    return int(found) // 1024


if __name__ == "__main__":
    main(sys.argv[1:])
