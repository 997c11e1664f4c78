"""The servers the tests use: started for this run, shared by its workers, or given."""

import os
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pace import limit
from reception import Down, ask

from infra.limits import milliseconds
from services.local.jars import Missing
from services.local.process import NotReady

if TYPE_CHECKING:
    from services.local.kafka import LocalKafka
    from services.local.postgres import LocalPostgres, Postgres

LOGS = Path("build/logs").absolute()


@dataclass(frozen=True)
class GivenKafka:
    """A broker somebody else runs: nobody stops it here."""

    bootstrap: str


@contextmanager
def kafka_for_tests() -> Iterator["LocalKafka | GivenKafka"]:
    if address := os.environ.get("DISTRIBUTARY_TEST_KAFKA") or ask("kafka"):
        yield GivenKafka(address)
        return
    with own_kafka() as broker:
        yield broker


@contextmanager
def own_kafka() -> Iterator["LocalKafka"]:
    from services.local.kafka import LocalKafka  # here, so that pure tests need not wait for it

    with tempfile.TemporaryDirectory(prefix="kafka-", ignore_cleanup_errors=True) as directory:
        # It is never killed: however slow a disk is, it keeps its lease.
        lease = {"broker.session.timeout.ms": str(milliseconds(limit(20)))}
        file = log_file("kafka")
        kafka = LocalKafka(Path(directory), file, settings=lease, temporary=True)
        _start("kafka", kafka.start)
        try:
            yield kafka
        finally:
            kafka.stop()


def remove_topics(bootstrap: str, prefix: str) -> None:
    from kafka import KafkaAdminClient

    patience = milliseconds(limit(20))
    admin = KafkaAdminClient(
        bootstrap_servers=bootstrap, request_timeout_ms=patience, bootstrap_timeout_ms=patience
    )
    try:
        if gone := [name for name in admin.list_topics() if name.startswith(prefix)]:
            admin.delete_topics(gone, timeout_ms=patience)
    finally:
        admin.close()


@contextmanager
def postgres_for_tests() -> Iterator["Postgres"]:
    from services.local.postgres import Postgres

    if url := os.environ.get("DISTRIBUTARY_TEST_POSTGRES") or ask("postgres"):
        yield Postgres(url)
        return
    with own_postgres() as server:
        yield server


@contextmanager
def own_postgres() -> Iterator["LocalPostgres"]:
    from services.local.postgres import LocalPostgres

    with tempfile.TemporaryDirectory(prefix="postgres-", ignore_cleanup_errors=True) as directory:
        # No power is cut in these tests, so nothing has to reach the disk.
        postgres = LocalPostgres(Path(directory), log_file("postgres"), fsync=False, temporary=True)
        _start("postgres", postgres.start)
        try:
            yield postgres
        finally:
            postgres.stop()


def _start(name: str, start: Callable[[], None]) -> None:
    try:
        start()
    except (NotReady, Missing) as error:
        raise Down(name, str(error)) from error


@contextmanager
def _kafka() -> Iterator[str]:
    # The process that shares it runs no tests: their filters do not hold there.
    warnings.filterwarnings("ignore", "(read|open)_text is deprecated", DeprecationWarning)
    with own_kafka() as broker:
        yield broker.bootstrap


@contextmanager
def _postgres() -> Iterator[str]:
    with own_postgres() as server:
        yield server.url


SHARED = {"kafka": _kafka, "postgres": _postgres}


def log_file(name: str) -> Path:
    return LOGS / f"{name}-{os.getpid()}.log"
