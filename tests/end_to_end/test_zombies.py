"""A worker that slept too long wakes to a world that went on, and spoils nothing."""

import os
import signal
import time

import pytest
from end_to_end.nursery import Nursery
from pace import lasting
from waiting import until
from workers.books import balanced
from workers.company import Company


@pytest.mark.timeout(120)
@pytest.mark.parametrize("job", ["project", "publish"])
def test_a_worker_that_slept_while_others_worked_counts_nothing_twice(
    company: Company, nursery: Nursery, job: str
) -> None:
    """It is stopped beyond its session, and goes on as if nothing had happened."""
    clerk = nursery.start("clerk", "c1", "0.02")
    workers = [nursery.start(name) for name in ("publish", "project", "project")]
    sleeper = workers[0] if job == "publish" else workers[1]
    for worker in workers:
        assert nursery.wait_for(worker, 30)
    for _ in range(3):
        os.kill(sleeper, signal.SIGSTOP)
        before = company.complete(company.platform.views[1])
        time.sleep(lasting(2.5))
        if job == "project":  # the other has taken over
            until(lambda at=before: company.complete(company.platform.views[1]) > at, 30, 0.1)  # type: ignore[misc]
        os.kill(sleeper, signal.SIGCONT)
        time.sleep(lasting(1))
    until(lambda: company.head() > 300, progress=company.head)
    os.kill(clerk, signal.SIGKILL)
    until(company.is_complete, 60, 0.1)
    assert balanced(company) > 300


@pytest.mark.timeout(120)
def test_a_publisher_that_stands_still_gives_way_to_the_one_that_waits(
    company: Company, nursery: Nursery
) -> None:
    clerk = nursery.start("clerk", "c1", "0.02")
    first = nursery.start("publish")
    assert nursery.wait_for(first, 30)
    second, _ = nursery.start("publish"), nursery.start("project")
    os.kill(first, signal.SIGSTOP)
    assert not nursery.works(second)
    assert nursery.wait_for(second, 30)
    os.kill(first, signal.SIGCONT)
    time.sleep(lasting(1))
    until(lambda: company.head() > 50, progress=company.head)
    os.kill(clerk, signal.SIGKILL)
    until(company.is_complete, 60, 0.1)
    assert balanced(company) > 50
