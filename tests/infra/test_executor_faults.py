"""Servers die and files are locked: what was answered is stored once, the rest once or not."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from accounts import Pay, Refused, ask, codec
from pace import limit
from servers import log_file
from sqlalchemy import event
from waiting import until

from infra.database import Database
from infra.executor import Executor
from infra.log import Log
from infra.recorder import LogRecorder
from infra.requests import Unavailable
from services.local.postgres import LocalPostgres


@pytest.fixture
def mortal(tmp_path: Path) -> Iterator[LocalPostgres]:
    server = LocalPostgres(tmp_path / "postgres", log_file("mortal-postgres"), fsync=False)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def hasty(sqlite_url: str) -> Iterator[Database]:
    """SQLite that waits for a lock a tenth of a second, not many seconds, before it says so."""
    database = Database(sqlite_url, durable=False)

    def hurry(connection: sqlite3.Connection, _: object) -> None:
        connection.execute("PRAGMA busy_timeout=100")

    event.listen(database.engine, "connect", hurry)
    yield database
    database.close()


class Client(threading.Thread):
    """Pays one at a time into its own account, each under a key of its own."""

    def __init__(self, executor: Executor, id: str, until: threading.Event) -> None:
        super().__init__(daemon=True)
        self.executor, self.id, self.until = executor, id, until
        self.asked: list[str] = []
        self.answered: set[str] = set()

    def run(self) -> None:
        while not self.until.is_set():
            key = f"{self.id}-{len(self.asked)}"
            self.asked.append(key)
            try:
                self.executor.execute(ask(Pay(self.id), key))
            except Unavailable:
                continue
            self.answered.add(key)


def test_a_killed_postgres_keeps_every_answer_and_doubles_none(mortal: LocalPostgres) -> None:
    database = Database(mortal.url, pool=16)
    recorder = LogRecorder(database)
    recorder.create()
    executors = [Executor(Log(recorder, codec()), Refused, patience=0.2) for _ in range(2)]
    enough = threading.Event()
    clients = [Client(executors[n % 2], f"c{n}", enough) for n in range(4)]
    for client in clients:
        client.start()
    for _ in range(2):
        wait_for_more(clients, 30)
        mortal.kill()
        time.sleep(1.0)  # longer than their patience: some askers never hear
        mortal.start()
    wait_for_more(clients, 30)
    enough.set()
    for client in clients:
        client.join(limit(20))
        assert not client.is_alive()
    stored = keys(recorder)
    assert len(stored) == len(set(stored))
    for client in clients:
        mine = {key for key in stored if key.startswith(f"{client.id}-")}
        assert client.answered <= mine <= set(client.asked)
    assert any(len(client.answered) < len(client.asked) for client in clients)
    for client in clients:
        for key in client.asked:  # whoever asks again hears the truth
            executors[0].execute(ask(Pay(client.id), key))
    assert sorted(keys(recorder)) == sorted(key for client in clients for key in client.asked)
    database.close()


def test_a_locked_sqlite_is_waited_for(hasty: Database, tmp_path: Path) -> None:
    executor = given(hasty)
    lock = locked(tmp_path)
    timer = threading.Timer(0.5, lock.rollback)
    timer.start()
    assert executor.execute(ask(Pay("a"))).version == 1
    timer.join()
    lock.close()


def test_a_sqlite_locked_for_long_is_unavailable_within_the_limit(
    hasty: Database, tmp_path: Path
) -> None:
    executor = given(hasty)
    lock, began = locked(tmp_path), time.monotonic()
    with pytest.raises(Unavailable):
        executor.execute(ask(Pay("a"), "key"))
    assert time.monotonic() - began < limit(3)
    lock.close()
    assert not executor.execute(ask(Pay("a"), "key")).repeated


def given(database: Database) -> Executor:
    recorder = LogRecorder(database)
    recorder.create()
    return Executor(Log(recorder, codec()), Refused, patience=1.0)


def locked(directory: Path) -> sqlite3.Connection:
    """Another writer, in the middle of something."""
    other = sqlite3.connect(
        directory / "test.sqlite", isolation_level=None, check_same_thread=False
    )
    other.execute("BEGIN IMMEDIATE")
    return other


def wait_for_more(clients: list[Client], count: int) -> None:
    def answered() -> int:
        return sum(len(client.answered) for client in clients)

    goal = answered() + count
    until(lambda: answered() >= goal, 20, progress=answered)


def keys(recorder: LogRecorder) -> list[str]:
    """The command of every event there is."""
    with recorder.database.read() as connection:
        return [event.command_id for event in recorder.read(connection, 0, 1_000_000)]
