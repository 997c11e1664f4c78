"""What is recorded under a reference is recorded once, for ever, however much came between."""

from collections.abc import Callable

import pytest
from accounts import Bill, Pay, Refused, Take, ask, codec
from sqlalchemy import delete, select

from infra import tables
from infra.executor import Executor
from infra.log import Log
from infra.recorder import LogRecorder

Start = Callable[[], Executor]


@pytest.fixture
def start(recorder: LogRecorder) -> Start:
    """Another process each time."""
    return lambda: Executor(Log(recorder, codec()), Refused)


def test_a_bill_is_paid_once_though_a_thousand_came_between(start: Start) -> None:
    executor = start()
    first = executor.execute(ask(Bill("a", 5)))
    executor.commit([ask(Bill("a", 1, bill=f"b{n}")) for n in range(1_000)])
    for asked in (executor, start()):
        again = asked.execute(ask(Bill("a", 5)))
        assert (again.repeated, again.refusal, again.events) == (True, None, first.events)
        assert (again.position, again.version) == (first.position, 1_001)
        assert asked.execute(ask(Bill("a", 6))).refusal == "BillTaken"


def test_another_stream_has_references_of_its_own(start: Start) -> None:
    executor = start()
    assert not executor.execute(ask(Bill("a", 5))).repeated
    assert not executor.execute(ask(Bill("b", 6))).repeated


def test_a_reference_is_met_in_its_own_batch(start: Start) -> None:
    answers = start().commit([ask(Bill("a", 5)), ask(Bill("a", 5)), ask(Bill("a", 6))])
    assert [(a.repeated, a.refusal) for a in answers] == [  # type: ignore[union-attr]
        (False, None),
        (True, None),
        (False, "BillTaken"),
    ]


def test_two_who_pay_one_bill_at_once_pay_it_once(start: Start, recorder: LogRecorder) -> None:
    one, other = start(), start()
    for executor in (one, other):
        executor.execute(ask(Pay("a", 1)))
    assert not one.execute(ask(Bill("a", 5))).repeated
    assert other.execute(ask(Bill("a", 5))).repeated
    with recorder.database.read() as connection:
        types = [event.type for event in recorder.read(connection, 0, 100)]
    assert types.count("Billed") == 1


def test_a_repeat_is_a_repeat_in_a_batch_that_refuses_something(start: Start) -> None:
    """A refusal writes nothing that would collide, so that the log itself must be asked."""
    executor = start()
    executor.execute(ask(Bill("a", 5)))
    refused, again = executor.commit([ask(Take("a", 9)), ask(Bill("a", 5))])
    assert refused.refusal == "TooLittle"  # type: ignore[union-attr]
    assert again.repeated  # type: ignore[union-attr]


def test_what_an_older_build_wrote_is_found_once_it_was_looked_through(
    start: Start, recorder: LogRecorder
) -> None:
    executor, log = start(), Log(recorder, codec())
    executor.commit([ask(Bill("a", 5)), ask(Pay("a", 1)), ask(Bill("b", 7))])
    with recorder.database.write() as connection:
        connection.execute(delete(tables.references))
        under = lambda event: log.event(event).recorded_under()  # noqa: E731
        assert recorder.index(connection, under, "rules") == 2
        assert recorder.index(connection, under, "rules") == 0
        assert recorder.index(connection, under, "other rules") == 2
    assert start().execute(ask(Bill("a", 5))).repeated
    assert start().execute(ask(Bill("b", 6))).refusal == "BillTaken"


def test_no_reference_is_kept_of_what_was_not_written(start: Start, recorder: LogRecorder) -> None:
    executor = start()
    executor.execute(ask(Bill("a", 5)))
    executor.execute(ask(Bill("a", 5)))
    executor.execute(ask(Bill("a", 6)))
    with recorder.database.read() as connection:
        rows = connection.execute(select(tables.references)).all()
    assert [tuple(row) for row in rows] == [("account-a", "bill b", 1)]
