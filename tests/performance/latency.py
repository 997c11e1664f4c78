"""From the commit to Kafka and to the view, at a steady pace, with every part its own process."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from statistics import quantiles

import uvloop
from sqlalchemy import make_url

from infra.broker import partition_of
from infra.executor import Executor
from infra.group import GroupCommit
from infra.requests import Answer, Outcome, Request
from services.bootstrap import Platform, request
from tests.performance import processes, workload
from tests.performance.pairs import Figure, within
from tests.performance.publish import PARTITIONS
from tests.performance.stage import Stage

PACE = 500
SETTLE = 30.0
BUDGET = {50: 25.0, 99: 250.0}
"""Milliseconds that half of the events, and 99 of 100, may take."""
Places = dict[int, tuple[int, int]]
"""The partition of each position, and the nanosecond of its commit."""


class Timed(Executor):
    """Notes when the commit of each position had returned."""

    def __init__(self, platform: Platform) -> None:
        inner = platform.executor
        super().__init__(inner.log, inner.refused)
        self.committed: Places = {}

    def commit(self, requests: Sequence[Request]) -> list[Answer]:
        answers, now = super().commit(requests), time.time_ns()
        for answer in answers:
            assert isinstance(answer, Outcome)
            for event in answer.events:
                self.committed[event.position] = partition_of(event.stream, PARTITIONS), now
        return answers


def latency(stage: Stage) -> dict[str, Figure]:
    platform = stage.platform(kafka=True)
    timed, notes = Timed(platform), stage.directory("notes")
    topic = f"{platform.settings.topic_prefix}.stock"
    told = processes.environment(platform, DATA=str(notes))
    with ExitStack() as parts:
        for part in ("publish", "project"):
            asked = "services.cli", "work", part
            parts.enter_context(processes.running(part, *asked, environment=told))
        workload.warm(platform)
        _wait(lambda: _stood(platform) >= PARTITIONS, "the view did not move")
        for name, where in {
            "kafka": (str(platform.settings.kafka), topic),
            "view": (_plain(platform.settings.database),),
        }.items():
            words = (name, *where, str(notes / name))
            watch = processes.running(f"watch-{name}", "tests.performance.watch", *words)
            parts.enter_context(watch)
            _wait((notes / name).exists, f"nobody watches {name}")
        uvloop.run(_paced(timed, stage.scale.paced))
        last = max(timed.committed)
        for name in ("kafka", "view"):
            _wait(partial(_has, notes / name, last), f"{name} is behind")
    return {
        **_figures("commit_to_kafka", _direct(timed.committed, _seen(notes / "kafka"))),
        **_figures("commit_to_view", _passed(timed.committed, _seen(notes / "view"))),
    }


async def _paced(executor: Executor, seconds: float) -> None:
    """Commands at their times, whether or not those before are answered."""
    group = GroupCommit(executor)
    group.start()
    start, answers = time.perf_counter(), []
    for number in range(int(PACE * seconds)):
        await asyncio.sleep(max(0.0, start + number / PACE - time.perf_counter()))
        command = workload.issue(number, f"IS-{number:08d}")
        answers.append(group.submit(request(command, "bench")))
    await asyncio.wait_for(asyncio.gather(*answers), SETTLE)
    group.stop()


def _wait(done: Callable[[], bool], otherwise: str) -> None:
    deadline = time.monotonic() + SETTLE
    while not done():
        assert time.monotonic() < deadline, f"{otherwise}: look at build/logs/bench-*"
        time.sleep(0.1)


def _stood(platform: Platform) -> int:
    with platform.database.read() as connection:
        query = "SELECT count(*) FROM view_positions WHERE view='dealer_stock' AND position > 0"
        return int(connection.exec_driver_sql(query).scalar_one())


def _plain(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def _seen(file: Path) -> Places:
    """Position → partition and time, of whole lines."""
    lines = file.read_text().rpartition("\n")[0].splitlines()[1:]
    rows = (map(int, line.split()) for line in lines)
    return {position: (partition, at) for partition, position, at in rows}


def _has(file: Path, position: int) -> bool:
    return position in _seen(file)


def _direct(committed: Places, seen: Places) -> list[float]:
    return [(seen[p][1] - at) / 1e6 for p, (_, at) in committed.items() if p in seen]


def _passed(committed: Places, seen: Places) -> list[float]:
    """A position is in the view as soon as its partition stands there or beyond."""
    found = []
    for number in range(PARTITIONS):
        moves = sorted((at, position) for position, (n, at) in seen.items() if n == number)
        mine = sorted((p, at) for p, (n, at) in committed.items() if n == number)
        for position, at in mine:
            while moves and moves[0][1] < position:
                moves.pop(0)
            if moves:
                found.append((moves[0][0] - at) / 1e6)
    return found


def _figures(name: str, found: Sequence[float]) -> Mapping[str, Figure]:
    cuts = quantiles(found, n=100, method="inclusive")
    return {f"{name}_p{n}": within(cuts[n - 1], budget, "ms") for n, budget in BUDGET.items()}
