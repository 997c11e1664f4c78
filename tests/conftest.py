"""Servers are real and start only for the tests that ask for them."""

import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from servers import GivenKafka, kafka_for_tests, postgres_for_tests

if TYPE_CHECKING:
    from services.local.kafka import LocalKafka
    from services.local.postgres import Postgres


def pytest_configure(config: pytest.Config) -> None:
    # kafka-python 3.0 reads its schemas by functions that Python 3.11 and 3.12 deprecate.
    old = "ignore:(read|open)_text is deprecated:DeprecationWarning"
    config.addinivalue_line("filterwarnings", old)
    # Its producer, closed without waiting, now and then leaves its socket to the collector.
    config.addinivalue_line("filterwarnings", "ignore:unclosed <socket:ResourceWarning")


@pytest.fixture(scope="session")
def kafka() -> Iterator["LocalKafka | GivenKafka"]:
    """A broker shared by the run; `kafka.bootstrap` is its address."""
    with kafka_for_tests() as broker:
        yield broker


@pytest.fixture(scope="session")
def postgres() -> Iterator["Postgres"]:
    """A server shared by the run; make databases with `postgres.create_database`."""
    with postgres_for_tests() as server:
        yield server


@pytest.fixture
def postgres_url(postgres: "Postgres") -> Iterator[str]:
    """An empty database of the test's own."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    yield postgres.create_database(name)
    postgres.drop_database(name)


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """An empty database of the test's own, in a file."""
    return f"sqlite:///{tmp_path / 'test.sqlite'}"


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The test runs once on each kind of database."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def topic_prefix() -> str:
    """Topics that start with it belong to this test alone."""
    return f"t{uuid.uuid4().hex[:8]}"
