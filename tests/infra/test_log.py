"""The log keeps what it promises: order for readers, proof for auditors, short loads for all."""

import random
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from accounts import Account, Pay, Refused, ask, codec
from sqlalchemy import LargeBinary, Text, event, func, select, text, update

from infra import tables
from infra.clock import SystemClock
from infra.database import Database
from infra.events import GENESIS, Entry, Recorded, verify
from infra.executor import Executor
from infra.log import Log
from infra.recorder import LogRecorder

Start = Callable[[], Executor]


class Rollback(Exception):
    """A writer thought better of it."""


def entry(stream: str, version: int) -> Entry:
    return Entry(stream, version, "Paid", 1, 1, "tester", "k", "c", None, b'{"amount":1}')


def append(recorder: LogRecorder, stream: str, version: int, count: int = 1) -> None:
    with recorder.database.write() as connection:
        head = recorder.lock(connection)
        recorder.write(connection, head, [entry(stream, version + n) for n in range(count)])


def write_some(recorder: LogRecorder, name: str, turns: int) -> None:
    """Appends of one to five events, a third of which are rolled back."""
    chance, version = random.Random(name), 0
    for _ in range(turns):
        size = chance.randint(1, 5)
        try:
            with recorder.database.write() as connection:
                head = recorder.lock(connection)
                entries = [entry(name, version + n) for n in range(1, size + 1)]
                recorder.write(connection, head, entries)
                think_again(chance)
        except Rollback:
            continue
        version += size


def think_again(chance: random.Random) -> None:
    if chance.random() < 1 / 3:
        raise Rollback


def test_a_reader_that_follows_sees_every_position_once_in_order(recorder: LogRecorder) -> None:
    writers = [
        threading.Thread(target=write_some, args=(recorder, f"stream-{n}", 40)) for n in range(8)
    ]
    seen: list[int] = []
    for writer in writers:
        writer.start()
    working = True
    while working:
        working = any(writer.is_alive() for writer in writers)  # before the read: none is missed
        with recorder.database.read() as connection:
            batch = recorder.read(connection, seen[-1] if seen else 0, 50)
        seen += [event.position for event in batch]
    while batch:
        with recorder.database.read() as connection:
            batch = recorder.read(connection, seen[-1], 50)
        seen += [event.position for event in batch]
    with recorder.database.read() as connection:
        count = connection.execute(select(func.count()).select_from(tables.events)).scalar_one()
    assert seen == [*range(1, count + 1)]
    assert count > 8 * 40


def broken_at(recorder: LogRecorder) -> int | None:
    """The first position whose digest does not hold."""
    digest = GENESIS
    with recorder.database.read() as connection:
        for recorded in recorder.read(connection, 0, 1_000):
            if not verify(digest, recorder.log, recorded):
                return recorded.position
            digest = recorded.digest
    return None


def changed(column: Any, value: Any, choose: int) -> Any:
    """The same value but for one byte, or one more."""
    if isinstance(column.type, LargeBinary):
        data = bytearray(value)
        data[choose % len(data)] ^= 1
        return bytes(data)
    if isinstance(column.type, Text):
        at = choose % len(value) if value else 0
        return f"{value[:at]}x{value[at + 1 :]}" if value else "x"
    return value + 1_000


@pytest.mark.parametrize("column", tables.events.columns, ids=lambda column: column.name)
def test_whoever_changes_one_byte_is_found_out(recorder: LogRecorder, column: Any) -> None:
    write_some(recorder, "stream-1", 4)
    append(recorder, "stream-2", 1, 3)
    assert broken_at(recorder) is None
    with recorder.database.read() as connection:
        last = recorder.head(connection).position
        row = connection.execute(select(tables.events).where(tables.events.c.position == last - 1))
        value = row.mappings().one()[column.name]
    for choose in (0, 5, 31):
        forged = changed(column, value, choose)
        assert forged != value
        set_column(recorder, last - 1, column, forged)
        assert broken_at(recorder) == (last if column.name == "position" else last - 1)
        set_column(recorder, forged if column.name == "position" else last - 1, column, value)
        assert broken_at(recorder) is None


def set_column(recorder: LogRecorder, position: int, column: Any, value: Any) -> None:
    with recorder.database.write() as connection:
        where = tables.events.c.position == position
        connection.execute(update(tables.events).where(where).values({column: value}))


def test_an_event_taken_out_is_found_out(recorder: LogRecorder) -> None:
    append(recorder, "stream-1", 1, 5)
    with recorder.database.write() as connection:
        connection.execute(tables.events.delete().where(tables.events.c.position == 3))
    assert broken_at(recorder) == 4


class Unsteady(SystemClock):
    """A clock that is set back now and then."""

    def __init__(self, *times: int) -> None:
        self.times = list(times)

    def now(self) -> int:
        return self.times.pop(0) if len(self.times) > 1 else self.times[0]


def test_the_recorded_clock_never_goes_back(sqlite_url: str) -> None:
    database = Database(sqlite_url, clock=Unsteady(500, 900, 100, 100, 901), durable=False)
    recorder = LogRecorder(database)
    recorder.create()
    for version in range(1, 6):
        append(recorder, "stream-1", version)
    with database.read() as connection:
        times = [event.recorded_at for event in recorder.read(connection, 0, 10)]
        known = [recorder.known_at(connection, at) for at in (0, 500, 899, 900, 901)]
    assert times == [500, 900, 900, 900, 901]
    assert known == [0, 1, 1, 4, 5]
    database.close()


class Reads(NamedTuple):
    """How many statements and events a piece of work asked of the database."""

    statements: list[str]
    events: list[int]


@pytest.fixture
def reads(recorder: LogRecorder, monkeypatch: pytest.MonkeyPatch) -> Reads:
    reads = Reads([], [])
    fetch = recorder._events

    def counting(*args: Any) -> list[Recorded]:
        found = fetch(*args)
        reads.events.append(len(found))
        return found

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        reads.statements.append(statement)

    monkeypatch.setattr(recorder, "_events", counting)
    event.listen(recorder.database.engine, "before_cursor_execute", note)
    return reads


def test_a_long_stream_is_loaded_as_fast_as_a_short_one(start: Start, reads: Reads) -> None:
    executor = start()
    for _ in range(10):
        executor.commit([ask(Pay("a")) for _ in range(100)])
    reads.statements.clear()
    reads.events.clear()
    answer = start().execute(ask(Pay("a")))
    assert answer.version == 1_001
    assert sum(reads.events) < 256
    assert len(reads.statements) < 12


def test_a_snapshot_of_another_shape_is_passed_over(recorder: LogRecorder, start: Start) -> None:
    start().commit([ask(Pay("a")) for _ in range(300)])
    forge = {"shape": "Account:0", "state": b'{"balance":-1}'}
    with recorder.database.write() as connection:
        assert connection.execute(update(tables.snapshots).values(forge)).rowcount == 1
    fresh = start()
    fresh.execute(ask(Pay("a")))
    assert held(fresh, "a") == (Account(301), 301)


def test_a_snapshot_says_what_the_events_say(recorder: LogRecorder, start: Start) -> None:
    """Whole batches pass many multiples of the interval; the newest snapshot alone is kept."""
    for size in (100, 200, 700, 20):
        start().commit([ask(Pay("a")) for _ in range(size)])
    with recorder.database.read() as connection:
        [(stream, version, _, state, _)] = recorder.snapshots(connection, ["account-a"])
    assert (stream, version, state) == ("account-a", 1_000, b'{"balance":1000}')


def test_the_cache_is_bounded(recorder: LogRecorder) -> None:
    log = Log(recorder, codec(), cache=10)
    executor = Executor(log, Refused)
    for _ in range(2):
        executor.commit([ask(Pay(f"a{n}")) for n in range(25)])
        assert len(log._states) == 10
    assert held(executor, "a3") == (Account(2), 2)


def test_only_what_others_changed_is_loaded_again(start: Start, reads: Reads) -> None:
    one, other = start(), start()
    one.commit([ask(Pay("a")), ask(Pay("b")), ask(Pay("c"))])
    other.commit([ask(Pay("b"))])
    reads.events.clear()
    one.commit([ask(Pay("a")), ask(Pay("b")), ask(Pay("c"))])
    assert reads.events == [2]
    assert held(one, "b") == (Account(3), 3)


def test_a_log_set_back_is_read_anew(recorder: LogRecorder, start: Start) -> None:
    """A restored database may be behind what a process remembers."""
    executor = start()
    executor.execute(ask(Pay("a", 5)))
    with recorder.database.write() as connection:
        for table in reversed(tables.metadata.sorted_tables):
            connection.execute(table.delete())
        recorder.found(connection)
    assert executor.execute(ask(Pay("a", 1))).version == 1


def held(executor: Executor, id: str) -> tuple[Account, int]:
    with executor.log.recorder.database.read() as connection:
        state = executor.log.load(connection, Account, Account.stream(id))
    return state.state, state.version


@pytest.fixture
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "PARTITION", 10)


@pytest.mark.usefixtures("narrow")
def test_appends_cross_the_borders_of_partitions(postgres_url: str) -> None:
    database = Database(postgres_url)
    recorder = LogRecorder(database)
    recorder.create()
    executor = Executor(Log(recorder, codec()), Refused)
    for size in (3, 6, 1, 1, 9, 10, 10, 4):
        executor.commit([ask(Pay("a")) for _ in range(size)])
    with database.read() as connection:
        positions = [event.position for event in recorder.read(connection, 0, 100)]
        parts = connection.execute(text("SELECT count(*) FROM pg_inherits")).scalar_one()
    assert positions == [*range(1, 45)]
    assert broken_at(recorder) is None
    assert parts >= 6
    database.close()


@pytest.mark.usefixtures("narrow")
def test_a_version_is_taken_once_on_both_sides_of_a_border(postgres_url: str) -> None:
    """The unique index ends at the border; the check under the head's lock does not."""
    database = Database(postgres_url)
    recorder = LogRecorder(database)
    recorder.create()
    executors = [Executor(Log(recorder, codec()), Refused) for _ in range(2)]
    for turn in range(40):
        executors[turn % 2].execute(ask(Pay("a")))
    with database.read() as connection:
        versions = [event.version for event in recorder.history(connection, "account-a")]
    assert versions == [*range(1, 41)]
    database.close()


@pytest.mark.usefixtures("narrow")
def test_who_reads_for_long_stops_no_writer_at_a_border(postgres_url: str) -> None:
    database = Database(postgres_url)
    recorder = LogRecorder(database)
    recorder.create()
    append(recorder, "stream-1", 1, 9)
    with database.read() as reading:
        assert len(recorder.read(reading, 0, 5)) == 5
        writer = threading.Thread(target=append, args=(recorder, "stream-1", 10, 9), daemon=True)
        writer.start()
        writer.join(5)
        assert not writer.is_alive()
    database.close()


SHAPES = """
from infra.codec import Codec
from infra.log import Log
from services.bootstrap import AGGREGATES
log = Log(None, Codec({}))
print([log._shape(kind) for kind in AGGREGATES])
"""


def test_a_snapshot_of_one_process_serves_another() -> None:
    """A shape made of a function's address would be another in every process."""
    asked = sys.executable, "-c", SHAPES
    first, second = (subprocess.run(asked, check=True, capture_output=True) for _ in range(2))
    assert first.stdout
    assert first.stdout == second.stdout
