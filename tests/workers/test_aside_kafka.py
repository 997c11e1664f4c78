"""A read model that is set aside while it reads from Kafka goes on there by itself."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread

import pytest
from clients import both_clients
from pace import limit
from sqlalchemy import Connection
from waiting import until
from workers.company import Company, running
from workers.failing import (
    SICK,
    Sick,
    fail,
    is_whole,
    look_into_what_is_gone,
    others_are_complete,
    receive,
    stood,
    with_sick,
)

from projections.engine import generations
from services.commandline.loops import WorkerLoop, publishing
from services.commandline.projecting import projecting
from services.workers.wait import Wait


@contextmanager
def at_work(company: Company) -> Iterator[WorkerLoop]:
    """A publisher and the worker of all views, each in a thread, as processes have them."""
    company.platform = with_sick(company.platform)
    loop = WorkerLoop("project")
    thread = Thread(target=loop.run, args=(projecting(company.platform, loop),))
    with running(publishing(company.platform, WorkerLoop("publish"))):
        thread.start()
        yield loop
        loop.stop()
        thread.join(limit(30))
        assert not thread.is_alive()


def is_set_aside(loop: WorkerLoop) -> bool:
    return Wait("aside", SICK) in list(loop.waits())


@pytest.mark.timeout(240)
@both_clients
@pytest.mark.parametrize("before", [fail, look_into_what_is_gone])
def test_a_view_that_fails_holds_up_no_other_and_catches_up_from_kafka(
    company: Company, before: Callable[[Connection], None]
) -> None:
    with at_work(company) as loop:
        platform = company.platform
        receive(platform)
        until(lambda: others_are_complete(platform, 3) and is_whole(platform, 3), 60)
        Sick.before = staticmethod(before)
        receive(platform)
        until(lambda: others_are_complete(platform, 6), 60)
        receive(platform)
        until(lambda: others_are_complete(platform, 9), 60)
        assert is_set_aside(loop)
        assert stood(platform)[SICK] == 3
        Sick.before = staticmethod(lambda _: None)
        until(lambda: is_whole(platform, 9) and not is_set_aside(loop), 90)
        receive(platform)
        until(lambda: is_whole(platform, 12) and others_are_complete(platform, 12), 60)


@pytest.mark.timeout(240)
def test_a_view_that_another_has_locked_holds_up_no_other_and_catches_up_from_kafka(
    company: Company,
) -> None:
    with at_work(company) as loop:
        platform = company.platform
        receive(platform)
        until(lambda: is_whole(platform, 3), 60)
        with platform.database.write() as connection:
            generations.lock(connection, SICK)
            receive(platform)
            until(lambda: others_are_complete(platform, 6), 60)
            assert is_set_aside(loop)
            assert stood(platform)[SICK] == 3
        until(lambda: is_whole(platform, 6) and not is_set_aside(loop), 90)
        receive(platform)
        until(lambda: is_whole(platform, 9) and others_are_complete(platform, 9), 60)
