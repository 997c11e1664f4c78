"""API keys: shown once, kept as digests, and dead within seconds of being revoked."""

import hashlib
import hmac
import re
import secrets
import time
from typing import NamedTuple

from sqlalchemy import BigInteger, Column, LargeBinary, MetaData, Table, Text, select, update

from infra.database import Database

REMEMBERED = 5.0
"""Seconds for which an answer is believed: so long a revoked key may go on."""
MOST_REMEMBERED = 10_000
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}")

metadata = MetaData()

api_keys = Table(
    "api_keys",
    metadata,
    Column("digest", LargeBinary, primary_key=True),
    Column("name", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("revoked_at", BigInteger),
)


class BadName(Exception):
    """A key's name is the actor on every event, so it is short and plain."""


class ApiKey(NamedTuple):
    name: str
    created_at: int
    revoked_at: int | None


class Keys:
    """Keys of one database. A name may have several living keys, so that one can be replaced."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._known: dict[bytes, tuple[str | None, float]] = {}

    def new(self, name: str) -> str:
        """Make a key; nobody can ever read it again."""
        if not NAME.fullmatch(name):
            raise BadName(f"{name!r} is no name for a key: use 1 to 64 letters, digits, . _ @ -")
        key = "dk_" + secrets.token_urlsafe(32)
        row = {"digest": _digest(key), "name": name}
        with self.database.write() as connection:
            now = self.database.now(connection)
            connection.execute(api_keys.insert().values(**row, created_at=now))
        return key

    def revoke(self, name: str) -> int:
        """End every living key of that name; answers how many there were."""
        column = api_keys.c
        living = column.name == name, column.revoked_at.is_(None)
        with self.database.write() as connection:
            now = self.database.now(connection)
            ended = connection.execute(update(api_keys).where(*living).values(revoked_at=now))
        self._known.clear()
        return ended.rowcount

    def every(self) -> list[ApiKey]:
        column = api_keys.c
        query = select(column.name, column.created_at, column.revoked_at)
        with self.database.read() as connection:
            found = connection.execute(query.order_by(column.created_at, column.name)).all()
        return [ApiKey(row[0], row[1], row[2]) for row in found]

    def remembered(self, key: str) -> tuple[str | None, bool]:
        """The name as lately read, and whether it may still be believed."""
        name, until = self._known.get(_digest(key), (None, 0.0))
        return name, time.monotonic() < until

    def actor(self, key: str) -> str | None:
        """The living key's name; None where there is no such key."""
        digest, column = _digest(key), api_keys.c
        query = select(column.digest, column.name)
        living = query.where(column.digest == digest, column.revoked_at.is_(None))
        with self.database.read() as connection:
            row = connection.execute(living).one_or_none()
        same = row is not None and hmac.compare_digest(bytes(row.digest), digest)
        name = str(row.name) if row is not None and same else None
        if len(self._known) >= MOST_REMEMBERED:
            self._known.clear()
        self._known[digest] = name, time.monotonic() + REMEMBERED
        return name


def _digest(key: str) -> bytes:
    return hashlib.sha256(key.encode()).digest()
