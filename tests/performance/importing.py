"""A file of customers becomes events: against whoever only writes the finished rows."""

import csv
from itertools import count
from pathlib import Path
from time import perf_counter

from commands.organisation.rep import HireRep
from services.bootstrap import Platform, request
from services.imports import files
from services.imports.rows import BATCH
from services.imports.sources import Source, Spec
from tests.performance.append import Bare
from tests.performance.pairs import Figure, in_turns
from tests.performance.stage import Stage

SPEC = Spec("register-customer", constants={"owner": "r-01"})
HEAD = ("编号", "name", "customer_kind", "城市", "country", "occurred_at", "note")


def import_(stage: Stage) -> Figure:
    """Read, check, decide and commit every row of a CSV, against one bare statement a batch."""
    platform, folder, numbers = stage.platform(), stage.directory("import"), count()
    place = {"department": "sales", "region": "east"}
    platform.executor.execute(request(HireRep(id="r-01", name="Li", **place), "bench"))

    def ours() -> float:
        path = _file(folder, next(numbers), stage.scale.events)
        start = perf_counter()
        _import(platform, path, stage.scale.events)
        return stage.scale.events / (perf_counter() - start)

    ours()
    bare = Bare(stage.database(), platform, BATCH)
    return in_turns(ours, bare.round, stage.scale.rounds, "rows/s")


def _import(platform: Platform, path: Path, rows: int) -> None:
    one = files.opened(Source(path.name, path), SPEC)
    result = files.run(platform, one, "bench", files.Silent())
    assert result.accepted == rows, result


def _file(folder: Path, number: int, rows: int) -> Path:
    path = folder / f"customers-{number}.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        table = csv.writer(file)
        table.writerow(HEAD)
        for n in range(rows):
            name = f"C-{number}-{n:06d}"
            table.writerow((name, f"客户 {n}", "零售商", "上海", "中国", "2026/1/5", "x"))
    return path
