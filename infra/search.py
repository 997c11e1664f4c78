"""Finds events by what their envelope says, looking at a bounded stretch of the log."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, func, or_, select

from infra import tables
from infra.events import Recorded

STRETCH = 50_000
"""Positions that one search looks at, however few of them fit."""


class Wanted(NamedTuple):
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


def find(connection: Connection, wanted: Wanted, after: int, until: int, limit: int) -> Found:
    """Events that fit with `after < position <= until`, at most `limit`, within one stretch."""
    last = max(after, min(until, after + STRETCH))
    column = tables.events.c
    where = [column.position > after, column.position <= last, *_conditions(wanted)]
    query = select(*tables.events.columns).where(*where).order_by(column.position).limit(limit)
    rows: Sequence[Any] = connection.execute(query).all()
    events = [Recorded(*row) for row in rows]
    return Found(events, events[-1].position if len(events) == limit else last)


def latest(connection: Connection, stream: str) -> int:
    """The stream's version; 0 where it has no event."""
    column = tables.events.c
    query = select(func.max(column.version)).where(column.stream == stream)
    return int(connection.execute(query).scalar_one() or 0)


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
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
