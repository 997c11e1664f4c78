"""A record of a long log, by its own rule: its events alone are read, many at a time."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection

from infra.events import Recorded
from projections.engine import DecodedEvent, progress
from projections.engine.progress import LOG, Checkpoint, CheckpointKey
from projections.engine.record import Record
from services.bootstrap import Platform

LOT = 200_000
"""Positions of the log that are read at a time."""
EVENTS = (
    "SELECT position, stream, version, type, schema, occurred_at, recorded_at, data"
    " FROM log_events WHERE position > %s AND position <= %s AND starts_with(stream, %s)"
    " ORDER BY position"
)


def fill(platform: Platform, record: Record[Any], events: int, connection: Connection) -> None:
    for batch in _batches(platform, record, events, connection):
        assert record.apply(connection, 1, batch) == []
    place = CheckpointKey(record.name, 1, *LOG, platform.store.log)
    progress.place(connection, 1, {place: Checkpoint(events, events)})


def _batches(
    platform: Platform, record: Record[Any], events: int, connection: Connection
) -> Iterator[list[DecodedEvent]]:
    decode = lru_cache(maxsize=50_000)(platform.codec.decode)  # of what happens again and again
    for start in range(0, events, LOT):
        asked = start, min(start + LOT, events), record.kind.stream("")
        made = []
        for row in connection.exec_driver_sql(EVENTS, asked):
            position, stream, version, kind, schema, at, known, data = row
            place = position, stream, version, "", kind, schema, at, known
            told = Recorded(*place, "", "", "", None, "", b"", bytes(data))
            made.append(DecodedEvent(platform.store.log, told, decode(kind, schema, bytes(data))))
        yield made
