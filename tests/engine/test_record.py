"""A record is the fold of its stream as of any position and instant, however late it was told."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from infra.database import Database
from infra.events import Recorded
from projections.engine import DecodedEvent, generations
from projections.engine.reach import EVERYTHING
from projections.engine.reading import NOW, AsOf
from projections.engine.record import Record
from projections.engine.record_by_id import one
from projections.engine.record_history import history
from projections.engine.record_query import RecordQuery, page


class Thing:
    """No aggregate of the platform, and so not counted among them."""

    kind: ClassVar[str] = "thing"

    @classmethod
    def stream(cls, id: str) -> str:
        return f"{cls.kind}-{id}"


class Row(NamedTuple):
    said: str = ""
    times: int = 0
    last: int | None = None
    words: tuple[Any, ...] = ()


def fold(row: Row, _: Recorded, event: Any) -> Row:
    """Neither the last value, nor the same in any order."""
    if event == "poison":
        raise ValueError("poison")
    said = f"{row.said[-20:]}{event}{row.times}"
    return Row(said, row.times + 1, ord(event) % 7 or None, (*row.words[-2:], event))


kind: Any = Thing
record = Record("things", kind, Row, fold)
Told = tuple[str, int, str]
"""A thing, an instant and what was said then."""
TOLD = st.tuples(st.sampled_from("abc"), st.integers(0, 12), st.sampled_from("pqrst"))


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url, durable=False)
    with database.write() as connection:
        generations.create(connection, [record])
    yield database
    database.close()


def heard(told: list[Told], start: int = 1) -> list[DecodedEvent]:
    versions: dict[str, int] = {}
    found = []
    for position, (name, at, event) in enumerate(told, start):
        stream = f"thing-{name}"
        versions[stream] = version = versions.get(stream, 0) + 1
        place = position, stream, version, f"e{position}", "Said", 1, at, 1_000 + position
        envelope = *place, "test", "k", "k", None, "i", b"", b""
        found.append(DecodedEvent("main", Recorded(*envelope), event))
    return found


@contextmanager
def empty(database: Database) -> Iterator[Connection]:
    with database.write() as connection:
        for table in record.every_table(1):
            connection.execute(table.delete())
        yield connection


def folded(told: list[DecodedEvent], name: str, position: int, at: int) -> Row | None:
    row = None
    for one_heard in told:
        recorded = one_heard.recorded
        mine = recorded.stream == f"thing-{name}" and recorded.position <= position
        if mine and recorded.occurred_at <= at:
            row = fold(row or Row(), recorded, one_heard.event)
    return row


def fields(row: dict[str, Any] | None) -> Row | None:
    if row is None:
        return None
    return Row(row["said"], row["times"], row["last"], tuple(row["words"]))


@settings(max_examples=25)
@given(st.lists(TOLD, max_size=14), st.lists(st.integers(1, 5), min_size=14, max_size=14))
def check(database: Database, told: list[Told], sizes: list[int]) -> None:
    every = heard(told)
    with empty(database) as connection:
        left = list(every)
        for size in sizes:
            assert record.apply(connection, 1, left[:size]) == []
            left = left[size:]
        last = len(every)
        for name in "abc":
            now = one(connection, record, name, NOW)
            assert fields(now) == folded(every, name, last, 99)
            for position in range(last + 1):
                then = one(connection, record, name, AsOf(position))
                assert fields(then) == folded(every, name, position, 99)
                for at in range(0, 13, 4):
                    both = one(connection, record, name, AsOf(position, at))
                    assert fields(both) == folded(every, name, position, at)


def test_it_is_the_fold_of_what_was_known_and_had_happened(database: Database) -> None:
    check(database)


def test_what_cannot_be_read_stops_its_own_thing_alone(database: Database) -> None:
    told = [("a", 1, "p"), ("b", 2, "poison"), ("a", 3, "q"), ("b", 4, "q"), ("c", 5, "r")]
    with empty(database) as connection:
        failed = record.apply(connection, 1, heard(told))
        assert [one_heard.recorded.position for one_heard, _ in failed] == [2, 4]
        assert [row["id"] for row in page(connection, record, RecordQuery(EVERYTHING), NOW)[0]] == [
            "a",
            "c",
        ]


def test_a_late_event_is_in_the_history_at_its_own_instant(database: Database) -> None:
    told = [("a", 1, "p"), ("a", 9, "q"), ("a", 5, "r")]
    with empty(database) as connection:
        record.apply(connection, 1, heard(told))
        steps = history(connection, record, "a", NOW, 0, 10)
        assert [step["version"] for step in steps] == [1, 2, 3]
        assert steps[2]["changes"]["times"] == {"from": 1, "to": 2}
        now = one(connection, record, "a", NOW)
        assert now is not None
        assert (now["version"], now["times"]) == (3, 3)


def test_what_is_forgotten_can_be_applied_anew(database: Database) -> None:
    every = heard([("a", 1, "p"), ("b", 2, "q"), ("a", 3, "r")])
    with empty(database) as connection:
        record.apply(connection, 1, [every[0], every[1]])
        assert generations.taken(connection, record, 1, "main", [1, 2, 3]) == {1, 2}
        record.forget(connection, 1, "main", "thing-a")
        record.apply(connection, 1, [every[0], every[2]])
        assert fields(one(connection, record, "a", NOW)) == folded(every, "a", 3, 99)
        assert generations.size(connection, record, 1) == 3
