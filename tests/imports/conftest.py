"""A platform of the test's own, and the log as plain facts that two runs can be compared by."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from services.bootstrap import Platform

Found = Callable[[Path], "Platform"]


@pytest.fixture(scope="module")
def found() -> Iterator[Found]:
    """Opens platforms that are closed when the module's tests are done."""
    from infra.settings import Settings  # here: only tests run under the filters for libraries
    from services.bootstrap import platform

    opened: list[Platform] = []

    def open_in(directory: Path) -> "Platform":
        opened.append(platform(Settings(data=directory)))
        opened[-1].prepare()
        return opened[-1]

    yield open_in
    for one in opened:
        one.close()


@pytest.fixture(scope="module")
def facts() -> Callable[["Platform"], list[tuple[Any, ...]]]:
    """All events in order, without what no two runs share: ids, the clock, digests."""

    def read(one: "Platform") -> list[tuple[Any, ...]]:
        with one.database.read() as connection:
            events = one.store.read(connection, 0, 10**7)
        return [
            (e.position, e.stream, e.version, e.type, e.occurred_at, e.actor, e.command_id, e.data)
            for e in events
        ]

    return read


@pytest.fixture(scope="module")
def folded() -> Callable[["Platform"], Iterator[tuple[str, Any, Any]]]:
    """Stream, envelope and event of everything in the log."""

    def read(one: "Platform") -> Iterator[tuple[str, Any, Any]]:
        position = 0
        while True:
            with one.database.read() as connection:
                events = one.store.read(connection, position, 10_000)
            if not events:
                return
            for recorded in events:
                yield recorded.stream, recorded, one.log.event(recorded)
            position = events[-1].position

    return read


@pytest.fixture(scope="module")
def followed() -> Callable[["Platform"], "Platform"]:
    """Lets the views catch up with the log."""
    from projections.engine import progress
    from services.workers.apply import Applier
    from services.workers.follow import Follower

    def follow(one: "Platform") -> "Platform":
        follower = Follower(Applier(one.store, one.views, one.codec))
        follower.start()
        while follower.step():
            pass
        with one.database.read() as connection:
            assert progress.parked_summary(connection) == []
        return one

    return follow
