"""The servers the tests use: real ones started for this run, or those the environment names."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from services.local.kafka import LocalKafka
    from services.local.postgres import Postgres

LOGS = Path("build/logs").absolute()


@dataclass(frozen=True)
class GivenKafka:
    """A broker somebody else runs: nobody stops it here."""

    bootstrap: str


@contextmanager
def kafka_for_tests() -> Iterator["LocalKafka | GivenKafka"]:
    from services.local.kafka import LocalKafka  # here, so that pure tests need not wait for it

    if address := os.environ.get("DISTRIBUTARY_TEST_KAFKA"):
        yield GivenKafka(address)
        return
    with tempfile.TemporaryDirectory(prefix="kafka-", ignore_cleanup_errors=True) as directory:
        kafka = LocalKafka(Path(directory), log_file("kafka"), temporary=True)
        kafka.start()
        try:
            yield kafka
        finally:
            kafka.stop()


@contextmanager
def postgres_for_tests() -> Iterator["Postgres"]:
    from services.local.postgres import LocalPostgres, Postgres

    if url := os.environ.get("DISTRIBUTARY_TEST_POSTGRES"):
        yield Postgres(url)
        return
    with tempfile.TemporaryDirectory(prefix="postgres-", ignore_cleanup_errors=True) as directory:
        # No power is cut in these tests, so nothing has to reach the disk.
        postgres = LocalPostgres(Path(directory), log_file("postgres"), fsync=False, temporary=True)
        postgres.start()
        try:
            yield postgres
        finally:
            postgres.stop()


def log_file(name: str) -> Path:
    return LOGS / f"{name}-{os.getpid()}.log"
