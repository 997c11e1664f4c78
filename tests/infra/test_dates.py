"""What a date may be: not beyond now, and not before what it follows, unless it is flagged."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from accounts import Find, Pay, Refused, Take, ask, codec

from infra.clock import iso
from infra.executor import Executor
from infra.log import SNAPSHOT_EVERY, Log
from infra.recorder import LogRecorder
from infra.requests import Outcome

Start = Callable[[], Executor]
MAY = datetime(2026, 5, 10, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def start(recorder: LogRecorder) -> Start:
    return lambda: Executor(Log(recorder, codec()), Refused)


def dates(recorder: LogRecorder) -> list[tuple[str, str]]:
    with recorder.database.read() as connection:
        events = recorder.read(connection, 0, 1_000)
    return [(event.type, iso(event.occurred_at)[:10]) for event in events]


def test_nothing_is_told_before_it_happens(start: Start, recorder: LogRecorder) -> None:
    with recorder.database.read() as connection:
        now = datetime.fromtimestamp(recorder.head(connection).now / 1e6, UTC)
    ahead = start().execute(ask(Pay("a", 1, occurred_at=now + 2 * DAY)))
    assert ahead.refusal == "Ahead"
    found = start().execute(ask(Find("a", 1, on=now + 2 * DAY)))
    assert found.refusal == "Ahead"
    assert start().execute(ask(Pay("a", 1, occurred_at=now + timedelta(seconds=120)))).version == 1


def test_a_clock_that_is_ahead_keeps_nobody_from_going_on(start: Start) -> None:
    executor = start()
    with executor.log.recorder.database.read() as connection:
        now = datetime.fromtimestamp(executor.log.recorder.head(connection).now / 1e6, UTC)
    executor.execute(ask(Pay("a", 1, occurred_at=now + timedelta(seconds=120))))
    assert executor.execute(ask(Pay("a", 1))).version == 2


def test_nothing_happens_before_what_it_follows(start: Start, recorder: LogRecorder) -> None:
    executor = start()
    executor.execute(ask(Pay("a", 3, occurred_at=MAY)))
    for asked in (executor, start()):
        assert asked.execute(ask(Take("a", 1, occurred_at=MAY - DAY))).refusal == "Behind"
    assert executor.execute(ask(Take("a", 1, occurred_at=MAY))).version == 2
    assert executor.execute(ask(Pay("b", 1, occurred_at=MAY - DAY))).version == 1
    assert dates(recorder)[-1] == ("Paid", "2026-05-09")


def test_a_snapshot_knows_the_latest_date(start: Start) -> None:
    executor = start()
    pays = [ask(Pay("a", 1, occurred_at=MAY)) for _ in range(SNAPSHOT_EVERY + 10)]
    executor.commit(pays)
    assert start().execute(ask(Take("a", 1, occurred_at=MAY - DAY))).refusal == "Behind"


def test_an_early_date_that_is_wanted_is_taken_and_flagged(
    start: Start, recorder: LogRecorder
) -> None:
    executor = start()
    executor.execute(ask(Pay("a", 3, occurred_at=MAY)))
    taken = executor.execute(ask(Take("a", 1, occurred_at=MAY - DAY, flag=True)))
    assert [event.type for event in taken.events] == ["Flagged", "Taken"]
    assert dates(recorder)[1:] == [("Flagged", "2026-05-09"), ("Taken", "2026-05-09")]
    assert start().execute(ask(Take("a", 1, occurred_at=MAY - DAY))).refusal == "Behind"


def test_what_may_be_told_at_any_time_has_its_own_date(start: Start, recorder: LogRecorder) -> None:
    executor = start()
    executor.execute(ask(Pay("a", 3, occurred_at=MAY)))
    found = executor.execute(ask(Find("a", 1, occurred_at=MAY, on=MAY - 9 * DAY)))
    assert isinstance(found, Outcome)
    assert dates(recorder)[-1] == ("Found", "2026-05-01")
    assert executor.execute(ask(Take("a", 1, occurred_at=MAY))).refusal is None
