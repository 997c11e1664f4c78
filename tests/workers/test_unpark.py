"""What was parked is let in in its order, and no figure shows that it waited."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from effort import effort
from pace import limit
from sqlalchemy import select
from waiting import until
from workers.books import balanced, kept
from workers.company import Company, busy, running
from workers.sick import (
    Sick,
    agrees,
    busiest,
    close_all,
    closed,
    rebuilt,
    settle,
    waiting,
)

from commands.inventory.stock import ReceiveStock
from infra.events import Recorded
from projections.engine import generations, parking, progress, rollups
from projections.inventory import dealer_stock
from services.bootstrap import request
from services.commandline.projecting import projecting
from services.workers import upkeep
from services.workers.apply import Applier
from services.workers.errors import BEHIND
from services.workers.unpark import ReplayResult, Skip, retry, skip

MANY = effort(12, 50)


def test_what_waits_is_let_in_in_its_order_and_no_figure_shows_that_it_waited(
    company: Company, sick: Sick, stream: list[Recorded]
) -> None:
    sick.poison.clear()
    sick.read.clear()
    done = retry(company.platform, sick.view, stream[0].stream)
    assert done == ReplayResult("dealer_stock", stream[0].stream, len(stream) - 1, 0, 0, None)
    assert sick.read == [event.position for event in stream[1:]]
    assert waiting(company) == []
    balanced(company)
    assert retry(company.platform, sick.view, stream[0].stream).applied == 0
    balanced(company)


def test_a_retry_that_still_fails_leaves_all_as_it_was(
    company: Company, sick: Sick, stream: list[Recorded]
) -> None:
    def everything() -> Any:
        with company.platform.database.read() as connection:
            tables = progress.parked, generations.live, progress.rolled_up
            rows = [sorted(map(repr, connection.execute(select(table)))) for table in tables]
        return rows, kept(company, sick.view)

    before = everything()
    done = retry(company.platform, sick.view, stream[0].stream)
    assert (done.applied, done.left) == (0, len(stream) - 1)
    assert done.error == f"ZeroDivisionError: {stream[1].type} is poison"
    errors, kept_rows = everything()
    assert (errors[1:], kept_rows) == (before[0][1:], before[1])
    assert waiting(company) == [event.position for event in stream[1:]]


def test_a_retry_goes_as_far_as_the_next_that_fails(
    company: Company, sick: Sick, stream: list[Recorded]
) -> None:
    sick.poison = {stream[3].id}
    done = retry(company.platform, sick.view, stream[0].stream)
    assert (done.applied, done.left) == (2, len(stream) - 3)
    assert waiting(company) == [event.position for event in stream[3:]]
    with company.platform.database.read() as connection:
        bay = parking.ParkedStreamKey("dealer_stock", 1, "main", stream[0].stream)
        errors = [one.error for one in parking.waiting(connection, bay)]
        (told,) = parking.streams(connection)
    assert errors == [done.error, *[BEHIND] * (len(stream) - 4)]
    assert (told.position, told.events, told.error) == (stream[3].position, done.left, done.error)


def test_the_rollups_of_blocks_that_got_an_event_are_taken_anew(
    company: Company, sick: Sick, stream: list[Recorded], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rollups, "BLOCK", 16)
    close_all(company)
    before = closed(company, sick.view, 1)
    sick.poison.clear()
    retry(company.platform, sick.view, stream[0].stream)
    assert closed(company, sick.view, 1) != before
    assert rebuilt(company, sick.view).switched
    close_all(company)
    assert closed(company, sick.view, 1) == closed(company, sick.view, 2)


@pytest.mark.timeout(120)
def test_a_worker_that_lives_through_a_retry_and_a_skip_goes_on_rightly(
    company: Company, sick: Sick
) -> None:
    company.work(100)
    first, second = (busiest(company)[n] for n in (1, 2))
    sick.poison |= {first.id}
    with busy(company), running(projecting(company.platform)):
        until(lambda: len(waiting(company)) > 5, 30, 0.05)
        sick.poison = {second.id}
        assert retry(company.platform, sick.view, first.stream).applied == 1
        goes_on(company)
        until(lambda: company.complete(sick.view) > company.head() - 50, 30, 0.05)
        done = skip(company.platform, sick.view, Skip(first.stream, "typed by mistake"), "ann")
        assert (done.skipped, done.left) == (1, 0)
        goes_on(company)
    settle(company)
    assert waiting(company) == []
    agrees(company, sick.view, second.position)


def goes_on(company: Company) -> None:
    """Whether the worker takes what is new."""
    head = company.head()
    until(lambda: company.complete(dealer_stock.view) > head, 30, 0.05)


@pytest.mark.timeout(180)
def test_retries_under_load_lose_nothing_and_count_nothing_twice(
    company: Company, sick: Sick, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two workers, blocks that close all the while, and a fault that comes and goes."""
    monkeypatch.setattr(rollups, "BLOCK", 16)
    monkeypatch.setattr(upkeep, "ROLL_UP_EVERY", 8)
    faulty = True
    sick.bad = lambda recorded: faulty and recorded.position % 29 == 3
    let_in = 0
    with (
        busy(company, 0.01),
        running(projecting(company.platform)),
        running(projecting(company.platform)),
    ):
        ends = time.monotonic() + effort(1, 5)
        while time.monotonic() < ends or let_in <= MANY:
            faulty = not faulty
            with company.platform.database.read() as connection:
                found = parking.streams(connection)
            for one in found[:5]:
                let_in += retry(company.platform, sick.view, one.stream).applied
    faulty = False
    settle(company)
    with company.platform.database.read() as connection:
        found = parking.streams(connection)
    for one in found:
        let_in += retry(company.platform, sick.view, one.stream).applied
    assert let_in > MANY
    balanced(company)
    close_all(company)
    assert rebuilt(company, sick.view).switched
    close_all(company)
    assert closed(company, sick.view, 1) == closed(company, sick.view, 2)


def test_a_worker_with_old_knowledge_of_what_is_parked_writes_nothing(
    company: Company, sick: Sick, stream: list[Recorded]
) -> None:
    old: Applier = company.applier([sick.view])
    old.stand([])
    sick.poison.clear()
    retry(company.platform, sick.view, stream[0].stream)
    company.work(100)
    company.publish()
    with pytest.raises(progress.StaleCheckpoint):
        old.apply(company.delivered())
    assert waiting(company) == []
    settle(company)
    balanced(company)


def test_a_retry_waits_for_a_batch_that_is_about_to_park_more_of_the_stream(
    company: Company, sick: Sick, stream: list[Recorded]
) -> None:
    """Else what the batch parks would wait for ever behind nothing."""
    slow: Applier = company.applier([sick.view])
    slow.stand([])
    more = ReceiveStock.model_validate(
        {**place(stream[0].stream), "quantity": 1, "reference": "after"}
    )
    other = more.model_copy(update={"item": "another"})
    company.platform.executor.commit([request(one, "test") for one in (more, other)])
    company.publish()
    entered, goes_on = threading.Event(), threading.Event()

    def slowly(recorded: Recorded) -> bool:
        entered.set()
        goes_on.wait(limit(20))
        return False

    news = [one for one in company.delivered() if one.recorded.position > stream[-1].position]
    with ThreadPoolExecutor(2) as threads:
        sick.bad = slowly
        applied = threads.submit(slow.apply, news)
        assert entered.wait(limit(20))
        sick.bad = lambda _: False
        retried = threads.submit(retry, company.platform, sick.view, stream[0].stream)
        with pytest.raises(TimeoutError):
            retried.result(0.5)
        goes_on.set()
        applied.result(limit(20))
        assert retried.result(limit(20)).applied == len(stream)
    assert waiting(company) == []
    settle(company)
    balanced(company)


def place(stream: str) -> dict[str, str]:
    location, item = stream.removeprefix("stock-").split(":")
    return {"location": location, "item": item}
