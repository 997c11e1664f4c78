"""What a process of its own holds more, in megabytes, while it takes or gives many rows.

`python -m tests.scale.memory_child FOLDER ROWS` prints one figure for each task, as JSON.
"""

import asyncio
import csv
import json
import sys
from collections.abc import Callable
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
WARM = 3_000
"""Rows of the first time, in which what is kept for good is loaded."""
PAGE = 1_000
PAGES_READ = 100


def main(folder: Path, rows: int) -> dict[str, float]:
    made = platform(Settings(data=folder, database_url=None))
    made.prepare()
    hire = HireRep(id="r-01", name="Li", department="sales", region="east")
    made.executor.execute(request(hire, "test"))
    _import(made, folder, "warm", WARM)
    added = {"import": more_by(lambda: _import(made, folder, "many", rows))}
    follower = Follower(Applier(made.store, made.records, made.codec))
    follower.start()
    while follower.step():
        pass
    for kind in ("csv", "ndjson", "xlsx", "parquet"):
        _read(made, "/reps", format=kind)
        query = {"format": kind, "sort": "name"}
        added[kind] = more_by(lambda query=query: _read(made, "/customers", **query))  # type: ignore[misc]
    _list(made, WARM // PAGE)
    added["list"] = more_by(lambda: _list(made))
    made.close()
    return added


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


def _list(made: Platform, pages: int = PAGES_READ) -> None:
    for page in range(pages):
        after = f"many-{page * PAGE:06}"
        _read(made, "/customers", **{"id.gt": after, "limit": str(PAGE)})


if __name__ == "__main__":
    json.dump(main(Path(sys.argv[1]), int(sys.argv[2])), sys.stdout)
