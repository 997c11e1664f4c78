"""All views made anew from the log and from Kafka: against a bare COPY of the ledgers' rows."""

import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from time import perf_counter
from typing import Any

from sqlalchemy.schema import AddConstraint

from infra.broker import Broker
from infra.confluent import ConfluentBroker
from projections.engine import View, building, generations, progress
from projections.engine.progress import LOG, Checkpoint, CheckpointKey
from services.bootstrap import Platform
from services.workers import building as workers
from services.workers.building import Kafka
from services.workers.rebuild import fill, rebuilds
from tests.performance import journey, publish, workload
from tests.performance.pairs import Figure, in_turns
from tests.performance.stage import QUICK, Stage

MILLION = 1_000_000


def rebuild(stage: Stage) -> Mapping[str, Figure]:
    platform, events = stage.platform(kafka=True), MILLION
    views = platform.figures[: stage.scale.views]
    if stage.scale == QUICK:
        events, workers.LONG = stage.scale.events, 1  # by several processes all the same
        workload.fill(platform, events)
    else:
        journey.fill(platform, events)
    _pretend(platform, views, events)
    by_c = ConfluentBroker(platform.settings.kafka or "", "bench")
    publish.to_kafka(platform, by_c, events)
    with tempfile.TemporaryDirectory(prefix="bench-rows-") as folder:
        _ours(platform, views, events, accept=True)()  # what there is to copy
        reference = _copy(platform, views, Path(folder), events)
        log = _ours(platform, views, events)
        found = {"rebuild": in_turns(log, reference, stage.scale.rounds, "events/s")}
        for name, broker in (("kafka", platform.broker("bench")), ("confluent", by_c)):
            topics = _ours(platform, views, events, broker)
            found[f"rebuild_{name}"] = in_turns(topics, reference, stage.scale.rounds, "events/s")
    return found


def _pretend(platform: Platform, views: Sequence[View], events: int) -> None:
    """The live generation stands at the end, as if it had heard all."""
    with platform.database.write() as connection:
        for view in views:
            place = CheckpointKey(view.name, 1, *LOG, platform.store.log)
            progress.enter(connection, {place: Checkpoint(events, 0)})


def _ours(
    platform: Platform,
    views: Sequence[View],
    events: int,
    broker: Broker | None = None,
    *,
    accept: bool = False,
) -> Callable[[], float]:
    """As `distributary rebuild`: filled, added up, indexed, compared and switched."""
    kafka = Kafka(broker, platform.settings.topic_prefix) if broker else None

    def ours() -> float:
        _rest(platform)
        start = perf_counter()
        works = rebuilds(platform.store, platform.codec, views)
        fill(works, _quietly, kafka=kafka)
        done = [work.run(_quietly, accept=accept) for work in works]
        assert all(one.switched and one.position == events for one in done), done
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


def _copy(
    platform: Platform, views: Sequence[View], folder: Path, events: int
) -> Callable[[], float]:
    """The rows of every ledger into tables without indexes, and then the same indexes."""
    files = {view.name: folder / view.name for view in views}
    with platform.database.write() as connection:
        for view in views:
            ledger = view.tables(generations.generation(connection, view.name)).ledger.name
            _past(connection, f"COPY {ledger} TO STDOUT", files[view.name], "wb")

    def reference() -> float:
        _rest(platform)
        return events / sum(_bare(platform, view, files[view.name]) for view in views)

    return reference


def _bare(platform: Platform, view: View, file: Path) -> float:
    """Seconds for one ledger, with as many parallel workers as PostgreSQL takes by itself."""
    ledger = view.tables(0).ledger
    with platform.database.write() as connection:
        building.bare(connection, ledger)
        connection.exec_driver_sql("SET LOCAL maintenance_work_mem='256MB'")
        start = perf_counter()
        _past(connection, f"COPY {ledger.name} FROM STDIN", file, "rb")
        connection.execute(AddConstraint(ledger.primary_key))
        for index in ledger.indexes:
            index.create(connection)
    return perf_counter() - start


def _past(connection: Any, statement: str, file: Path, mode: str) -> None:
    cursor = connection.connection.cursor()
    cursor.execute("SET LOCAL statement_timeout='10min'")
    with file.open(mode) as rows:
        cursor.copy_expert(statement, rows)
    cursor.close()
