"""Who writes alone decides ahead; nobody ever decides on what is no longer so."""

from collections.abc import Callable, Iterator

import pytest
from accounts import Account, Ask, Fact, Paid, Pay, Refused, Take, ask, codec
from mutants.bugs import bug

from infra.clock import SystemClock
from infra.database import Database
from infra.executor import LOOK_EVERY, Executor
from infra.log import Log
from infra.recorder import LogRecorder
from infra.requests import Outcome

Start = Callable[[], Executor]
HOUR = 3_600_000_000


class WrongClock(SystemClock):
    """A computer's clock that nobody has set; it may be set while we look."""

    ahead = -HOUR

    def now(self) -> int:
        return super().now() + self.ahead


@pytest.fixture
def clock() -> WrongClock:
    return WrongClock()


@pytest.fixture
def mistimed(database: Database, recorder: LogRecorder, clock: WrongClock) -> Executor:
    """A process whose clock is an hour late."""
    late = Database(database.url.render_as_string(hide_password=False), clock=clock, durable=False)
    return Executor(Log(LogRecorder(late), codec()), Refused)


def looks(executor: Executor, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Grows whenever the head is locked before anything is decided."""
    begin, seen = executor.log.recorder.begin, list[int]()

    def watched(*arguments: object) -> object:
        seen.append(1)
        return begin(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(executor.log.recorder, "begin", watched)
    return seen


def test_who_writes_alone_looks_once(executor: Executor, monkeypatch: pytest.MonkeyPatch) -> None:
    looked = looks(executor, monkeypatch)
    versions = [executor.execute(ask(Pay("a"))).version for _ in range(5)]
    assert (versions, len(looked)) == ([1, 2, 3, 4, 5], 1)


def test_who_is_not_alone_looks_until_he_is(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = start(), start()
    looked = looks(one, monkeypatch)
    for count in (1, 2, 3):
        assert other.execute(ask(Pay("a"))).version == count * 2 - 1
        assert one.execute(ask(Pay("a"))).version == count * 2
        assert len(looked) == 2 * count
    for _ in range(3):
        one.execute(ask(Pay("a")))
    assert len(looked) == 7


def test_a_key_used_before_is_found_by_who_decides_ahead(start: Start) -> None:
    one, other = start(), start()
    first = other.execute(ask(Pay("a", 5), "key"))
    one.execute(ask(Pay("b")))
    one.execute(ask(Pay("b")))
    again = one.commit([ask(Pay("a", 5), "key"), ask(Take("a", 9), "other")])
    assert isinstance(again[0], Outcome)
    assert isinstance(again[1], Outcome)
    assert (again[0].repeated, again[0].events) == (True, first.events)
    assert again[1].refusal == "TooLittle"


def test_an_event_bears_the_time_of_the_database(mistimed: Executor, clock: WrongClock) -> None:
    """A late clock of our own is no matter, nor one that is set while we decide ahead."""
    recorder = mistimed.log.recorder
    mistimed.execute(ask(Pay("a")))
    mistimed.execute(ask(Pay("a")))
    clock.ahead -= HOUR
    mistimed.execute(ask(Pay("a")))
    clock.ahead += 2 * HOUR
    mistimed.execute(ask(Pay("a")))
    with recorder.database.read() as connection:
        now = recorder.database.now(connection)
        recorded = [event.recorded_at for event in recorder.read(connection, 0, 9)]
    assert recorded == sorted(recorded)
    if not recorder.database.sqlite:  # which has no clock but ours
        assert all(abs(now - at) < 20 * LOOK_EVERY for at in recorded)
    recorder.database.close()


class Fill(Ask):
    """Pay what lacks; nothing where nothing does."""

    def decide(self, account: Account) -> Iterator[Fact]:
        if account.balance < self.amount:
            yield Paid(self.amount - account.balance)


def test_that_nothing_is_to_be_done_is_decided_on_what_others_have_written(start: Start) -> None:
    """No event of it would meet theirs: the head alone tells that it was decided too soon."""
    one, other = start(), start()
    for _ in range(2):
        one.execute(ask(Pay("a", 5)))
    other.execute(ask(Take("a", 8)))
    assert [event.type for event in one.execute(ask(Fill("a", 10))).events] == ["Paid"]


def test_the_guard_of_the_head_is_what_finds_it(start: Start, database: Database) -> None:
    if not database.sqlite:
        pytest.skip("PostgreSQL's guard is a statement")
    unguarded = bug(
        "A batch decided ahead is written upon any head",
        "infra.store:Store.commit_upon",
        "if self.lock(connection).digest != sealed.head.digest:",
        "if False:",
    )
    with unguarded.planted(), pytest.raises(AssertionError):
        test_that_nothing_is_to_be_done_is_decided_on_what_others_have_written(start)
