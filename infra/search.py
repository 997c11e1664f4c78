"""Finds events by what their envelope says, looking at a bounded stretch of the log."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import ColumnElement, Connection, func, or_, select, text

from infra import tables
from infra.events import Recorded
from infra.requests import Outcome
from infra.store import HISTORY

STRETCH = 50_000
"""Positions that one search looks at, however few of them fit."""
AT_ONCE = 500
"""Positions that one statement names."""
VERSION_AT = text(
    "WITH RECURSIVE halves (low, high) AS ("
    " SELECT CAST(0 AS bigint), CAST(:latest AS bigint) UNION ALL"
    " SELECT CASE WHEN e.position <= :after THEN e.version ELSE low END,"
    " CASE WHEN e.position <= :after THEN high ELSE e.version - 1 END"
    " FROM halves JOIN log_events e ON e.stream = :stream AND e.version = (low + high + 1) / 2"
    " WHERE low < high"
    ") SELECT max(low) FROM halves"
)
"""A stream's versions follow its positions: halved until one is left."""


class EventQuery(NamedTuple):
    """What an event must have; nothing named, every event fits."""

    streams: Sequence[str] = ()
    kinds: Sequence[str] = ()
    types: Sequence[str] = ()
    actors: Sequence[str] = ()
    commands: Sequence[str] = ()


class Found(NamedTuple):
    """Events in order, and the position up to which there are no others that fit."""

    events: list[Recorded]
    looked_to: int


def find(connection: Connection, wanted: EventQuery, after: int, until: int, limit: int) -> Found:
    """Events that fit with `after < position <= until`, at most `limit`, within one stretch.

    Those of one stream, with nothing else named, and those of commands are found however far
    they are.
    """
    if wanted.commands:
        return _of_commands(connection, wanted, after, until, limit)
    if len(wanted.streams) == 1 and not any(wanted[1:]):
        return _of_stream(connection, wanted.streams[0], after, until, limit)
    last = max(after, min(until, after + STRETCH))
    column = tables.events.c
    where = [column.position > after, column.position <= last, *_conditions(wanted)]
    query = select(*tables.events.columns).where(*where).order_by(column.position).limit(limit)
    return _found(connection.execute(query).all(), limit, last)


def _of_stream(connection: Connection, stream: str, after: int, until: int, limit: int) -> Found:
    named = {"stream": stream, "after": after, "latest": latest(connection, stream)}
    version = connection.execute(VERSION_AT, named).scalar_one()
    query = HISTORY.where(tables.events.c.position <= until).limit(limit)
    rows = connection.execute(query, {"stream": stream, "after": version}).all()
    return _found(rows, limit, max(after, until))


def _of_commands(
    connection: Connection, wanted: EventQuery, after: int, until: int, limit: int
) -> Found:
    """A key has its outcome, and that has the positions of its events."""
    keys = tables.keys.c
    stored = connection.execute(select(keys.outcome).where(keys.key.in_(wanted.commands)))
    outcomes = [msgspec.json.decode(outcome, type=Outcome) for outcome in stored.scalars()]
    places = {event.position for outcome in outcomes for event in outcome.events}
    left = sorted(place for place in places if after < place <= until)
    column, rows = tables.events.c, list[Any]()
    for start in range(0, len(left), AT_ONCE):
        few = left[start : start + AT_ONCE]
        query = select(*tables.events.columns).where(column.position.in_(few), *_conditions(wanted))
        rows += connection.execute(query.order_by(column.position)).all()
        if len(rows) >= limit:
            break
    return _found(rows[:limit], limit, max(after, until))


def _found(rows: Sequence[Any], limit: int, looked_to: int) -> Found:
    events = [Recorded(*row) for row in rows]
    return Found(events, events[-1].position if len(events) == limit else looked_to)


def latest(connection: Connection, stream: str) -> int:
    """The stream's version; 0 where it has no event."""
    column = tables.events.c
    query = select(func.max(column.version)).where(column.stream == stream)
    return int(connection.execute(query).scalar_one() or 0)


def back(
    connection: Connection, stream: str, before: int, until: int, happened: int | None, limit: int
) -> list[Recorded]:
    """A stream's events with `position < before` and no later than `until`, the latest first."""
    column = tables.events.c
    where = [column.stream == stream, column.position < before, column.position <= until]
    if happened is not None:
        where.append(column.occurred_at <= happened)
    query = select(*tables.events.columns).where(*where).order_by(column.version.desc())
    return [Recorded(*row) for row in connection.execute(query.limit(limit))]


def _conditions(wanted: EventQuery) -> list[ColumnElement[bool]]:
    column = tables.events.c
    pairs: list[tuple[Any, Sequence[str]]] = [
        (column.stream, wanted.streams),
        (column.type, wanted.types),
        (column.actor, wanted.actors),
        (column.command_id, wanted.commands),
    ]
    found = [of.in_(values) for of, values in pairs if values]
    if wanted.kinds:
        starts = [func.substr(column.stream, 1, len(k) + 1) == f"{k}-" for k in wanted.kinds]
        found.append(or_(*starts))
    return found
