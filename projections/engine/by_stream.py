"""Records and mentions made in bulk: stream by stream, into tables without indexes.

PostgreSQL only. Whoever is killed half-way begins anew: tables without indexes are known by the
mark that their build has left.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from sqlalchemy import Connection

from infra import bulk
from infra.pg_text import quoted
from projections.engine import building, progress
from projections.engine.building import BuildPart, Step
from projections.engine.mentions import Mentions
from projections.engine.progress import LOG
from projections.engine.record import Record

LONG_PART = 16_384
"""Events of a part, unless one stream alone has more."""


ByStream = Record[Any] | Mentions
"""What can be made stream by stream."""
BY_STREAM = (Record, Mentions)


class StreamPart(NamedTuple):
    """The streams from `first` on, in the order of the database, up to before `end`."""

    view: str
    first: str
    end: str | None


def plan(connection: Connection, view: ByStream, number: int, goal: int) -> list[StreamPart]:
    """Make the tables anew without what slows filling down, and cut what is to be filled."""
    mark = BuildPart(LOG, 0, goal, 0)
    building.begin(connection, view, number, view.every_table(number), [mark])
    building.allow(connection)
    kinds = ",".join(map(quoted, sorted(view.kinds)))
    query = PARTS.format(goal=goal, kinds=kinds, size=LONG_PART)
    firsts = [row[0] for row in bulk.ask(connection, query)]
    ends = [*firsts[1:], None]
    return [StreamPart(view.name, *each) for each in zip(firsts, ends, strict=False)]


def is_left(connection: Connection, view: str, number: int) -> bool:
    """Whether somebody has begun, and did not come to an end."""
    return bool(building.planned(connection, view, number))


def indexes(view: ByStream, number: int) -> Iterator[Step]:
    """Steps that may be taken in any order."""
    for table in view.every_table(number):
        yield building.key(table)
        yield from building.indexes(table)


def seal(connection: Connection, view: ByStream, number: int, log: str, goal: int) -> None:
    tables = view.every_table(number)
    for table in tables:
        building.analyze(connection, table)
    place = progress.CheckpointKey(view.name, number, *LOG, log)
    building.seal(connection, place, goal, tables)


# By the database's own order of texts, whichever it is: kinds may lie between each other there.
PARTS = """
SELECT min(stream) FROM (
    SELECT stream, ((sum(many) OVER (ORDER BY stream))::bigint - many) / {size} AS part FROM (
        SELECT stream, count(*) AS many FROM log_events
        WHERE position <= {goal} AND split_part(stream, '-', 1) IN ({kinds}) GROUP BY stream
    ) AS streams
) AS parts GROUP BY part ORDER BY part
"""
