"""No wait without a limit, not even for a process that stands still in the middle of a word."""

import io
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from pace import limit
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from infra.database import Database
from infra.limits import Limits

Open = Callable[[int], Database]
"""Opens a database that bears with who stands still for so many milliseconds."""


class Frozen(io.BytesIO):
    """What a client sends of a COPY before it stands still, and after it goes on."""

    def __init__(self) -> None:
        super().__init__(b"1\n2\n")
        self.reached, self.goes_on = threading.Event(), threading.Event()

    def read(self, size: int | None = -1) -> bytes:
        sent = super().read(2)
        if sent.startswith(b"2"):
            self.reached.set()
            assert self.goes_on.wait(limit(30))
        return sent


@pytest.fixture
def limited(postgres_url: str) -> Iterator[Open]:
    """Databases that wait half a second for a lock, and bear with who stands still as told."""
    made: list[Database] = []

    def make(patience: int) -> Database:
        limits = Limits(lock=0.5, idle=patience / 1000)
        made.append(Database(postgres_url, limits=limits))
        return made[-1]

    yield make
    for database in made:
        database.close()


@contextmanager
def copying(database: Database) -> Iterator[tuple[Frozen, Future[None]]]:
    """A client that has begun a COPY and stands still within it."""
    words = Frozen()

    def copy() -> None:
        with database.write() as connection:
            cursor: Any = connection.connection.cursor()
            cursor.copy_expert("COPY held FROM STDIN", words)

    with database.write() as connection:
        connection.execute(text("CREATE TABLE held (n INTEGER PRIMARY KEY)"))
    with ThreadPoolExecutor(1) as pool:
        copied = pool.submit(copy)
        assert words.reached.wait(limit(10))
        time.sleep(1.5)  # longer than the shorter patience, however late the server looks
        try:
            yield words, copied
        finally:
            words.goes_on.set()


def lock(database: Database) -> None:
    with database.write() as connection:
        connection.execute(text("LOCK TABLE held"))


def test_who_stands_still_within_a_copy_is_ended_by_whoever_waits(limited: Open) -> None:
    database = limited(300)
    with copying(database) as (words, copied):
        with pytest.raises(DBAPIError, match="lock timeout"):
            lock(database)
        lock(database)
        words.goes_on.set()
        with pytest.raises(Exception, match=r"terminat|closed|connection"):
            copied.result(limit(10))


def test_who_pauses_for_a_moment_within_a_copy_may_go_on(limited: Open) -> None:
    database = limited(60_000)
    with copying(database) as (words, copied):
        with pytest.raises(DBAPIError, match="lock timeout"):
            lock(database)
        words.goes_on.set()
        copied.result(limit(10))
    with database.read() as connection:
        assert list(connection.execute(text("SELECT n FROM held ORDER BY n")).scalars()) == [1, 2]
