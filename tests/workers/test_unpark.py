"""What was parked is let in in its order, or left out on record; every figure is as it must be."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select
from workers.books import Books, balanced, kept
from workers.company import KINDS, PARTITIONS, Company, busy, running, until

from commands.exclusion import SkipParked
from commands.stock import ReceiveStock
from infra.events import Recorded
from infra.requests import Outcome
from projections import View, closings, dealer_stock, parking, progress
from services.bootstrap import request
from services.commandline.loops import Loop, projecting, publishing
from services.workers import project
from services.workers.project import Applier
from services.workers.rebuild import Rebuild, Rebuilt
from services.workers.unpark import NotParked, Skip, Unparked, retry, skip

TYPO = "typed by mistake"


class Sick:
    """Stock as a build with a fault sees it: it cannot read some events, until it is mended."""

    def __init__(self) -> None:
        self.poison: set[str] = set()
        self.bad: Callable[[Recorded], bool] = lambda recorded: recorded.id in self.poison
        self.read: list[int] = []
        self.view = replace(dealer_stock.view, rows=self._rows)

    def _rows(self, recorded: Recorded, event: Any) -> Iterator[Any]:
        if self.bad(recorded):
            raise ZeroDivisionError(f"{recorded.type} is poison")
        self.read.append(recorded.position)
        yield from dealer_stock.rows(recorded, event)


@pytest.fixture
def sick(company: Company) -> Sick:
    """The company's stock is read with a fault."""
    sick = Sick()
    others = [view for view in company.platform.views if view.name != sick.view.name]
    company.platform = replace(company.platform, views=[sick.view, *others])
    company.names = company.platform.topic_names([*KINDS, "exclusion"])
    company.topics = company.broker.topics(company.names, PARTITIONS, 1)
    return sick


@pytest.fixture
def stream(company: Company, sick: Sick) -> list[Recorded]:
    """The events of a stream that is parked from its second on; the others have flowed."""
    company.work(200)
    events = busiest(company)
    assert len(events) > 5
    sick.poison.add(events[1].id)
    settle(company)
    assert waiting(company) == [event.position for event in events[1:]]
    return events


def busiest(company: Company) -> list[Recorded]:
    log = [event for event in company.log() if event.kind == "stock"]
    [(name, _)] = Counter(event.stream for event in log).most_common(1)
    return [event for event in log if event.stream == name]


def settle(company: Company) -> None:
    """Publish and project all there is, by workers that start anew."""
    with running(publishing(company.platform, Loop("rest"))), running(projecting(company.platform)):
        until(company.is_complete, 60, 0.05)


def waiting(company: Company) -> list[int]:
    with company.platform.database.read() as connection:
        rows = connection.execute(select(progress.parked.c.position).order_by("position"))
        return list(rows.scalars())


def agrees(company: Company, view: View, *without: int) -> None:
    """The view says what the log says, but for what is left out."""
    books = Books(event for event in company.log() if event.position not in without)
    totals, lines = kept(company, view)
    assert lines == books.lines[view.name]
    assert totals == {k: v for k, v in books.totals[view.name].items() if any(v)}


def rebuilt(company: Company, view: View) -> Rebuilt:
    return Rebuild(company.platform.store, company.platform.codec, view).run(lambda *_: None)


def test_what_waits_is_let_in_in_its_order_and_no_figure_shows_that_it_waited(
    company: Company, sick: Sick, stream: list[Recorded]
) -> None:
    sick.poison.clear()
    sick.read.clear()
    done = retry(company.platform, sick.view, stream[0].stream)
    assert done == Unparked("dealer_stock", stream[0].stream, len(stream) - 1, 0, 0, None)
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
            tables = progress.parked, progress.live, progress.closed
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
        bay = parking.Bay("dealer_stock", 1, "main", stream[0].stream)
        errors = [one.error for one in parking.waiting(connection, bay)]
        (told,) = parking.streams(connection)
    assert errors == [done.error, *[project.BEHIND] * (len(stream) - 4)]
    assert (told.position, told.events, told.error) == (stream[3].position, done.left, done.error)


def test_the_closings_of_blocks_that_got_an_event_are_taken_anew(
    company: Company, sick: Sick, stream: list[Recorded], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(closings, "BLOCK", 16)
    close_all(company)
    before = closed(company, sick.view, 1)
    sick.poison.clear()
    retry(company.platform, sick.view, stream[0].stream)
    assert closed(company, sick.view, 1) != before
    assert rebuilt(company, sick.view).switched
    close_all(company)
    assert closed(company, sick.view, 1) == closed(company, sick.view, 2)


def close_all(company: Company) -> None:
    applier = company.applier()
    applier.stand([])
    while applier.close_books("main"):
        pass


def closed(company: Company, view: View, number: int) -> set[Any]:
    column = progress.closed.c
    with company.platform.database.read() as connection:
        blocks = select(column.block).where(column.view == view.name, column.generation == number)
        found = {tuple(row) for row in connection.execute(blocks)}
        assert len(found) == company.head() // closings.BLOCK
        rows = connection.execute(select(view.tables(number).closings))
        return found | {tuple(row) for row in rows if any(row[-len(view.measures) :])}


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
        done = skip(company.platform, sick.view, Skip(first.stream, TYPO), "ann")
        assert (done.skipped, done.left) == (1, 0)
        goes_on(company)
    settle(company)
    assert waiting(company) == []
    agrees(company, sick.view, second.position)


def goes_on(company: Company) -> None:
    """Whether the worker takes what is new."""
    head = company.head()
    until(lambda: company.complete(dealer_stock.view) > head, 30, 0.05)


def test_who_skipped_what_and_why_is_in_the_log(
    company: Company, sick: Sick, stream: list[Recorded]
) -> None:
    done = skip(company.platform, sick.view, Skip(stream[0].stream, TYPO), "ann")
    assert (done.applied, done.skipped, done.left) == (len(stream) - 2, 1, 0)
    last = company.log()[-1]
    assert (last.stream, last.type, last.actor) == (
        "exclusion-dealer_stock",
        "StreamSkipped",
        "ann",
    )
    event = company.platform.codec.decode(last.type, last.schema, last.data)
    said = event.stream, event.positions, event.reason
    assert said == (stream[0].stream, (stream[1].position,), TYPO)
    assert waiting(company) == []
    agrees(company, sick.view, stream[1].position)


def test_all_that_waits_can_be_skipped(
    company: Company, sick: Sick, stream: list[Recorded]
) -> None:
    done = skip(company.platform, sick.view, Skip(stream[0].stream, TYPO, every=True), "ann")
    assert (done.applied, done.skipped, done.left) == (0, len(stream) - 1, 0)
    agrees(company, sick.view, *(event.position for event in stream[1:]))


def test_a_skip_that_names_its_event_can_be_asked_again_and_skips_no_other(
    company: Company, sick: Sick, stream: list[Recorded]
) -> None:
    sick.poison.add(stream[2].id)
    named = Skip(stream[0].stream, TYPO, stream[1].position)
    first = skip(company.platform, sick.view, named, "ann")
    head = company.head()
    again = skip(company.platform, sick.view, named, "ann")
    assert (first.skipped, again.skipped, again.left) == (1, 0, len(stream) - 2)
    assert company.head() == head
    for unknown in (replace_position(named, stream[0].position), Skip("stock-nowhere", TYPO)):
        with pytest.raises(NotParked):
            skip(company.platform, sick.view, unknown, "ann")
    assert company.head() == head


def replace_position(asked: Skip, position: int) -> Skip:
    return asked._replace(position=position)


def test_a_skip_that_died_behind_its_event_is_healed_by_asking_again(
    company: Company, sick: Sick, stream: list[Recorded], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(Exception):
        """The process is gone."""

    def dies(*_: Any) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr("services.workers.unpark.retry", dies)
        with pytest.raises(Killed):
            skip(company.platform, sick.view, Skip(stream[0].stream, TYPO), "ann")
    assert len(waiting(company)) == len(stream) - 1
    head = company.head()
    done = skip(company.platform, sick.view, Skip(stream[0].stream, "why not"), "bob")
    assert (done.skipped, done.left, company.head()) == (1, 0, head)
    agrees(company, sick.view, stream[1].position)


def test_a_rebuild_leaves_out_what_was_skipped_and_parks_nothing(
    company: Company, sick: Sick, stream: list[Recorded], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.workers.rebuild.READ", 40)
    monkeypatch.setattr("services.workers.rebuild.NEAR", 30)
    skip(company.platform, sick.view, Skip(stream[0].stream, TYPO), "ann")
    seen: list[int] = []
    work = Rebuild(company.platform.store, company.platform.codec, sick.view)
    made = work.run(lambda *_: seen.extend(waiting(company)))
    assert seen == []
    assert (made.switched, made.parked, made.differences) == (True, 0, [])
    company.work(50)
    settle(company)
    assert waiting(company) == []
    agrees(company, sick.view, stream[1].position)


def test_what_is_skipped_while_a_rebuild_runs_is_left_out_of_the_new_one_too(
    company: Company, sick: Sick, stream: list[Recorded], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.workers.rebuild.READ", 40)
    monkeypatch.setattr("services.workers.rebuild.NEAR", 30)
    work = Rebuild(company.platform.store, company.platform.codec, sick.view)

    def report(position: int, _: int) -> None:
        if stream[1].position < position and waiting(company).count(stream[1].position) == 2:
            skip(company.platform, sick.view, Skip(stream[0].stream, TYPO), "ann")

    made = work.run(report)
    assert (made.switched, made.parked) == (True, 0)
    settle(company)
    agrees(company, sick.view, stream[1].position)


@pytest.mark.timeout(180)
def test_retries_under_load_lose_nothing_and_count_nothing_twice(
    company: Company, sick: Sick, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two workers, blocks that close all the while, and a fault that comes and goes."""
    monkeypatch.setattr(closings, "BLOCK", 16)
    monkeypatch.setattr(project, "CLOSE_EVERY", 8)
    faulty = True
    sick.bad = lambda recorded: faulty and recorded.position % 29 == 3
    let_in = 0
    with (
        busy(company, 0.01),
        running(projecting(company.platform)),
        running(projecting(company.platform)),
    ):
        ends = time.monotonic() + 12
        while time.monotonic() < ends:
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
    assert let_in > 50
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
    with pytest.raises(progress.Superseded):
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
        goes_on.wait(20)
        return False

    news = [one for one in company.delivered() if one.recorded.position > stream[-1].position]
    with ThreadPoolExecutor(2) as threads:
        sick.bad = slowly
        applied = threads.submit(slow.apply, news)
        assert entered.wait(20)
        sick.bad = lambda _: False
        retried = threads.submit(retry, company.platform, sick.view, stream[0].stream)
        with pytest.raises(TimeoutError):
            retried.result(0.5)
        goes_on.set()
        applied.result(20)
        assert retried.result(20).applied == len(stream)
    assert waiting(company) == []
    settle(company)
    balanced(company)


def place(stream: str) -> dict[str, str]:
    location, item = stream.removeprefix("stock-").split(":")
    return {"location": location, "item": item}


def test_a_command_alone_takes_effect_with_the_next_retry(
    company: Company, sick: Sick, stream: list[Recorded]
) -> None:
    asked = SkipParked.model_validate(
        {
            "id": "dealer_stock",
            "parked": stream[0].stream,
            "positions": [stream[1].position],
            "reason": TYPO,
        }
    )
    answer = company.platform.executor.execute(request(asked, "ann"))
    assert isinstance(answer, Outcome)
    assert retry(company.platform, sick.view, stream[0].stream).skipped == 1
    agrees(company, sick.view, stream[1].position)
