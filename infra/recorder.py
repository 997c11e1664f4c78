"""The log as eventsourcing knows it: its recorder interface, held by its own test cases."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from eventsourcing import persistence
from eventsourcing.persistence import (
    AggregateRecorder,
    ApplicationRecorder,
    Notification,
    StoredEvent,
    Subscription,
)
from sqlalchemy import Connection, Table, func, select
from sqlalchemy.exc import IntegrityError

from infra import bulk, tables
from infra.database import Database
from infra.events import Entry
from infra.store import ORDER, Store

POLL_SECONDS = 0.02
NAMES = {
    "log_events": ("stream", "version", "type", "data"),
    "log_snapshots": ("stream", "version", "shape", "state"),
}


class LogRecorder(Store, ApplicationRecorder):
    """eventsourcing's application recorder; streams are named by text, not by UUID."""

    def insert_events(self, stored_events: Sequence[StoredEvent], **_: Any) -> Sequence[int] | None:
        """Append; raises the library's IntegrityError where a version is taken."""
        if not stored_events:
            return []
        try:
            with self.database.write() as connection:
                head = self.lock(connection)
                self._refuse_taken(connection, stored_events)
                entries = [_entry(stored, head.now) for stored in stored_events]
                return [event.position for event in self.write(connection, head, entries)]
        except IntegrityError as error:
            raise persistence.IntegrityError(str(error.orig)) from error

    def _refuse_taken(self, connection: Connection, stored: Sequence[StoredEvent]) -> None:
        first: dict[str, int] = {}
        for event in stored:
            first.setdefault(str(event.originator_id), event.originator_version)
        column = tables.events.c
        query = (
            select(column.stream, func.max(column.version))
            .where(column.stream.in_(first))
            .group_by(column.stream)
        )
        for stream, version in connection.execute(query):
            if version >= first[stream]:
                raise persistence.IntegrityError(f"{stream} is at version {version} already")

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        with self.database.read() as connection:
            return _select(connection, tables.events, originator_id, gt, lte, desc, limit)

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        column = tables.events.c
        query = select(column.stream, column.version, column.type, column.data, column.position)
        if start is not None:
            query = query.where(start <= ORDER if inclusive_of_start else start < ORDER)
        if stop is not None:
            query = query.where(stop >= ORDER)
        if topics:
            query = query.where(column.type.in_(topics))
        with self.database.read() as connection:
            rows = connection.execute(query.order_by(ORDER).limit(limit)).all()
        return [Notification(r[0], r[1], r[2], bytes(r[3]), r[4]) for r in rows]

    def max_notification_id(self) -> int | None:
        with self.database.read() as connection:
            return self.head(connection).position or None

    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> "Following":
        return Following(self, gt, topics)


def _entry(stored: StoredEvent, now: int) -> Entry:
    return Entry(
        str(stored.originator_id),
        stored.originator_version,
        stored.topic,
        1,
        now,
        "eventsourcing",
        "",
        "",
        None,
        stored.state,
    )


class Following(Subscription[LogRecorder]):
    """Notifications as they come, by polling, so that it works on both databases alike."""

    def __init__(
        self, recorder: LogRecorder, gt: int | None = None, topics: Sequence[str] = ()
    ) -> None:
        super().__init__(recorder, gt, topics)
        self._waiting: list[Notification] = []

    def __next__(self) -> Notification:
        while not self._has_been_stopped:
            self._waiting = self._waiting or list(self._fetch())[::-1]
            if self._waiting:
                return self._waiting.pop()
            self._recorder.database.clock.sleep(POLL_SECONDS)
        raise StopIteration

    def _fetch(self) -> Sequence[Notification]:
        found = self._recorder.select_notifications(
            self._last_notification_id or 0, 500, topics=self._topics, inclusive_of_start=False
        )
        if found:
            self._last_notification_id = found[-1].id
        return found


class SnapshotRecorder(AggregateRecorder):
    """eventsourcing's aggregate recorder over the snapshots: a state by stream and version."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def insert_events(self, stored_events: Sequence[StoredEvent], **_: Any) -> None:
        rows = [
            (str(e.originator_id), e.originator_version, e.topic, e.state, 0) for e in stored_events
        ]
        try:
            with self.database.write() as connection:
                bulk.insert(connection, tables.snapshots, rows)
        except IntegrityError as error:
            raise persistence.IntegrityError(str(error.orig)) from error

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        with self.database.read() as connection:
            return _select(connection, tables.snapshots, originator_id, gt, lte, desc, limit)


def _select(
    connection: Connection,
    table: Table,
    originator_id: UUID | str,
    gt: int | None,
    lte: int | None,
    desc: bool,
    limit: int | None,
) -> list[StoredEvent]:
    stream, version, name, state = (table.c[n] for n in NAMES[table.name])
    query = select(version, name, state).where(stream == str(originator_id))
    if gt is not None:
        query = query.where(version > gt)
    if lte is not None:
        query = query.where(version <= lte)
    query = query.order_by(version.desc() if desc else version).limit(limit)
    rows = connection.execute(query).all()
    return [StoredEvent(originator_id, row[0], row[1], bytes(row[2])) for row in rows]
