"""`python -m tests.performance.pending`: what a worker's look costs while a million deadlines wait.

On SQLite and on PostgreSQL: a step that finds nothing due, one that asks what is due, and the
count that `/status` shows, each beside no pending deadlines and beside many.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import NamedTuple

from sqlalchemy import text

from infra.settings import Settings
from services.bootstrap import Platform, platform
from services.processes import Process, deadlines
from tests.performance.deadlines import FAR, LATER, ask, never, pend, receipt, stepping
from tests.performance.stage import FULL, Stage

MILLION = 1_000_000
DUE = 500
LOOKS = 50
PORTION = 50_000


class Costs(NamedTuple):
    """Milliseconds of a look that finds nothing, of asking what is due, and of the count."""

    look: float
    fire: float
    count: float


def measured(platform: Platform, pending: int) -> Iterator[tuple[int, Costs]]:
    """The costs beside none, and beside so many."""
    ask(platform, [receipt("W")])
    step = stepping(platform, Process("bench", [], lambda *_: iter(()), never, LATER))
    step()
    for many in (0, pending):
        for start in range(0, many, PORTION):
            pend(platform, min(PORTION, many - start), FAR)
        _settled(platform)
        yield many, _costs(platform, step)


def _settled(platform: Platform) -> None:
    """As the database is once it has had time to look after itself."""
    if not platform.database.sqlite:
        with platform.database.engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT")
            connection.execute(text("VACUUM ANALYZE process_deadlines"))


def _costs(platform: Platform, step: Callable[[], None]) -> Costs:
    look = median(_timed(step) for _ in range(LOOKS))
    fires = list[float]()
    for _ in range(3):
        pend(platform, DUE, datetime.now(UTC))
        fires.append(_timed(step))

    def count() -> None:
        with platform.database.read() as connection:
            deadlines.counts(connection, "bench", platform.store.log, 0)

    return Costs(look, median(fires), median(_timed(count) for _ in range(5)))


def _timed(run: Callable[[], None]) -> float:
    start = perf_counter()
    run()
    return (perf_counter() - start) * 1_000


def both(stage: Stage) -> Iterator[tuple[str, Platform]]:
    folder = Path(stage.ends.enter_context(tempfile.TemporaryDirectory()))
    sqlite = platform(Settings(data=folder, database_url=None))
    sqlite.prepare()
    stage.ends.callback(sqlite.close)
    yield "SQLite", sqlite
    yield "PostgreSQL", stage.platform()


def main(words: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.performance.pending")
    parser.add_argument("--pending", type=int, default=MILLION)
    pending = parser.parse_args(words).pending
    stage = Stage(FULL)
    print("| database | pending | look, ms | ask 500, ms | count, ms |\n|---|---|---|---|---|")
    with stage.ends:
        for name, made in both(stage):
            for many, found in measured(made, pending):
                shown = " | ".join(f"{value:.1f}" for value in found)
                print(f"| {name} | {many:,} | {shown} |", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
