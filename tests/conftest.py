"""Servers are real and start only for the tests that ask for them."""

import gc
import os
import signal
import uuid
from collections.abc import Generator, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings
from pace import limit, pace
from reception import Down, opened
from servers import SHARED, GivenKafka, kafka_for_tests, postgres_for_tests, remove_topics

if TYPE_CHECKING:
    from originals import Databases, Originals
    from xdist.scheduler import LoadScopeScheduling

    from services.local.kafka import LocalKafka
    from services.local.postgres import Postgres


# How long an example takes is the machine's affair.
settings.register_profile("unhurried", settings.default, deadline=None)
settings.load_profile("unhurried")
# Most tests tell of one thing alone, and register nothing that they name besides.
os.environ["DISTRIBUTARY_REFERENCES"] = "open"


def pytest_configure(config: pytest.Config) -> None:
    gc.disable()  # until all tests are loaded
    # kafka-python 3.0 reads its schemas by functions that Python 3.11 and 3.12 deprecate.
    old = "ignore:(read|open)_text is deprecated:DeprecationWarning"
    config.addinivalue_line("filterwarnings", old)
    # It leaves to the collector what it was about to connect, or to write, when it was closed.
    left = "ignore:unclosed <(socket|ssl).* proto=6, :ResourceWarning"
    config.addinivalue_line("filterwarnings", left)
    # Measured before the workers start, who inherit it; servers that are started wait as long.
    os.environ.setdefault("DISTRIBUTARY_PATIENCE", str(pace()))
    if config.getoption("dist", "no") != "no" and not hasattr(config, "workerinput"):
        # Whoever ends this run by a signal ends its servers as Ctrl-C does.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        running = ExitStack()
        running.enter_context(opened(SHARED))
        config.add_cleanup(running.close)


def pytest_collection_finish() -> None:
    """What is loaded by now stays: to look through it again and again takes a seventh of a run."""
    gc.freeze()
    gc.enable()
    gc.set_threshold(20_000, 20, 20)


def pytest_sessionfinish() -> None:
    """Collect what kafka-python left while it may be left: later, nothing is passed over."""
    gc.collect()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Much of what they do is waiting."""
    return max(3, os.cpu_count() or 1)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> "LoadScopeScheduling":
    from distribution import Spread  # here: a run of one process does without it

    config.option.loadscopereorder = False
    return Spread(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        _give_time(item, float(config.getini("timeout") or 0))
    if hasattr(config, "workerinput"):
        from distribution import place

        items.sort(key=lambda item: place(item.nodeid))


def _give_time(item: pytest.Item, usual: float) -> None:
    """What a test may take is what is written down, at the pace of this machine."""
    own = item.get_closest_marker("timeout")
    item.add_marker(pytest.mark.timeout(limit(own.args[0] if own else usual)), append=False)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Of a server that does not come up, one test fails; what else needs it is left out."""
    report = yield
    down = call.excinfo and call.excinfo.value
    if isinstance(down, Down):
        if down.told:
            report.outcome = "skipped"
            report.longrepr = (str(item.path), 0, f"{down.name} does not start: see what failed")
        down.told = True
    return report


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


@pytest.fixture(scope="session")
def originals(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> "Originals":
    """Databases that are made once, and are as new for each test."""
    from originals import Originals

    directory = tmp_path_factory.mktemp("originals")
    return Originals(directory, lambda: request.getfixturevalue("databases"))


@pytest.fixture(scope="session")
def databases(postgres: "Postgres") -> "Iterator[Databases]":
    """Those that tests take of the server, and leave."""
    from originals import Databases

    made = Databases(postgres)
    yield made
    made.close()


@pytest.fixture(params=["sqlite", "postgres"])
def prepared_url(request: pytest.FixtureRequest, originals: "Originals") -> Iterator[str]:
    """The test runs once on each kind of database, with the tables of a platform."""
    from originals import prepared

    with originals.copied(request.param, prepared) as url:
        yield url


@pytest.fixture
def topic_prefix(request: pytest.FixtureRequest) -> Iterator[str]:
    """Topics that start with it belong to this test alone, and go with it.

    A broker keeps four files open for each partition: those of a whole run are more than
    a process may have.
    """
    prefix = f"t{uuid.uuid4().hex[:8]}"
    shared = request.getfixturevalue("kafka") if "kafka" in request.fixturenames else None
    yield prefix
    if shared:
        remove_topics(shared.bootstrap, prefix)
