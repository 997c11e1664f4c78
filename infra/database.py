"""One door to PostgreSQL and SQLite: durable commits, and no wait without a limit."""

import logging
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, SQLAlchemyError

from infra import bulk
from infra.clock import Clock, SystemClock
from infra.limits import Limits, milliseconds

SQLITE_CACHE = 16 << 20
"""Bytes of pages that each connection keeps; what it has not, the system's cache mostly has."""
POSTGRES_OPTIONS = (
    "-c timezone=UTC -c standard_conforming_strings=on"
    # Every question is a short one: starting workers or a compiler for it takes longer than it.
    " -c max_parallel_workers_per_gather=0 -c jit=off"
)
# A host that is gone sends no farewell: without these the kernel waits for hours.
GONE = {
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}
# PostgreSQL ends a session that idles in a transaction, but not one whose client has stopped
# within a COPY or an answer: it would keep its locks for as long as the client lives.
END_FROZEN = text(
    "SELECT pid, pg_terminate_backend(pid) FROM pg_stat_activity"  # not in WHERE: it comes last
    " WHERE datname=current_database() AND usename=current_user"
    " AND application_name=current_setting('application_name')"
    " AND state='active' AND wait_event_type='Client' AND state_change < clock_timestamp()"
    " - nullif(current_setting('idle_in_transaction_session_timeout'), '0')::interval"
)
WAITED_IN_VAIN = {"57014", "55P03"}  # statement_timeout, lock_timeout
NOT_PERMITTED = "42501"
OUT_OF_RANGE = "22003"
DIVISION_BY_ZERO = "22012"
# Bad data, a limit of the program (a row, an index key), and a column that takes no NULL.
UNWRITABLE = {"22", "54", "23502", "23514"}
# Connections, deadlocks and transactions, resources, operators, the system, corruption.
OF_SERVER = {"08", "25", "40", "53", "55", "57", "58", "XX"}
OVERFLOW_SQLITE = "integer overflow"
UNWRITABLE_SQLITE = (
    OVERFLOW_SQLITE, "NOT NULL constraint", "too big", "is not supported", "datatype mismatch",
)  # fmt: skip
OF_DATA = (ValueError, TypeError, ArithmeticError, LookupError, AttributeError)
"""What Python says of data that it cannot bring into a statement."""
NOW_POSTGRES = text("SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS bigint)")

log = logging.getLogger(__name__)


class Database:
    """An engine with `read` and `write` transactions that mean the same on both databases.

    `write` on SQLite takes the write lock at its start, so it never fails half-way for it.
    Commits are durable when they return (fsync) unless `durable` is false, which is for tests.
    """

    def __init__(
        self,
        url: str,
        *,
        clock: Clock | None = None,
        pool: int = 8,
        durable: bool = True,
        limits: Limits | None = None,
    ) -> None:
        self.url = make_url(url)
        self.limits = limits or Limits()
        self.clock: Clock = clock or SystemClock()
        self.sqlite = self.url.get_backend_name() == "sqlite"
        # A server may have been restarted since a connection was used: reads ask before.
        self.engine: Engine = create_engine(self.url, pool_pre_ping=True, **self._options(pool))
        self._kept: list[Connection] = []
        self._swift = self.engine
        if self.sqlite:
            self._prepare_sqlite(durable)
        else:  # its own pool: a connection that changes its ways on return may fail at it
            options = self._options(pool)
            self._swift = create_engine(self.url, isolation_level="AUTOCOMMIT", **options)

    def _options(self, pool: int) -> dict[str, Any]:
        if self.sqlite:
            return {"connect_args": {"timeout": self.limits.lock, "check_same_thread": False}}
        named = {"options": _options(self.limits), "application_name": "distributary"}
        arguments = {"connect_timeout": 5, **GONE, **named}
        return {"connect_args": arguments, "pool_size": pool, "pool_timeout": 15}

    def _prepare_sqlite(self, durable: bool) -> None:
        @event.listens_for(self.engine, "connect")
        def configure(connection: Any, _: Any) -> None:
            connection.isolation_level = None  # transactions begin where we say, below
            _write_ahead(connection, self.limits.lock)
            connection.execute(f"PRAGMA synchronous={'FULL' if durable else 'OFF'}")
            connection.execute(f"PRAGMA cache_size=-{SQLITE_CACHE >> 10}")

        @event.listens_for(self.engine, "begin")
        def begin(connection: Connection) -> None:
            immediate = connection.get_execution_options().get("immediate")
            connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that commits at the end of the block, or rolls back if it raises."""
        engine = self.engine.execution_options(immediate=True)
        with self._freeing(), engine.begin() as connection:
            yield connection

    @contextmanager
    def swift(self) -> Iterator[Connection]:
        """Like `write`, but on PostgreSQL the statements themselves say BEGIN and COMMIT.

        Two trips of four are spared that way. If the block raises, what was not committed is
        rolled back.
        """
        if self.sqlite:
            with self.write() as connection:
                yield connection
            return
        connection = self._at_hand()
        try:
            with self._freeing():
                yield connection
        except BaseException:
            _roll_back(connection)
            connection.close()
            raise
        self._kept.append(connection)

    @contextmanager
    def brief(self) -> Iterator[Connection]:
        """Like `write`, for a few small changes: PostgreSQL gets them at the end, in one trip.

        So none of them is seen by what is read meanwhile, and it is there that they fail.
        """
        if self.sqlite:
            with self.write() as connection:
                yield connection
            return
        with self.swift() as connection, bulk.gathered(connection):
            yield connection

    def _at_hand(self) -> Connection:
        """A connection that was used before: the pool takes as long to give one as four commands
        take to be written.
        """
        with suppress(IndexError):
            return self._kept.pop()
        return self._swift.connect()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        with self._freeing(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def _freeing(self) -> Iterator[None]:
        """Whoever waited in vain ends the sessions of frozen processes, for when it tries again."""
        try:
            yield
        except DBAPIError as error:
            if sqlstate(error) in WAITED_IN_VAIN:
                self._end_frozen()
            raise

    def _end_frozen(self) -> None:
        with suppress(SQLAlchemyError), self.engine.begin() as connection:
            for pid in connection.execute(END_FROZEN).scalars():
                log.warning("ended the session %d of a process that stands still", pid)

    def now(self, connection: Connection) -> int:
        """The database's clock; SQLite has none of its own, so it is this process's."""
        if self.sqlite:
            return self.clock.now()
        return int(connection.execute(NOW_POSTGRES).scalar_one())

    def close(self) -> None:
        while self._kept:
            self._kept.pop().close()
        self.engine.dispose()
        self._swift.dispose()


def _options(limits: Limits) -> str:
    bounds = {
        "statement_timeout": limits.statement,
        "lock_timeout": limits.lock,
        "idle_in_transaction_session_timeout": limits.idle,
    }
    settings = (f"-c {name}={milliseconds(seconds)}" for name, seconds in bounds.items())
    return " ".join([POSTGRES_OPTIONS, *settings])


def is_not_permitted(error: DBAPIError) -> bool:
    """Whether the role of this process may not do what it asked for."""
    return sqlstate(error) == NOT_PERMITTED


def sqlstate(error: DBAPIError) -> str:
    """PostgreSQL's code of an error; empty where it has none, as on SQLite."""
    return str(getattr(error.orig, "pgcode", None) or "")


def unwritable(error: BaseException) -> bool:
    """Whether it is the data that cannot be written, now or ever: a number beyond 64 bits, a text
    with a NUL, a key too long for its index. Whatever may pass when it is tried again is not.
    """
    if not isinstance(error, DBAPIError):
        return isinstance(error, OF_DATA)
    if error.connection_invalidated:
        return False
    if state := sqlstate(error):
        return state[:2] in UNWRITABLE or state in UNWRITABLE
    said = str(error.orig)
    return isinstance(error, DataError) or any(sign in said for sign in UNWRITABLE_SQLITE)


def of_statement(error: BaseException) -> bool:
    """Whether it is what was asked that failed, while the database is well: a table that is gone,
    a row that is there already, a lock or an answer that took too long. A code's own error too.
    """
    if not isinstance(error, DBAPIError):
        return not isinstance(error, SQLAlchemyError)
    if error.connection_invalidated:
        return False
    if state := sqlstate(error):
        return state in WAITED_IN_VAIN or state[:2] not in OF_SERVER
    said = str(error.orig)
    return isinstance(error, IntegrityError | DataError) or "no such" in said


def beyond_64_bits(error: BaseException) -> bool:
    """Whether a number, or a sum, is too large for the database."""
    if not isinstance(error, DBAPIError):
        return isinstance(error, OverflowError)
    return sqlstate(error) == OUT_OF_RANGE or OVERFLOW_SQLITE in str(error.orig)


def _roll_back(connection: Connection) -> None:
    """By a statement; a connection that cannot take one is dropped, which does the same."""
    try:
        connection.exec_driver_sql("ROLLBACK")
    except Exception:  # noqa: BLE001 - the error to tell of is the one before
        connection.invalidate()


def _write_ahead(connection: sqlite3.Connection, limit: float) -> None:
    """Turn a new file to its write-ahead log; SQLite itself does not wait where another does so."""
    deadline = time.monotonic() + limit
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        else:
            return
