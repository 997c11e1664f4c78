"""Commands into the log: against the library's own recorder, and against bare statements."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from time import perf_counter
from typing import Any
from uuid import uuid4

import psycopg2
import uvloop
from eventsourcing.persistence import StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from psycopg2.extras import execute_values
from sqlalchemy import make_url, select

from commands import Command
from infra import tables
from infra.group import GroupCommit
from infra.requests import Outcome
from services.bootstrap import Platform, request
from tests.performance import workload
from tests.performance.pairs import Clock, Figure, in_turns
from tests.performance.stage import Stage

CLIENTS = 32
BATCH = 100
Row = tuple[Any, ...]


def append(stage: Stage) -> Figure:
    """32 clients, one command and one event each time, every answer durable."""
    ours = commands(stage)
    reference = _library(stage)
    return in_turns(ours, reference, stage.scale.rounds, "commands/s")


def append_limit(stage: Stage) -> Figure:
    """The same, against somebody who only writes the finished rows, 32 commands at a time."""
    platform = warmed(stage)
    ours = _commands(platform, stage.scale.seconds, _issue)
    ours()
    bare = Bare(stage.database(), platform, CLIENTS)
    return in_turns(ours, bare.round, stage.scale.rounds, "commands/s")


def append_batch(stage: Stage) -> Figure:
    """A hundred events in a transaction, against one bare statement for the same rows."""
    platform = stage.platform()
    made = list(workload.entries(platform, min(stage.scale.events, 20_000)))
    store, database = platform.store, platform.database

    def ours() -> float:
        _empty(platform)
        start = perf_counter()
        for first in range(0, len(made), BATCH):
            with database.write() as connection:
                store.write(connection, store.lock(connection), made[first : first + BATCH])
        return len(made) / (perf_counter() - start)

    ours()
    bare = Bare(stage.database(), platform, BATCH)
    return in_turns(ours, bare.round, stage.scale.rounds, "events/s")


def warmed(stage: Stage) -> Platform:
    platform = stage.platform()
    workload.warm(platform)
    return platform


def commands(stage: Stage) -> Callable[[], float]:
    return _commands(warmed(stage), stage.scale.seconds, _issue)


def numbers(stage: Stage) -> Figure:
    """Orders that get the next number of one series, against orders whose id is given."""
    platform = warmed(stage)
    workload.trading(platform)
    seconds, rounds = stage.scale.seconds, stage.scale.rounds
    ours = _commands(platform, seconds, lambda _: workload.order())
    reference = _commands(platform, seconds, lambda number: workload.order(f"O-{number:08d}"))
    return in_turns(ours, reference, rounds, "commands/s")


def _issue(number: int) -> Command:
    return workload.issue(number, f"IS-{number:08d}")


def _commands(
    platform: Platform, seconds: float, made: Callable[[int], Command]
) -> Callable[[], float]:
    return by_clients(platform, seconds, lambda number: [made(number)], lambda _: 1)


def by_clients(
    platform: Platform,
    seconds: float,
    asked: Callable[[int], Iterable[Command]],
    worth: Callable[[Outcome], int],
) -> Callable[[], float]:
    """32 clients in one event loop, each with one command at a time; answers what they are worth
    a second.
    """
    numbers = count()

    async def client(group: GroupCommit, until: float) -> int:
        done = 0
        while perf_counter() < until:
            for one in asked(next(numbers)):
                outcome = await group.submit(request(one, "bench"))
                assert outcome.events, outcome.message
                assert outcome.refusal is None, outcome.message
                done += worth(outcome)
        return done

    async def clients() -> float:
        group = GroupCommit(platform.executor)
        group.start()
        start, until = Clock.read(), perf_counter() + seconds
        each = [client(group, until) for _ in range(CLIENTS)]
        done = sum(await asyncio.gather(*each))
        rate = done / (Clock.read() - start)
        group.stop()
        return rate

    return lambda: uvloop.run(clients())


def _library(stage: Stage) -> Callable[[], float]:
    """Eventsourcing's PostgreSQL recorder as it comes: its default, safe mode."""
    url = make_url(stage.database())
    assert url.database
    assert url.host
    assert url.username
    datastore = PostgresDatastore(
        dbname=url.database,
        host=url.host,
        port=str(url.port),
        user=url.username,
        password=str(url.password),
        pool_size=CLIENTS,
        max_waiting=CLIENTS,
    )
    stage.ends.callback(datastore.close)
    recorder = PostgresApplicationRecorder(datastore)
    recorder.create_table()
    state = _example()

    def client(until: float) -> int:
        done = 0
        while perf_counter() < until:
            recorder.insert_events([StoredEvent(uuid4(), 1, "StockIssued", state)])
            done += 1
        return done

    def clients() -> float:
        with ThreadPoolExecutor(CLIENTS) as pool:
            start = perf_counter()
            done = sum(pool.map(client, [start + stage.scale.seconds] * CLIENTS))
            return done / (perf_counter() - start)

    return clients


def _example() -> bytes:
    """An event as large as those of the commands."""
    return (
        b'{"holder":"warehouse","quantity":1,"reason":"sale","reference":"IS-00000000",'
        b'"moved_at":"2026-01-05T01:00:00.000000Z"}'
    )


def _empty(platform: Platform) -> None:
    """Back to an empty log, so that every round starts alike."""
    with platform.database.write() as connection:
        connection.exec_driver_sql("TRUNCATE log_events, log_keys, log_snapshots, log_references")
        connection.exec_driver_sql("UPDATE log_head SET position=0")


class Bare:
    """The rows of a log, written into the same tables by nothing but psycopg2."""

    def __init__(self, url: str, source: Platform, size: int) -> None:
        self.size = size
        self.events, self.keys, self.references = _rows(source)
        copy = make_url(url).set(drivername="postgresql")
        self.connection = psycopg2.connect(copy.render_as_string(hide_password=False))
        self._make(source)

    def _make(self, source: Platform) -> None:
        like = _schema(source)
        with self.connection, self.connection.cursor() as cursor:
            for statement in like:
                cursor.execute(statement)
            head = "INSERT INTO log_head VALUES ('main', 0, '', 0, '')"
            cursor.execute(head)

    def round(self) -> float:
        with self.connection, self.connection.cursor() as cursor:
            cursor.execute("TRUNCATE log_events, log_keys, log_references")
        start = Clock.read()
        for first in range(0, len(self.events), self.size):
            self._commit(first)
        return len(self.events) / (Clock.read() - start)

    def _commit(self, first: int) -> None:
        chunk = slice(first, first + self.size)
        events, keys = self.events[chunk], self.keys[chunk]
        references = [self.references[row[0]] for row in events if row[0] in self.references]
        self.write(events, keys, references)

    def write(self, events: Sequence[Row], keys: Sequence[Row], references: Sequence[Row]) -> None:
        """In one transaction, upon the head."""
        last = events[-1]
        with self.connection, self.connection.cursor() as cursor:
            cursor.execute("SELECT position FROM log_head WHERE log='main' FOR UPDATE")
            cursor.fetchall()
            execute_values(cursor, EVENTS, events, page_size=self.size)
            if keys:
                execute_values(cursor, KEYS, keys, page_size=self.size)
            if references:
                execute_values(cursor, REFERENCES, references, page_size=self.size)
            cursor.execute(HEAD, (last[0], last[-2], last[7], "main"))


EVENTS = "INSERT INTO log_events VALUES %s"
KEYS = "INSERT INTO log_keys VALUES %s"
REFERENCES = "INSERT INTO log_references VALUES %s"
HEAD = "UPDATE log_head SET position=%s, digest=%s, recorded_at=%s WHERE log=%s"


def _rows(source: Platform, most: int = 40_000) -> tuple[list[Row], list[Row], dict[int, Row]]:
    """Events and keys as they are stored, in the order they were written, and what is recorded
    under a reference, by its position.
    """
    events, keys, references = tables.events, tables.keys, tables.references
    with source.database.read() as connection:
        stored = connection.execute(select(events).order_by(events.c.position.desc()).limit(most))
        found = [tuple(row) for row in stored][::-1]
        known = {row[0]: tuple(row) for row in connection.execute(select(keys))}
        under = {row.position: tuple(row) for row in connection.execute(select(references))}
    # A command has one key, however many events it brought.
    return found, [known.pop(row[9]) for row in found if row[9] in known], under


def _schema(source: Platform) -> Sequence[str]:
    """The same tables and indexes, by the database's own words."""
    with source.database.read() as connection:
        columns = connection.exec_driver_sql(
            "SELECT table_name, string_agg(column_name || ' ' || data_type"
            " || CASE WHEN is_nullable='NO' THEN ' NOT NULL' ELSE '' END, ','"
            " ORDER BY ordinal_position) FROM information_schema.columns"
            " WHERE table_name IN ('log_events', 'log_keys', 'log_head', 'log_references')"
            " GROUP BY table_name"
        ).all()
    keys = {"log_events": "position", "log_keys": "key", "log_head": "log"}
    keys["log_references"] = "stream, reference"
    partitioned = {"log_events": " PARTITION BY RANGE (position)"}
    made = [
        f"CREATE TABLE {name} ({spelt}, PRIMARY KEY ({keys[name]})){partitioned.get(name, '')}"
        for name, spelt in columns
    ]
    part = "CREATE TABLE log_events_0 PARTITION OF log_events FOR VALUES FROM (0) TO (4194304)"
    return [*made, part, "CREATE UNIQUE INDEX ON log_events_0 (stream, version)"]
