"""An import, and its undo, is one process's at a time, and the next one's when that dies."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from types import ModuleType
from typing import Any

import pytest
from imports.filing import csv_of

from infra.settings import Settings
from services.bootstrap import Platform, platform
from services.imports import kept, undo_jobs, undo_work
from services.imports.kept import ImportJob
from services.imports.sources import Spec
from services.imports.undo_jobs import UndoJob
from services.imports.undoing import undoable
from services.imports.working import Worker
from services.jobs import leases

ROWS = 600
SHORT = 300_000
"""Microseconds of a lease, so that it ends while the test waits."""
RECEIVED = Spec("receive-stock", constants={"location": "WH", "reference": "DN-1"})
JOB = ImportJob("abc-1", "tester", "receipts.csv", RECEIVED)
FILE = csv_of(["item", "quantity"], *([f"P{n}", "3"] for n in range(ROWS)))


@pytest.fixture
def two(prepared_url: str) -> Iterator[list[Platform]]:
    """Two processes, each with sessions of its own, and an import that waits."""
    made = [platform(Settings(database_url=prepared_url)) for _ in range(2)]  # type: ignore[arg-type]
    with made[0].database.write() as connection:
        kept.begin(connection, JOB, "content", made[0].database.now(connection), 0, "k")
        kept.keep_file(connection, JOB.id, FILE)
    yield made
    for one in made:
        one.close()


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leases, "LEASE", SHORT)


def asked_to_undo(one: Platform) -> None:
    assert Worker(one).step()
    with one.database.write() as connection:
        undo_jobs.ask(connection, UndoJob(JOB.id, "tester"), one.database.now(connection))


def claimed(one: Platform, jobs: ModuleType, who: str) -> Any:
    with one.database.write() as connection:
        return jobs.claim(connection, who, one.database.now(connection))


def events(one: Platform, type: str) -> int:
    with one.database.read() as connection:
        return sum(event.type == type for event in one.store.read(connection, 0, 10_000))


def undone(one: Platform) -> dict[str, Any]:
    with one.database.read() as connection:
        found = undo_jobs.read(connection, JOB.id)
    assert found is not None
    return found


@pytest.mark.parametrize("jobs", [kept, undo_jobs], ids=["import", "undo"])
def test_of_two_who_claim_it_at_one_moment_one_has_it(two: Any, jobs: ModuleType) -> None:
    if jobs is undo_jobs:
        asked_to_undo(two[0])
    together = Barrier(2)

    def claim(number: int) -> Any:
        together.wait()
        return claimed(two[number], jobs, f"worker {number}")

    with ThreadPoolExecutor(2) as threads:
        got = list(threads.map(claim, range(2)))
    assert sorted(one is None for one in got) == [False, True]


@pytest.mark.parametrize("jobs", [kept, undo_jobs], ids=["import", "undo"])
def test_what_a_dead_process_had_is_taken_over_once_its_lease_has_ended(
    two: Any, short: None, jobs: ModuleType
) -> None:
    if jobs is undo_jobs:
        asked_to_undo(two[0])
    assert claimed(two[0], jobs, "the dead") is not None
    two[0].database.engine.dispose()  # its sessions are gone, and it says nothing any more
    worker, step = Worker(two[1]), 0
    take = worker.step if jobs is kept else lambda: undo_work.step(worker)
    assert not take()  # the lease holds
    while not take():
        time.sleep(0.05)
        step += 1
        assert step < 200
    received, reversed_ = events(two[1], "StockReceived"), events(two[1], "StockReversed")
    assert (received, reversed_) == (ROWS, 0 if jobs is kept else ROWS)
    with two[0].database.write() as connection:  # it was not dead after all
        now = two[0].database.now(connection)
        assert not jobs.leases.go_on(connection, JOB.id, "the dead", now, 1, ROWS)


def test_an_undo_that_was_cut_off_goes_on_and_takes_nothing_back_twice(two: Any) -> None:
    asked_to_undo(two[0])
    ending = Worker(two[0])
    done = list[int]()

    class Cut(undo_work._UndoWork):
        def progress(self, count: int, total: int | None) -> None:
            done.append(count)
            ending.ending = count > 0
            super().progress(count, total)

    Cut(ending, claimed(two[0], undo_jobs, ending.name)).run()
    assert 0 < events(two[0], "StockReversed") < ROWS
    assert undone(two[0])["state"] == "running"
    assert undo_work.step(Worker(two[1]))
    found = undone(two[1])
    assert (found["state"], found["result"]["undone"]) == ("done", ROWS)
    assert events(two[1], "StockReversed") == ROWS
    assert undoable(two[1], JOB.id)[0]["state"] == "undone"


def test_an_undo_that_fails_holds_up_no_other(two: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    asked_to_undo(two[0])
    monkeypatch.setattr(undo_work, "undo", broken)
    assert undo_work.step(Worker(two[0]))
    assert undone(two[0])["state"] == "failed"
    assert not undo_work.step(Worker(two[0]))
