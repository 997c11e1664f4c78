"""The rows of the log of access: each under a digest that covers the one before."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
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

from infra.clock import iso

BEGINNING = bytes(32)
LOCK = text("SELECT pg_advisory_xact_lock(7237129)")
"""One process writes at a time: each digest covers the one before."""
PAGE = 1_000
ABOUT = "about"

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

things = Table(
    "access_log_about",
    metadata,
    Column(ABOUT, Text, primary_key=True),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
)
"""Finds the rows about a thing; what they are about stands in their `detail`."""


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
    about: str | None = None


def append(connection: Connection, notes: Iterable[AccessNote]) -> None:
    """Write notes behind the last one, each under a digest that covers the one before."""
    if connection.dialect.name == "postgresql":
        connection.execute(LOCK)
    column, rows, found_by = access_log.c, [], []
    newest = select(column.number, column.digest).order_by(column.number.desc()).limit(1)
    found = connection.execute(newest).first()
    last_number, digest = (found.number, bytes(found.digest)) if found else (0, BEGINNING)
    for number, note in enumerate(notes, last_number + 1):
        digest = chained(digest, number, note)
        rows.append({"number": number, **note._asdict(), "digest": digest})
        found_by += [{ABOUT: one, "number": number} for one in _about(note.detail)]
    if rows:
        connection.execute(insert(access_log), rows)
    if found_by:
        connection.execute(insert(things), found_by)


def chained(before: bytes, number: int, note: AccessNote) -> bytes:
    """SHA-256 over the digest before and the row as a JSON array."""
    return hashlib.sha256(before + msgspec.json.encode((number, *note))).digest()


def verify(connection: Connection) -> tuple[int, bytes]:
    """How many rows there are, and the last digest; raises `BrokenChain` at the first bad row."""
    number, digest = 0, BEGINNING
    indexed = _indexed(connection)
    following = next(indexed, None)
    for row in _every(connection):
        note = AccessNote(row.at, row.kind, row.actor, row.address, row.detail)
        if row.number != number + 1:
            raise BrokenChain(f"Row {row.number} follows row {number}: what was between is gone.")
        number, digest = row.number, chained(digest, row.number, note)
        if digest != bytes(row.digest):
            raise BrokenChain(f"Row {number} is not as it was written, or one before it is gone.")
        expected = number, frozenset(_about(row.detail))
        if expected[1] and following != expected:
            raise BrokenChain(f"Row {number} is not found by what it is about, or by more.")
        if expected[1]:
            following = next(indexed, None)
    if following is not None:
        raise BrokenChain(f"Row {following[0]} is found by what it is not about.")
    return number, digest


def _indexed(connection: Connection) -> Iterator[tuple[int, frozenset[str]]]:
    """What the rows are found by, in their order."""
    query = select(things.c.number, things.c.about).order_by(things.c.number)
    rows = connection.execute(query.execution_options(yield_per=PAGE))
    for number, few in groupby(rows, key=lambda row: row.number):
        yield number, frozenset(row.about for row in few)


def _about(detail: str) -> list[str]:
    """The streams that a note is about, without one that stands twice."""
    found = msgspec.json.decode(detail).get(ABOUT, [])
    return list(dict.fromkeys(plain(one) for one in found))


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
    if asked.about is not None:
        mine = select(things.c.number).where(things.c.about == asked.about)
        query = query.where(column.number.in_(mine))
    return [_shown(row) for row in connection.execute(query).mappings()]


def _shown(row: Mapping[Any, Any]) -> dict[str, Any]:
    detail = msgspec.json.decode(row["detail"])
    shown = {"at": iso(row["at"]), "detail": detail, "digest": bytes(row["digest"]).hex()}
    return {**row, **shown}


def plain(sent: str) -> str:
    """A text that both databases can keep, whatever was sent."""
    return sent.encode("utf-8", "replace").decode().replace("\x00", "\ufffd")[:200]
