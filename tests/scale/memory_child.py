"""What a process of its own holds more, in megabytes, while it takes or gives many rows.

`python -m tests.scale.memory_child FOLDER ROWS ...` takes so many rows more each time, gives all
that it has, and prints one figure for each task of each time, as JSON.
"""

import asyncio
import csv
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from commands.organisation.rep import HireRep
from infra.settings import Settings
from services.api import in_process
from services.bootstrap import Platform, platform, request
from services.imports import files
from services.imports.sources import Source, Spec
from services.workers.apply import Applier
from services.workers.follow import Follower

SPEC = Spec("register-customer", constants={"owner": "r-01", "customer_kind": "retailer"})
KINDS = "csv", "ndjson", "xlsx", "parquet"
WARM = 3_000
"""Rows of the first time, in which what is kept for good is loaded."""
PAGE = 1_000


def main(folder: Path, counts: Sequence[int]) -> list[dict[str, float]]:
    made = platform(Settings(data=folder, database_url=None))
    made.prepare()
    hire = HireRep(id="r-01", name="Li", department="sales", region="east")
    made.executor.execute(request(hire, "test"))
    _import(made, folder, "warm", WARM)
    _catch_up(made)
    for kind in KINDS:
        _read(made, "/customers", format=kind, sort="name")
    _list(made, "warm", WARM)
    added = [dict(_tasks(made, folder, f"part{part}", rows)) for part, rows in enumerate(counts)]
    made.close()
    return added


def _tasks(made: Platform, folder: Path, name: str, rows: int) -> Iterator[tuple[str, float]]:
    yield "import", more_by(lambda: _import(made, folder, name, rows))
    _catch_up(made)
    for kind in KINDS:
        query = {"format": kind, "sort": "name"}
        yield kind, more_by(lambda query=query: _read(made, "/customers", **query))  # type: ignore[misc]
    yield "list", more_by(lambda: _list(made, name, rows))


def _catch_up(made: Platform) -> None:
    follower = Follower(Applier(made.store, made.records, made.codec))
    follower.start()
    while follower.step():
        pass


def more_by(work: Callable[[], None]) -> float:
    """Megabytes that the process held at most during the work, beyond what it held before."""
    Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
    before = _held("VmRSS")
    work()
    return _held("VmHWM") - before


def _held(name: str) -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(f"{name}:"))


def _import(made: Platform, folder: Path, name: str, rows: int) -> None:
    path = folder / f"{name}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(("id", "name", "city"))
        table.writerows((f"{name}-{n:06}", f"客户 {n % 977} {n}", "上海") for n in range(rows))
    one = files.opened(Source(path.name, path), SPEC)
    assert files.run(made, one, "test", files.Silent()).accepted == rows


def _read(made: Platform, path: str, **query: str) -> None:
    app = in_process.build(made)
    asyncio.run(in_process.get(app, "cli", path, list(query.items()), lambda _: None))


def _list(made: Platform, name: str, rows: int) -> None:
    for first in range(0, rows, PAGE):
        _read(made, "/customers", **{"id.gt": f"{name}-{first:06}", "limit": str(PAGE)})


if __name__ == "__main__":
    json.dump(main(Path(sys.argv[1]), [int(word) for word in sys.argv[2:]]), sys.stdout)
