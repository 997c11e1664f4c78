"""All views made anew from the log: against a bare COPY of the ledgers' rows, indexes and all."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

from projections import generations, progress
from projections.progress import LOG, Place, Stand
from services.bootstrap import Platform
from services.workers.rebuild import fill, rebuilds
from tests.performance import journey, workload
from tests.performance.pairs import Figure, in_turns
from tests.performance.stage import QUICK, Stage

MILLION = 1_000_000
FEW = 25_000
"""As many as are filled in by several processes, and no more."""


def rebuild(stage: Stage) -> Figure:
    platform = stage.platform()
    if stage.scale == QUICK:
        events = FEW
        workload.fill(platform, events)
    else:
        events = MILLION
        journey.fill(platform, events)
    _pretend(platform, events)
    with tempfile.TemporaryDirectory(prefix="bench-rows-") as folder:
        ours = _ours(platform, events)
        ours()  # what there is to copy
        reference = _copy(platform, Path(folder), events)
        return in_turns(ours, reference, 1, "events/s")


def _pretend(platform: Platform, events: int) -> None:
    """The live generation stands at the end, as if it had heard all."""
    with platform.database.write() as connection:
        for view in platform.views:
            place = Place(view.name, 1, *LOG, platform.store.log)
            progress.enter(connection, place, Stand(events, 0))


def _ours(platform: Platform, events: int) -> Callable[[], float]:
    """As `distributary rebuild`: filled, added up, indexed, compared and switched."""
    differ = True

    def ours() -> float:
        nonlocal differ
        _rest(platform)
        start = perf_counter()
        works = rebuilds(platform.store, platform.codec, platform.views)
        fill(works, _quietly)
        done = [work.run(_quietly, accept=differ) for work in works]
        assert all(one.switched and one.position == events for one in done), done
        differ = False  # the first had but an empty generation to be compared with
        return events / (perf_counter() - start)

    return ours


def _rest(platform: Platform) -> None:
    """What the server has to tidy up after so many rows at once is not what is measured."""
    with platform.database.engine.connect() as connection:
        connection = connection.execution_options(isolation_level="AUTOCOMMIT")
        for statement in ("SET statement_timeout=0", "VACUUM ANALYZE", "CHECKPOINT"):
            connection.exec_driver_sql(statement)
        connection.exec_driver_sql("RESET statement_timeout")


def _quietly(*_: int) -> None:
    pass


def _copy(platform: Platform, folder: Path, events: int) -> Callable[[], float]:
    """The rows of every ledger into tables like them, with the same indexes."""
    files = {view.name: folder / view.name for view in platform.views}
    with platform.database.write() as connection:
        for view in platform.views:
            number = generations.generation(connection, view.name)
            ledger = view.tables(number).ledger.name
            _past(connection, f"COPY {ledger} TO STDOUT", files[view.name], "wb")
            like = f"CREATE TABLE plain_{view.name} (LIKE {ledger} INCLUDING INDEXES)"
            connection.exec_driver_sql(like)

    def reference() -> float:
        _rest(platform)
        start = perf_counter()
        for name, file in files.items():
            with platform.database.write() as connection:
                connection.exec_driver_sql(f"TRUNCATE plain_{name}")
                _past(connection, f"COPY plain_{name} FROM STDIN", file, "rb")
        return events / (perf_counter() - start)

    return reference


def _past(connection: Any, statement: str, file: Path, mode: str) -> None:
    cursor = connection.connection.cursor()
    cursor.execute("SET LOCAL statement_timeout='10min'")
    with file.open(mode) as rows:
        cursor.copy_expert(statement, rows)
    cursor.close()
