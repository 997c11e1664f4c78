"""Who signed in, who failed, and what keys and passwords were made: a log with a chain of digests.

It stands apart from the business log, and nobody waits for it: notes are taken in memory and
written soon after, in their order.
"""

import hashlib
import logging
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Index,
    LargeBinary,
    MetaData,
    Table,
    Text,
    insert,
    select,
    text,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from infra.clock import iso
from infra.database import Database
from infra.repeating import Repeating

MOST_WAITING = 10_000
"""Notes that may wait to be written; those beyond are counted, and the count is written."""
PAUSE = 0.5
"""Seconds between two looks whether there is something to write."""
BEGINNING = bytes(32)
LOST = "notes-lost"
LOCK = text("SELECT pg_advisory_xact_lock(7237129)")
"""One process writes at a time: each digest covers the one before."""
PAGE = 1_000

metadata = MetaData()

access_log = Table(
    "access_log",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("actor", Text),
    Column("address", Text),
    Column("detail", Text, nullable=False),
    Column("digest", LargeBinary, nullable=False),
)
"""`detail` is JSON, kept as it was written: the digest covers its bytes."""
Index("access_log_actor", access_log.c.actor, access_log.c.number)
Index("access_log_kind", access_log.c.kind, access_log.c.number)

log = logging.getLogger(__name__)


class BrokenChain(Exception):
    """A row of the log was changed, removed or put in."""


class AccessNote(NamedTuple):
    at: int
    kind: str
    actor: str | None
    address: str | None
    detail: str


class AccessQuery(NamedTuple):
    """`before` is a number; times are in microseconds, `since` within and `until` beyond."""

    kinds: Sequence[str] = ()
    actor: str | None = None
    address: str | None = None
    since: int | None = None
    until: int | None = None
    before: int | None = None
    limit: int = 100


class AccessLog:
    """Takes notes at once and writes them behind; `stop` writes what is left."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._waiting: deque[AccessNote] = deque()
        self._lost = 0
        self._taking, self._writing = threading.Lock(), threading.Lock()
        self._writer = Repeating("access-log", PAUSE, self.flush)

    def note(
        self,
        kind: str,
        actor: str | None = None,
        detail: Mapping[str, Any] | None = None,
        *,
        address: str | None = None,
    ) -> None:
        """Keep that something happened. It never waits and never fails."""
        told = msgspec.json.encode(dict(detail or {}), order="sorted", enc_hook=str).decode()
        at = self.database.clock.now()
        with self._taking:
            if len(self._waiting) >= MOST_WAITING:
                self._lost += 1
                return
            self._waiting.append(AccessNote(at, kind, _plain(actor), _plain(address), told))

    def start(self) -> None:
        self._writer.start()

    def stop(self, limit: float) -> None:
        self._writer.stop(limit)

    def flush(self) -> None:
        """Write what waits; what cannot be written now waits on."""
        with self._writing:
            notes, lost = self._taken()
            if not notes and not lost:
                return
            told = [*notes, self._of_lost(lost)] if lost else notes
            try:
                with self.database.write() as connection:
                    append(connection, told)
            except (DBAPIError, PoolTimeout) as error:
                log.warning("%d notes of the access log wait: %s", len(told), error)
                self._put_back(notes, lost)

    def _taken(self) -> tuple[list[AccessNote], int]:
        with self._taking:
            taken, lost = list(self._waiting), self._lost
            self._waiting.clear()
            self._lost = 0
        return taken, lost

    def _put_back(self, notes: Sequence[AccessNote], lost: int) -> None:
        with self._taking:
            room = MOST_WAITING - len(self._waiting)
            self._waiting.extendleft(reversed(notes[:room]))
            self._lost += lost + len(notes[room:])

    def _of_lost(self, count: int) -> AccessNote:
        detail = msgspec.json.encode({"count": count}).decode()
        return AccessNote(self.database.clock.now(), LOST, None, None, detail)


def append(connection: Connection, notes: Iterable[AccessNote]) -> None:
    """Write notes behind the last one, each under a digest that covers the one before."""
    if connection.dialect.name == "postgresql":
        connection.execute(LOCK)
    column, rows = access_log.c, []
    newest = select(column.number, column.digest).order_by(column.number.desc()).limit(1)
    found = connection.execute(newest).first()
    last_number, digest = (found.number, bytes(found.digest)) if found else (0, BEGINNING)
    for number, note in enumerate(notes, last_number + 1):
        digest = chained(digest, number, note)
        rows.append({"number": number, **note._asdict(), "digest": digest})
    if rows:
        connection.execute(insert(access_log), rows)


def chained(before: bytes, number: int, note: AccessNote) -> bytes:
    """SHA-256 over the digest before and the row as a JSON array."""
    return hashlib.sha256(before + msgspec.json.encode((number, *note))).digest()


def verify(connection: Connection) -> tuple[int, bytes]:
    """How many rows there are, and the last digest; raises `BrokenChain` at the first bad row."""
    number, digest = 0, BEGINNING
    for row in _every(connection):
        note = AccessNote(row.at, row.kind, row.actor, row.address, row.detail)
        if row.number != number + 1:
            raise BrokenChain(f"Row {row.number} follows row {number}: what was between is gone.")
        number, digest = row.number, chained(digest, row.number, note)
        if digest != bytes(row.digest):
            raise BrokenChain(f"Row {number} is not as it was written, or one before it is gone.")
    return number, digest


def _every(connection: Connection) -> Iterator[Any]:
    column, last = access_log.c, 0
    while True:
        query = select(access_log).where(column.number > last).order_by(column.number)
        rows = connection.execute(query.limit(PAGE)).all()
        yield from rows
        if len(rows) < PAGE:
            return
        last = rows[-1].number


def read(connection: Connection, asked: AccessQuery) -> list[dict[str, Any]]:
    """What was noted, the latest first."""
    column = access_log.c
    query = select(access_log).order_by(column.number.desc()).limit(asked.limit)
    if asked.kinds:
        query = query.where(column.kind.in_(asked.kinds))
    if asked.actor is not None:
        query = query.where(column.actor == asked.actor)
    if asked.address is not None:
        query = query.where(column.address == asked.address)
    if asked.since is not None:
        query = query.where(column.at >= asked.since)
    if asked.until is not None:
        query = query.where(column.at < asked.until)
    if asked.before is not None:
        query = query.where(column.number < asked.before)
    return [_shown(row) for row in connection.execute(query).mappings()]


def _shown(row: Mapping[Any, Any]) -> dict[str, Any]:
    detail = msgspec.json.decode(row["detail"])
    shown = {"at": iso(row["at"]), "detail": detail, "digest": bytes(row["digest"]).hex()}
    return {**row, **shown}


def _plain(said: str | None) -> str | None:
    """A text that both databases can keep, whatever was sent."""
    if said is None:
        return None
    return said.encode("utf-8", "replace").decode().replace("\x00", "\ufffd")[:200]
