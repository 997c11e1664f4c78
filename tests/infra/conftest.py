"""What the tests of the write side share: a log of their own on each kind of database."""

from collections.abc import Callable, Iterator

import pytest
from accounts import Refused, codec

from infra.database import Database
from infra.executor import Executor
from infra.log import Log
from infra.recorder import LogRecorder


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url, durable=False, pool=16)
    yield database
    database.close()


@pytest.fixture
def recorder(database: Database) -> LogRecorder:
    recorder = LogRecorder(database)
    recorder.create()
    return recorder


@pytest.fixture
def start(recorder: LogRecorder) -> Callable[[], Executor]:
    """A new process, as it were: an executor that remembers nothing."""
    return lambda: Executor(Log(recorder, codec()), Refused)


@pytest.fixture
def executor(start: Callable[[], Executor]) -> Executor:
    return start()
