"""How far each view is: the position in the database is the truth, moved with what it wrote."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    BindParameter,
    Column,
    Connection,
    Integer,
    MetaData,
    Select,
    Table,
    Text,
    func,
    select,
    tuple_,
)
from sqlalchemy.exc import DBAPIError

from infra import bulk
from infra.broker import Partition
from infra.database import DIVISION_BY_ZERO, sqlstate
from projections.engine import Projection, prepared
from projections.engine.prepared import Statements

PUBLISHED = Statements()
metadata = MetaData()

LOG = Partition("log", 0)
"""The place of events that are read straight from the log."""


positions = Table(
    "view_positions",
    metadata,
    Column("view", Text, primary_key=True),
    Column("generation", Integer, primary_key=True, autoincrement=False),
    Column("topic", Text, primary_key=True),
    Column("partition", Integer, primary_key=True, autoincrement=False),
    Column("log", Text, primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("next_offset", BigInteger, nullable=False),
)

marks = Table(
    "published_marks",
    metadata,
    Column("log", Text, primary_key=True),
    Column("topic", Text, primary_key=True),
    Column("partition", Integer, primary_key=True, autoincrement=False),
    Column("position", BigInteger, nullable=False),
    Column("before", BigInteger, nullable=False),
    Column("known", BigInteger, nullable=False),
    Column("last_offset", BigInteger, nullable=False),
)
"""The last position acknowledged in each partition, at `last_offset` (-1: it is not known); the
row of `LOG` has the position up to which all are. `before` is the mark that this one replaced,
when all up to `known` was."""

parked = Table(
    "view_parked",
    metadata,
    Column("view", Text, primary_key=True),
    Column("generation", Integer, primary_key=True, autoincrement=False),
    Column("log", Text, primary_key=True),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("stream", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("error", Text, nullable=False),
    Column("parked_at", BigInteger, nullable=False),
)

rolled_up = Table(
    "view_closings",
    metadata,
    Column("view", Text, primary_key=True),
    Column("generation", Integer, primary_key=True, autoincrement=False),
    Column("log", Text, primary_key=True),
    Column("block", BigInteger, primary_key=True, autoincrement=False),
)
"""Blocks of positions whose rollups are taken."""

cumulated = Table(
    "view_balanced",
    metadata,
    Column("view", Text, primary_key=True),
    Column("generation", Integer, primary_key=True, autoincrement=False),
    Column("log", Text, primary_key=True),
    Column("block", BigInteger, primary_key=True, autoincrement=False),
    Column("start", BigInteger, nullable=False),
    Column("first_day", BigInteger, nullable=False),
    Column("last_day", BigInteger, nullable=False),
)
"""Blocks before which all rollups are added up; the one before is that before `start`, and
the blocks between the two have no rows of other days."""


class CheckpointKey(NamedTuple):
    """Where one view stands in one log's records of one partition."""

    view: str
    generation: int
    topic: str
    partition: int
    log: str


class Checkpoint(NamedTuple):
    position: int
    next_offset: int


class StaleCheckpoint(Exception):
    """Another worker has moved these positions: this one's knowledge is old."""


def stands(connection: Connection, view: str, number: int) -> dict[CheckpointKey, Checkpoint]:
    """Where a generation stands, in every partition that it has heard from."""
    query = select(positions).where(positions.c.view == view, positions.c.generation == number)
    return {
        CheckpointKey(*row[:5]): Checkpoint(row[5], row[6]) for row in connection.execute(query)
    }


def all_stands(
    connection: Connection, numbers: Mapping[str, int]
) -> dict[CheckpointKey, Checkpoint]:
    """`stands` of the generation that is named of each view, by one statement."""
    query = select(positions).where(positions.c.view.in_(list(numbers)))
    rows = connection.execute(query)
    return {
        CheckpointKey(*row[:5]): Checkpoint(row[5], row[6])
        for row in rows
        if numbers[row[0]] == row[1]
    }


def heard_of(connection: Connection, view: str, number: int) -> dict[str, int]:
    """The furthest position that a generation has of each log; before it some may be missing."""
    column = positions.c
    query = (
        select(column.log, func.max(column.position))
        .where(column.view == view, column.generation == number)
        .group_by(column.log)
    )
    return dict(connection.execute(query).all())


def enter(
    connection: Connection, starts: Mapping[CheckpointKey, Checkpoint]
) -> dict[CheckpointKey, Checkpoint]:
    """The stands at these places, each of which begins as told where it is new."""
    rows = [
        {**place._asdict(), "position": start.position, "next_offset": start.next_offset}
        for place, start in sorted(starts.items())  # so that two workers cannot lock each other out
    ]
    new = bulk.dialect_insert(connection, positions).on_conflict_do_nothing()
    connection.execute(new, rows)
    column = positions.c
    whole = tuple_(*(column[name] for name in CheckpointKey._fields))
    query = select(positions).where(whole.in_(list(starts)))
    return {
        CheckpointKey(*row[:5]): Checkpoint(row[5], row[6]) for row in connection.execute(query)
    }


def advance(
    connection: Connection, moves: Mapping[CheckpointKey, tuple[Checkpoint, Checkpoint]]
) -> None:
    """Move each place from its old stand to its new one; raises `StaleCheckpoint`, moving nothing,
    where any of them stands elsewhere by now: a zombie, or a view that was switched.
    """
    rows = _as_rows(moves)
    if rows and _moved(connection, rows) != len(rows):
        raise StaleCheckpoint(MOVED)


def advance_at_end(
    connection: Connection, moves: Mapping[CheckpointKey, tuple[Checkpoint, Checkpoint]]
) -> None:
    """The same in a transaction that gathers its changes: its end fails with `is_stale`."""
    if rows := _as_rows(moves):
        bulk.later(connection, bulk.with_values(MOVE_OR_FAIL.format(len(rows)), rows))


def is_stale(error: Exception) -> bool:
    """Whether a gathered transaction has failed since another worker had moved on."""
    return isinstance(error, DBAPIError) and sqlstate(error) == DIVISION_BY_ZERO


def _as_rows(
    moves: Mapping[CheckpointKey, tuple[Checkpoint, Checkpoint]],
) -> list[tuple[Any, ...]]:
    return [
        (*place, old.position, new.position, new.next_offset)
        for place, (old, new) in sorted(moves.items())
    ]


def _moved(connection: Connection, rows: Sequence[tuple[Any, ...]]) -> int:
    if connection.dialect.name != "postgresql":
        return sum(connection.exec_driver_sql(MOVE_SQLITE, _last_first(r)).rowcount for r in rows)
    return len(bulk.values(connection, MOVE_POSTGRES, rows))


def _last_first(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return (*row[6:], *row[:6])


MOVE_SQLITE = (
    "UPDATE view_positions SET position=?, next_offset=? WHERE view=? AND generation=?"
    " AND topic=? AND partition=? AND log=? AND position=?"
)
MOVE_POSTGRES = (
    "UPDATE view_positions AS p SET position=v.moved, next_offset=v.next_offset FROM (VALUES %s)"
    " AS v (view, generation, topic, partition, log, old, moved, next_offset)"
    " WHERE p.view=v.view AND p.generation=v.generation AND p.topic=v.topic"
    " AND p.partition=v.partition AND p.log=v.log AND p.position=v.old RETURNING 1"
)
MOVE_OR_FAIL = f"WITH moved AS ({MOVE_POSTGRES}) SELECT 1/(count(*)={{}})::int FROM moved"  # noqa: S608
MOVED = "another worker has moved on: read the positions again"


class Watermark(NamedTuple):
    position: int
    before: int = 0
    known: int = 0
    offset: int = -1


class Reached(NamedTuple):
    """What a reader of a partition comes to: the last event that follows without a hole."""

    position: int
    offset: int


def mark(
    connection: Connection,
    log: str,
    told: Mapping[Partition, Reached],
    now: Mapping[Partition, Reached],
) -> None:
    """Record what the broker has acknowledged; `LOG` is the position up to which all is.

    `told` is what was recorded the last time, or nothing. All rows are written, the same or not:
    another publisher may have written less meanwhile.
    """
    none = Reached(0, -1)
    known = told.get(LOG, none).position
    rows = [
        (log, *place, at, told.get(place, none).position, known if place in told else 0, offset)
        for place, (at, offset) in sorted(now.items())
    ]
    bulk.upsert(connection, marks, rows, frozenset())


def published(connection: Connection, log: str) -> dict[Partition, Watermark]:
    rows = PUBLISHED.get(connection, None, _published).rows(connection, [log])
    return {Partition(row[0], row[1]): Watermark(*row[2:]) for row in rows}


def _published() -> tuple[Select[Any], Sequence[BindParameter[Any]]]:
    column, log = marks.c, prepared.value("log", "")
    row = (column.topic, column.partition)
    query = select(*row, column.position, column.before, column.known, column.last_offset)
    return query.where(column.log == log), [log]


def marked(connection: Connection) -> dict[tuple[str, Partition], int]:
    """The marks of every log."""
    column = marks.c
    query = select(column.log, column.topic, column.partition, column.position)
    return {(row[0], Partition(row[1], row[2])): row[3] for row in connection.execute(query)}


def complete(connection: Connection, view: Projection, number: int, log: str) -> int:
    """The position up to which the view has every event of that log that it hears.

    Where every partition stands at its mark, all that is published is there. Where some lag,
    the least of what they surely have is: a partition has all up to where it stands, and, if it
    stands at the mark before the last, all up to what was published then.
    """
    stood = {
        Partition(place.topic, place.partition): stand.position
        for place, stand in stands(connection, view.name, number).items()
        if place.log == log
    }
    return complete_by(stood, published(connection, log), view.kinds)


def complete_by(
    stood: Mapping[Partition, int], marked: Mapping[Partition, Watermark], kinds: Collection[str]
) -> int:
    """`complete`, of positions and marks that were read already."""
    straight, everywhere = stood.get(LOG, 0), marked.get(LOG, Watermark(0)).position
    lagging = [
        max(stand, one.known if stand >= one.before else 0)
        for partition, one in marked.items()
        if partition != LOG
        and partition.topic.rpartition(".")[2] in kinds
        and (stand := stood.get(partition, straight)) < one.position
    ]
    return max(straight, min(lagging, default=everywhere))


def park(
    connection: Connection,
    view: str,
    number: int,
    rows: Sequence[tuple[str, int, str, str, str]],
    at: int,
) -> None:
    """Keep events that a view could not read: log, position, stream, type and error of each."""
    bulk.insert(connection, parked, [(view, number, *row, at) for row in rows])


def parked_streams(connection: Connection, view: str, number: int) -> set[str]:
    query = select(parked.c.stream).where(parked.c.view == view, parked.c.generation == number)
    return set(connection.execute(query.distinct()).scalars())


def all_parked_streams(connection: Connection, numbers: Mapping[str, int]) -> dict[str, set[str]]:
    """`parked_streams` of the generation that is named of each view, by one statement."""
    column, found = parked.c, {view: set[str]() for view in numbers}
    query = select(column.view, column.generation, column.stream).distinct()
    for view, number, stream in connection.execute(query.where(column.view.in_(list(numbers)))):
        if numbers[view] == number:
            found[view].add(stream)
    return found


def parked_summary(connection: Connection) -> list[Any]:
    """Each parked stream: view, generation, stream, events, first position, error, since when."""
    column = parked.c
    query = (
        select(
            column.view,
            column.generation,
            column.stream,
            func.count().label("events"),
            func.min(column.position).label("position"),
            func.min(column.error).label("error"),
            func.min(column.parked_at).label("parked_at"),
        )
        .group_by(column.view, column.generation, column.stream)
        .order_by(column.view, column.stream)
    )
    return list(connection.execute(query))


def hold(connection: Connection, view: str, number: int) -> dict[CheckpointKey, Checkpoint]:
    """Where a generation stands, and nobody moves it until the transaction ends."""
    held = positions.c.view == view, positions.c.generation == number
    query = select(positions).where(*held).order_by(positions.c.topic, positions.c.partition)
    rows = connection.execute(query.with_for_update())
    return {CheckpointKey(*row[:5]): Checkpoint(row[5], row[6]) for row in rows}


def place(connection: Connection, number: int, stood: Mapping[CheckpointKey, Checkpoint]) -> None:
    """Let a generation stand exactly where another one does."""
    rows = [(*at._replace(generation=number), *stand) for at, stand in sorted(stood.items())]
    bulk.upsert(connection, positions, rows, frozenset())


def partitions(connection: Connection, log: str) -> dict[str, int]:
    """How many partitions each topic has, as the publisher of that log knows them."""
    query = (
        select(marks.c.topic, func.count())
        .where(marks.c.log == log, marks.c.topic != LOG.topic)
        .group_by(marks.c.topic)
    )
    return dict(connection.execute(query).all())
