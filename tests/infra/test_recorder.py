"""The log is a recorder like any other of eventsourcing's: its own test cases say so."""

import sys
from collections.abc import Sequence
from typing import Any
from unittest.mock import MagicMock, patch
from uuid import uuid4

import pytest
from eventsourcing.persistence import IntegrityError, StoredEvent

from infra.database import Database
from infra.recorder import LogRecorder, SnapshotRecorder

# The library's cases import its cipher, and with it a package that nothing here needs.
with patch.dict(sys.modules, {"eventsourcing.cipher": MagicMock()}):
    from eventsourcing.tests.persistence import (
        AggregateRecorderTestCase,
        ApplicationRecorderTestCase,
        NonInterleavingNotificationIDsBaseCase,
        RecorderTestCase,
    )


class Case(RecorderTestCase):
    database: Database

    @pytest.fixture(autouse=True)
    def _given_postgres(self, postgres_url: str) -> Any:
        self.database = Database(postgres_url, pool=16)
        yield
        self.database.close()

    def new_originator_id(self) -> str:
        return f"stream-{uuid4()}"

    def create_recorder(self) -> LogRecorder:
        recorder = LogRecorder(self.database)
        recorder.create()
        return recorder


class OnSqlite(Case):
    @pytest.fixture(autouse=True)
    def _given_postgres(self, sqlite_url: str) -> Any:
        self.database = Database(sqlite_url, durable=False)
        yield
        self.database.close()


class Snapshots(Case):
    def create_recorder(self) -> Any:
        super().create_recorder()
        return SnapshotRecorder(self.database)


class Silent(LogRecorder):
    """What the library's aggregate recorders answer: nothing."""

    def insert_events(self, stored_events: Sequence[StoredEvent], **_: Any) -> Any:
        super().insert_events(stored_events)


class Streams(Case):
    def create_recorder(self) -> Any:
        super().create_recorder()
        return Silent(self.database)


class TestLogOnPostgres(Case, ApplicationRecorderTestCase[LogRecorder]):
    def test_subscribe(self) -> None:
        self.optional_test_insert_subscribe()


class TestLogOnSqlite(OnSqlite, ApplicationRecorderTestCase[LogRecorder]):
    def test_subscribe(self) -> None:
        self.optional_test_insert_subscribe()


class TestStreamsOnPostgres(Streams, AggregateRecorderTestCase):
    pass


class TestStreamsOnSqlite(Streams, OnSqlite, AggregateRecorderTestCase):
    pass


class TestSnapshotsOnPostgres(Snapshots, AggregateRecorderTestCase):
    pass


class TestSnapshotsOnSqlite(Snapshots, OnSqlite, AggregateRecorderTestCase):
    pass


class TestNotificationsDoNotInterleaveOnPostgres(Case, NonInterleavingNotificationIDsBaseCase):
    pass


class TestNotificationsDoNotInterleaveOnSqlite(OnSqlite, NonInterleavingNotificationIDsBaseCase):
    pass


def test_a_version_below_the_last_is_taken_though_no_event_has_it(recorder: LogRecorder) -> None:
    recorder.insert_events([StoredEvent("stream-1", 5, "Happened", b"{}")])
    with pytest.raises(IntegrityError, match="is at version 5"):
        recorder.insert_events([StoredEvent("stream-1", 3, "Happened", b"{}")])
    assert recorder.max_notification_id() == 1


def test_a_version_twice_in_one_append_is_refused_whole(recorder: LogRecorder) -> None:
    twice = [StoredEvent("stream-1", 1, "Happened", b"{}")] * 2
    with pytest.raises(IntegrityError):
        recorder.insert_events(twice)
    assert recorder.max_notification_id() is None
