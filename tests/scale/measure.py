"""Each measurement on real servers: so many figures, by name."""

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from servers import log_file
from waiting import until
from workers.company import Company

from projections.engine import generations, progress
from scale.costs import Meter, folder_bytes, table_bytes, written
from scale.ground import PARTITIONS, found, shares, workers
from services.bootstrap import request
from services.local.kafka import LocalKafka
from services.local.postgres import LocalPostgres
from services.local.process import ChildProcess
from tests.performance import workload

COMMANDS, BATCH = 6_400, 32
LIMIT = 300
Figures = dict[str, float]


class Servers:
    """As they come: commits wait for the disk."""

    def __init__(self, home: Path) -> None:
        self.postgres = LocalPostgres(home / "pg", log_file("scale-postgres"), temporary=True)
        self.kafka = LocalKafka(home / "kafka", log_file("scale-kafka"), temporary=True)

    def meter(self, **others: ChildProcess) -> Meter:
        return Meter(postgres=self.postgres.process, kafka=self.kafka.process, **others)


@contextmanager
def servers() -> Iterator[Servers]:
    with tempfile.TemporaryDirectory(prefix="scale-", ignore_cleanup_errors=True) as home:
        made = Servers(Path(home))
        try:
            made.postgres.start()
            made.kafka.start()
            yield made
        finally:
            made.kafka.stop()
            made.postgres.stop()


def commands(servers: Servers) -> Figures:
    """Commands of one event each, so many in a group commit."""
    url = servers.postgres.create_database("commands")
    company = found(url, servers.kafka.bootstrap, "commands")
    workload.warm(company.platform)
    asked = [request(workload.issue(n, f"IS-{n}"), "scale") for n in range(COMMANDS)]
    meter, start, before = servers.meter(), time.process_time(), written(company)
    with meter.running():
        for first in range(0, COMMANDS, BATCH):
            company.platform.executor.commit(asked[first : first + BATCH])
    python = (time.process_time() - start) / COMMANDS * 1e6
    with company.platform.database.read() as connection:
        keys = table_bytes(connection, "^log_keys$") / COMMANDS
    wal = (written(company) - before) / COMMANDS
    company.close()
    return {
        "command: commands/s": COMMANDS / meter.elapsed,
        "command: µs of Python": python,
        "command: µs of PostgreSQL": meter.each("postgres", COMMANDS),
        "command: bytes of its key": keys,
        "command: bytes of write-ahead log": wal,
    }


def publishing(servers: Servers, company: Company, events: int) -> Figures:
    meter = servers.meter()
    company.topics = company.broker.topics(company.platform.topic_names(), PARTITIONS, 1)
    start = time.process_time()
    with company.publishing() as work, meter.running():
        work.drain()
    python = (time.process_time() - start) / events * 1e6
    return {
        "publish: events/s": events / meter.elapsed,
        "publish: µs of Python": python,
        "publish: µs of PostgreSQL": meter.each("postgres", events),
        "publish: µs of Kafka": meter.each("kafka", events),
    }


def projecting(servers: Servers, company: Company, events: int, count: int) -> Figures:
    """The processes are there and share the partitions; then the views forget all they had."""
    with workers(company, *["project"] * count) as processes:
        until(lambda: len(shares(company)) == count, LIMIT, 0.2)
        until(company.is_complete, LIMIT, 0.2)
        named = {f"python-{n}": process for n, process in enumerate(processes)}
        meter = servers.meter(**named)
        with meter.running():
            forget(company)
            until(lambda: moved(company), LIMIT, 0.02)
            start, before = time.perf_counter(), written(company)
            until(company.is_complete, LIMIT, 0.1)
            elapsed = time.perf_counter() - start
    told = f"project by {count}"
    most = max(spent for name, spent in meter.spent.items() if name in named)
    whole = sum(spent for name, spent in meter.spent.items() if name in named)
    return {
        f"{told}: events/s": events / elapsed,
        f"{told}: µs of Python": meter.each("python", events),
        f"{told}: µs of PostgreSQL": meter.each("postgres", events),
        f"{told}: µs of Kafka": meter.each("kafka", events),
        f"{told}: bytes of write-ahead log": (written(company) - before) / events,
        f"{told}: % of it in the busiest process": 100 * most / whole,
    }


def forget(company: Company) -> None:
    with company.platform.database.write() as connection:
        for view in company.platform.figures:
            generations.forget(connection, view, 1)
            generations.let_go(connection, view.name)
        generations.create(connection, company.platform.figures)


def moved(company: Company) -> bool:
    with company.platform.database.read() as connection:
        return any(progress.stands(connection, v.name, 1) for v in company.platform.figures)


def bytes_of(servers: Servers, company: Company, events: int) -> Figures:
    with company.platform.database.read() as connection:
        tables = {"event in the log": "^log_events_", "event in the views": "_1_(ledger|totals)$"}
        sizes = {name: table_bytes(connection, fits) for name, fits in tables.items()}
        for view in company.platform.figures:
            sizes[f"event in {view.name}'s ledger"] = table_bytes(
                connection, f"^{view.name}_1_ledger$"
            )
    topics = servers.kafka.directory / "data"
    mine = company.settings.topic_prefix
    sizes["event in one copy of Kafka"] = folder_bytes(
        topics, lambda file: file.parent.name.startswith(mine) and file.is_file()
    )
    return {f"bytes: {name}": size / events for name, size in sizes.items()}
